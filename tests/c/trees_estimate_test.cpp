#include <doctest/doctest.h>

#include "codegen/passes/pass.hpp"
#include "tests/support/reference.hpp"

using namespace emlc;
using c::Optimize;
using c::TreeLayout;
using passes::Voting;

// Sizes of programs linked by arm-none-eabi-gcc 12.2 for a Cortex-M0+ at -Os, text and data, less the same program
// without the model.
TEST_CASE("trees: flash with its estimate of the code is within 10 % of the linked size on a Cortex-M0+") {
  struct Linked {
    const char* model;
    Voting voting;
    TreeLayout layout;
    Optimize optimize;
    double bytes;
  };
  for (const Linked& linked : {
           Linked{"digits_rf10", Voting::soft, TreeLayout::inline_code, Optimize::balanced, 23252},
           Linked{"digits_rf10", Voting::soft, TreeLayout::table, Optimize::balanced, 5468},
           Linked{"digits_rf10", Voting::hard, TreeLayout::inline_code, Optimize::balanced, 9696},
           Linked{"digits_rf10", Voting::hard, TreeLayout::table, Optimize::balanced, 4068},
           Linked{"digits_rf10", Voting::hard, TreeLayout::table, Optimize::size, 2144},
           Linked{"cancer_rf", Voting::soft, TreeLayout::inline_code, Optimize::balanced, 6968},
           Linked{"cancer_rf", Voting::soft, TreeLayout::table, Optimize::balanced, 2564},
           Linked{"cancer_rf", Voting::soft, TreeLayout::table, Optimize::size, 1932},
           Linked{"cancer_rf_i16", Voting::soft, TreeLayout::inline_code, Optimize::balanced, 7152},
           Linked{"cancer_rf_i16", Voting::soft, TreeLayout::table, Optimize::size, 1568},
           Linked{"cancer_rf_i16", Voting::hard, TreeLayout::table, Optimize::balanced, 1276},
           Linked{"iris_dt", Voting::soft, TreeLayout::inline_code, Optimize::balanced, 192},
           Linked{"cancer_gbc", Voting::soft, TreeLayout::inline_code, Optimize::balanced, 6896},
           Linked{"cancer_gbc", Voting::soft, TreeLayout::table, Optimize::balanced, 3124},
           Linked{"diabetes_rfr", Voting::soft, TreeLayout::inline_code, Optimize::balanced, 14944},
           Linked{"diabetes_rfr", Voting::soft, TreeLayout::table, Optimize::balanced, 7020},
           Linked{"diabetes_rfr", Voting::soft, TreeLayout::table, Optimize::size, 5624},
       }) {
    CAPTURE(linked.model);
    CAPTURE(linked.bytes);
    model::Model model = test::read_model(linked.model);
    passes::run_passes(model, {.voting = linked.voting});
    const layout::Artifact artifact =
        c::emit_header(model, {.name = "m", .layout = linked.layout, .optimize = linked.optimize});
    CHECK(static_cast<double>(layout::flash(artifact)) == doctest::Approx(linked.bytes).epsilon(0.10));
  }
}
