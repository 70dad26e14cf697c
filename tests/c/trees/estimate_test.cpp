#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>

#include "codegen/passes/pass.hpp"
#include "tests/support/reference.hpp"

using namespace emlc;
using c::TableEncoding;
using c::TreeLayout;
using passes::Voting;

namespace {

struct Choice {
  TreeLayout layout = TreeLayout::table;
  c::Optimize optimize = c::Optimize::balanced;
  TableEncoding encoding = TableEncoding::automatic;
  c::Fpu fpu = c::Fpu::automatic;
};
constexpr Choice inline_code{.layout = TreeLayout::inline_code};
constexpr Choice inline_floats{.layout = TreeLayout::inline_code, .fpu = c::Fpu::yes};
constexpr Choice inline_bits{.layout = TreeLayout::inline_code, .fpu = c::Fpu::no};
constexpr Choice table{};
constexpr Choice size_table{.optimize = c::Optimize::size};
constexpr Choice byte_table{.encoding = TableEncoding::bytes};

constexpr std::array targets = {"Cortex-M0+", "Cortex-M4", "ATmega328P"};

struct Linked {
  const char* model;
  Voting voting;
  Choice choice;
  std::array<double, targets.size()> bytes;
};

// Programs linked by arm-none-eabi-gcc 12.2 and avr-gcc 5.4 at -Os, text and data, less the same program without the
// model: what `scripts/bench` calls flash on m0, m4s and avr.
constexpr std::array linked_sizes = std::to_array<Linked>({
    {"digits_rf10", Voting::soft, size_table, {4460, 4448, 4810}},
    {"digits_rf10", Voting::soft, table, {5468, 5456, 5766}},
    {"digits_rf10", Voting::soft, inline_code, {23924, 22000, 22642}},
    {"digits_rf10", Voting::hard, size_table, {2144, 2152, 2328}},
    {"digits_rf10", Voting::hard, table, {4068, 4072, 4176}},
    {"digits_rf10", Voting::hard, inline_code, {9064, 8788, 8698}},
    {"cancer_rf", Voting::soft, size_table, {1932, 1924, 2200}},
    {"cancer_rf", Voting::soft, table, {2564, 2540, 2730}},
    {"cancer_rf", Voting::soft, inline_code, {4996, 7984, 9566}},
    {"cancer_rf", Voting::soft, inline_floats, {7092, 7984, 13010}},
    {"cancer_rf", Voting::soft, inline_bits, {4996, 5536, 9566}},
    {"cancer_rf", Voting::hard, size_table, {1320, 1320, 1520}},
    {"cancer_rf", Voting::hard, table, {1748, 1728, 1910}},
    {"cancer_rf", Voting::hard, inline_code, {3548, 5132, 5592}},
    {"cancer_rf_i16", Voting::soft, size_table, {1568, 1568, 1698}},
    {"cancer_rf_i16", Voting::soft, table, {1872, 1860, 1962}},
    {"cancer_rf_i16", Voting::soft, inline_code, {5500, 5204, 4930}},
    {"cancer_rf_i16", Voting::hard, size_table, {840, 852, 966}},
    {"cancer_rf_i16", Voting::hard, table, {1276, 1268, 1360}},
    {"cancer_rf_i16", Voting::hard, inline_code, {3848, 3376, 2724}},
    {"cancer_gbc", Voting::soft, size_table, {2052, 2036, 2416}},
    {"cancer_gbc", Voting::soft, table, {2300, 2296, 2646}},
    {"cancer_gbc", Voting::soft, inline_code, {6112, 7932, 9848}},
    {"diabetes_rfr", Voting::soft, size_table, {5624, 5564, 5950}},
    {"diabetes_rfr", Voting::soft, table, {7020, 6968, 7284}},
    {"diabetes_rfr", Voting::soft, inline_code, {13492, 16716, 18042}},
    {"iris_dt", Voting::soft, size_table, {236, 256, 470}},
    {"iris_dt", Voting::soft, table, {220, 212, 484}},
    {"iris_dt", Voting::soft, inline_code, {192, 188, 362}},
    {"iris_dt", Voting::hard, size_table, {180, 176, 484}},
    {"iris_dt", Voting::hard, table, {132, 136, 318}},
    {"iris_dt", Voting::hard, inline_code, {152, 116, 278}},
    {"cancer_gbc", Voting::soft, byte_table, {3776, 3268, 3498}},
    {"cancer_rf", Voting::hard, byte_table, {2136, 1624, 1898}},
    {"cancer_rf", Voting::soft, byte_table, {2896, 2388, 2638}},
    {"cancer_rf_i16", Voting::hard, byte_table, {1184, 1188, 1328}},
    {"cancer_rf_i16", Voting::soft, byte_table, {1728, 1724, 1896}},
    {"diabetes_rfr", Voting::soft, byte_table, {7484, 6936, 7294}},
    {"digits_rf10", Voting::hard, byte_table, {3512, 3500, 3646}},
    {"digits_rf10", Voting::soft, byte_table, {16360, 16356, 16586}},
    {"iris_dt", Voting::hard, byte_table, {668, 172, 444}},
    {"iris_dt", Voting::soft, byte_table, {708, 212, 476}},
});

layout::Artifact emit(const Linked& linked) {
  model::Model model = test::read_model(linked.model);
  passes::run_passes(model, {.voting = linked.voting});
  return c::emit_header(model, {.name = "m",
                                .layout = linked.choice.layout,
                                .encoding = linked.choice.encoding,
                                .optimize = linked.choice.optimize,
                                .fpu = linked.choice.fpu});
}

std::size_t code_bytes(const layout::Artifact& artifact) {
  return std::accumulate(
      artifact.parts.begin(), artifact.parts.end(), std::size_t{0},
      [](std::size_t sum, const layout::Part& part) { return sum + (part.name == c::code_part ? part.bytes : 0); });
}

}  // namespace

TEST_CASE("trees: flash with its estimate of the code is near the linked size on every target") {
  // A single tree leaves no loop over trees, which few of the models have that tables were fitted to.
  constexpr double most_of_table = 0.16, most_of_one_tree = 0.36, most_of_inline = 0.23, most_bytes = 40;
  for (const Linked& linked : linked_sizes) {
    CAPTURE(linked.model);
    CAPTURE(linked.bytes[0]);
    const layout::Artifact artifact = emit(linked);
    const std::size_t tables = layout::flash(artifact) - code_bytes(artifact);
    REQUIRE(artifact.code_estimates.size() >= targets.size());  // of tables there is one more
    const bool is_inline = linked.choice.layout == TreeLayout::inline_code;
    const bool is_one_tree = std::string_view(linked.model) == "iris_dt";
    const double most = is_inline ? most_of_inline : is_one_tree ? most_of_one_tree : most_of_table;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      CAPTURE(targets[i]);
      CHECK(artifact.code_estimates[i].target == targets[i]);
      const auto flash = static_cast<double>(tables + artifact.code_estimates[i].bytes);
      CHECK(std::abs(flash - linked.bytes[i]) <= std::max(most * linked.bytes[i], most_bytes));
    }
  }
}

TEST_CASE("trees: the part of the code is the estimate of the first target") {
  const layout::Artifact artifact = emit(linked_sizes.front());
  CHECK(code_bytes(artifact) == artifact.code_estimates.front().bytes);
}
