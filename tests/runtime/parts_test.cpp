#include "codegen/model/sos/float_sections.hpp"
#include "formats/writers.hpp"
#include "tests/formats/tmdl/models.hpp"
#include "tests/runtime/blob.hpp"

/// Compiled without dense networks, trees, steps and libm, and as where a compiler may reorder sums.
namespace {

using namespace emlc::test;

Blob blob_of(const emlc::model::Model& model) { return to_blob(emlc::formats::write_tmdl(model).bytes); }

}  // namespace

TEST_CASE("parts: what is left out is refused, what is left runs") {
  CHECK(open(blob_of(tanh_network())) == EMLC_ERR_UNSUPPORTED);
  CHECK(open(blob_of(trees())) == EMLC_ERR_UNSUPPORTED);
  CHECK(open(read_blob("mlp_2_3_2_f32")) == EMLC_ERR_UNSUPPORTED);
  CHECK(open(read_blob("mlp_2_3_2_i8")) == EMLC_ERR_UNSUPPORTED);
  CHECK(open(blob_of(integer_filter({}))) == EMLC_ERR_UNSUPPORTED);
  CHECK(open(blob_of(tables())) == EMLC_ERR_UNSUPPORTED);
  CHECK(open(blob_of(filter())) == EMLC_OK);
  // x clipped to one scale above and below the offset
  CHECK(run(blob_of(scalers()), {0.0F, 9.0F, -20.0F}) == std::vector<float>{0.0F, 6.0F, -5.0F});
}

TEST_CASE("parts: where sums may be reordered, compensated ones are refused") {
  CHECK(open(blob_of(mixed_filter())) == EMLC_ERR_UNSUPPORTED);
  emlc::model::Model model = mixed_filter();
  for (auto& structure : std::get<emlc::model::SosCascade>(model.predictor).structures) {
    if (emlc::model::is_compensated(structure)) structure = emlc::model::SosStructure::delta;
  }
  CHECK(open(blob_of(model)) == EMLC_OK);
}

TEST_CASE("parts: without libm the activations and post-transforms that need it are not there") {
  for (const unsigned code : {EMLC_IDENTITY, EMLC_RELU, EMLC_RELU6, EMLC_LEAKY_RELU}) CHECK(emlc_has_activation(code));
  for (const unsigned code : {EMLC_TANH, EMLC_LOGISTIC, EMLC_SOFTMAX, EMLC_SOFTPLUS, EMLC_ELU}) {
    CHECK_FALSE(emlc_has_activation(code));
  }
  for (const unsigned code : {EMLC_POST_IDENTITY, EMLC_POST_HINGE, EMLC_POST_SIGNED_SQUARE, EMLC_POST_NORMALIZE}) {
    CHECK(emlc_has_post_transform(code));
  }
  for (const unsigned code : {EMLC_POST_SIGMOID, EMLC_POST_SOFTMAX, EMLC_POST_EXP, EMLC_POST_LOG1P_EXP,
                              EMLC_POST_ISOLATION, EMLC_POST_LOG_SOFTMAX}) {
    CHECK_FALSE(emlc_has_post_transform(code));
  }
}

TEST_CASE("parts: without libm the steps that need it are not there") {
  const auto n_variants = [](unsigned kind) {
    unsigned n = 0;
    for (unsigned variant = 0; variant < 256; ++variant) n += emlc_has_step(kind, variant) ? 1U : 0U;
    return n;
  };
  CHECK(n_variants(EMLC_STEP_SCALER) == 4);
  for (const unsigned kind : {EMLC_STEP_IMPUTE, EMLC_STEP_MISSING_INDICATOR, EMLC_STEP_BINARIZE, EMLC_STEP_BINS,
                              EMLC_STEP_LOOKUP, EMLC_STEP_ONE_HOT, EMLC_STEP_PRODUCTS, EMLC_STEP_LINEAR}) {
    CHECK(n_variants(kind) == 1);
  }
  CHECK(n_variants(EMLC_STEP_FUNCTION) == 3);
  CHECK(emlc_has_step(EMLC_STEP_FUNCTION, EMLC_STEP_RECIPROCAL));
  CHECK_FALSE(emlc_has_step(EMLC_STEP_FUNCTION, EMLC_STEP_SQRT));
  CHECK(n_variants(EMLC_STEP_POWER) == 0);
  CHECK(emlc_has_step(EMLC_STEP_QUANTILE, EMLC_STEP_UNIFORM));
  CHECK_FALSE(emlc_has_step(EMLC_STEP_QUANTILE, EMLC_STEP_NORMAL));
  CHECK(n_variants(EMLC_STEP_NORMALIZE) == 2);
  CHECK_FALSE(emlc_has_step(EMLC_STEP_NORMALIZE, EMLC_STEP_L2));
  CHECK(n_variants(EMLC_STEP_LINEAR + 1) == 0);
}
