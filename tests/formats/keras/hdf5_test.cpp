#include <doctest/doctest.h>

#include <random>

#include "formats/keras/hdf5_file.hpp"
#include "tests/formats/boosted/libraries.hpp"

using namespace emlc;
using namespace emlc::formats;
using keras::Hdf5File;

namespace {

std::string good() {
  return libraries::content_of(std::filesystem::path(EMLC_SOURCE_DIR) / "tests/hostile/hdf5/good.h5");
}

constexpr std::string_view kernel = "model_weights/dense/dense/kernel:0";

std::vector<double> kernel_of(const std::string& content) { return Hdf5File(content, "m.h5").numbers(kernel, {2, 2}); }

std::string refusal(const std::string& content) {
  try {
    kernel_of(content);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

/// What is looked for may come before what is wrong.
bool is_refused_or_right(const std::string& content) {
  return !refusal(content).empty() || kernel_of(content) == std::vector{1.0, -1.0, 0.5, 2.0};
}

/// The number of `size` bytes at `at` is another one.
std::string with_number(std::string content, std::size_t at, std::size_t size, std::uint64_t value) {
  for (std::size_t i = 0; i < size; ++i) content[at + i] = static_cast<char>(value >> (8 * i) & 0xFFU);
  return content;
}

std::vector<std::size_t> places(const std::string& content, std::string_view mark) {
  std::vector<std::size_t> found;
  for (std::size_t at = content.find(mark); at != std::string::npos; at = content.find(mark, at + 1))
    found.push_back(at);
  return found;
}

}  // namespace

TEST_CASE("hdf5: attributes and datasets of a file that h5py wrote") {
  const std::string content = good();
  const Hdf5File file(content, "m.h5");
  CHECK(kernel_of(content) == std::vector{1.0, -1.0, 0.5, 2.0});
  CHECK(file.text("", "keras_version") == "2.15.0");
  CHECK_FALSE(file.text("", "backend"));
  CHECK(file.texts("model_weights/dense", "weight_names") == std::vector<std::string>{"dense/kernel:0"});
  CHECK(file.texts("model_weights/gone", "weight_names").empty());
  CHECK(file.has("model_weights/dense"));
  CHECK_FALSE(file.has("model_weights/dens"));
  CHECK_FALSE(file.has("model_weights/dense/dense/kernel:0/more"));
  CHECK(refusal(content).empty());
}

TEST_CASE("hdf5: trees of groups that lead back, or go on for ever, end") {
  const std::string content = good();
  const std::vector<std::size_t> trees = places(content, "TREE");
  REQUIRE(trees.size() == 4);
  for (const std::size_t tree : trees) {
    // One level up, and its own child: the child is not one level below.
    const std::string loop = with_number(with_number(content, tree + 5, 1, 1), tree + 32, 8, tree);
    CHECK(refusal(loop).find("a node is of another level than expected") != std::string::npos);
    // The same child again and again.
    const std::string wide = with_number(content, tree + 6, 2, 65535);
    CHECK(is_refused_or_right(wide));
  }
  for (const std::size_t table : places(content, "SNOD")) {
    CHECK(is_refused_or_right(with_number(content, table + 6, 2, 65535)));
    CHECK_FALSE(refusal(with_number(content, table + 8, 8, 1U << 31U)).empty());
  }
}

TEST_CASE("hdf5: a header that continues in itself ends") {
  const std::string content = good();
  const std::uint64_t root = static_cast<unsigned char>(content[64]) + 256U * static_cast<unsigned char>(content[65]);
  // Its first message continues the header at the header's own messages, 65535 times as it says.
  std::string loop = with_number(with_number(content, root + 2, 2, 65535), root + 16, 2, 16);
  loop = with_number(with_number(loop, root + 24, 8, root + 16), root + 32, 8, 24);
  CHECK_FALSE(refusal(loop).empty());
}

TEST_CASE("hdf5: whatever bytes are changed, it is a refusal or numbers") {
  const std::string content = good();
  std::mt19937 random(3);
  std::size_t n_refused = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string changed = content;
    for (std::uint32_t i = 0; i <= random() % 4; ++i) {
      const std::size_t at = random() % (random() % 2 == 0 ? 3000 : changed.size());
      changed[at] = static_cast<char>(random() % 3 == 0 ? 0xFF : random());
    }
    n_refused += refusal(changed).empty() ? 0U : 1U;
  }
  CHECK(n_refused > 200);
  for (std::size_t size = 0; size < content.size(); size += 37) CHECK_FALSE(refusal(content.substr(0, size)).empty());
}
