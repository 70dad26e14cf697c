#include "codegen/c/trees/readback/readback.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>
#include <string>

#include "codegen/c/frame/header.hpp"
#include "codegen/c/trees/readback/tokens.hpp"
#include "codegen/model/trees/equivalence.hpp"
#include "codegen/passes/pass.hpp"
#include "tests/layout/trees/random_trees.hpp"

using namespace emlc;

namespace {

constexpr std::size_t most_steps = 50'000'000;

struct Form {
  const char* what;
  c::TreeLayout layout;
  c::TableEncoding encoding = c::TableEncoding::automatic;
};
constexpr Form forms[] = {{"inline", c::TreeLayout::inline_code},
                          {"bytes", c::TreeLayout::table, c::TableEncoding::bytes},
                          {"scan", c::TreeLayout::table, c::TableEncoding::scan},
                          {"jumps", c::TreeLayout::table, c::TableEncoding::jumps},
                          {"links", c::TreeLayout::table, c::TableEncoding::links},
                          {"perfect", c::TreeLayout::table, c::TableEncoding::perfect}};

const model::TreeEnsemble& trees_of(const model::Model& model) {
  return std::get<model::TreeEnsemble>(model.predictor);
}

/// Does the text hold the trees of the model? What it says otherwise is in `reason`.
bool holds_trees(const std::string& text, const model::Model& model, const c::EmitConfig& config, std::string& reason) {
  const c::HeaderTrees header = c::read_header_trees(text, model, trees_of(model), config);
  reason = header.problem;
  if (!header.trees) return false;
  const model::Equivalence found =
      model::compare_trees(trees_of(model), *header.trees, model.input, header.rounding, most_steps);
  reason = found.reason;
  return found.verdict == model::Verdict::equal;
}

void check_reads_back(const model::Model& model, const c::EmitConfig& config) {
  const std::string text = c::emit_header(model, config).bytes;
  std::string reason;
  CHECK_MESSAGE(holds_trees(text, model, config, reason), reason);
}

/// Where numbers of the trees stand: the tables, and the functions that walk inline trees.
std::set<std::size_t> numbers_of_trees(const std::string& text, const std::vector<c::Token>& tokens) {
  std::set<std::size_t> numbers;
  bool is_in_table = false, is_in_sum = false, is_in_trees = false;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const std::string_view word = tokens[i].text;
    const bool is_macro = i > 0 && tokens[i - 1].text == "define";
    if (word.ends_with("_TABLE") && !is_macro) is_in_table = true;
    if (word == "}" && tokens[i + 1].text == ";") is_in_table = false;
    if (word == "m_sum_" && tokens[i + 1].text == "(" && tokens[i + 2].text == "const") is_in_sum = true;
    if (is_in_sum && word == "if") is_in_trees = true;  // behind what the sum begins with
    if (is_in_trees && word == "return") is_in_sum = is_in_trees = false;
    const bool is_number = std::isdigit(static_cast<unsigned char>(word.front())) != 0;
    if (is_number && (is_in_table || (is_in_trees && text.find("goto tree_1") != std::string::npos))) numbers.insert(i);
  }
  return numbers;
}

/// The text with another digit in `token`. The seventeenth of a double may be any of several: that is none to change.
std::string with_another_digit(const std::string& text, const c::Token& token) {
  constexpr std::size_t digits_of_a_double = 16;
  std::string changed = text;
  const auto at = static_cast<std::size_t>(token.text.data() - text.data());
  const bool is_real = token.text.find('.') != std::string_view::npos;
  std::size_t last = at + std::min(token.text.size(), is_real ? digits_of_a_double : token.text.size()) - 1;
  while (std::isdigit(static_cast<unsigned char>(changed[last])) == 0) --last;
  changed[last] = changed[last] == '9' ? '8' : static_cast<char>(changed[last] + 1);
  return changed;
}

}  // namespace

TEST_CASE("readback: random forests of every type and kind of leaf, in every form") {
  random_trees::for_each_forest([](const model::Model& made) {
    model::Model model = made;
    passes::run_passes(model, {.features = model.input.type});
    for (const Form& form : forms) {
      CAPTURE(std::string(form.what));
      check_reads_back(model, {.name = "m", .layout = form.layout, .encoding = form.encoding});
    }
  });
}

TEST_CASE("readback: both languages, with an FPU and without, missing values, shared subtrees, votes") {
  using random_trees::Missing;
  using random_trees::Rows;
  for (const Missing missing : {Missing::none, Missing::all_left}) {
    for (const Rows rows : {Rows::one_hot, Rows::shares, Rows::one_column}) {
      const model::Model model =
          random_trees::make_forest({.seed = 3, .n_features = 70, .rows = rows, .missing = missing});
      for (const c::Fpu fpu : {c::Fpu::automatic, c::Fpu::yes, c::Fpu::no}) {
        for (const c::Language language : {c::Language::c, c::Language::cpp}) {
          for (const Form& form : forms) {
            CAPTURE(std::string(form.what));
            check_reads_back(
                model,
                {.name = "m", .language = language, .layout = form.layout, .encoding = form.encoding, .fpu = fpu});
          }
        }
      }
    }
  }
  for (const Form& form : forms) {
    CAPTURE(std::string(form.what));
    check_reads_back(random_trees::make_lattice(8), {.name = "m", .layout = form.layout, .encoding = form.encoding});
  }
}

TEST_CASE("readback: trees that only AVR keeps apart, with pointers to far features") {
  using random_trees::Plan;
  using random_trees::Rows;
  constexpr model::NumberType type = model::NumberType::int16;
  for (const Plan& plan : {Plan{.n_features = 150, .type = type, .rows = Rows::one_hot},
                           Plan{.n_features = 150, .n_outputs = 1, .type = type, .rows = Rows::one_column}}) {
    const model::Model model = random_trees::make_forest(plan);
    const c::EmitConfig config{.name = "m", .layout = c::TreeLayout::inline_code, .optimize = c::Optimize::speed};
    CHECK(c::emit_header(model, config).bytes.find("M_AGAIN(x_") != std::string::npos);
    check_reads_back(model, config);
  }
}

TEST_CASE("readback: another digit in any number is found, in the trees by the trees alone") {
  using random_trees::Rows;
  struct Subject {
    random_trees::Plan plan;
    Form form;
  };
  // Leaves that differ: among equal ones another threshold can be the same function.
  const Subject subjects[] = {
      {{.seed = 5,
        .n_trees = 3,
        .n_splits = 16,
        .n_outputs = 1,
        .type = model::NumberType::int16,
        .rows = Rows::one_column},
       forms[0]},
      {{.seed = 6, .n_trees = 2, .n_splits = 9, .rows = Rows::shares}, forms[2]},
      {{.seed = 7, .n_trees = 2, .n_splits = 9, .n_rows = 40, .rows = Rows::shares}, forms[3]},
      {{.seed = 7, .n_trees = 2, .n_splits = 9, .n_rows = 40, .rows = Rows::shares}, forms[4]},
      {{.seed = 8, .n_trees = 2, .n_splits = 9, .n_rows = 40, .type = model::NumberType::uint8, .rows = Rows::shares},
       forms[1]},
      {{.seed = 9,
        .n_trees = 3,
        .n_splits = 16,
        .n_outputs = 1,
        .n_rows = 400,
        .type = model::NumberType::float64,
        .rows = Rows::one_column},
       forms[0]},
      {{.seed = 10,
        .n_trees = 2,
        .n_splits = 9,
        .n_rows = 400,
        .type = model::NumberType::float64,
        .rows = Rows::shares},
       forms[1]},
      {{.seed = 11,
        .n_trees = 2,
        .n_splits = 9,
        .n_rows = 400,
        .type = model::NumberType::float64,
        .rows = Rows::shares},
       forms[3]},
  };
  for (const Subject& subject : subjects) {
    CAPTURE(std::string(subject.form.what));
    model::Model model = random_trees::make_forest(subject.plan);
    passes::run_passes(model, {.features = model.input.type});
    const c::EmitConfig config{.name = "m", .layout = subject.form.layout, .encoding = subject.form.encoding};
    const std::string text = c::emit_header(model, config).bytes;
    const std::vector<c::Token> tokens = c::tokens_of(text);
    const std::set<std::size_t> of_trees = numbers_of_trees(text, tokens);
    CHECK(of_trees.size() > 30);
    std::string reason;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (std::isdigit(static_cast<unsigned char>(tokens[i].text.front())) == 0) continue;
      const std::string changed = with_another_digit(text, tokens[i]);
      CAPTURE(tokens[i].line);
      CAPTURE(tokens[i].text);
      CHECK(c::first_difference(changed, text).has_value());
      if (of_trees.contains(i)) CHECK(!holds_trees(changed, model, config, reason));
    }
  }
}

TEST_CASE("readback: blanks, breaks and comments are no difference, a word is") {
  CHECK(!c::first_difference("int  f(void) {\n return 1; /* one */ }", "int f(void) { return 1; } // one"));
  const auto difference = c::first_difference("int f(void)\n{ return 2; }", "int f(void) { return 1; }");
  REQUIRE(difference.has_value());
  CHECK(difference->line == 2);
  CHECK(difference->found == "2");
  CHECK(difference->expected == "1");
  CHECK(c::first_difference("int f;", "int f; int g;").has_value());
}

TEST_CASE("readback: trees of few levels as perfect ones, of every type and kind of leaf") {
  using random_trees::Missing;
  using random_trees::Rows;
  std::uint32_t seed = 40;
  for (const auto type : {model::NumberType::float32, model::NumberType::float64, model::NumberType::uint8,
                          model::NumberType::int16, model::NumberType::int32}) {
    for (const Rows rows : {Rows::one_hot, Rows::shares, Rows::floats, Rows::one_column}) {
      const Missing missing = ++seed % 2 == 0 ? Missing::none : Missing::all_left;
      const model::Model model = random_trees::make_forest({.seed = seed,
                                                            .n_trees = 8,
                                                            .n_splits = 4,
                                                            .n_rows = seed % 3 == 0 ? 4 : 60,
                                                            .type = type,
                                                            .rows = rows,
                                                            .missing = missing});
      for (const c::Optimize optimize : {c::Optimize::size, c::Optimize::balanced, c::Optimize::speed}) {
        const c::EmitConfig config{
            .name = "m", .layout = c::TreeLayout::table, .encoding = c::TableEncoding::perfect, .optimize = optimize};
        CHECK(c::emit_header(model, config).bytes.find("m_features_") != std::string::npos);
        check_reads_back(model, config);
      }
    }
  }
}

TEST_CASE("readback: perfect trees; another digit in any number of trees that are not filled up is found") {
  for (const auto type : {model::NumberType::float32, model::NumberType::float64, model::NumberType::uint8}) {
    model::Model model = random_trees::make_oblivious(4, 2, type);
    std::int32_t feature = 0;
    for (model::Tree& tree : std::get<model::TreeEnsemble>(model.predictor).trees) {  // every leaf can be reached
      std::get<model::Split>(tree.nodes[0]).feature = feature++;
      for (const std::size_t id : {1U, 2U}) std::get<model::Split>(tree.nodes[id]).feature = feature;
      ++feature;
    }
    for (const c::Optimize optimize : {c::Optimize::balanced, c::Optimize::speed}) {
      const c::EmitConfig config{
          .name = "m", .layout = c::TreeLayout::table, .encoding = c::TableEncoding::perfect, .optimize = optimize};
      const std::string text = c::emit_header(model, config).bytes;
      const std::vector<c::Token> tokens = c::tokens_of(text);
      const std::set<std::size_t> of_trees = numbers_of_trees(text, tokens);
      CHECK(of_trees.size() > 30);
      std::string reason;
      for (const std::size_t i : of_trees) {
        CAPTURE(tokens[i].line);
        CAPTURE(tokens[i].text);
        CHECK(!holds_trees(with_another_digit(text, tokens[i]), model, config, reason));
      }
    }
  }
}

TEST_CASE("readback: oblivious trees as levels; a changed number is another model") {
  for (const model::NumberType type : {model::NumberType::float32, model::NumberType::uint8}) {
    const model::Model model = random_trees::make_oblivious(6, 4, type);
    const c::EmitConfig config{.name = "m", .layout = c::TreeLayout::table};
    std::string text = c::emit_header(model, config).bytes, reason;
    REQUIRE(text.find("m_depths_") != std::string::npos);
    CHECK_MESSAGE(holds_trees(text, model, config, reason), reason);
    const std::size_t rows = text.find("m_rows_[");
    const std::size_t number = text.find_first_of("123456789", text.find('{', rows));
    text[number] = text[number] == '1' ? '2' : '1';
    CHECK_FALSE(holds_trees(text, model, config, reason));
  }
}
