#include <array>
#include <stdexcept>
#include <variant>

#include "codegen/c/trees/readback/readback.hpp"
#include "codegen/model/trees/equivalence.hpp"
#include "codegen/passes/pass.hpp"
#include "formats/format.hpp"
#include "tests/fuzz/runs.hpp"
#include "tests/fuzz/target.hpp"

namespace emlc::fuzz {
namespace {

constexpr std::string_view name = "fuzzed";

model::Model lowered(const std::string& document) {
  model::Model model = formats::recognise(document, "seed").read(document, "seed", {}).model;
  passes::run_passes(model, {});
  return model;
}

std::array<c::EmitConfig, 2> configs() {
  c::EmitConfig code{.name = std::string(name), .layout = c::TreeLayout::inline_code};
  c::EmitConfig table{.name = std::string(name), .layout = c::TreeLayout::table};
  return {code, table};
}

/// The models that headers are held against, after their passes.
const std::vector<model::Model>& golden_models() {
  static const std::vector<model::Model> models = [] {
    std::vector<model::Model> all;
    for (const char* golden : {"heat", "jury", "ripeness"}) {
      all.push_back(lowered(source_file("tests/golden/" + std::string(golden) + "/model.json")));
    }
    return all;
  }();
  return models;
}

}  // namespace

bool run_header(std::string_view /*name*/, std::string_view content) {
  bool is_read = false;
  for (const model::Model& model : golden_models()) {
    const auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
    for (const c::EmitConfig& config : configs()) {
      const c::HeaderTrees found = c::read_header_trees(content, model, ensemble, config);
      if (found.trees.has_value() != found.problem.empty()) throw std::logic_error("trees, or a problem");
      is_read = is_read || found.trees.has_value();
    }
  }
  return is_read;
}

std::vector<std::string> as_headers(const std::string& document) {
  const model::Model model = lowered(document);
  std::vector<std::string> headers;
  for (const c::EmitConfig& config : configs()) headers.push_back(c::emit_header(model, config).bytes);
  return headers;
}

}  // namespace emlc::fuzz
