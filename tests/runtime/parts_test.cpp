#include "codegen/model/sos/float_sections.hpp"
#include "formats/writers.hpp"
#include "tests/formats/tmdl/models.hpp"
#include "tests/runtime/blob.hpp"

/// Compiled without dense networks, without trees and without libm, and as where a compiler may reorder sums.
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
