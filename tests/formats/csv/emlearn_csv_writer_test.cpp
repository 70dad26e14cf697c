#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/csv/csv.hpp"
#include "formats/writers.hpp"
#include "tests/formats/csv/emlearn_device.hpp"

namespace {

using namespace emlc::model;

/// A classifier by hard votes on `n_features` features of `type`; row i of the leaf table votes for class i.
Model voters(std::vector<Tree> trees, std::int32_t n_classes, NumberType type, std::int32_t n_features = 2) {
  TreeEnsemble ensemble{.n_features = n_features, .n_outputs = n_classes, .leaf_width = n_classes};
  for (int row = 0; row < n_classes * n_classes; ++row) {
    ensemble.leaf_values.push_back(row % n_classes == row / n_classes ? 1.0 : 0.0);
  }
  ensemble.feature_type = type;
  ensemble.base_score.assign(static_cast<std::size_t>(n_classes), 0.0);
  ensemble.divisor = static_cast<double>(trees.size());
  ensemble.trees = std::move(trees);
  Model model;
  model.input = {.n_features = n_features, .type = type};
  model.output = {.task = Task::classification,
                  .n_outputs = n_classes,
                  .targets = {{.size = n_classes}},
                  .rule = DecisionRule::argmax};
  model.predictor = std::move(ensemble);
  CHECK(check(model, "test").empty());
  return model;
}

Tree tree(std::vector<TreeNode> nodes) { return {.nodes = std::move(nodes)}; }

Split split(std::int32_t feature, double threshold, NodeId left, NodeId right) {
  return {feature, threshold, left, right, right};
}

std::string lines(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') result += '\r';
    result += c;
  }
  return result;
}

std::string write(const Model& model) {
  const emlc::layout::Artifact artifact = emlc::formats::write_csv(model);
  CHECK(artifact.warnings.empty());
  CHECK(emlc::layout::flash(artifact) == artifact.bytes.size());
  return artifact.bytes;
}

std::string rewritten(std::string_view text) { return write(emlc::formats::read_emlearn_csv(text, "f.csv")); }

/// The only warning of what was written.
std::string warning(const Model& model) {
  const emlc::layout::Artifact artifact = emlc::formats::write_csv(model);
  CHECK(artifact.bytes.starts_with("emlc,trees,1\n"));
  REQUIRE(artifact.warnings.size() == 1);
  return artifact.warnings[0];
}

std::string cannot_load(std::string_view reason) {
  return fmt::format(
      "the present MicroPython module emlearn_trees cannot load this CSV, which has emlc's extended form: {}", reason);
}

}  // namespace

TEST_CASE("emlearn-csv writer: the worked examples come out byte for byte with exact thresholds") {
  const std::string iris = "f,4\r\nc,3\r\nlb,0\r\nl,0\r\nl,1\r\nl,2\r\nr,0\r\n";
  CHECK(rewritten(iris + "n,3,8.0,-1,1\r\nn,3,17.5,-2,-3") == iris + "n,3,9,-1,1\r\nn,3,18,-2,-3");
  const std::string forest = lines("f,4\nc,3\nlb,0\nl,1\nl,0\nl,2\nr,0\nr,3\n");
  CHECK(rewritten(forest + lines("n,0,55.5,1,2\nn,1,27.0,-1,-2\nn,0,61.5,-1,-3\nn,2,28.0,-2,1\nn,3,17.5,-1,-3")) ==
        forest + lines("n,0,56,1,2\nn,1,28,-1,-2\nn,0,62,-1,-3\nn,2,29,-2,1\nn,3,18,-1,-3"));
}

TEST_CASE("emlearn-csv writer: every threshold of the format's table becomes floor(t) + 1") {
  struct Row {
    const char* t;
    const char* exact;
  };
  for (const Row& row : {Row{"17.5", "18"}, Row{"8.0", "9"}, Row{"0.5", "1"}, Row{"-0.5", "0"}, Row{"-5.0", "-4"},
                         Row{"-562.5", "-562"}, Row{"32766.5", "32767"}, Row{"-32768.0", "-32767"}}) {
    CAPTURE(row.t);
    const std::string start = lines("f,1\nc,2\nlb,0\nl,0\nl,1\nr,0\n");
    CHECK(rewritten(fmt::format("{}n,0,{},-1,-2", start, row.t)) == fmt::format("{}n,0,{},-1,-2", start, row.exact));
  }
}

TEST_CASE("emlearn-csv writer: a split that is always or never taken, and a lone leaf") {
  const Model always = voters({tree({split(1, infinity, 1, 2), Leaf{1}, Leaf{0}})}, 2, NumberType::int16);
  CHECK(write(always) == lines("f,2\nc,2\nlb,0\nl,1\nr,0\nn,1,0,-1,-1"));
  const Model never = voters({tree({split(1, -infinity, 1, 2), Leaf{1}, Leaf{0}})}, 2, NumberType::int16);
  CHECK(write(never) == lines("f,2\nc,2\nlb,0\nl,1\nl,0\nr,0\nn,1,-32768,-1,-2"));
  const Model lone = voters({tree({Leaf{1}}), tree({split(0, 5, 1, 2), Leaf{0}, Leaf{1}})}, 2, NumberType::uint8);
  CHECK(write(lone) == lines("f,2\nc,2\nlb,0\nl,1\nl,0\nr,0\nr,1\nn,0,0,-1,-1\nn,0,5,-2,-1"));
  // What is behind the side that nothing takes is left out.
  const Model hidden =
      voters({tree({split(1, infinity, 1, 2), Leaf{1}, split(0, 3, 3, 4), Leaf{0}, Leaf{1}})}, 2, NumberType::uint8);
  CHECK(write(hidden) == lines("f,2\nc,2\nlb,0\nl,1\nr,0\nn,1,0,-1,-1"));
}

TEST_CASE("emlearn-csv writer: a shared subtree is written once") {
  const Model model =
      voters({tree({split(0, 10, 1, 2), split(1, 20, 3, 4), split(1, 30, 3, 5), split(0, 5, 4, 5), Leaf{0}, Leaf{1}})},
             2, NumberType::int16);
  CHECK(write(model) == lines("f,2\nc,2\nlb,0\nl,0\nl,1\nr,0\nn,0,10,1,2\nn,1,20,2,-1\nn,1,30,1,-2\nn,0,5,-1,-2"));
}

TEST_CASE("emlearn-csv writer: any number of features fits, as long as splits ask for the first 128") {
  const Model model = voters({tree({split(127, 5, 1, 2), Leaf{0}, Leaf{1}})}, 2, NumberType::int16, 200);
  const std::string text = lines("f,200\nc,2\nlb,0\nl,0\nl,1\nr,0\nn,127,5,-1,-2");
  CHECK(write(model) == text);
  CHECK(rewritten(text) == text);
}

TEST_CASE("emlearn-csv writer: what the module's builder needs is said, trees, nodes and leaves") {
  const Model model = voters({tree({Leaf{1}}), tree({split(0, 5, 1, 2), Leaf{0}, Leaf{1}}),
                              tree({split(0, 5, 1, 2), Leaf{0}, split(1, 5, 3, 4), Leaf{0}, Leaf{1}})},
                             2, NumberType::uint8);
  CHECK(emlc::formats::write_csv(model).notes ==
        std::vector<std::string>{"emlearn_trees.new(3, 4, 2) has room for it: trees, nodes, leaves"});
}

TEST_CASE("emlearn-csv writer: int32 features fit as long as their thresholds do") {
  const auto at = [](double threshold) {
    return voters({tree({split(0, threshold, 1, 2), Leaf{0}, Leaf{1}})}, 2, NumberType::int32);
  };
  const std::string start = lines("f,2\nc,2\nlb,0\nl,0\nl,1\nr,0\n");
  CHECK(write(at(32767)) == start + "n,0,32767,-1,-2");
  CHECK(write(at(-32767)) == start + "n,0,-32767,-1,-2");
  CHECK(write(at(-2147483648.0)) == start + "n,0,-32768,-1,-2");
  CHECK(warning(at(32768)) == cannot_load("the threshold 32768 does not fit int16"));
  // int16 cannot tell what is below its lowest value from that value.
  CHECK(warning(at(-32768)) == cannot_load("the threshold -32768 does not fit int16"));
}

TEST_CASE("emlearn-csv writer: what the form cannot hold goes to the extended form, with the reason") {
  const Tree stump = tree({split(0, 3, 1, 2), Leaf{0}, Leaf{1}});
  CHECK(warning(voters({stump}, 2, NumberType::float32)) ==
        cannot_load("features are float32, not integers of 16 bits"));
  const Model far = voters({tree({split(128, 5, 1, 2), Leaf{0}, Leaf{1}})}, 2, NumberType::int16, 200);
  CHECK(warning(far) == cannot_load("a split asks for feature 128, the last one that fits is 127"));
  CHECK(warning(voters({stump}, 128, NumberType::int16)) == cannot_load("there are 128 classes, at most 127 fit"));
  Model model = voters({stump}, 2, NumberType::int16);
  std::get<TreeEnsemble>(model.predictor).leaf_values = {0.5, 0.5, 0.0, 1.0};
  CHECK(warning(model) == cannot_load("leaves hold more than a class, --voting hard makes one of them"));
  for (void (*change)(TreeEnsemble&) : {
           +[](TreeEnsemble& e) { e.divisor = 2.0; },
           +[](TreeEnsemble& e) { e.scale = 2.0; },
           +[](TreeEnsemble& e) { e.base_score[1] = 0.5; },
           +[](TreeEnsemble& e) { e.post_transform.kind = PostTransformKind::softmax; },
           +[](TreeEnsemble& e) { e.post_transform.scale = 2.0; },
       }) {
    model = voters({stump}, 2, NumberType::int16);
    change(std::get<TreeEnsemble>(model.predictor));
    CHECK(warning(model) == cannot_load("the answer is not the share of the votes"));
  }
  model = voters({stump}, 2, NumberType::int16);
  model.output.rule = DecisionRule::none;
  CHECK(warning(model) == cannot_load("the model is no classifier with one vote of all classes"));
}

TEST_CASE("emlearn-csv writer: a node table with too long jumps or too many nodes") {
  // A chain to the left of the root makes the jump to the right child as long as the chain.
  const auto chain = [](int n) {
    std::vector<TreeNode> nodes = {split(0, 0, 1, n + 1)};
    for (int i = 1; i <= n; ++i) nodes.emplace_back(split(0, -i, i < n ? i + 1 : n + 2, n + 2));
    nodes.emplace_back(split(1, 5, n + 2, n + 3));
    nodes.emplace_back(Leaf{0});
    nodes.emplace_back(Leaf{1});
    return tree(std::move(nodes));
  };
  const std::string fits = write(voters({chain(32766)}, 2, NumberType::int16));
  CHECK(fits.find("\r\nn,0,0,1,32767\r\n") != std::string::npos);
  const Model too_long = voters({chain(32767)}, 2, NumberType::int16);
  CHECK_THROWS_WITH_AS(
      emlc::formats::write_csv(too_long),
      "model: a trees CSV cannot hold the model: a child is 32768 nodes behind its parent, at most 32767 fit",
      emlc::Error);
  const Tree stump = tree({split(0, 3, 1, 2), Leaf{0}, Leaf{1}});
  // A chain of n has n + 2 splits.
  CHECK(write(voters({chain(20000), chain(12763), stump}, 2, NumberType::int16)).find("\r\nr,32767\r\n") !=
        std::string::npos);
  CHECK(warning(voters({chain(20000), chain(12764), stump}, 2, NumberType::int16)) ==
        cannot_load("the last tree begins at node 32768, at most 32767 fits"));
}

TEST_CASE("emlearn-csv writer: a model with a scaler is refused") {
  Model model = voters({tree({Leaf{0}})}, 2, NumberType::int16);
  model.scalers.push_back({.op = ScalerOp::multiply_add, .offset = {0, 0}, .scale = {1, 1}, .clip = {}});
  CHECK_THROWS_WITH_AS(emlc::formats::write_csv(model),
                       "model: a trees CSV holds no scaler, the pass fold-scaler has to take it away", emlc::Error);
}

TEST_CASE("emlearn-csv writer: emlearn's device votes as the model, also where its own file goes wrong") {
  const std::string own = "f,4\nc,3\nlb,0\nl,0\nl,1\nl,2\nr,0\nn,3,8.0,-1,1\nn,3,17.5,-2,-3\n";
  const Model model = emlc::formats::read_emlearn_csv(own, "f.csv");
  const emlc::test::EmlearnDevice wrong(own), right(write(model));
  int n_wrong = 0;
  for (int x = -100; x <= 100; ++x) {
    const std::vector<double> expected = predict(model, std::vector<double>{0, 0, 0, static_cast<double>(x)});
    const std::vector<std::int16_t> row = {0, 0, 0, static_cast<std::int16_t>(x)};
    const std::vector<float> votes = right.predict(row);
    CHECK(std::vector<double>(votes.begin(), votes.end()) == expected);
    const std::vector<float> own_votes = wrong.predict(row);
    if (std::vector<double>(own_votes.begin(), own_votes.end()) != expected) ++n_wrong;
  }
  CHECK(n_wrong == 2);  // 8 and 17: the device truncates 8.0 and 17.5, then compares with <
}

TEST_CASE("emlearn-csv writer: the extended form does not load on emlearn's device by accident") {
  const Model model = voters({tree({split(0, 0.5, 1, 2), Leaf{0}, Leaf{1}})}, 2, NumberType::float32);
  const std::string text = emlc::formats::write_csv(model).bytes;
  CHECK_THROWS_AS(emlc::test::EmlearnDevice{text}, std::invalid_argument);
  for (const char* kind : {"\nf,", "\nc,"}) CHECK(text.find(kind) == std::string::npos);
}
