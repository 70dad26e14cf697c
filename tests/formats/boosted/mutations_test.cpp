#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/formats/boosted/libraries.hpp"
#include "tests/support/random.hpp"

using namespace emlc;
using namespace emlc::formats;
using namespace emlc::formats::libraries;

namespace {

/// A file of a library, and the format that it is read as whatever becomes of it.
struct Sample {
  std::string name, content;
  const Format* format;
};

std::vector<Sample> samples() {
  std::vector<Sample> all;
  for (const char* name : {"xgboost-1.7.6/categorical_onehot/model.json", "xgboost-2.1.4/multi_output_tree/model.ubj",
                           "xgboost-1.7.6/gblinear/model.ubj", "xgboost-1.7.6/dart/model.ubj",
                           "lightgbm-4.6.0/stump_constant/model.txt", "lightgbm-3.3.5/categorical_missing/model.txt",
                           "lightgbm-4.6.0/categorical/dump.json", "catboost-1.2.10/multirmse/model.json",
                           "catboost-1.2.10/multirmse/model.cbm", "catboost-1.2.10/lossguide/model.cbm"}) {
    std::string content = content_of(folder() / name);
    const Format& format = recognise(content, name);
    all.push_back({name, std::move(content), &format});
  }
  return all;
}

/// Broken input is answered with Error by the reader or the checks, and what is read can be asked; anything else fails
/// the test.
bool is_refused(const Sample& sample, const std::string& content) {
  try {
    const model::Model model = sample.format->read(content, "m", {}).model;
    model::check(model, "m");
    const std::vector<double> x(static_cast<std::size_t>(model.input.n_features), 0.5);
    CHECK(model::predict(model, x).size() == static_cast<std::size_t>(model.output.n_outputs));
  } catch (const Error&) {
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE("files of boosting libraries: what is cut off is refused") {
  for (const Sample& sample : samples()) {
    CAPTURE(sample.name);
    REQUIRE_FALSE(is_refused(sample, sample.content));
    // What follows the trees of a text says nothing about answers.
    const std::size_t end = std::min(sample.content.find("\nend of trees"), sample.content.size() - 1);
    for (std::size_t size = 0; size < end; size += end / 40) {
      CAPTURE(size);
      CHECK(is_refused(sample, sample.content.substr(0, size)));
    }
  }
}

TEST_CASE("files of boosting libraries: changed bytes are read or refused, and nothing else") {
  constexpr std::string_view telling = "0123456789-+.eE,:[]{}\"\\ntfNIx= \n\xff";
  test::Random random(7);
  std::size_t n_refused = 0, n_read = 0;
  for (const Sample& sample : samples()) {
    CAPTURE(sample.name);
    for (int round = 0; round < 100; ++round) {
      std::string broken = sample.content;
      for (std::size_t change = random.below(4) + 1; change > 0; --change) {
        broken[random.below(broken.size())] = telling[random.below(telling.size())];
      }
      ++(is_refused(sample, broken) ? n_refused : n_read);
    }
  }
  CHECK(n_refused > 200);
  CHECK(n_read > 100);
}

TEST_CASE("files of boosting libraries: pieces that are moved are read or refused") {
  test::Random random(7);
  for (const Sample& sample : samples()) {
    CAPTURE(sample.name);
    for (int round = 0; round < 60; ++round) {
      std::string broken = sample.content;
      const std::size_t from = random.below(broken.size()), size = random.below(200);
      const std::string piece = broken.substr(from, size);
      if (random.below(2) == 0) broken.erase(from, size);
      broken.insert(random.below(broken.size()), piece);
      is_refused(sample, broken);
    }
  }
}
