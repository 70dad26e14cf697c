#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/onnx/onnx.hpp"
#include "tests/formats/onnx/graph_bytes.hpp"

namespace emlc::test::onnx {

inline model::Model read(const std::string& content) {
  model::Model model = formats::read_onnx(content, "m.onnx", {}).model;
  model::check(model, "m.onnx");
  return model;
}

/// Why a file is refused; empty when it is not.
inline std::string refusal(const std::string& content) {
  try {
    read(content);
  } catch (const Error& refused) {
    return refused.what();
  }
  return "";
}

/// The outputs for each input, one after the other.
inline std::vector<double> answers(const model::Model& model, const std::vector<std::vector<double>>& inputs) {
  std::vector<double> all;
  for (const std::vector<double>& x : inputs) {
    for (const double value : model::predict(model, x)) all.push_back(value);
  }
  return all;
}

inline std::vector<std::string> labels(const model::Model& model, const std::vector<std::vector<double>>& inputs) {
  std::vector<std::string> all;
  for (const std::vector<double>& x : inputs) {
    const std::vector<std::int32_t> classes = model::decide(model.output, model::predict(model, x));
    all.push_back(model::class_names(model, 0).at(static_cast<std::size_t>(classes.at(0))));
  }
  return all;
}

}  // namespace emlc::test::onnx
