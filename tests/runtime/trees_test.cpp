#include <doctest/doctest.h>
#include <emlc/trees.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <vector>

namespace {

using Bytes = std::vector<std::uint8_t>;

void append(Bytes& out, std::initializer_list<int> bytes) {
  for (const int byte : bytes) out.push_back(static_cast<std::uint8_t>(byte));
}
void append_u32(Bytes& out, std::initializer_list<std::uint32_t> values) {
  for (const std::uint32_t value : values) {
    for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}
constexpr std::uint32_t one = 0x3f800000;  // 1.0f

/// The example of docs/tmdl.md, put together by hand from its description: two features, two classes, two trees.
///   tree 0: x[0] < 5 ? (x[1] < 3 ? class 0 : class 1) : class 1;  tree 1: class 0
Bytes voting_body() {
  Bytes body;
  append(body, {1, 0, 0, 0, 1, 1, 2, 1, 2, 0, 0, 3});           // one-byte heads: shape 3 bits, feature 1, threshold 2
  append_u32(body, {2, 2, 2, 2, 2, 2, 0, 3, 8});                // 2 features, outputs, trees, regions, codes; base 3
  append_u32(body, {one, 0x40000000, one, one, one, 0});        // divided by 2
  append_u32(body, {0, 0});                                     // base score
  append(body, {0, 0, 5, 0});                                   // starts
  append(body, {0x22, 1, 0x0b, 0, 1, 0x03, 0, 0, 0, 0, 0, 0});  // splits, padding
  return body;
}

/// One tree of float rows with words as thresholds and missing values per split:
///   x[1] < 0.5 (missing left) ? 10 : (x[0] < -2 (missing right) ? 20 : 30)
Bytes regression_body() {
  Bytes body;
  append(body, {1, 1, 1, 2, 1, 1, 0, 1, 2, 0, 0, 0});
  append_u32(body, {2, 1, 1, 1, 3, 1, 0, 0, 13});
  append_u32(body, {one, one, one, one, one, 0});
  append_u32(body, {0x3f000000});                          // base score 0.5
  append_u32(body, {0x41200000, 0x41a00000, 0x41f00000});  // rows 10, 20, 30
  append(body, {0, 0});
  append(body, {0x1e, 0, 0, 0, 0x3f, 0});     // second (left) is leaf 0, flip, default left, feature 1, word 0.5
  append(body, {0x03, 0, 0, 0, 0xc0, 1, 2});  // two leaves, feature 0, word -2
  append(body, {0});
  return body;
}

emlc_status check(const Bytes& body) { return emlc_trees_check(body.data(), body.size(), 2, body[16]); }

emlc_status check_with(Bytes body, std::size_t at, int byte) {
  body.at(at) = static_cast<std::uint8_t>(byte);
  return check(body);
}

std::array<float, 2> vote(const Bytes& body, float x0, float x1) {
  const float x[] = {x0, x1};
  std::array<float, 2> out = {-1.0F, -1.0F};
  emlc_trees_run(body.data(), x, out.data());
  return out;
}

float regress(const Bytes& body, float x0, float x1) {
  const float x[] = {x0, x1};
  float out = -1.0F;
  emlc_trees_run(body.data(), x, &out);
  return out;
}

}  // namespace

TEST_CASE("trees: a hand-made ensemble votes as its bytes say") {
  const Bytes body = voting_body();
  REQUIRE(check(body) == EMLC_OK);
  CHECK(vote(body, 4, 2) == std::array{1.0F, 0.0F});
  CHECK(vote(body, 4, 3) == std::array{0.5F, 0.5F});
  CHECK(vote(body, 5, 2) == std::array{0.5F, 0.5F});
}

TEST_CASE("trees: a hand-made regressor, with missing values") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Bytes body = regression_body();
  REQUIRE(check(body) == EMLC_OK);
  CHECK(regress(body, 0, 0.25F) == 10.5F);
  CHECK(regress(body, 0, nan) == 10.5F);
  CHECK(regress(body, 0, 0.5F) == 30.5F);
  CHECK(regress(body, -2.5F, 0.5F) == 20.5F);
  CHECK(regress(body, -2.0F, 0.5F) == 30.5F);
  CHECK(regress(body, nan, 0.5F) == 30.5F);
}

TEST_CASE("trees: a body that is cut or longer than it says is refused") {
  for (const Bytes& whole : {voting_body(), regression_body()}) {
    for (std::size_t size = 1; size < whole.size(); ++size) {
      CAPTURE(size);
      const Bytes body(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      CHECK(emlc_trees_check(body.data(), size, 2, whole[16]) == EMLC_ERR_SIZE);
    }
    Bytes longer = whole;
    longer.resize(whole.size() + 8, 0);
    CHECK(check(longer) == EMLC_ERR_SIZE);
  }
  CHECK(emlc_trees_check(nullptr, 96, 2, 2) == EMLC_ERR_NULL);
}

TEST_CASE("trees: what the caller expects has to match") {
  const Bytes body = voting_body();
  CHECK(emlc_trees_check(body.data(), body.size(), 1, 2) == EMLC_ERR_RANGE);
  CHECK(emlc_trees_check(body.data(), body.size(), 3, 2) == EMLC_OK);
  CHECK(emlc_trees_check(body.data(), body.size(), 2, 3) == EMLC_ERR_RANGE);
}

TEST_CASE("trees: a header field that is wrong is refused") {
  struct Bad {
    std::size_t at;
    int byte;
    emlc_status status;
  };
  for (const Bad& bad : {
           Bad{0, 2, EMLC_ERR_VERSION}, Bad{1, 4, EMLC_ERR_FORMAT},  // leaf kind
           Bad{2, 3, EMLC_ERR_FORMAT},                               // threshold code
           Bad{3, 3, EMLC_ERR_FORMAT},                               // missing
           Bad{4, 2, EMLC_ERR_FORMAT},                               // head bytes that the fields do not fill
           Bad{5, 32, EMLC_ERR_FORMAT},                              // feature bits
           Bad{6, 32, EMLC_ERR_FORMAT},                              // threshold bits
           Bad{7, 0, EMLC_ERR_FORMAT},                               // leaf bytes
           Bad{7, 5, EMLC_ERR_FORMAT},                               //
           Bad{8, 3, EMLC_ERR_FORMAT},                               // start bytes
           Bad{9, 2, EMLC_ERR_FORMAT},                               // base score at
           Bad{10, 10, EMLC_ERR_UNSUPPORTED},                        // post-transform
           Bad{20, 0, EMLC_ERR_RANGE},                               // trees
           Bad{24, 1, EMLC_ERR_RANGE},                               // fewer regions than trees
           Bad{28, 3, EMLC_ERR_RANGE},                               // more votes than outputs
           Bad{32, 0, EMLC_ERR_RANGE},                               // leaf width
           Bad{32, 3, EMLC_ERR_RANGE},                               //
           Bad{43, 2, EMLC_ERR_RANGE},                               // threshold base
       }) {
    CAPTURE(bad.at);
    CAPTURE(bad.byte);
    CHECK(check_with(voting_body(), bad.at, bad.byte) == bad.status);
  }
}

TEST_CASE("trees: a split that leads astray is refused") {
  const std::size_t splits = 84;
  CHECK(check_with(voting_body(), 82, 4) == EMLC_ERR_RANGE);          // a tree that starts inside a split
  CHECK(check_with(voting_body(), splits, 0x21) == EMLC_ERR_FORMAT);  // the first child alone a leaf
  CHECK(check_with(voting_body(), splits + 1, 2) == EMLC_ERR_RANGE);  // a class that is not there
  CHECK(check_with(voting_body(), splits, 0x20) == EMLC_ERR_RANGE);   // a jump into the middle
  CHECK(check_with(voting_body(), splits + 2, 0x4b) != EMLC_OK);      // bits above the threshold
  CHECK(check_with(voting_body(), 12, 1) == EMLC_ERR_RANGE);          // feature 1 of 1
  CHECK(check_with(voting_body(), 44, 7) != EMLC_OK);                 // splits that end early
}

namespace {

/// Splits without a leaf, nested n deep in their first children: not the smaller subtree first.
Bytes nested_body(int n) {
  Bytes body = voting_body();
  body.resize(84);
  for (int i = 0; i < n; ++i) {
    const int jump = 3 * (n - 1 - i) + 3 * (n - i);
    append(body, {0x00, 0x80 | jump / 128, jump % 128});
  }
  for (int i = 0; i <= n; ++i) append(body, {0x03, 0, 0});
  const std::size_t second_tree = body.size() - 84;
  append(body, {0x03, 0, 0});
  body[44] = static_cast<std::uint8_t>(body.size() - 84);
  body[82] = static_cast<std::uint8_t>(second_tree);
  body.resize((body.size() + 7) / 8 * 8);
  return body;
}

}  // namespace

TEST_CASE("trees: more waiting subtrees than a valid body can have are refused") {
  CHECK(check(nested_body(EMLC_TREES_MAX_PENDING)) == EMLC_OK);
  CHECK(check(nested_body(EMLC_TREES_MAX_PENDING + 1)) == EMLC_ERR_RANGE);
}
