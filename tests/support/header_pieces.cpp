// What scripts/benchmark/pieces.py fits the constants of codegen/c/frame/piece_bytes.cpp to.
//
// usage: header_pieces NAME HEADER.h...
// Prints a line of JSON for each header: {"file": ..., TARGET: {TERM: COUNT, ...}, ...}, see c::Survey.

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "codegen/c/frame/estimate.hpp"

namespace {

using namespace emlc;

std::string target_json(const c::TargetSurvey& target) {
  std::string terms;
  for (const auto& [name, count] : target.found.terms) {
    terms += fmt::format("{}\"{}\": {}", terms.empty() ? "" : ", ", name, count);
  }
  return fmt::format("\"{}\": {{{}}}", target.name, terms);
}

/// The type of features, as the header declares it.
model::NumberType feature_of(const std::string& text, const std::string& name) {
  for (const model::NumberTypeInfo& type : model::all_number_types()) {
    if (text.find(fmt::format("typedef {} {}_feature;", type.c_name, name)) != std::string::npos) return type.type;
  }
  return model::NumberType::float32;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() < 2) return 2;
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::ifstream in(words[i], std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    model::Model model;
    model.input.type = feature_of(text, words[0]);
    const c::Names names = c::names_of(model, {.name = words[0]});
    const bool is_single = text.find(names.macro + "N_SECTIONS 1 ") != std::string::npos;
    std::string line = fmt::format("{{\"file\": \"{}\"", words[i]);
    for (const c::TargetSurvey& target : c::survey_targets(text, model, names, {.shape = is_single ? "/1" : ""})) {
      line += ", " + target_json(target);
    }
    std::cout << line << "}\n";
  }
}
