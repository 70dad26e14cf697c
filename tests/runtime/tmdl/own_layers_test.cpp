#include "formats/writers.hpp"
#include "tests/formats/tmdl/models.hpp"
#include "tests/runtime/blob.hpp"

/// What emlc_tmdl_open asks of emlc's own header and layers.
namespace {

using namespace emlc;
using namespace emlc::test;

Blob blob_of(const model::Model& model) { return to_blob(formats::write_tmdl(model).bytes); }

/// One number put into a good blob, and the answer.
struct Bad {
  const char* what;
  std::size_t at;
  std::uint32_t value;
  emlc_status status;
};

void check_refused(const Blob& plain, std::initializer_list<Bad> cases) {
  REQUIRE(open(plain) == EMLC_OK);
  for (const Bad& bad : cases) {
    CAPTURE(bad.what);
    Blob blob = plain;
    put_u32(blob, bad.at, bad.value);
    reseal(blob);
    CHECK(open(blob) == bad.status);
  }
}

/// The widths of all layers and of the whole blob.
Blob with_width(Blob blob, std::uint16_t n) {
  put_u16(blob, EMLC_AT_IN_DIMS + 6, n);
  put_u16(blob, EMLC_AT_OUT_DIMS + 6, n);
  for (std::size_t at = EMLC_TMDL_HEADER_SIZE; at < blob.size(); at += emlc_read_u32(&blob[at + EMLC_LAYER_AT_SIZE])) {
    put_u16(blob, at + EMLC_LAYER_AT_IN_DIMS + 6, n);
    put_u16(blob, at + EMLC_LAYER_AT_OUT_DIMS + 6, n);
  }
  put_u32(blob, EMLC_AT_BUF_SIZE, 4U * n);
  reseal(blob);
  return blob;
}

constexpr std::size_t first = EMLC_TMDL_HEADER_SIZE;

}  // namespace

TEST_CASE("open: emlc's header") {
  check_refused(blob_of(tanh_network()),
                {
                    {"a newer version", EMLC_AT_VERSION, 3, EMLC_ERR_VERSION},
                    {"an unknown flag", EMLC_AT_VERSION, 2U | 4U << 16U, EMLC_ERR_VERSION},
                    {"an unknown task", EMLC_AT_VERSION, 2U | 0x50U << 16U, EMLC_ERR_VERSION},
                    {"longer than it is", EMLC_AT_TOTAL_SIZE, 344, EMLC_ERR_SIZE},
                    {"shorter than its header", EMLC_AT_TOTAL_SIZE, 56, EMLC_ERR_SIZE},
                    {"working memory that is not what the layers need", EMLC_AT_WORK_SIZE, 16, EMLC_ERR_FORMAT},
                    {"a threshold that is not finite", EMLC_AT_THRESHOLD, 0x7F800000U, EMLC_ERR_RANGE},
                    {"target sizes for a rule that compares", EMLC_AT_TARGETS, 336, EMLC_ERR_FORMAT},
                });
  Blob blob = blob_of(tanh_network());
  blob.back() ^= 1U;
  CHECK(open(blob) == EMLC_ERR_CHECKSUM);
}

TEST_CASE("open: bytes after an emlc blob are fine, bytes after its last layer inside it are not") {
  Blob blob = blob_of(tanh_network());
  blob.resize(blob.size() + 8);
  CHECK(open(blob) == EMLC_OK);
  put_u32(blob, EMLC_AT_TOTAL_SIZE, static_cast<std::uint32_t>(blob.size()));
  reseal(blob);
  CHECK(open(blob) == EMLC_ERR_SIZE);
}

TEST_CASE("open: target sizes") {
  const Blob blob = blob_of(two_targets());
  const auto table = static_cast<std::uint32_t>(blob.size() - 8);
  check_refused(blob, {
                          {"somewhere else", EMLC_AT_TARGETS, table - 8, EMLC_ERR_RANGE},
                          {"outside", EMLC_AT_TARGETS, table + 8, EMLC_ERR_RANGE},
                          {"not named", EMLC_AT_TARGETS, 0, EMLC_ERR_SIZE},
                          {"no target", table, 0, EMLC_ERR_FORMAT},
                          {"more than there are", table, 4, EMLC_ERR_SIZE},
                          {"a target without an output", table, 2U | 5U << 16U, EMLC_ERR_FORMAT},
                          {"more outputs than the model has", table, 2U | 3U << 16U, EMLC_ERR_FORMAT},
                      });
}

TEST_CASE("open: a scaler") {
  const Blob blob = blob_of(scalers());
  check_refused(blob, {
                          {"an unknown formula", first + EMLC_SCALER_AT_OP, 2, EMLC_ERR_UNSUPPORTED},
                          {"an unknown clip", first + EMLC_SCALER_AT_OP, 2U << 16U, EMLC_ERR_FORMAT},
                          {"no body", first + EMLC_LAYER_AT_SIZE, 56, EMLC_ERR_SIZE},
                          {"another width", first + EMLC_LAYER_AT_OUT_DIMS + 4, 1U | 2U << 16U, EMLC_ERR_FORMAT},
                      });
  CHECK(open(with_width(blob, 3)) == EMLC_OK);
  CHECK(open(with_width(blob, 4)) == EMLC_ERR_RANGE);  // more offsets and scales than the layer has
  CHECK(open(with_width(blob, 65535)) == EMLC_ERR_RANGE);
}

TEST_CASE("open: a step") {
  // Layers of 80, 72, 112 and 64 bytes: yeo_johnson, a clipping scaler, quantile, log1p.
  const Blob curve = blob_of(curves());
  constexpr std::size_t scaler = first + 80, quantile = scaler + 72, log1p = quantile + 112;
  const auto fields = [](unsigned kind, unsigned variant, unsigned column) {
    return kind | variant << 8U | column << 16U;
  };
  check_refused(curve, {
                           {"an unknown kind", first + EMLC_STEP_AT_KIND, fields(13, 0, 1), EMLC_ERR_UNSUPPORTED},
                           {"an unknown power", first + EMLC_STEP_AT_KIND, fields(5, 2, 1), EMLC_ERR_UNSUPPORTED},
                           {"an unknown function", log1p + EMLC_STEP_AT_KIND, fields(4, 10, 3), EMLC_ERR_UNSUPPORTED},
                           {"a run beyond the row", first + EMLC_STEP_AT_KIND, fields(5, 0, 2), EMLC_ERR_RANGE},
                           {"a run far beyond the row", first + EMLC_STEP_AT_KIND, fields(5, 0, 65535), EMLC_ERR_RANGE},
                           {"no column", first + EMLC_STEP_AT_N_COLUMNS, 0, EMLC_ERR_RANGE},
                           {"one result less", first + EMLC_STEP_AT_N_COLUMNS, 3U | 2U << 16U, EMLC_ERR_FORMAT},
                           {"more numbers than there are", first + EMLC_STEP_AT_KIND, fields(0, 0, 1), EMLC_ERR_RANGE},
                           {"no references", quantile + EMLC_STEP_AT_COUNT, 0, EMLC_ERR_SIZE},
                           {"more references than there are", quantile + EMLC_STEP_AT_COUNT, 65535, EMLC_ERR_RANGE},
                           {"a body that is cut off", first + EMLC_LAYER_AT_SIZE, 56, EMLC_ERR_SIZE},
                           {"an output that overlaps the input", quantile + EMLC_LAYER_AT_OUT_OFT, 8, EMLC_ERR_RANGE},
                       });
}

TEST_CASE("open: steps with lists") {
  // Layers of 72, 80, 88, 88, 72 and 80 bytes: impute, bins, lookup, one_hot, binarize, columns.
  const Blob blob = blob_of(tables());
  constexpr std::size_t bins = first + 72, lookup = bins + 80, one_hot = lookup + 88, columns = one_hot + 88 + 72;
  constexpr std::size_t list = EMLC_STEP_AT_DATA;
  check_refused(blob, {
                          {"bins of another column", bins + list, 1U | 3U << 16U, EMLC_ERR_RANGE},
                          {"more edges than there are", bins + list, 4U << 16U, EMLC_ERR_RANGE},
                          {"a lookup without a number for the rest", lookup + list, 4U << 16U, EMLC_ERR_FORMAT},
                          {"a lookup that is too long", lookup + list, 7U << 16U, EMLC_ERR_RANGE},
                          {"a one-hot column beyond the run", one_hot + list + 4, 2U | 2U << 16U, EMLC_ERR_RANGE},
                          {"more categories than there are", one_hot + list + 4, 4U << 16U, EMLC_ERR_RANGE},
                          {"edges for a column that passed", one_hot + list + 8, 1U | 65534U << 16U, EMLC_ERR_RANGE},
                          {"a column that is not there", columns + list, 4, EMLC_ERR_RANGE},
                          {"more factors than there are", columns + EMLC_STEP_AT_COUNT, 65535, EMLC_ERR_RANGE},
                      });
}

TEST_CASE("open: steps that mix columns") {
  // Layers of 80, 88 and 64 bytes: products, linear, normalize.
  const Blob blob = blob_of(mixtures());
  constexpr std::size_t linear = first + 80, normalize = linear + 88;
  check_refused(blob,
                {
                    {"a factor beyond the run", first + EMLC_STEP_AT_DATA, 2U | 0xFFFFU << 16U, EMLC_ERR_RANGE},
                    {"a wider matrix", linear + EMLC_STEP_AT_N_COLUMNS, 3U | 3U << 16U, EMLC_ERR_RANGE},
                    {"an unknown norm", normalize + EMLC_STEP_AT_KIND, 9U | 3U << 8U, EMLC_ERR_UNSUPPORTED},
                    {"results that are missing", normalize + EMLC_STEP_AT_N_COLUMNS, 3U | 2U << 16U, EMLC_ERR_FORMAT},
                });
}

TEST_CASE("open: a dense layer and a post-transform") {
  model::Model model = tanh_network();
  model.scalers.clear();
  auto& network = std::get<model::DenseNetwork>(model.predictor);
  network.post_transform.kind = model::PostTransformKind::exp;
  const Blob blob = blob_of(model);
  const std::size_t post = blob.size() - EMLC_POST_AT_DATA;
  check_refused(
      blob,
      {
          {"an unknown activation", first + EMLC_DENSE_AT_ACTIVATION, EMLC_ELU + 1, EMLC_ERR_UNSUPPORTED},
          {"no body", first + EMLC_LAYER_AT_SIZE, 56, EMLC_ERR_SIZE},
          {"weights in the header", first + EMLC_DENSE_AT_W_OFT, 44, EMLC_ERR_RANGE},
          {"weights behind the layer", first + EMLC_DENSE_AT_W_OFT, 84, EMLC_ERR_RANGE},
          {"weights far behind the layer", first + EMLC_DENSE_AT_W_OFT, 0xFFFFFFFCU, EMLC_ERR_RANGE},
          {"weights that are not aligned", first + EMLC_DENSE_AT_W_OFT, 66, EMLC_ERR_ALIGN},
          {"bias behind the layer", first + EMLC_DENSE_AT_B_OFT, 96, EMLC_ERR_RANGE},
          {"the output behind the buffer", first + EMLC_LAYER_AT_OUT_OFT, 0xFFFFFFF8U, EMLC_ERR_RANGE},
          {"a buffer that is too small", EMLC_AT_BUF_SIZE, 8, EMLC_ERR_RANGE},
          {"an unknown post-transform", post + EMLC_POST_AT_KIND, EMLC_POST_LOG_SOFTMAX + 1, EMLC_ERR_UNSUPPORTED},
          {"a post-transform without a body", post + EMLC_LAYER_AT_SIZE, 48, EMLC_ERR_SIZE},
          {"a place for the last output", post + EMLC_LAYER_AT_OUT_OFT, 8, EMLC_ERR_FORMAT},
      });
}

TEST_CASE("open: a filter") {
  const Blob blob = blob_of(filter());
  check_refused(blob, {
                          {"no section", first + EMLC_SOS_AT_COUNT, 0, EMLC_ERR_SIZE},
                          {"more sections than there are", first + EMLC_SOS_AT_COUNT, 3, EMLC_ERR_RANGE},
                          {"very many sections", first + EMLC_SOS_AT_COUNT, 0x20000001U, EMLC_ERR_RANGE},
                          {"an unknown state", first + EMLC_SOS_AT_HAS_STATE, 2, EMLC_ERR_FORMAT},
                          {"no body", first + EMLC_LAYER_AT_SIZE, 56, EMLC_ERR_SIZE},
                      });
  CHECK(open(with_width(blob, 2)) == EMLC_ERR_FORMAT);
}

TEST_CASE("open: a filter in integers") {
  const auto bytes = [](unsigned arithmetic, unsigned bits, unsigned rounding, unsigned headroom) {
    return arithmetic | bits << 8U | rounding << 16U | headroom << 24U;
  };
  const model::FixedPoint q15{.arithmetic = model::Arithmetic::q15}, q31{.arithmetic = model::Arithmetic::q31};
  constexpr std::size_t says = first + EMLC_SOS_FIXED_AT_ARITHMETIC, data = first + EMLC_SOS_FIXED_AT_DATA;
  const Blob blob = blob_of(integer_filter(q15));
  check_refused(blob, {
                          {"no section", first + EMLC_SOS_FIXED_AT_COUNT, 0, EMLC_ERR_SIZE},
                          {"more sections than there are", first + EMLC_SOS_FIXED_AT_COUNT, 3, EMLC_ERR_RANGE},
                          {"very many sections", first + EMLC_SOS_FIXED_AT_COUNT, 0x1999999AU, EMLC_ERR_RANGE},
                          {"fewer sections, so less memory", first + EMLC_SOS_FIXED_AT_COUNT, 1, EMLC_ERR_FORMAT},
                          {"no arithmetic", says, bytes(0, 12, 2, 0), EMLC_ERR_UNSUPPORTED},
                          {"an unknown arithmetic", says, bytes(5, 12, 2, 0), EMLC_ERR_UNSUPPORTED},
                          {"fewer bits", says, bytes(EMLC_SOS_Q15, 11, 2, 0), EMLC_ERR_RANGE},
                          {"more bits", says, bytes(EMLC_SOS_Q15, 16, 2, 0), EMLC_ERR_RANGE},
                          {"other bits than q15-cmsis has", says, bytes(EMLC_SOS_Q15_CMSIS, 12, 0, 0), EMLC_ERR_RANGE},
                          {"an unknown rounding", says, bytes(EMLC_SOS_Q15, 12, 3, 0), EMLC_ERR_UNSUPPORTED},
                          {"much headroom", says, bytes(EMLC_SOS_Q15, 12, 2, 16), EMLC_ERR_RANGE},
                          {"a long lift", first + EMLC_SOS_FIXED_AT_LIFT, 16, EMLC_ERR_RANGE},
                          {"bytes without a meaning", first + EMLC_SOS_FIXED_AT_LIFT, 0x100, EMLC_ERR_FORMAT},
                          {"more of them", first + EMLC_SOS_FIXED_AT_LIFT + 4, 1U << 24U, EMLC_ERR_FORMAT},
                          {"no body", first + EMLC_LAYER_AT_SIZE, 64, EMLC_ERR_SIZE},
                          {"a coefficient of -32768", data, 0x8000U, EMLC_ERR_RANGE},
                          {"coefficients that overflow sums", data, 0x7FFF7FFFU, EMLC_ERR_RANGE},
                      });
  CHECK(open(with_width(blob, 2)) == EMLC_ERR_FORMAT);
  const Blob wide = blob_of(integer_filter(q31));
  check_refused(wide, {
                          {"a coefficient of 28 bits", data, 1U << 27U, EMLC_ERR_RANGE},
                          {"the smallest number", data, 1U << 31U, EMLC_ERR_RANGE},
                          {"16-bit coefficients, so less memory", says, bytes(EMLC_SOS_Q15, 12, 2, 0), EMLC_ERR_FORMAT},
                      });
}

TEST_CASE("open: the sums of a filter in integers may have 31 bits and not one more") {
  const auto status = [](int fraction_bits, std::uint16_t second) {
    Blob blob = blob_of(integer_filter({.arithmetic = model::Arithmetic::q15}));
    blob[first + EMLC_SOS_FIXED_AT_FRACTION_BITS] = static_cast<std::uint8_t>(fraction_bits);
    for (std::size_t i = 0; i < 5; ++i) put_u16(blob, first + EMLC_SOS_FIXED_AT_DATA + 2 * i, 0);
    put_u16(blob, first + EMLC_SOS_FIXED_AT_DATA, 32767);
    put_u16(blob, first + EMLC_SOS_FIXED_AT_DATA + 8, second);
    reseal(blob);
    return open(blob);
  };
  // (32767 + c) 2^15 + 2^bits <= 2^31 - 1
  CHECK(status(14, 0x10000 - 32767) == EMLC_OK);
  CHECK(status(15, 0x10000 - 32767) == EMLC_OK);
  CHECK(status(15, 0x8000) == EMLC_ERR_RANGE);
}

TEST_CASE("open: a filter with structures") {
  const Blob blob = blob_of(mixed_filter());
  constexpr std::size_t structures = first + EMLC_SOS_AT_DATA + std::size_t{4} * 36;
  check_refused(blob, {
                          {"no section", first + EMLC_SOS_AT_COUNT, 0, EMLC_ERR_SIZE},
                          {"more sections than there are", first + EMLC_SOS_AT_COUNT, 5, EMLC_ERR_RANGE},
                          {"very many sections", first + EMLC_SOS_AT_COUNT, 0x20000001U, EMLC_ERR_RANGE},
                          {"fewer sections", first + EMLC_SOS_AT_COUNT, 3, EMLC_ERR_FORMAT},
                          {"an unknown state", first + EMLC_SOS_AT_HAS_STATE, 2, EMLC_ERR_FORMAT},
                          {"an unknown structure", structures, 0x01000204U, EMLC_ERR_UNSUPPORTED},
                          {"an unknown last structure", structures, 0xFF000203U, EMLC_ERR_UNSUPPORTED},
                          {"no body", first + EMLC_LAYER_AT_SIZE, 56, EMLC_ERR_SIZE},
                          {"direct sections with too much state", first, EMLC_LAYER_SOS | 1U << 16U, EMLC_ERR_FORMAT},
                          {"an unknown layer", first, 255U | 1U << 16U, EMLC_ERR_UNSUPPORTED},
                      });
  CHECK(open(with_width(blob, 2)) == EMLC_ERR_FORMAT);
  Blob direct = blob_of(filter());
  put_u32(direct, first, EMLC_LAYER_SOS_STRUCTURES | 1U << 16U);
  reseal(direct);
  CHECK(open(direct) == EMLC_ERR_RANGE);
}

TEST_CASE("open: trees") {
  model::Model model = trees();
  model.output.targets = {{.size = 2}};
  const Blob blob = blob_of(model);
  check_refused(blob, {
                          {"no body", first + EMLC_LAYER_AT_SIZE, 48, EMLC_ERR_SIZE},
                          {"an unknown version", first + EMLC_LAYER_HEADER_SIZE, 0, EMLC_ERR_VERSION},
                      });
  CHECK(open(with_width(blob, 1)) == EMLC_ERR_RANGE);  // fewer features than the trees look at
}
