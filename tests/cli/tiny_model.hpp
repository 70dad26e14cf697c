#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace emlc::cli_test {

/// One tree: x1 <= 0.5 ? (x0 <= 2.5 ? class 0 : class 1) : class 1 with 3 to 1.
constexpr std::string_view tiny_model =
    R"({"format": "emlc-model", "version": 1, "name": "tiny",
 "input": {"n_features": 2, "dtype": "float32"},
 "output": {"task": "classification", "n_outputs": 2, "targets": [{"size": 2}], "decision": {"rule": "argmax"}},
 "model": {"kind": "tree_ensemble", "compare": "<=", "feature_dtype": "float32", "accumulate_dtype": "float64",
  "leaf": "vector", "aggregate": "mean", "missing": "none", "trees": [
   {"feature": [1, 0, -1, -1, -1], "threshold": [0.5, 2.5, 0, 0, 0], "left": [1, 2, -1, -1, -1],
    "right": [4, 3, -1, -1, -1], "value": [null, null, [1, 0], [0, 1], [0.25, 0.75]]}]},
 "test_vectors": {"inputs": [[2, 0], [3, 0], [0, 1]], "outputs": [[1, 0], [0, 1], [0.25, 0.75]],
  "labels": [0, 1, 1], "atol": 0, "rtol": 0}}
)";

/// `text` with the one place where `part` stands replaced.
inline std::string with(std::string_view text, std::string_view part, std::string_view replacement) {
  const std::size_t at = text.find(part);
  if (at == std::string_view::npos) throw std::logic_error("the text does not have " + std::string(part));
  return std::string(text.substr(0, at)) + std::string(replacement) + std::string(text.substr(at + part.size()));
}

}  // namespace emlc::cli_test
