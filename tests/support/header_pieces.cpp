// What scripts/benchmark/pieces.py fits the constants of codegen/c/frame/piece_bytes.cpp to.
//
// usage: header_pieces float32|int8|... NAME HEADER.h
// Prints a line of JSON: {TARGET: {"libraries": BYTES, "pieces": {PIECE: [FUNCTIONS, STATEMENTS, SINGLE, REPEATED]}}}.

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
  std::string pieces;
  for (const auto& [name, count] : target.found.pieces) {
    pieces += fmt::format("{}\"{}\": [{}, {}, {}, {}]", pieces.empty() ? "" : ", ", name, count.functions,
                          count.statements, count.single, count.repeated);
  }
  return fmt::format("\"{}\": {{\"libraries\": {}, \"pieces\": {{{}}}}}", target.name, target.library_bytes, pieces);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() != 3) return 2;
  model::Model model;
  for (const model::NumberTypeInfo& type : model::all_number_types()) {
    if (type.name == words[0]) model.input.type = type.type;
  }
  std::ifstream in(words[2], std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const c::Names names = c::names_of(model, {.name = words[1]});
  std::string line;
  for (const c::TargetSurvey& target : c::survey_targets(text, model, names)) {
    line += (line.empty() ? "" : ", ") + target_json(target);
  }
  std::cout << "{" << line << "}\n";
}
