#include <doctest/doctest.h>
#include <emlc/csv.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

/// Arrays of exactly the given sizes, so that a sanitizer sees a step outside.
struct Trees {
  std::vector<emlc_csv_node> nodes;
  std::vector<std::int16_t> thresholds16;
  std::vector<std::int32_t> thresholds32;
  std::vector<emlc_csv_root> roots;
  std::vector<float> values;
  std::vector<std::uint16_t> targets;
  emlc_csv_trees_memory memory{};
  emlc_csv_trees model{};

  Trees(std::size_t n_nodes, std::size_t n_trees, std::size_t n_values, int threshold_bits)
      : nodes(n_nodes), thresholds16(n_nodes), thresholds32(n_nodes), roots(n_trees), values(n_values), targets(2) {
    memory.nodes = nodes.data();
    if (threshold_bits == 16) memory.thresholds16 = thresholds16.data();
    if (threshold_bits == 32) memory.thresholds32 = thresholds32.data();
    memory.max_nodes = n_nodes;
    memory.roots = roots.data();
    memory.max_trees = n_trees;
    memory.values = values.data();
    memory.max_values = n_values;
    memory.target_sizes = targets.data();
    memory.max_targets = 2;
  }
  emlc_status load(std::string_view text) { return emlc_csv_trees_load(&model, &memory, text.data(), text.size()); }
  [[nodiscard]] std::vector<float> predict(const std::vector<float>& x) const {
    std::vector<float> out(model.head.n_outputs);
    REQUIRE(x.size() == model.head.n_features);
    REQUIRE(emlc_csv_trees_predict(&model, x.data(), out.data()) == EMLC_OK);
    return out;
  }
};

using Row = std::vector<float>;

// Two trees of emlearn's format description, thresholds exact.
const std::string forest =
    "f,4\r\nc,3\r\nlb,0\r\nl,1\r\nl,0\r\nl,2\r\nr,0\r\nr,3\r\n"
    "n,0,56,1,2\r\nn,1,28,-1,-2\r\nn,0,62,-1,-3\r\nn,2,29,-2,1\r\nn,3,18,-1,-3";

// Two outputs, the second from a lone leaf; a missing value of feature 1 goes left, of feature 0 right.
const std::string boosted =
    "emlc,trees,1\ninput,float32,2\noutput,classification,2\ntarget,1,rain, or snow\nclass,no\nclass,yes\ntarget,1\n"
    "decision,greater,0.5\ntrees,2\nleaves,4,1\nsplits,2\nbase,end,0.5,-0.5\ndivide,2\nmultiply,4\n"
    "l,1\nl,2\nl,3\nl,0.25\nr,0\nr,-4,1\nn,1,0.1,1,-1,1\nn,0,inf,-2,-3\nend\n";

const std::string network =
    "emlc,mlp,1\nname,weather\ninput,float32,2\noutput,classification,3\ntarget,3,sky\nclass,clear\nclass,rain\n"
    "class,\ndecision,argmax\nnetwork,1,2\nscaler,subtract_divide,-1,1\noffset,1,-2.5\nscale,0.5,4\n"
    "layer,relu,2,2\nw,1,-2\nw,0.25,1\nb,0.5,0\nlayer,identity,2,3\nw,1,2\nw,-1,0\nw,0,3\nb,0,0.125,1\nend\n";

struct Network {
  std::vector<emlc_csv_step> steps;
  std::vector<float> values;
  emlc_csv_network_memory memory{};
  emlc_csv_network model{};

  Network(std::size_t n_steps, std::size_t n_values) : steps(n_steps), values(n_values) {
    memory.steps = steps.data();
    memory.max_steps = n_steps;
    memory.values = values.data();
    memory.max_values = n_values;
  }
  emlc_status load(std::string_view text) { return emlc_csv_network_load(&model, &memory, text.data(), text.size()); }
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("csv trees: emlearn's form votes, from float and integer inputs") {
  Trees trees(5, 2, 3, 16);
  REQUIRE(trees.load(forest) == EMLC_OK);
  CHECK(trees.predict({50, 30, 10, 2}) == Row{1, 0, 0});
  CHECK(trees.predict({56, 30, 28, 18}) == Row{0.5, 0.5, 0});
  CHECK(trees.predict({55.5, 30, 28.5, 0}) == Row{1, 0, 0});
  const std::int16_t x16[] = {62, 30, 29, 18};
  const std::int32_t x32[] = {62, 30, 29, 18};
  Row out(3), wide(3);
  CHECK(emlc_csv_trees_predict_i16(&trees.model, x16, out.data()) == EMLC_OK);
  CHECK(out == Row{0, 0, 1});
  CHECK(emlc_csv_trees_predict_i32(&trees.model, x32, wide.data()) == EMLC_OK);
  CHECK(wide == out);
  std::int32_t classes[1] = {-1};
  CHECK(emlc_csv_decide(&trees.model.head, out.data(), classes) == EMLC_OK);
  CHECK(classes[0] == 2);
  const float tie[] = {0.25F, 0.5F, 0.5F};
  CHECK(emlc_csv_decide(&trees.model.head, tie, classes) == EMLC_OK);
  CHECK(classes[0] == 1);
}

TEST_CASE("csv trees: the extended form with base scores, missing values and infinite thresholds") {
  Trees trees(2, 2, 6, 32);
  REQUIRE(trees.load(boosted) == EMLC_OK);
  // sum / 2 * 4 + base
  CHECK(trees.predict({5, 0.1F}) == Row{2.5, 0});
  CHECK(trees.predict({5, std::nextafter(0.1F, 0.0F)}) == Row{4.5, 0});
  CHECK(trees.predict({infinity, 0}) == Row{6.5, 0});
  CHECK(trees.predict({0, missing}) == Row{4.5, 0});
  CHECK(trees.predict({missing, -missing}) == Row{6.5, 0});
  CHECK(trees.predict({0, -0.0F}) == Row{4.5, 0});
  std::int32_t classes[2] = {-1, -1};
  const float out[] = {0.5F, 0.75F};
  CHECK(emlc_csv_decide(&trees.model.head, out, classes) == EMLC_OK);
  CHECK(classes[0] == 0);
  CHECK(classes[1] == 1);
  const std::int16_t x[] = {1, 2};
  Row ignored(2);
  CHECK(emlc_csv_trees_predict_i16(&trees.model, x, ignored.data()) == EMLC_ERR_UNSUPPORTED);
  CHECK(trees.load(replaced(boosted, "greater,", "greater_equal,")) == EMLC_OK);
  CHECK(emlc_csv_decide(&trees.model.head, out, classes) == EMLC_OK);
  CHECK(classes[0] == 1);
  CHECK(trees.load(replaced(boosted, "base,end", "base,start")) == EMLC_OK);
  CHECK(trees.predict({5, 0.1F}) == Row{3, -0.5});
}

TEST_CASE("csv trees: thresholds of int32 are exact for integers and floats") {
  const std::string text =
      "emlc,trees,1\ninput,int32,1\noutput,regression,1\ntarget,1\ndecision,none\ntrees,1\nleaves,2,1\nsplits,1\n"
      "l,1\nl,2\nr,0\nn,0,16777217,-1,-2\nend\n";
  Trees trees(1, 1, 2, 32);
  REQUIRE(trees.load(text) == EMLC_OK);
  const auto at = [&](std::int32_t x) {
    float out = 0;
    CHECK(emlc_csv_trees_predict_i32(&trees.model, &x, &out) == EMLC_OK);
    return out;
  };
  CHECK(at(16777216) == 1);
  CHECK(at(16777217) == 2);
  CHECK(at(INT32_MIN) == 1);
  CHECK(at(INT32_MAX) == 2);
  CHECK(trees.predict({16777216.0F}) == Row{1});
  CHECK(trees.predict({16777218.0F}) == Row{2});
  CHECK(trees.predict({1e30F}) == Row{2});
  CHECK(trees.predict({-infinity}) == Row{1});
  REQUIRE(trees.load(replaced(text, "16777217", "-3")) == EMLC_OK);
  CHECK(trees.predict({-3.5F}) == Row{1});
  CHECK(trees.predict({-3.0F}) == Row{2});
  CHECK(trees.predict({-2.5F}) == Row{2});
}

TEST_CASE("csv trees: pieces may end anywhere") {
  for (const std::string& text : {forest, boosted}) {
    for (std::size_t size = 1; size < 20; ++size) {
      Trees trees(5, 2, 6, 32);
      emlc_csv_trees_loader loader;
      REQUIRE(emlc_csv_trees_begin(&loader, &trees.model, &trees.memory) == EMLC_OK);
      for (std::size_t at = 0; at < text.size(); at += size) {
        const std::string_view piece = std::string_view(text).substr(at, size);
        REQUIRE(emlc_csv_trees_feed(&loader, piece.data(), piece.size()) == EMLC_OK);
      }
      CHECK(emlc_csv_trees_end(&loader) == EMLC_OK);
      CHECK(trees.model.n_trees == 2);
    }
  }
}

TEST_CASE("csv trees: what is wrong is refused with its line") {
  struct Bad {
    std::string text;
    emlc_status status;
    std::uint32_t line;
  };
  for (const Bad& bad : {
           Bad{replaced(forest, "f,4", "f,0"), EMLC_ERR_RANGE, 1},
           Bad{replaced(forest, "lb,0", "lb,32"), EMLC_ERR_UNSUPPORTED, 3},
           Bad{replaced(forest, "l,2", "l,0.5 0.5"), EMLC_ERR_SIZE, 6},
           Bad{replaced(forest, "l,2", "l,[1"), EMLC_ERR_FORMAT, 6},
           Bad{replaced(forest, "l,2", "l,3"), EMLC_ERR_RANGE, 14},
           Bad{replaced(forest, "l,2", "l,1.5"), EMLC_ERR_FORMAT, 14},
           Bad{replaced(forest, "56", "56.0"), EMLC_ERR_FORMAT, 9},
           Bad{replaced(forest, "56", "32768"), EMLC_ERR_RANGE, 9},
           Bad{replaced(forest, "56,1", "56,0"), EMLC_ERR_RANGE, 9},
           Bad{replaced(forest, "56,1", "56,5"), EMLC_ERR_RANGE, 14},
           Bad{replaced(forest, "28,-1,-2", "28,-1,-4"), EMLC_ERR_RANGE, 14},
           Bad{replaced(forest, "n,3", "n,4"), EMLC_ERR_RANGE, 14},
           Bad{replaced(forest, "n,3,18,-1,-3", "n,3,18,-1"), EMLC_ERR_FORMAT, 13},
           Bad{replaced(forest, "n,3,18,-1,-3", "n,3,18,-1,-3,1"), EMLC_ERR_FORMAT, 13},
           Bad{replaced(forest, "r,3", "r,5"), EMLC_ERR_RANGE, 14},
           Bad{replaced(forest, "r,3", "r,-1"), EMLC_ERR_RANGE, 8},
           Bad{replaced(forest, "c,3\r\n", ""), EMLC_ERR_SIZE, 13},
           Bad{"f,1\nc,1\n", EMLC_ERR_SIZE, 3},
           Bad{replaced(boosted, "trees,1", "trees,2"), EMLC_ERR_VERSION, 1},
           Bad{replaced(boosted, "emlc,trees", "emlc,mlp"), EMLC_ERR_FORMAT, 1},
           Bad{replaced(boosted, "input", "inputs"), EMLC_ERR_FORMAT, 2},
           Bad{replaced(boosted, "float32", "float64"), EMLC_ERR_FORMAT, 2},
           Bad{replaced(boosted, "trees,2", "trees,3"), EMLC_ERR_SIZE, 24},
           Bad{replaced(boosted, "leaves,4", "leaves,5"), EMLC_ERR_SIZE, 24},
           Bad{replaced(boosted, "splits,2", "splits,3"), EMLC_ERR_SIZE, 24},
           Bad{replaced(boosted, "leaves,4,1", "leaves,4,2"), EMLC_ERR_SIZE, 15},
           Bad{replaced(boosted, "l,1\n", "leaves,4,1\nl,1\n"), EMLC_ERR_FORMAT, 15},
           Bad{replaced(boosted, "0.5,-0.5", "0.5"), EMLC_ERR_SIZE, 24},
           Bad{replaced(boosted, "l,2\n", "base,end,1,2\nl,2\n"), EMLC_ERR_FORMAT, 16},
           Bad{replaced(boosted, "divide,2", "divide,0"), EMLC_ERR_RANGE, 13},
           Bad{replaced(boosted, "r,-4,1", "r,-5,1"), EMLC_ERR_RANGE, 24},
           Bad{replaced(boosted, "r,-4,1", "r,-4,2"), EMLC_ERR_RANGE, 24},
           Bad{replaced(boosted, "inf", "nan"), EMLC_ERR_FORMAT, 22},
           Bad{replaced(boosted, "end\n", ""), EMLC_ERR_SIZE, 23},
           Bad{replaced(boosted, "end\n", "end\nl,1\n"), EMLC_ERR_FORMAT, 24},
           Bad{replaced(boosted, "target,1\n", "target,2\n"), EMLC_ERR_SIZE, 24},
           Bad{replaced(boosted, "target,1\ndecision", "decision"), EMLC_ERR_SIZE, 23},
       }) {
    CAPTURE(bad.text);
    Trees trees(5, 2, 6, 32);
    emlc_csv_trees_loader loader;
    REQUIRE(emlc_csv_trees_begin(&loader, &trees.model, &trees.memory) == EMLC_OK);
    (void)emlc_csv_trees_feed(&loader, bad.text.data(), bad.text.size());
    CHECK(emlc_csv_trees_end(&loader) == bad.status);
    CHECK(emlc_csv_trees_end(&loader) == bad.status);
    CHECK(loader.text.line == bad.line);
  }
}

TEST_CASE("csv trees: every array that is too small is refused") {
  CHECK(Trees(4, 2, 3, 16).load(forest) == EMLC_ERR_MEMORY);
  CHECK(Trees(5, 1, 3, 16).load(forest) == EMLC_ERR_MEMORY);
  CHECK(Trees(5, 2, 2, 16).load(forest) == EMLC_ERR_MEMORY);
  CHECK(Trees(2, 2, 5, 32).load(boosted) == EMLC_ERR_MEMORY);
  CHECK(Trees(2, 2, 6, 16).load(boosted) == EMLC_ERR_MEMORY);  // float thresholds need 32 bits
  Trees trees(5, 2, 3, 16);
  trees.memory.nodes = nullptr;
  CHECK(trees.load(forest) == EMLC_ERR_NULL);
  CHECK(emlc_csv_trees_load(&trees.model, nullptr, forest.data(), forest.size()) == EMLC_ERR_NULL);
  CHECK(emlc_csv_trees_predict(nullptr, nullptr, nullptr) == EMLC_ERR_NULL);
}

TEST_CASE("csv trees: no change of a file makes loading or running leave the arrays") {
  // Sanitizers watch; the arrays have exactly the size that the unchanged files need.
  std::mt19937 random(7);
  const std::string alphabet = "0123456789-.,e\n lrncfbt";
  std::size_t n_loaded = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = i % 2 == 0 ? forest : boosted;
    for (unsigned change = 0; change < 1 + random() % 3; ++change) {
      const std::size_t at = random() % text.size();
      if (random() % 4 == 0) {
        text.erase(at, 1 + random() % 8);
      } else {
        text[at] = alphabet[random() % alphabet.size()];
      }
    }
    Trees trees(5, 2, 6, 32);
    if (trees.load(text) != EMLC_OK) continue;
    ++n_loaded;
    std::vector<float> x(trees.model.head.n_features, 30.0F);
    std::vector<float> out(trees.model.head.n_outputs);
    CHECK(emlc_csv_trees_predict(&trees.model, x.data(), out.data()) == EMLC_OK);
  }
  CHECK(n_loaded > 1000);
}

TEST_CASE("csv network: scales, clips, walks the layers and decides") {
  Network loaded(3, 19);
  REQUIRE(loaded.load(network) == EMLC_OK);
  CHECK(emlc_csv_network_work(&loaded.model) == 4);
  // (0.75 - 1) / 0.5 = -0.5 and (9.5 + 2.5) / 4 = 3, clipped to 1: relu(-0.5 - 2 + 0.5) = 0, relu(-0.125 + 1) = 0.875
  const float x[] = {0.75F, 9.5F};
  Row out(3), work(4);
  REQUIRE(emlc_csv_network_predict(&loaded.model, x, out.data(), work.data(), work.size()) == EMLC_OK);
  CHECK(out == Row{1.75, 0.125, 3.625});
  std::int32_t classes[1] = {-1};
  CHECK(emlc_csv_decide(&loaded.model.head, out.data(), classes) == EMLC_OK);
  CHECK(classes[0] == 2);
  CHECK(emlc_csv_network_predict(&loaded.model, x, out.data(), work.data(), 3) == EMLC_ERR_MEMORY);
  CHECK(emlc_csv_network_predict(&loaded.model, x, out.data(), nullptr, 4) == EMLC_ERR_NULL);
  CHECK(emlc_csv_network_predict(&loaded.model, x, nullptr, work.data(), 4) == EMLC_ERR_NULL);
}

TEST_CASE("csv network: a single step needs no working memory") {
  Network loaded(1, 4);
  REQUIRE(loaded.load("emlc,mlp,1\ninput,float32,2\noutput,transform,2\ntarget,2\ndecision,none\nnetwork,1,0\n"
                      "scaler,multiply_add\noffset,1,2\nscale,3,4\nend\n") == EMLC_OK);
  CHECK(emlc_csv_network_work(&loaded.model) == 0);
  const float x[] = {10, 20};
  Row out(2);
  CHECK(emlc_csv_network_predict(&loaded.model, x, out.data(), nullptr, 0) == EMLC_OK);
  CHECK(out == Row{31, 82});
  std::int32_t classes[2] = {0, 0};
  CHECK(emlc_csv_decide(&loaded.model.head, out.data(), classes) == EMLC_ERR_UNSUPPORTED);
}

TEST_CASE("csv network: what is wrong is refused with its line") {
  struct Bad {
    std::string text;
    emlc_status status;
    std::uint32_t line;
  };
  for (const Bad& bad : {
           Bad{replaced(network, "mlp,1", "mlp,2"), EMLC_ERR_VERSION, 1},
           Bad{replaced(network, "emlc,mlp", "emlc,trees"), EMLC_ERR_FORMAT, 1},
           Bad{"name,x\n" + network, EMLC_ERR_FORMAT, 1},
           Bad{replaced(network, "network,1", "network,2"), EMLC_ERR_SIZE, 24},
           Bad{replaced(network, "network,1,2", "network,2,1"), EMLC_ERR_SIZE, 24},
           Bad{replaced(network, "subtract_divide", "divide"), EMLC_ERR_FORMAT, 11},
           Bad{replaced(network, "-1,1\n", "-1\n"), EMLC_ERR_FORMAT, 11},
           Bad{replaced(network, "-1,1\n", "1,-1\n"), EMLC_ERR_RANGE, 11},
           Bad{replaced(network, "offset,1,-2.5", "offset,1"), EMLC_ERR_SIZE, 12},
           Bad{replaced(network, "0.5,4", "0.5,0"), EMLC_ERR_RANGE, 13},
           Bad{replaced(network, "scale,0.5,4\n", ""), EMLC_ERR_FORMAT, 13},
           Bad{replaced(network, "relu,2,2", "rely,2,2"), EMLC_ERR_FORMAT, 14},
           Bad{replaced(network, "relu,2,2", "relu,3,2"), EMLC_ERR_SIZE, 14},
           Bad{replaced(network, "w,1,-2", "w,1,-2,3"), EMLC_ERR_SIZE, 15},
           Bad{replaced(network, "w,1,-2", "w,1,x"), EMLC_ERR_FORMAT, 15},
           Bad{replaced(network, "w,1,-2", "w,1,1e39"), EMLC_ERR_RANGE, 15},
           Bad{replaced(network, "w,1,-2\n", ""), EMLC_ERR_FORMAT, 16},
           Bad{replaced(network, "b,0.5,0\n", "b,0.5\n"), EMLC_ERR_SIZE, 17},
           Bad{replaced(network, "identity,2,3", "identity,2,2"), EMLC_ERR_FORMAT, 21},
           Bad{replaced(network, "layer,identity", "scaler,multiply_add"), EMLC_ERR_FORMAT, 18},
           Bad{replaced(network, "end\n", ""), EMLC_ERR_SIZE, 23},
           Bad{replaced(network, "target,3", "target,4"), EMLC_ERR_SIZE, 24},
       }) {
    CAPTURE(bad.text);
    Network loaded(3, 20);
    emlc_csv_network_loader loader;
    REQUIRE(emlc_csv_network_begin(&loader, &loaded.model, &loaded.memory) == EMLC_OK);
    (void)emlc_csv_network_feed(&loader, bad.text.data(), bad.text.size());
    CHECK(emlc_csv_network_end(&loader) == bad.status);
    CHECK(loader.text.line == bad.line);
  }
  CHECK(Network(2, 19).load(network) == EMLC_ERR_MEMORY);
  CHECK(Network(3, 18).load(network) == EMLC_ERR_MEMORY);
}

TEST_CASE("csv network: no change of a file makes loading or running leave the arrays") {
  std::mt19937 random(11);
  const std::string alphabet = "0123456789-.,e\n lwbst";
  std::size_t n_loaded = 0;
  for (int i = 0; i < 10000; ++i) {
    std::string text = network;
    for (unsigned change = 0; change < 1 + random() % 3; ++change) {
      text[random() % text.size()] = alphabet[random() % alphabet.size()];
    }
    Network loaded(3, 19);
    if (loaded.load(text) != EMLC_OK) continue;
    ++n_loaded;
    const Row x(loaded.model.head.n_features, 0.5F);
    Row out(loaded.model.head.n_outputs), work(emlc_csv_network_work(&loaded.model));
    CHECK(emlc_csv_network_predict(&loaded.model, x.data(), out.data(), work.data(), work.size()) == EMLC_OK);
  }
  CHECK(n_loaded > 500);
}

TEST_CASE("csv sos: rows become what the filter takes, divided by a0") {
  float sos[2 * EMLC_SOS_COEFFICIENTS];
  std::size_t n = 0;
  const std::string text = "# scipy\nb0,b1,b2,a0,a1,a2\n1.000e+00,2,-3,2,0.5,-0.25\n\n4;5;6;1;7;8";
  REQUIRE(emlc_csv_sos_load(sos, 2, &n, text.data(), text.size()) == EMLC_OK);
  CHECK(n == 2);
  CHECK(Row(sos, sos + 10) == Row{0.5, 1, -1.5, 0.25, -0.125, 4, 5, 6, 7, 8});
  struct Bad {
    const char* text;
    emlc_status status;
  };
  for (const Bad& bad : {Bad{"", EMLC_ERR_SIZE}, Bad{"1,0,0,1,0\n", EMLC_ERR_SIZE},
                         Bad{"1,0,0,1,0,0,0\n", EMLC_ERR_SIZE}, Bad{"1,0,0,0,0,0\n", EMLC_ERR_RANGE},
                         Bad{"1,0,0,1,x,0\n", EMLC_ERR_FORMAT}, Bad{"1,0,0,1,0,0\nb0,0,0,1,0,0\n", EMLC_ERR_FORMAT},
                         Bad{"1,0,0,1,0,0\n1,0,0,1,0,0\n1,0,0,1,0,0\n", EMLC_ERR_MEMORY}}) {
    CAPTURE(bad.text);
    CHECK(emlc_csv_sos_load(sos, 2, &n, bad.text, std::string_view(bad.text).size()) == bad.status);
  }
  CHECK(emlc_csv_sos_load(nullptr, 2, &n, "", 0) == EMLC_ERR_NULL);
}
