// What scripts/benchmark/estimates.py fits the constants of codegen/c/trees/code_bytes.cpp to.
//
// usage: inline_terms hard|soft speed|balanced MODEL.json...
// Prints a line of JSON for each model: {"file": ..., "form": sum|functions|votes, "TARGET": {TERM: count}, ...}.

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/trees/code_bytes.hpp"
#include "codegen/passes/pass.hpp"
#include "formats/format.hpp"

namespace {

using namespace emlc;

struct Options {
  passes::Voting voting;
  c::Optimize optimize;
};

std::string_view name_of(c::InlineForm form) {
  return form == c::InlineForm::sum ? "sum" : form == c::InlineForm::functions ? "functions" : "votes";
}

std::string target_json(const c::TreeCode& code, const c::CodeBytes& row) {
  const c::InlineTerms terms = c::count_inline_terms(code, row.processor);
  std::string text;
  for (const c::InlineTerm& term : c::all_inline_terms()) {
    text += fmt::format("{}\"{}\": {}", text.empty() ? "" : ", ", term.name, terms.*term.member);
  }
  return fmt::format("\"{}\": {{{}}}", row.target, text);
}

std::string line_of(const std::string& file, const Options& options) {
  std::ifstream in(file, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  model::Model model = formats::recognise(content, file).read(content, file, {}).model;
  passes::run_passes(model, {.voting = options.voting});
  const auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  const c::TreeCode code = c::make_tree_code(
      model, ensemble, {.name = "m", .layout = c::TreeLayout::inline_code, .optimize = options.optimize});
  std::string text = fmt::format(R"({{"file": "{}", "form": "{}")", file, name_of(c::inline_form(code)));
  for (const c::CodeBytes& row : c::all_code_bytes()) text += ", " + target_json(code, row);
  return text + "}";
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() < 3) return 2;
  const Options options = {words[0] == "hard" ? passes::Voting::hard : passes::Voting::soft,
                           words[1] == "speed" ? c::Optimize::speed : c::Optimize::balanced};
  for (std::size_t i = 2; i < words.size(); ++i) std::cout << line_of(words[i], options) << '\n';
  return 0;
}
