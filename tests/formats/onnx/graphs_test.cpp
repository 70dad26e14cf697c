#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "formats/format.hpp"
#include "tests/formats/boosted/libraries.hpp"
#include "tests/formats/onnx/reading.hpp"

using namespace emlc;
using namespace emlc::test::onnx;

namespace {

namespace fs = std::filesystem;

fs::path graphs() { return formats::libraries::folder().parent_path() / "graphs"; }

std::vector<fs::path> all_cases() {
  std::vector<fs::path> cases;
  for (const auto& library : fs::directory_iterator(graphs())) {
    if (!library.is_directory()) continue;
    for (const auto& entry : fs::directory_iterator(library)) cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

bool has_texts(const fs::path& npy) {
  return formats::libraries::content_of(npy).substr(0, 80).find("'<U") != std::string::npos;
}

bool is_label(const fs::path& npy) {
  return formats::libraries::content_of(npy).substr(0, 80).find("'<i8'") != std::string::npos;
}

/// The rows of an output that are not what the model answers.
std::size_t n_wrong(const model::Model& model, const std::vector<std::vector<double>>& inputs, const fs::path& output) {
  const auto expected = formats::libraries::read_rows(output);
  REQUIRE(expected.size() == inputs.size());
  const auto is_near = [](double a, double b) { return std::abs(a - b) <= 1e-5 * std::max(1.0, std::abs(b)); };
  std::size_t n = 0;
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    const std::vector<double> found = model::predict(model, inputs[row]);
    if (is_label(output)) {
      const std::string label =
          model::class_names(model, 0).at(static_cast<std::size_t>(model::decide(model.output, found).at(0)));
      n += std::stod(label) == expected[row].at(0) ? 0U : 1U;
      continue;
    }
    const bool is_second = found.size() == 1 && expected[row].size() == 2;
    const auto first = expected[row].begin() + (is_second ? 1 : 0);
    n += std::equal(found.begin(), found.end(), first, expected[row].end(), is_near) ? 0U : 1U;
  }
  return n;
}

}  // namespace

TEST_CASE("graphs: every output is what ONNX Runtime computes") {
  std::size_t n_outputs = 0;
  for (const fs::path& folder : all_cases()) {
    if (folder.filename() == "skl_svc_rbf") continue;
    const std::string content = formats::libraries::content_of(folder / "model.onnx");
    CHECK(formats::recognise(content, "m").name == "onnx");
    const model::Model model = read(content);
    const auto inputs = formats::libraries::read_rows(folder / "X.npy");
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (!entry.path().filename().string().starts_with("out_") || has_texts(entry.path())) continue;
      CAPTURE(entry.path());
      CHECK(n_wrong(model, inputs, entry.path()) == 0);
      ++n_outputs;
    }
  }
  CHECK(n_outputs == 36);
}

TEST_CASE("graphs: labels that are texts are the names of the classes") {
  const fs::path folder = graphs() / "onnx-1.23.2/skl_rf_string_labels";
  const model::Model model = read(formats::libraries::content_of(folder / "model.onnx"));
  CHECK(model.output.targets.at(0).class_names == std::vector<std::string>{"run", "sit", "walk"});
  CHECK(model.output.task == model::Task::classification);
}

TEST_CASE("graphs: a kernel is refused by node, operator and name") {
  CHECK(refusal(formats::libraries::content_of(graphs() / "onnx-1.16.2/skl_svc_rbf/model.onnx")) ==
        "m.onnx: node 'SVMc' (SVMClassifier): has the kernel RBF, emlc reads LINEAR alone: the model has no place for "
        "support vectors");
}

TEST_CASE("graphs: each node says what it became") {
  const std::string content = formats::libraries::content_of(graphs() / "onnx-1.23.2/skl_scaler_mlp/model.onnx");
  const std::vector<formats::ReadNode> nodes = formats::read_onnx(content, "m", {}).nodes;
  REQUIRE(nodes.size() == 14);
  CHECK(nodes[0].op == "Scaler");
  CHECK(nodes[0].became == "scaler: (x - offset) * scale");
  CHECK(nodes[2].name == "MatMul");
  CHECK(nodes[2].became == "dense layer, 8 to 8");
  CHECK(nodes[4].became == "activation relu");
  CHECK(nodes[10].became == "the class: the second one above 0.5");
}
