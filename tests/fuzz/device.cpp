#include <emlc/csv.h>
#include <emlc/signal.h>
#include <emlc/tmdl_info.h>
#include <emlc/tmdl_typed.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include "tests/fuzz/runs.hpp"

namespace emlc::fuzz {
namespace {

constexpr std::array<float, 4> values = {0.25F, -1e30F, INFINITY, NAN};

void require_ok(emlc_status status) {
  if (status != EMLC_OK) throw std::logic_error("what was opened or loaded does not run");
}

/// A corrupted size can ask for 4 GiB; a device would say no.
constexpr std::size_t most_work = 1U << 20U;

void filter(const emlc_model& model) {
  std::vector<float> state(model.work_size / sizeof(float)), y(values.size());
  require_ok(emlc_filter_reset(&model, state.data()));
  require_ok(emlc_filter(&model, state.data(), values.data(), y.data(), y.size()));
}

template <class Sample>
void filter_integers(const emlc_model& model,
                     emlc_status (*run)(const emlc_model*, std::uint32_t*, const Sample*, Sample*, std::size_t)) {
  constexpr Sample lowest = std::numeric_limits<Sample>::min(), highest = std::numeric_limits<Sample>::max();
  const std::vector<Sample> x = {lowest, highest, highest, 1, lowest, lowest, highest, 0};
  std::vector<Sample> y(x.size());
  std::vector<std::uint32_t> state(model.work_size / sizeof(std::uint32_t));
  require_ok(emlc_filter_reset_fixed(&model, state.data()));
  require_ok(run(&model, state.data(), x.data(), y.data(), x.size()));
}

bool is_class(const emlc_model& model, std::int32_t decided) {
  return decided >= 0 && decided < std::max<std::int32_t>(model.n_outputs, 2);
}

/// Both forms of a type; a blob that does not declare it says so.
template <class Value>
void predict_as(const emlc_model& model, emlc_status (*run)(const emlc_model*, const Value*, float*, void*),
                std::int32_t (*decide)(const emlc_model*, const Value*, void*)) {
  std::vector<float> y(model.n_outputs), work(emlc_decide_work_size(&model) / sizeof(float));
  for (const Value value : {std::numeric_limits<Value>::lowest(), Value{1}, std::numeric_limits<Value>::max()}) {
    const std::vector<Value> x(model.n_features, value);
    const emlc_status status = run(&model, x.data(), y.data(), work.data());
    const std::int32_t decided = decide(&model, x.data(), work.data());
    if (status != EMLC_ERR_UNSUPPORTED) require_ok(status);
    if (!is_class(model, decided) && decided != EMLC_ERR_UNSUPPORTED) throw std::logic_error("no class of the model");
  }
}

void predict_in_types(const emlc_model& model) {
  predict_as<float>(model, emlc_run, emlc_decide);
  predict_as<std::int8_t>(model, emlc_run_i8, emlc_decide_i8);
  predict_as<std::uint8_t>(model, emlc_run_u8, emlc_decide_u8);
  predict_as<std::int16_t>(model, emlc_run_i16, emlc_decide_i16);
  predict_as<std::int32_t>(model, emlc_run_i32, emlc_decide_i32);
}

void predict(const emlc_model& model) {
  std::vector<float> y(model.n_outputs), work(model.work_size / sizeof(float));
  for (const float value : values) {
    const std::vector<float> x(model.n_features, value);
    require_ok(emlc_run(&model, x.data(), y.data(), work.data()));
    for (std::uint32_t target = 0; target < model.n_targets; ++target) {
      const std::int32_t decided = emlc_predict_target(&model, y.data(), target);
      if (!is_class(model, decided) && decided != EMLC_ERR_UNSUPPORTED) throw std::logic_error("no class of the model");
    }
  }
}

/// Pieces of a text as they come from a file system, the last one shorter.
template <class Feed>
void feed_pieces(std::string_view content, const Feed& feed) {
  const std::size_t size = 1 + pick(content, 40);
  for (std::size_t at = 0; at < content.size(); at += size) {
    const std::string_view piece = content.substr(at, size);
    const std::vector<char> exact(piece.begin(), piece.end());  // a sanitizer sees its end
    feed(exact.data(), exact.size());
  }
}

/// Elements of an array that is large enough for whatever fits the text, and of one that hardly is for anything.
std::size_t enough(std::string_view content) { return std::max<std::size_t>(16, content.size()); }
std::size_t too_few(std::string_view content) { return pick(content, 16); }

void decide(const emlc_csv_head& head, const std::vector<float>& out) {
  std::vector<std::int32_t> classes(head.n_targets);
  const emlc_status status = emlc_csv_decide(&head, out.data(), classes.data());
  if (status != EMLC_OK && status != EMLC_ERR_UNSUPPORTED) throw std::logic_error("a decision that fails");
}

/// Frames of any content through the signal of a blob, where its windows are short enough; in blocks of three.
void push(const emlc_model& model, std::string_view content) {
  constexpr std::size_t n_frames = 80;
  emlc_signal signal;
  if (emlc_signal_open(&model, &signal) != EMLC_OK || emlc_signal_state_size(&signal) > most_work) return;
  std::vector<std::uint64_t> state(emlc_signal_state_size(&signal) / sizeof(std::uint64_t));
  require_ok(emlc_signal_reset(&signal, state.data()));
  const std::size_t size = signal.n_channels * emlc_signal_sample_size(emlc_signal_sample_type(&signal));
  std::vector<std::uint8_t> frames(3 * size);
  for (std::size_t taken = 0; taken < n_frames;) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
      frames[i] = static_cast<std::uint8_t>(content[(7 * taken + i) % content.size()]);
    }
    taken += emlc_signal_push(&signal, state.data(), frames.data(), 3);
    std::int32_t decision = 0;
    const emlc_status status = emlc_signal_decide(&signal, state.data(), &decision);
    if (status != EMLC_ERR_UNSUPPORTED) require_ok(status);
    if (status == EMLC_OK && decision != -1 && !is_class(model, decision))
      throw std::logic_error("no class of the model");
    if (emlc_signal_is_complete(state.data()) == 0) continue;
    std::vector<float> y(model.n_outputs);
    require_ok(emlc_signal_predict(&signal, state.data(), y.data()));
  }
}

}  // namespace

bool run_device_blob(std::string_view /*name*/, std::string_view content) {
  const std::vector<std::uint8_t> blob(content.begin(), content.end());
  emlc_model model;
  emlc_tmdl_facts facts;
  const emlc_status told = emlc_tmdl_info(blob.data(), blob.size(), &facts);
  if (emlc_tmdl_open(blob.data(), blob.size(), &model) != EMLC_OK) return false;
  require_ok(told);
  if (facts.n_features != model.n_features || facts.n_outputs != model.n_outputs || facts.kind == EMLC_KIND_UNKNOWN) {
    throw std::logic_error("facts of a blob that are not as it opens");
  }
  if (model.work_size > most_work) return true;
  if (model.sample_bits == 16) {
    filter_integers<std::int16_t>(model, emlc_filter_q15);
  } else if (model.sample_bits == 32) {
    filter_integers<std::int32_t>(model, emlc_filter_q31);
  } else if (model.n_sections != 0) {
    filter(model);
  } else {
    predict(model);
    predict_in_types(model);
    push(model, content);
  }
  return true;
}

namespace {

enum class ThresholdBits { narrow, wide };

bool run_trees(std::string_view content, std::size_t n, ThresholdBits bits) {
  std::vector<emlc_csv_node> nodes(n);
  std::vector<std::int16_t> thresholds16(n);
  std::vector<std::int32_t> thresholds32(n);
  std::vector<emlc_csv_root> roots(n);
  std::vector<float> leaves(n);
  std::vector<std::uint16_t> targets(std::min<std::size_t>(n, 1000));
  emlc_csv_trees_memory memory{};
  memory.nodes = nodes.data();
  memory.thresholds16 = bits == ThresholdBits::narrow ? thresholds16.data() : nullptr;
  memory.thresholds32 = thresholds32.data();
  memory.roots = roots.data();
  memory.values = leaves.data();
  memory.target_sizes = targets.data();
  memory.max_nodes = memory.max_trees = memory.max_values = n;
  memory.max_targets = static_cast<std::uint16_t>(targets.size());
  emlc_csv_trees model{};
  emlc_csv_trees_loader loader{};
  if (emlc_csv_trees_begin(&loader, &model, &memory) != EMLC_OK) return false;
  feed_pieces(content, [&](const char* piece, std::size_t size) { emlc_csv_trees_feed(&loader, piece, size); });
  if (emlc_csv_trees_end(&loader) != EMLC_OK) return false;
  std::vector<float> out(model.head.n_outputs);
  for (const float value : values) {
    const std::vector<float> x(model.head.n_features, value);
    require_ok(emlc_csv_trees_predict(&model, x.data(), out.data()));
    decide(model.head, out);
  }
  const std::vector<std::int32_t> x(model.head.n_features, INT32_MIN);
  if (model.head.type != EMLC_CSV_FLOAT32) require_ok(emlc_csv_trees_predict_i32(&model, x.data(), out.data()));
  return true;
}

bool run_network(std::string_view content, std::size_t n) {
  std::vector<emlc_csv_step> steps(n);
  std::vector<float> numbers(n);
  std::vector<std::uint16_t> targets(std::min<std::size_t>(n, 1000));
  emlc_csv_network_memory memory{};
  memory.steps = steps.data();
  memory.values = numbers.data();
  memory.target_sizes = targets.data();
  memory.max_steps = memory.max_values = n;
  memory.max_targets = static_cast<std::uint16_t>(targets.size());
  emlc_csv_network model{};
  emlc_csv_network_loader loader{};
  if (emlc_csv_network_begin(&loader, &model, &memory) != EMLC_OK) return false;
  feed_pieces(content, [&](const char* piece, std::size_t size) { emlc_csv_network_feed(&loader, piece, size); });
  if (emlc_csv_network_end(&loader) != EMLC_OK) return false;
  std::vector<float> out(model.head.n_outputs), work(emlc_csv_network_work(&model));
  for (const float value : values) {
    const std::vector<float> x(model.head.n_features, value);
    require_ok(emlc_csv_network_predict(&model, x.data(), out.data(), work.data(), work.size()));
    decide(model.head, out);
  }
  return true;
}

bool run_sos(std::string_view content, std::size_t most) {
  std::vector<float> sos(most * EMLC_SOS_COEFFICIENTS);
  emlc_csv_sos_loader loader{};
  if (emlc_csv_sos_begin(&loader, sos.data(), most) != EMLC_OK) return false;
  feed_pieces(content, [&](const char* piece, std::size_t size) { emlc_csv_sos_feed(&loader, piece, size); });
  std::size_t n_sections = 0;
  if (emlc_csv_sos_end(&loader, &n_sections) != EMLC_OK) return false;
  std::vector<float> state(n_sections * EMLC_SOS_STATE), y(values.size());
  require_ok(emlc_sos_reset_f32(state.data(), n_sections, nullptr));
  require_ok(emlc_sos_filter_f32(sos.data(), state.data(), n_sections, values.data(), y.data(), y.size()));
  return true;
}

}  // namespace

bool run_device_trees(std::string_view /*name*/, std::string_view content) {
  run_trees(content, enough(content), ThresholdBits::narrow);
  run_trees(content, too_few(content), ThresholdBits::wide);
  return run_trees(content, enough(content), ThresholdBits::wide);
}

bool run_device_network(std::string_view /*name*/, std::string_view content) {
  run_network(content, too_few(content));
  return run_network(content, enough(content));
}

bool run_device_sos(std::string_view /*name*/, std::string_view content) {
  run_sos(content, too_few(content) / 4);
  return run_sos(content, content.size() / 12 + 1);
}

}  // namespace emlc::fuzz
