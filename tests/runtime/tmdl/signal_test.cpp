#include <emlc/signal.h>
#include <emlc/tmdl_info.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "codegen/passes/signal/filters.hpp"
#include "formats/emlc_signal/emlc_signal.hpp"
#include "formats/tmdl/tmdl.hpp"
#include "formats/writers.hpp"
#include "tests/runtime/blob.hpp"

/// Compiled with the address and undefined-behaviour sanitizers: a signal with wrong bytes is refused, or stays inside
/// the blob and the state that it asked for. What its features are is for tests/signals/blobs_test.py to say.
namespace {

using namespace emlc;
using namespace emlc::test;

/// All operations and all statistics. @param kind  of the samples; @param arithmetic  of a filter of them
std::string document(std::string_view kind, std::string_view arithmetic) {
  return fmt::format(R"({{"format": "emlc-signal", "version": 1, "name": "all",
    "input": {{"channels": ["x", "y"], "dtype": "{}", "sample_rate": 100}}, "window": {{"length": 8, "hop": 4}},
    "signals": {{"d": {{"difference": "x"}}, "a": {{"abs": "d"}}, "q": {{"square": "x"}}, "n1": {{"norm1": ["x", "y"]}},
      "n2": {{"norm2": ["x", "y"]}}, "nq": {{"norm2_squared": ["x", "y"]}}, "p": {{"dot": [["x", "y"], ["y", "x"]]}},
      "s": {{"scale": "x", "gain": 2, "offset": 1}}, "r": {{"scale": "x", "gain": 0.5}}, "c": {{"clip": "x", "min": -9}},
      "m3": {{"median3": "x"}}, "m5": {{"median5": "r"}}, "ma": {{"moving_average": "r", "length": 3}},
      "ms": {{"moving_sum": "y", "length": 5}},
      "f": {{"sos": "x", "sections": [[0.0675, 0.1349, 0.0675, 1, -1.143, 0.4128]], "arithmetic": "{}"}},
      "e": {{"decimate": "m3", "by": 2}}, "w": {{"remove_mean": "x"}}, "k": {{"cumulative_sum": "y"}}}},
    "features": [
      {{"of": ["x", "r"], "take": ["mean", "sum", "min", "max", "range", "median", "iqr", "variance", "std", "rms",
        "energy", "mean_abs", "mad", "skewness", "kurtosis", "zero_crossings", "mean_crossings", "slope_sign_changes",
        "waveform_length", "crest_factor", "argmax", "mobility", "complexity", {{"quantile": 0.1}},
        {{"quantile": 0.3, "method": "linear"}}, {{"autocorrelation": 2}}, {{"entropy": [-3, 0.5, 9]}}]}},
      {{"of": ["d", "a", "q", "n1", "n2", "nq", "p", "s", "c", "m3", "m5", "ma", "ms", "f", "e", "w", "k"],
        "take": ["std", "q90"]}}, {{"of": [["x", "y"]], "take": "correlation"}}]}})",
                     kind, arithmetic);
}

signal::Plan plan_of(std::string_view kind, std::string_view arithmetic) {
  signal::Plan plan = formats::read_emlc_signal(document(kind, arithmetic), "signal.json");
  passes::design_filters(plan);
  return plan;
}

/// Says by the first feature which of three classes it is.
model::Model model_of(const signal::Plan& plan) {
  const auto n_features = static_cast<std::int32_t>(plan.features.size());
  model::TreeEnsemble ensemble{.n_features = n_features,
                               .n_outputs = 3,
                               .leaf_width = 3,
                               .leaf_values = {1, 0, 0, 0, 1, 0, 0, 0, 1},
                               .base_score = {0, 0, 0}};
  ensemble.trees.push_back(
      {.nodes = {model::Split{.feature = 0, .threshold = 0.5, .left = 1, .right = 2, .default_child = 1},
                 model::Leaf{0}, model::Split{.feature = 3, .threshold = 90, .left = 3, .right = 4, .default_child = 3},
                 model::Leaf{1}, model::Leaf{2}}});
  model::Model model{.predictor = std::move(ensemble)};
  model.input.n_features = n_features;
  model.output = {.n_outputs = 3, .targets = {{.size = 3}}, .rule = model::DecisionRule::argmax};
  return model;
}

const signal::DecisionFilter filter{
    .reject_below = 0.25, .smoothing = signal::Smoothing::majority, .n_votes = 3, .hold_seconds = 0.08};

Blob blob_of(std::string_view kind, std::string_view arithmetic, const signal::DecisionFilter* decision = &filter) {
  const signal::Plan plan = plan_of(kind, arithmetic);
  return to_blob(formats::write_tmdl(model_of(plan), {}, {&plan, decision}).bytes);
}

std::vector<Blob> all_blobs() {
  const signal::DecisionFilter exponential{.smoothing = signal::Smoothing::exponential, .n_votes = 5};
  return {blob_of("int16", "q31"), blob_of("int8", "q15", &exponential), blob_of("float32", "float", nullptr)};
}

struct Opened {
  explicit Opened(const Blob& bytes) : blob(bytes) {
    status = emlc_tmdl_open(blob.data(), blob.size(), &model);
    if (status == EMLC_OK) status = emlc_signal_open(&model, &signal);
  }
  const Blob& blob;
  emlc_model model{};
  emlc_signal signal{};
  emlc_status status = EMLC_OK;
};

/// Frames at the ends and at random; with memory of exactly the size that is asked for.
void push_into(const Opened& opened) {
  Blob state(emlc_signal_state_size(&opened.signal));
  REQUIRE(emlc_signal_reset(&opened.signal, state.data()) == EMLC_OK);
  std::mt19937 random(7);
  const std::size_t size = opened.signal.n_channels * emlc_signal_sample_size(opened.signal.sample_type);
  const std::size_t n = std::min<std::size_t>(opened.signal.length, 64) + 12;
  Blob frames(n * size);
  std::generate(frames.begin(), frames.end(),
                [&] { return static_cast<std::uint8_t>(random() % 3 == 0 ? 0x80 : random()); });
  for (std::size_t taken = 0; taken < n;) {
    taken += emlc_signal_push(&opened.signal, state.data(), frames.data() + taken * size,
                              std::min<std::size_t>(n - taken, 5));
    std::int32_t decision = -7;
    const emlc_status status = emlc_signal_decide(&opened.signal, state.data(), &decision);
    if (status != EMLC_OK && status != EMLC_ERR_UNSUPPORTED) FAIL("what was opened does not decide");
    if (status == EMLC_OK && (decision < -1 || decision >= opened.signal.n_classes)) FAIL("a class out of range");
    std::vector<float> y(opened.model.n_outputs);
    const bool is_complete = emlc_signal_is_complete(state.data()) != 0;
    if ((emlc_signal_predict(&opened.signal, state.data(), y.data()) == EMLC_OK) != is_complete) FAIL("no prediction");
  }
}

__extension__ using Wide = __int128;
__extension__ using UnsignedWide = unsigned __int128;

emlc_wide as_wide(Wide value) {
  return {static_cast<std::uint64_t>(value), static_cast<std::uint64_t>(static_cast<UnsignedWide>(value) >> 64)};
}

bool is_same(const emlc_wide& found, Wide expected) {
  const emlc_wide wide = as_wide(expected);
  return found.low == wide.low && found.high == wide.high;
}

}  // namespace

TEST_CASE("signal: wide integers compute as the compiler's own, and become the nearest float") {
  std::mt19937_64 random(3);
  std::vector<Wide> values = {0,
                              1,
                              -1,
                              (Wide{1} << 24) + 1,
                              (Wide{1} << 25) + 1,
                              (Wide{3} << 24) + 2,
                              (Wide{1} << 126) - 1,
                              -(Wide{1} << 126),
                              (Wide{1} << 64) + (Wide{1} << 40) + 1,
                              (Wide{1} << 64) + (Wide{1} << 40)};
  for (int i = 0; i < 3000; ++i) {
    const auto bits = static_cast<unsigned>(random() % 126);
    const Wide value = ((Wide{static_cast<std::int64_t>(random())} << 63) ^ static_cast<Wide>(random() >> 1)) >> bits;
    values.push_back(value);
    if (i % 3 == 0) values.push_back((Wide{1} << bits) + (bits > 24 ? Wide{1} << (bits - 24) : 0) + (i % 2));
  }
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    const Wide a = values[i], b = values[i + 1];
    const auto unsigned_a = static_cast<UnsignedWide>(a), unsigned_b = static_cast<UnsignedWide>(b);
    CHECK(is_same(emlc_wide_plus(as_wide(a), as_wide(b)), static_cast<Wide>(unsigned_a + unsigned_b)));
    CHECK(is_same(emlc_wide_minus(as_wide(a), as_wide(b)), static_cast<Wide>(unsigned_a - unsigned_b)));
    CHECK(is_same(emlc_wide_times(as_wide(a), as_wide(b)), static_cast<Wide>(unsigned_a * unsigned_b)));
    CHECK(emlc_wide_f32(as_wide(a)) == static_cast<float>(a));
  }
}

TEST_CASE("signal: an integer reaches an edge as a double does") {
  std::vector<float> edges = {0.0F,   -0.0F,       0.5F, -0.5F, 1e-40F, -1e-40F, 3.0F,  -3.0F, 2.25F,
                              -2.25F, 16777216.0F, 3e9F, -3e9F, 1e15F,  -1e15F,  8e18F, 3e38F, -3e38F};
  std::mt19937 random(5);
  for (int i = 0; i < 200; ++i)
    edges.push_back(
        std::ldexp(static_cast<float>(static_cast<int>(random() % 4001) - 2000), static_cast<int>(random() % 40) - 12));
  for (const float edge : edges) {
    const double near = std::clamp(std::floor(static_cast<double>(edge)), -4e15, 4e15);
    for (const double offset : {-1.0, 0.0, 1.0}) {
      const auto x = static_cast<std::int64_t>(near + offset);
      CAPTURE(edge);
      CAPTURE(x);
      CHECK((emlc_signal_reaches(x, edge) != 0) == (static_cast<double>(x) >= static_cast<double>(edge)));
    }
  }
}

TEST_CASE("signal: a blob has it behind its layers, and its model answers as without") {
  const signal::Plan plan = plan_of("int16", "q31");
  const Blob plain = to_blob(formats::write_tmdl(model_of(plan)).bytes), blob = blob_of("int16", "q31");
  const std::vector<float> x(plan.features.size(), 1.0F);
  CHECK(run(blob, x) == run(plain, x));
  emlc_tmdl_facts facts;
  REQUIRE(emlc_tmdl_info(blob.data(), blob.size(), &facts) == EMLC_OK);
  CHECK(facts.has_signal == 1);
  CHECK(facts.kind == EMLC_KIND_TREES);
  REQUIRE(emlc_tmdl_info(plain.data(), plain.size(), &facts) == EMLC_OK);
  CHECK(facts.has_signal == 0);
  CHECK(Opened(plain).status == EMLC_ERR_UNSUPPORTED);
  const Opened opened(blob);
  REQUIRE(opened.status == EMLC_OK);
  CHECK(opened.signal.n_channels == 2);
  CHECK(emlc_signal_sample_type(&opened.signal) == EMLC_TYPE_I16);
}

TEST_CASE("signal: wrong fields are refused") {
  const Blob blob = blob_of("int16", "q31");
  const Opened good(blob);
  REQUIRE(good.status == EMLC_OK);
  const auto layer = static_cast<std::size_t>(good.signal.layer - blob.data());
  const std::size_t rows = layer + EMLC_SIGNAL_AT_DATA, d = rows + 2 * EMLC_SIGNAL_ROW_SIZE;
  const auto features = static_cast<std::size_t>(good.signal.features - blob.data());
  struct Bad {
    const char* what;
    std::size_t at;
    std::uint8_t value;
    emlc_status status;
  };
  for (const Bad& bad : {
           Bad{"the flag alone is gone", EMLC_AT_FLAGS, EMLC_RULE_ARGMAX, EMLC_ERR_SIZE},
           Bad{"another type of layer", layer + EMLC_LAYER_AT_TYPE, EMLC_LAYER_STEP, EMLC_ERR_FORMAT},
           Bad{"a newer version", layer + EMLC_SIGNAL_AT_VERSION, 2, EMLC_ERR_VERSION},
           Bad{"double samples", layer + EMLC_SIGNAL_AT_TYPE, 1, EMLC_ERR_UNSUPPORTED},
           Bad{"fewer signals than channels", layer + EMLC_SIGNAL_AT_N_SIGNALS, 1, EMLC_ERR_SIZE},
           Bad{"no window", layer + EMLC_SIGNAL_AT_LENGTH, 0, EMLC_ERR_RANGE},
           Bad{"no hop", layer + EMLC_SIGNAL_AT_HOP, 0, EMLC_ERR_RANGE},
           Bad{"votes without smoothing", layer + EMLC_SIGNAL_AT_SMOOTHING, 0, EMLC_ERR_FORMAT},
           Bad{"smoothing of another kind", layer + EMLC_SIGNAL_AT_SMOOTHING, 3, EMLC_ERR_UNSUPPORTED},
           Bad{"a negative margin", layer + EMLC_SIGNAL_AT_REJECT + 3, 0xBE, EMLC_ERR_RANGE},
           Bad{"a state of another size", layer + EMLC_SIGNAL_AT_STATE_SIZE, 1, EMLC_ERR_FORMAT},
           Bad{"an unknown operation", d + EMLC_SIGNAL_ROW_AT_OPERATION, EMLC_N_OPERATIONS, EMLC_ERR_UNSUPPORTED},
           Bad{"a channel behind the channels", d + EMLC_SIGNAL_ROW_AT_OPERATION, EMLC_CHANNEL, EMLC_ERR_FORMAT},
           Bad{"an operand that is not before it", d + EMLC_SIGNAL_ROW_AT_FROM, 2, EMLC_ERR_RANGE},
           Bad{"reals of integers", d + EMLC_SIGNAL_ROW_AT_FLAGS, 0, EMLC_ERR_FORMAT},
           Bad{"samples of 16 bytes", d + EMLC_SIGNAL_ROW_AT_WIDTH, 4, EMLC_ERR_FORMAT},
           Bad{"another rate", d + EMLC_SIGNAL_ROW_AT_STRIDE, 2, EMLC_ERR_FORMAT},
           Bad{"another place in the state", d + EMLC_SIGNAL_ROW_AT_MEMORY, 8, EMLC_ERR_FORMAT},
           Bad{"an unknown statistic", features + EMLC_SIGNAL_FEATURE_AT_STATISTIC, EMLC_N_STATISTICS,
               EMLC_ERR_UNSUPPORTED},
           Bad{"a feature of no signal", features + EMLC_SIGNAL_FEATURE_AT_OF, 200, EMLC_ERR_RANGE},
           Bad{"a mean with a lag", features + EMLC_SIGNAL_FEATURE_AT_VALUE, 1, EMLC_ERR_FORMAT},
       }) {
    CAPTURE(bad.what);
    Blob changed = blob;
    REQUIRE(changed.at(bad.at) != bad.value);
    changed.at(bad.at) = bad.value;
    reseal(changed);
    CHECK(Opened(changed).status == bad.status);
  }
}

TEST_CASE("signal: a blob whose bytes change is refused, or stays inside its memory") {
  std::size_t n_opened = 0, n_read = 0;
  for (const Blob& blob : all_blobs()) {
    const Opened good(blob);
    REQUIRE(good.status == EMLC_OK);
    push_into(good);
    for (auto at = static_cast<std::size_t>(good.signal.layer - blob.data()); at < blob.size(); ++at) {
      for (const int change : {1, 16, 130}) {
        Blob changed = blob;
        changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
        reseal(changed);
        const Opened opened(changed);
        if (opened.status != EMLC_OK || emlc_signal_state_size(&opened.signal) > 1U << 20) continue;
        push_into(opened);
        ++n_opened;
        try {
          (void)formats::read_tmdl_product({reinterpret_cast<const char*>(changed.data()), changed.size()}, "m.tmdl",
                                           {});
          ++n_read;
        } catch (const Error&) {
        }
      }
    }
  }
  CHECK(n_opened > 1000);
  CHECK(n_read > 100);
  CHECK(n_read < n_opened);
}
