#include "formats/catboost/cbm.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "formats/reading.hpp"
#include "formats/text/flat_buffer.hpp"

// note [.cbm]
// `CBM1`, the length of what follows as four bytes, and a FlatBuffer of that length, whose tables are those of
// CatBoost's own schema; behind it what counts of categories need. Splits are numbers: all borders of all float
// features, one feature after the other, then the values of categories, which are refused. Oblivious trees are runs of
// splits and of leaf values; trees of other forms are runs of nodes, each with the distance to its children, 0 for
// leaves, and with where its leaf's values begin.

namespace emlc::formats::catboost {
namespace {

constexpr std::size_t header_size = 8;
constexpr std::string_view version = "FlabuffersModel_v1";  // as CatBoost spells it

// The numbers of fields in the schema.
namespace core {
constexpr int format_version = 0, trees = 1, info = 2, parts = 3;
}
namespace info {
constexpr int key = 0, value = 1;
}
namespace feature {
constexpr int has_nans = 0, index = 1, column = 2, borders = 3, id = 4, missing = 5;
}
namespace trees {
constexpr int n_outputs = 0, splits = 1, sizes = 2, starts = 3, categorical = 4, floats = 5, one_hot = 6, counters = 7,
              leaf_values = 8, nodes = 10, leaf_of_node = 11, text = 12, estimated = 13, scale = 14, bias = 15,
              biases = 16, embedding = 18;
}

flat::Buffer buffer_of(std::string_view content, std::string_view file) {
  const flat::Buffer whole{.bytes = content, .file = file, .first = 0};
  const std::size_t size = whole.word(4, "size");
  return {.bytes = whole.part(header_size, size, "model"), .file = file, .first = header_size};
}

void read_info(const flat::Table& model, Document& document) {
  for (const flat::Table& entry : model.tables(core::info, "InfoMap")) {
    const std::string_view key = entry.text(info::key, "InfoMap.Key");
    if (key == "params") document.parameters = entry.text(info::value, "InfoMap.Value");
    if (key == "class_params") document.class_parameters = entry.text(info::value, "InfoMap.Value");
  }
  if (model.length(core::parts, "ModelPartIds") != 0) document.keys.emplace_back("ctr_data");
}

/// A number of the file that has to be from 0 to `highest`.
std::int32_t index_in(const flat::Table& table, std::int32_t number, std::int32_t highest, std::string_view name) {
  if (number >= 0 && number <= highest) return number;
  table.buffer().fail(table.position(), name, fmt::format("expected a number from 0 to {}, found {}", highest, number));
}

/// The features, and the splits that their borders are.
std::vector<Split> read_features(const flat::Table& trees, Document& document) {
  constexpr std::array<std::string_view, 3> treatments = {"AsIs", "AsFalse", "AsTrue"};
  std::vector<Split> splits;
  for (const flat::Table& table : trees.tables(trees::floats, "FloatFeatures")) {
    const auto number = [&](int field, std::string_view name) {
      return index_in(table, table.integer(field, name), most_features - 1, name);
    };
    FloatFeature feature{.index = number(feature::index, "FloatFeatures.Index"),
                         .column = number(feature::column, "FloatFeatures.FlatIndex"),
                         .id = std::string(table.text(feature::id, "FloatFeatures.FeatureId")),
                         .has_nans = table.flag(feature::has_nans, "FloatFeatures.HasNans"),
                         .missing = {}};
    const std::size_t treatment = table.byte(feature::missing, "FloatFeatures.NanValueTreatment");
    feature.missing = treatment < treatments.size() ? std::string(treatments[treatment]) : fmt::to_string(treatment);
    for (const float border : table.floats(feature::borders, "FloatFeatures.Borders")) {
      splits.push_back({.type = "FloatFeature", .feature = feature.index, .border = border});
    }
    document.features.push_back(std::move(feature));
  }
  return splits;
}

void name_unsupported(const flat::Table& trees, Document& document) {
  struct Kind {
    int field;
    std::string_view name, kind;
  };
  for (const Kind& kind :
       {Kind{trees::categorical, "CatFeatures", "categorical"}, Kind{trees::one_hot, "OneHotFeatures", "categorical"},
        Kind{trees::counters, "CtrFeatures", "categorical"}, Kind{trees::text, "TextFeatures", "text"},
        Kind{trees::estimated, "EstimatedFeatures", "text"},
        Kind{trees::embedding, "EmbeddingFeatures", "embedding"}}) {
    if (trees.length(kind.field, kind.name) != 0) document.unsupported_features.emplace_back(kind.kind);
  }
}

/// The lists that describe trees.
class Lists {
 public:
  Lists(const flat::Table& trees, std::vector<Split> splits)
      : trees_(trees),
        splits_(std::move(splits)),
        numbers_(trees.integers(trees::splits, "TreeSplits")),
        sizes_(trees.integers(trees::sizes, "TreeSizes")),
        starts_(trees.integers(trees::starts, "TreeStartOffsets")),
        leaf_values_(trees.doubles(trees::leaf_values, "LeafValues")),
        leaves_(trees.integers(trees::leaf_of_node, "NonSymmetricNodeIdToLeafId")),
        n_outputs_(static_cast<std::size_t>(
            index_in(trees, trees.integer(trees::n_outputs, "ApproxDimension"), most_outputs, "ApproxDimension"))) {
    if (starts_.size() != sizes_.size()) fail("TreeStartOffsets", starts_.size(), sizes_.size());
    if (trees.length(trees::nodes, "NonSymmetricStepNodes") != 0)
      nodes_ = trees.integers(trees::nodes, "NonSymmetricStepNodes");
    if (!nodes_.empty() && nodes_.size() != numbers_.size())
      fail("NonSymmetricStepNodes", nodes_.size(), numbers_.size());
    if (leaves_.size() != nodes_.size()) fail("NonSymmetricNodeIdToLeafId", leaves_.size(), nodes_.size());
  }

  void read(Document& document);

 private:
  [[noreturn]] void fail(std::string_view name, std::size_t found, std::size_t expected) const {
    refuse(name, fmt::format("has {} entries, expected {}", found, expected));
  }
  [[noreturn]] void refuse(std::string_view name, std::string_view problem) const {
    trees_.buffer().fail(trees_.position(), name, problem);
  }
  [[nodiscard]] const Split& split(std::size_t at) const;
  [[nodiscard]] std::vector<double> values(std::size_t first, std::size_t n) const;
  [[nodiscard]] ObliviousTree oblivious(std::size_t start, std::size_t size, std::size_t& first_value) const;
  [[nodiscard]] Tree nested(std::size_t start, std::size_t size) const;

  const flat::Table& trees_;
  std::vector<Split> splits_;
  std::vector<std::int32_t> numbers_, sizes_, starts_;
  std::vector<double> leaf_values_;
  std::vector<std::int32_t> nodes_, leaves_;  ///< nodes: the distance to the left child in 16 bits, then the right one
  std::size_t n_outputs_;
};

const Split& Lists::split(std::size_t at) const {
  const auto number = static_cast<std::size_t>(numbers_[at]);
  if (number < splits_.size()) return splits_[number];
  refuse(fmt::format("TreeSplits[{}]", at),
         fmt::format("there is no split {}, float features have {}", numbers_[at], splits_.size()));
}

std::vector<double> Lists::values(std::size_t first, std::size_t n) const {
  if (first > leaf_values_.size() || n > leaf_values_.size() - first)
    fail("LeafValues", leaf_values_.size(), first + n);
  const auto begin = leaf_values_.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(n)};
}

ObliviousTree Lists::oblivious(std::size_t start, std::size_t size, std::size_t& first_value) const {
  constexpr std::size_t deepest = 30;
  if (size > deepest) refuse("TreeSizes", fmt::format("a tree has {} splits, more than {}", size, deepest));
  ObliviousTree tree;
  for (std::size_t at = start; at < start + size; ++at) tree.splits.push_back(split(at));
  tree.leaf_values = values(first_value, n_outputs_ << size);
  first_value += tree.leaf_values.size();
  return tree;
}

/// The nodes in the order in which JSON nests them, each once.
Tree Lists::nested(std::size_t start, std::size_t size) const {
  enum class Part { node, leaf };  ///< all of a node, or the leaf that it has for a child
  struct Open {
    std::size_t at;
    Part part;
    std::int32_t* number;  ///< where the number of the new node goes
  };
  Tree tree;
  std::int32_t root = 0;
  std::vector<Open> open = {{start, Part::node, &root}};
  while (!open.empty()) {
    const Open now = open.back();
    const std::size_t at = now.at;
    open.pop_back();
    if (at >= start + size || tree.nodes.size() > 2 * size) {
      refuse("NonSymmetricStepNodes", "a tree leads out of its nodes, or twice to one");
    }
    *now.number = static_cast<std::int32_t>(tree.nodes.size());
    Node& node = tree.nodes.emplace_back();
    const auto steps = static_cast<std::uint32_t>(nodes_[at]);
    const std::uint32_t left = steps & 0xffffU, right = steps >> 16U;
    if (now.part == Part::leaf || (left == 0 && right == 0)) {
      node.keys = {"value"};
      node.value = values(static_cast<std::uint32_t>(leaves_[at]), n_outputs_);
      continue;
    }
    node.keys = {"split"};
    node.split = split(at);
    const auto open_child = [&](std::uint32_t step, std::int32_t& child) {
      open.push_back({at + step, step == 0 ? Part::leaf : Part::node, &child});
    };
    open_child(right, node.right);  // nodes stay where they are: a deque
    open_child(left, node.left);
  }
  return tree;
}

void Lists::read(Document& document) {
  std::size_t first_value = 0;
  for (std::size_t index = 0; index < sizes_.size(); ++index) {
    const auto start = static_cast<std::size_t>(starts_[index]), size = static_cast<std::size_t>(sizes_[index]);
    if (start > numbers_.size() || size > numbers_.size() - start) {
      refuse("TreeSizes", fmt::format("tree {} has {} splits from {} on, there are {}", index, sizes_[index],
                                      starts_[index], numbers_.size()));
    }
    if (nodes_.empty()) {
      document.oblivious_trees.push_back(oblivious(start, size, first_value));
    } else {
      document.trees.push_back(nested(start, size));
    }
  }
}

}  // namespace

Document read_cbm(std::string_view content, std::string_view file) {
  const flat::Buffer buffer = buffer_of(content, file);
  const flat::Table model = flat::root(buffer, "TModelCore");
  const std::string_view found = model.text(core::format_version, "FormatVersion");
  if (found != version) {
    buffer.fail(model.position(), "FormatVersion", fmt::format("expected '{}', found '{}'", version, printable(found)));
  }
  const flat::Table trees = model.table(core::trees, "ModelTrees");
  Document document;
  read_info(model, document);
  name_unsupported(trees, document);
  std::vector<Split> splits = read_features(trees, document);
  if (!document.unsupported_features.empty()) return document;  // whose splits have other numbers
  Lists(trees, std::move(splits)).read(document);
  document.scale_and_bias = {trees.real(trees::scale, "Scale").value_or(1.0)};
  const std::vector<double> biases = trees.doubles(trees::biases, "MultiBias");
  document.scale_and_bias.insert(document.scale_and_bias.end(), biases.begin(), biases.end());
  if (biases.empty()) {
    const auto n_outputs = static_cast<std::size_t>(std::max(1, trees.integer(trees::n_outputs, "ApproxDimension")));
    document.scale_and_bias.insert(document.scale_and_bias.end(), n_outputs,
                                   trees.real(trees::bias, "Bias").value_or(0.0));
  }
  return document;
}

}  // namespace emlc::formats::catboost
