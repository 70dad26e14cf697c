// Leaf rows of small integers that share a word: what headers answer, what verify reads back, and when they do.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "codegen/c/frame/header.hpp"
#include "codegen/c/trees/readback/readback.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/model/trees/equivalence.hpp"
#include "codegen/passes/pass.hpp"
#include "tests/layout/trees/random_trees.hpp"
#include "tests/support/header_run.hpp"

using namespace emlc;

namespace {

/// A forest of `width` outputs whose leaf values are integers from 0 to `largest`, both of which occur.
model::Model forest_of_integers(int width, std::uint32_t largest) {
  model::Model model =
      random_trees::make_forest({.seed = 31, .n_outputs = width, .n_rows = 23, .type = model::NumberType::int16});
  std::vector<double>& values = std::get<model::TreeEnsemble>(model.predictor).leaf_values;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>((7919 * i) % (largest + 1));
  values[0] = values[1] = largest;
  passes::run_passes(model, {.features = model.input.type});
  return model;
}

c::EmitConfig config_for(c::Optimize optimize, c::Language language = c::Language::c) {
  return {.name = "m", .language = language, .layout = c::TreeLayout::table, .optimize = optimize};
}

bool has_words(const std::string& text, const std::string& type, const model::Model& model) {
  const std::size_t n_rows = std::get<model::TreeEnsemble>(model.predictor).n_rows();
  return text.find(fmt::format(" {} m_rows_[{}] ", type, n_rows)) != std::string::npos;
}

bool reads_back(const std::string& text, const model::Model& model, const c::EmitConfig& config) {
  const auto& trees = std::get<model::TreeEnsemble>(model.predictor);
  const c::HeaderTrees header = c::read_header_trees(text, model, trees, config);
  if (!header.trees) return false;
  return model::compare_trees(trees, *header.trees, model.input, header.rounding, 1'000'000).verdict ==
         model::Verdict::equal;
}

struct Words {
  int width;
  std::uint32_t largest;
  const char* type;  ///< of the word
};
constexpr Words all_words[] = {{4, 3, "uint8_t"},   {3, 3, "uint8_t"},   {4, 15, "uint16_t"},  {16, 1, "uint16_t"},
                               {10, 7, "uint32_t"}, {32, 1, "uint32_t"}, {3, 1000, "uint32_t"}};

}  // namespace

TEST_CASE("row words: headers answer like the interpreter, in both languages") {
  for (const Words& row : all_words) {
    CAPTURE(row.width);
    const model::Model model = forest_of_integers(row.width, row.largest);
    const test::Rows inputs = random_trees::make_inputs(model, 200, false);
    for (const c::Language language : {c::Language::c, c::Language::cpp}) {
      const c::EmitConfig config = config_for(c::Optimize::size, language);
      const std::string text = c::emit_header(model, config).bytes;
      if (language == c::Language::c) CHECK(has_words(text, row.type, model));
      const test::Answers found =
          test::run_header(text, model, config, inputs, language == c::Language::c ? "c99" : "c++17");
      REQUIRE(found.outputs.size() == inputs.size());
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        const std::vector<double> expected = model::predict(model, inputs[i]);
        REQUIRE(found.outputs[i].size() == expected.size());
        for (std::size_t k = 0; k < expected.size(); ++k) {
          CHECK(found.outputs[i][k] == doctest::Approx(expected[k]).epsilon(1e-6));
        }
        CHECK(found.classes[i] == model::decide(model.output, expected));
      }
    }
  }
}

TEST_CASE("row words: they read back, and a changed word is another model") {
  for (const Words& row : all_words) {
    CAPTURE(row.width);
    const model::Model model = forest_of_integers(row.width, row.largest);
    const c::EmitConfig config = config_for(c::Optimize::size);
    std::string text = c::emit_header(model, config).bytes;
    CHECK(reads_back(text, model, config));
    const std::size_t number = text.find_first_of("123456789", text.find('{', text.find("m_rows_[")));
    text[number] = text[number] == '1' ? '2' : '1';
    CHECK_FALSE(reads_back(text, model, config));
  }
}

TEST_CASE("row words: not where a word holds no row, where it saves nothing, or where bytes are not what counts") {
  struct Whole {
    int width;
    std::uint32_t largest;
    c::Optimize optimize;
  };
  for (const Whole& row :
       {Whole{10, 8, c::Optimize::size}, Whole{33, 1, c::Optimize::size}, Whole{3, 2047, c::Optimize::size},
        Whole{4, 255, c::Optimize::size}, Whole{10, 7, c::Optimize::balanced}, Whole{10, 7, c::Optimize::speed}}) {
    CAPTURE(row.width);
    CAPTURE(row.largest);
    const model::Model model = forest_of_integers(row.width, row.largest);
    const std::string text = c::emit_header(model, config_for(row.optimize)).bytes;
    for (const char* type : {"uint8_t", "uint16_t", "uint32_t"}) CHECK_FALSE(has_words(text, type, model));
    CHECK(text.find("m_rows_[") != std::string::npos);
  }
}
