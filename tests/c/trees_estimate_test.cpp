#include <doctest/doctest.h>

#include "codegen/passes/pass.hpp"
#include "tests/support/reference.hpp"

using namespace emlc;
using c::TreeLayout;
using passes::Voting;

// Sizes of programs linked by arm-none-eabi-gcc 12.2 for a Cortex-M0+ at -Os, text and data, less the same program
// without the model.
TEST_CASE("trees: flash with its estimate of the code is within 15 % of the linked size on a Cortex-M0+") {
  struct Linked {
    const char* model;
    Voting voting;
    TreeLayout layout;
    double bytes;
  };
  for (const Linked& linked : {
           Linked{"digits_rf10", Voting::soft, TreeLayout::inline_code, 24608},
           Linked{"digits_rf10", Voting::soft, TreeLayout::table, 17708},
           Linked{"digits_rf10", Voting::hard, TreeLayout::inline_code, 9696},
           Linked{"digits_rf10", Voting::hard, TreeLayout::table, 3512},
           Linked{"cancer_rf", Voting::soft, TreeLayout::inline_code, 7840},
           Linked{"cancer_rf", Voting::soft, TreeLayout::table, 2896},
           Linked{"cancer_rf_i16", Voting::soft, TreeLayout::inline_code, 7152},
           Linked{"cancer_rf_i16", Voting::hard, TreeLayout::table, 1184},
           Linked{"iris_dt", Voting::soft, TreeLayout::inline_code, 664},
           Linked{"cancer_gbc", Voting::soft, TreeLayout::inline_code, 9672},
           Linked{"cancer_gbc", Voting::soft, TreeLayout::table, 5424},
           Linked{"diabetes_rfr", Voting::soft, TreeLayout::inline_code, 17916},
           Linked{"diabetes_rfr", Voting::soft, TreeLayout::table, 8372},
       }) {
    CAPTURE(linked.model);
    CAPTURE(linked.bytes);
    model::Model model = test::read_model(linked.model);
    passes::run_passes(model, {.voting = linked.voting});
    const layout::Artifact artifact = c::emit_header(model, {.name = "m", .layout = linked.layout});
    CHECK(static_cast<double>(layout::flash(artifact)) == doctest::Approx(linked.bytes).epsilon(0.15));
  }
}
