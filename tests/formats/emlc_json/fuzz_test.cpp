#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/error.hpp"
#include "tests/formats/emlc_json/documents.hpp"
#include "tests/support/random.hpp"

using namespace emlc;

namespace {

/// Broken input is answered with Error by the reader, the checks or the replay; anything else fails the test.
bool is_refused(std::string_view document) {
  try {
    formats::documents::read(document);
  } catch (const Error&) {
    return true;
  }
  return false;
}

/// A bundled model without most of its test vectors, so that the small interesting parts are hit often.
std::vector<std::string> small_documents() {
  std::vector<std::string> documents = {std::string(formats::documents::smallest)};
  for (const char* name : {"iris_dt", "diabetes_mlpr", "butter4_1k_16k"}) {
    std::ifstream in(fmt::format("{}/tests/data/models/{}/model.json", EMLC_SOURCE_DIR, name), std::ios::binary);
    REQUIRE_MESSAGE(in, name);
    std::string content{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const std::size_t vectors = content.find(", \"test_vectors\"");
    REQUIRE(vectors != std::string::npos);
    documents.push_back(content.substr(0, vectors) + "}");
  }
  documents.push_back(formats::documents::regression(formats::documents::scalar_trees(
      "[" +
          formats::documents::stump(R"("default_left":[true,false,false],"missing_type":["zero","none","none"],)"
                                    R"("categories_left":{"0":[1,2,7]},"weight":2,)") +
          "]",
      R"("missing":"per_node","base_score":[1],"post_transform":{"name":"sigmoid"},)")));
  return documents;
}

}  // namespace

TEST_CASE("emlc-json fuzz: a document that is cut anywhere is refused") {
  for (const std::string& document : small_documents()) {
    CHECK_FALSE(is_refused(document));
    const std::size_t step = std::max<std::size_t>(1, document.size() / 300);
    for (std::size_t size = 0; size < document.size(); size += step) {
      CAPTURE(size);
      CHECK(is_refused(std::string_view(document).substr(0, size)));
    }
  }
}

TEST_CASE("emlc-json fuzz: changed bytes are read or refused, and nothing else") {
  constexpr std::string_view telling = "0123456789-+.eE,:[]{}\"\\ntfx_ \xff";
  test::Random random(1);
  std::size_t n_refused = 0, n_read = 0;
  for (const std::string& document : small_documents()) {
    for (int round = 0; round < 400; ++round) {
      std::string broken = document;
      for (std::size_t change = random.below(3) + 1; change > 0; --change) {
        broken[random.below(broken.size())] = telling[random.below(telling.size())];
      }
      ++(is_refused(broken) ? n_refused : n_read);
    }
  }
  CHECK(n_refused > 1000);
  CHECK(n_read > 50);
}

TEST_CASE("emlc-json fuzz: pieces that are taken out, doubled or moved are read or refused") {
  test::Random random(1);
  std::size_t n_refused = 0;
  for (const std::string& document : small_documents()) {
    for (int round = 0; round < 300; ++round) {
      const std::size_t begin = random.below(document.size());
      const std::string piece = document.substr(begin, random.below(60) + 1);
      std::string broken = document;
      if (round % 3 != 1) broken.erase(begin, piece.size());
      if (round % 3 != 0) broken.insert(random.below(broken.size() + 1), piece);
      if (is_refused(broken)) ++n_refused;
    }
  }
  CHECK(n_refused > 1000);
}
