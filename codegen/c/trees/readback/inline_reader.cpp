#include "codegen/c/trees/readback/inline_reader.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

#include "codegen/c/trees/inline/body.hpp"
#include "codegen/c/trees/readback/conditions.hpp"
#include "codegen/c/trees/votes.hpp"

// note [one place at a time]
// The text is read from front to back with one open place: where the next statement goes. `if (c) {` fills it with a
// split, whose first child is the open place then; the other one waits for the brace to close. `if (c) leave` fills it
// with a split that has a leaf on one side, and goes on at the other. What leaves without an if closes the place.

namespace emlc::c {
namespace {

/// What a statement that ends a walk has in it.
struct Leave {
  std::optional<double> leaf;           ///< its value or code
  std::optional<std::uint32_t> region;  ///< the shared subtree where the walk goes on
};

/// Reads the statement that ends a walk, in one of the shapes that inline code has.
using ReadLeave = std::function<Leave(TokenReader&)>;

/// The label of a jump, without its start and end.
std::uint32_t number_in(TokenReader& reader, std::string_view start) {
  const std::string_view label = reader.peek();
  if (!label.starts_with(start)) reader.fail(fmt::format("a label {}", start));
  const std::vector<Token> digits = tokens_of(label.substr(start.size()));
  const double number = TokenReader(digits).take_number();
  reader.take();
  return static_cast<std::uint32_t>(number);
}

bool accept_shared(TokenReader& reader, Leave& leave) {
  if (reader.peek() != "goto" || !reader.peek(1).starts_with("shared_")) return false;
  reader.take();
  leave.region = number_in(reader, "shared_");
  reader.expect(";");
  return true;
}

Leave read_return(TokenReader& reader) {
  Leave leave;
  if (accept_shared(reader, leave)) return leave;
  reader.expect("return");
  leave.leaf = reader.take_number();
  reader.expect(";");
  return leave;
}

/// `{ sum = (T)(sum + 12); goto tree_3; }`
Leave read_addition(TokenReader& reader, const TreeCode& code, std::uint32_t tree) {
  Leave leave;
  if (accept_shared(reader, leave)) return leave;
  const bool is_float = code.sum_type == "float";
  reader.expect(is_float ? "{ sum +=" : fmt::format("{{ sum = ({})(sum +", code.sum_type));
  leave.leaf = reader.take_number();
  reader.expect(fmt::format("{} goto tree_{}; }}", is_float ? ";" : ");", tree + 1));
  return leave;
}

/// `goto tree_3_gives_7;`
Leave read_vote(TokenReader& reader, std::uint32_t tree) {
  Leave leave;
  if (accept_shared(reader, leave)) return leave;
  reader.expect("goto");
  leave.leaf = number_in(reader, fmt::format("tree_{}_gives_", tree));
  reader.expect(";");
  return leave;
}

class RegionReader {
 public:
  RegionReader(TokenReader& reader, const TreeCode& code, ReadLeave read_leave)
      : reader_(reader), code_(code), read_leave_(std::move(read_leave)) {}

  InlineTree read();

 private:
  /// Where a statement goes: the root, or a side of a split.
  struct Place {
    std::uint32_t split = root;
    bool is_left = false;
  };
  static constexpr std::uint32_t root = 0xffffffffU;

  void fill(const Place& place, Child child);
  void leave(const Place& place);
  void read_if();
  void begin_shared();

  TokenReader& reader_;
  const TreeCode& code_;
  ReadLeave read_leave_;
  InlineTree tree_;
  std::optional<Place> open_ = Place{};
  std::vector<Place> waiting_;                 ///< for braces to close
  std::multimap<std::uint32_t, Place> jumps_;  ///< to shared subtrees that are still to come
};

void RegionReader::fill(const Place& place, Child child) {
  if (place.split == root) {
    tree_.root = child;
  } else {
    ReadSplit& split = tree_.splits.at(place.split);
    (place.is_left ? split.left : split.right) = child;
  }
}

void RegionReader::leave(const Place& place) {
  const Leave found = read_leave_(reader_);
  if (found.region) {
    jumps_.emplace(*found.region, place);
    return;
  }
  fill(place, {Child::Kind::leaf, static_cast<std::uint32_t>(tree_.leaves.size())});
  tree_.leaves.push_back(*found.leaf);
}

void RegionReader::read_if() {
  reader_.expect("if (");
  const ReadCondition condition = read_condition(reader_, code_);
  reader_.expect(")");
  const auto id = static_cast<std::uint32_t>(tree_.splits.size());
  fill(*open_, {Child::Kind::split, id});
  tree_.splits[id] = {condition.feature, condition.threshold, condition.nan_goes_left, {}, {}};
  const Place first = {id, condition.holds_left}, second = {id, !condition.holds_left};
  if (reader_.peek() == "{" && reader_.peek(1) != "sum") {  // else it is a leaf that adds to the sum
    reader_.take();
    waiting_.push_back(second);
    open_ = first;
  } else {
    leave(first);
    open_ = second;
  }
}

void RegionReader::begin_shared() {
  const std::uint32_t region = number_in(reader_, "shared_");
  reader_.expect(":");
  const auto [begin, end] = jumps_.equal_range(region);
  if (begin == end) reader_.fail("a label that something jumps to");
  for (auto jump = begin; jump != end; ++jump) {
    fill(jump->second, {Child::Kind::split, static_cast<std::uint32_t>(tree_.splits.size())});
  }
  open_ = begin->second;
  jumps_.erase(begin, end);
}

InlineTree RegionReader::read() {
  for (;;) {
    if (open_ && reader_.peek() == "if") {
      read_if();
    } else if (open_) {
      // `{ sum = ...` is a leaf here: the braces of an if are read with it.
      leave(*open_);
      open_.reset();
    } else if (!waiting_.empty()) {
      reader_.expect("}");
      open_ = waiting_.back();
      waiting_.pop_back();
    } else if (reader_.peek().starts_with("shared_")) {
      begin_shared();
    } else {
      break;
    }
  }
  if (!jumps_.empty()) reader_.fail(fmt::format("shared_{}", jumps_.begin()->first));
  return std::move(tree_);
}

std::uint32_t n_trees_of(const TreeCode& code) { return static_cast<std::uint32_t>(code.ensemble.trees.size()); }

/// The tree that is nothing but a leaf has no text of its own shape; it is as planned.
bool is_planned_leaf(const TreeCode& code, std::uint32_t tree) {
  return is_lone_leaf(code.plan.records[code.plan.regions[tree]]);
}

InlineTree planned_leaf(const TreeCode& code, std::uint32_t tree) {
  const layout::LeafCode leaf = code.plan.records[code.plan.regions[tree]].first_leaf;
  InlineTree result;
  result.root = {Child::Kind::leaf, 0};
  const std::string text = leaf_text(code, tree, leaf);
  const std::vector<Token> literal = tokens_of(text);
  result.leaves = {TokenReader(literal).take_number()};
  return result;
}

/// A function for each tree: `S tree_3_(const T *x) { ... }`.
std::vector<InlineTree> read_functions(std::span<const Token> tokens, const TreeCode& code) {
  std::vector<InlineTree> trees;
  for (std::uint32_t tree = 0; tree < n_trees_of(code); ++tree) {
    if (is_planned_leaf(code, tree)) {
      trees.push_back(planned_leaf(code, tree));
      continue;
    }
    tokens = after(tokens, fmt::format("{}tree_{}_(const {} *x) {{", code.names.symbol, tree, code.names.input));
    TokenReader reader(tokens);
    trees.push_back(RegionReader(reader, code, read_return).read());
    reader.expect("}");
  }
  return trees;
}

/// `NAME_APART(x);` and `NAME_FAR(x_32, x + 32);` or `NAME_AGAIN(...` behind a label, which change no pointer.
void skip_apart(TokenReader& reader, const TreeCode& code) {
  const std::string far = code.names.macro + "FAR", again = code.names.macro + "AGAIN";
  if (reader.peek() == code.names.macro + "APART") reader.expect(fmt::format("{}APART(x);", code.names.macro));
  while (reader.peek() == far || reader.peek() == again) {
    reader.expect((reader.peek() == far ? far : again) + "(");
    const std::uint32_t first = number_in(reader, "x_");
    reader.expect(fmt::format(", x + {});", first));
  }
}

/// `if (decide && ...) return sum;` behind a label: the words around trees are compared with those of convert.
void skip_stage(TokenReader& reader) {
  if (reader.peek() != "if" || reader.peek(2) != "decide") return;
  while (reader.peek() != ";") reader.take();
  reader.expect(";");
}

enum class Body { votes, sums };
/// All trees in one function, one after the other, each from its label to the next.
std::vector<InlineTree> read_body(std::span<const Token> tokens, const TreeCode& code, Body body) {
  std::vector<InlineTree> trees;
  for (std::uint32_t tree = 0; tree < n_trees_of(code); ++tree) {
    if (tree > 0) tokens = after(tokens, fmt::format("tree_{}:", tree));
    if (is_planned_leaf(code, tree)) {
      trees.push_back(planned_leaf(code, tree));
      continue;
    }
    if (tree == 0) {
      while (tokens.size() > 1 && !(tokens[0].text == "if" && tokens[1].text == "(")) tokens = tokens.subspan(1);
    }
    TokenReader reader(tokens);
    skip_stage(reader);
    skip_apart(reader, code);
    const auto leave = [&, tree](TokenReader& at) {
      return body == Body::votes ? read_vote(at, tree) : read_addition(at, code, tree);
    };
    trees.push_back(RegionReader(reader, code, leave).read());
    if (!reader.peek().starts_with("tree_")) reader.fail("the label behind a tree");
  }
  return trees;
}

}  // namespace

std::vector<InlineTree> read_inline_trees(std::span<const Token> tokens, const TreeCode& code) {
  if (can_print_votes(code)) {
    tokens = after(tokens, fmt::format("int {}vote_(const {} *x", code.names.symbol, code.names.input));
    return read_body(after(tokens, ") {"), code, Body::votes);
  }
  if (has_scalar_leaves(code) && code.n_sums == 1 && fits_one_body(code)) {
    return read_body(after(tokens, sum_head(code)), code, Body::sums);
  }
  return read_functions(tokens, code);
}

}  // namespace emlc::c
