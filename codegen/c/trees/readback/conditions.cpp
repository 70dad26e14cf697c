#include "codegen/c/trees/readback/conditions.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>

#include "codegen/layout/trees/plan.hpp"
#include "codegen/model/number_type.hpp"

namespace emlc::c {
namespace {

using model::NumberType;

using model::infinity;

/// `x[12]`, or `x_64[3]`, which is feature 67.
std::int32_t read_feature(TokenReader& reader, const TreeCode& code) {
  const std::string_view name = reader.take();
  double first = 0.0;
  if (name.starts_with("x_")) {
    const std::vector<Token> digits = tokens_of(name.substr(2));
    first = TokenReader(digits).take_number();
  } else if (name != "x") {
    reader.fail("x");
  }
  reader.expect("[");
  const double feature = first + reader.take_number();
  reader.expect("]");
  if (!(feature >= 0.0 && feature < code.plan.n_features)) reader.fail("a feature of the model");
  return static_cast<std::int32_t>(feature);
}

/// A comparison as it is written: the side, and whether the threshold itself is below or above the cut.
struct ComparisonRow {
  std::string_view mark;
  bool holds_left;
  bool cuts_above;  ///< what equals the number goes left
};
constexpr std::array comparisons = {ComparisonRow{"<", true, false}, ComparisonRow{"<=", true, true},
                                    ComparisonRow{">=", false, false}, ComparisonRow{">", false, true}};

/// `x[3] < 1.5f` without a negation around it: NaN makes it false.
ReadCondition read_plain(TokenReader& reader, const TreeCode& code) {
  const NumberType type = code.plan.feature_type;
  ReadCondition read{.feature = read_feature(reader, code)};
  const std::string_view mark = reader.take();
  if (mark == "!=" || mark == "==") {  // of itself: only NaN differs
    if (read_feature(reader, code) != read.feature) reader.fail("the same feature twice");
    return {read.feature, -infinity, true, mark == "!="};
  }
  for (const ComparisonRow& row : comparisons) {
    if (row.mark != mark) continue;
    const double number = reader.take_number();
    read.threshold = row.cuts_above ? model::next_above(type, model::smallest_at_least(type, number)) : number;
    read.holds_left = row.holds_left;
    read.nan_goes_left = !model::info(type).is_integer && !row.holds_left;
    return read;
  }
  reader.fail("a comparison");
}

ReadCondition read_as_float(TokenReader& reader, const TreeCode& code) {
  if (!reader.accept("!(")) return read_plain(reader, code);
  ReadCondition read = read_plain(reader, code);
  reader.expect(")");
  read.holds_left = !read.holds_left;
  return read;
}

/// The bits of x compared with those of a threshold, where all NaN go one way.
ReadCondition read_as_bits(TokenReader& reader, const TreeCode& code) {
  const bool is_signed = reader.accept("(int32_t)");
  reader.expect(fmt::format("{}bits_(", code.names.symbol));
  ReadCondition read{.feature = read_feature(reader, code)};
  reader.expect(")");
  const std::string_view mark = reader.take();
  const std::string_view left = is_signed ? "<" : ">", right = is_signed ? ">=" : "<=";
  if (mark != left && mark != right) reader.fail("a comparison of bits");
  const auto bits = static_cast<std::uint32_t>(reader.take_number());
  if ((bits >> 31 != 0) == is_signed) reader.fail("bits of the other sign");
  read.threshold = static_cast<double>(std::bit_cast<float>(bits));
  read.holds_left = mark == left;
  read.nan_goes_left = code.floats.missing == layout::Missing::left;
  return read;
}

/// The bits that belong to a comparison of floats, as the emitter writes them: which is shown by writing them again.
void expect_same_bits(TokenReader& reader, const TreeCode& code, const std::string& feature,
                      const ReadCondition& read) {
  const layout::Record record{.feature = read.feature, .threshold = read.threshold, .default_left = read.nan_goes_left};
  reader.expect(bits_condition(code.floats, code.names, feature, record, read.holds_left));
}

}  // namespace

ReadCondition read_condition(TokenReader& reader, const TreeCode& code) {
  if (model::info(code.plan.feature_type).is_integer || code.floats.fpu == Fpu::yes) {
    return read_as_float(reader, code);
  }
  if (code.floats.fpu == Fpu::no) {
    if (code.floats.missing == layout::Missing::per_split) reader.fail("NaN going one way at all splits");
    return read_as_bits(reader, code);
  }
  reader.expect(fmt::format("{}ON_FPU(", code.names.macro));
  const bool is_negated = reader.peek() == "!";
  const std::size_t at = is_negated ? 2 : 0;
  const std::string feature = fmt::format("{}[{}]", reader.peek(at), reader.peek(at + 2));
  const ReadCondition read = read_as_float(reader, code);
  reader.expect(",");
  expect_same_bits(reader, code, feature, read);
  reader.expect(")");
  return read;
}

}  // namespace emlc::c
