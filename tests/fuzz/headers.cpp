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

model::Model lowered(const std::string& document) {
  model::Model model = formats::recognise(document, "seed").read(document, "seed", {}).model;
  passes::run_passes(model, {});
  return model;
}

/// Named after the model and the layout, so that a header tells what it is to be held against.
c::EmitConfig config(const model::Model& model, c::TreeLayout layout) {
  const std::string_view end = layout == c::TreeLayout::table ? "_table" : "_code";
  return {.name = model.name + std::string(end), .layout = layout};
}

constexpr std::array layouts = {c::TreeLayout::inline_code, c::TreeLayout::table};

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

bool reads_back(std::string_view header, const model::Model& model, const c::EmitConfig& emit) {
  const auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  const c::HeaderTrees found = c::read_header_trees(header, model, ensemble, emit);
  if (found.trees.has_value() != found.problem.empty()) throw std::logic_error("neither trees nor a problem, or both");
  return found.trees.has_value();
}

}  // namespace

bool run_header(std::string_view /*name*/, std::string_view content) {
  bool is_read = false;
  for (const model::Model& model : golden_models()) {
    for (const c::TreeLayout layout : layouts) {
      const c::EmitConfig emit = config(model, layout);
      if (content.find(emit.name) == std::string_view::npos) continue;
      is_read = reads_back(content, model, emit) || is_read;
    }
  }
  return is_read;
}

std::vector<std::string> as_headers(const std::string& document) {
  const model::Model model = lowered(document);
  std::vector<std::string> headers;
  headers.reserve(layouts.size());
  for (const c::TreeLayout layout : layouts) headers.push_back(c::emit_header(model, config(model, layout)).bytes);
  return headers;
}

}  // namespace emlc::fuzz
