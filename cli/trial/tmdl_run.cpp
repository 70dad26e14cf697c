#include <emlc/tmdl_typed.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "cli/trial/artifact_run.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/grid.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/model/sos/sos_model.hpp"
#include "formats/tmdl/c_array.hpp"
#include "formats/tmdl/tmdl.hpp"

namespace emlc::cli {
namespace {

void require_ok(emlc_status status, const WrittenFile& artifact) {
  if (status != EMLC_OK) throw Error({.file = artifact.file}, emlc_status_text(status));
}

/// A blob that is aligned as on a device, and the memory it asks for.
struct Device {
  std::vector<double> blob, work;
  emlc_model model{};

  explicit Device(const WrittenFile& artifact) : blob(artifact.bytes.size() / sizeof(double) + 1) {
    std::memcpy(blob.data(), artifact.bytes.data(), artifact.bytes.size());
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(blob.data());
    require_ok(emlc_tmdl_open(bytes, artifact.bytes.size(), &model), artifact);
    work.resize(emlc_decide_work_size(&model) / sizeof(double) + 1);
  }
};

void check_shape(const Device& device, const model::Model& model, const WrittenFile& artifact) {
  const bool filters = takes_signals(model);
  const auto same = [](std::uint16_t found, std::int32_t expected) { return std::int32_t{found} == expected; };
  if (filters == (device.model.n_sections != 0) && same(device.model.n_features, model.input.n_features) &&
      same(device.model.n_outputs, model.output.n_outputs)) {
    return;
  }
  throw Error({.file = artifact.file},
              fmt::format("holds a {} with {} features and {} outputs, the model is a {} with {} and {}",
                          device.model.n_sections != 0 ? "filter" : "predictor", device.model.n_features,
                          device.model.n_outputs, filters ? "filter" : "predictor", model.input.n_features,
                          model.output.n_outputs));
}

Answer filter(Device& device, const std::vector<double>& signal, const WrittenFile& artifact) {
  std::vector<float> samples(signal.begin(), signal.end());
  auto* state = reinterpret_cast<float*>(device.work.data());
  require_ok(emlc_filter_reset(&device.model, state), artifact);
  if (!samples.empty()) {
    require_ok(emlc_filter(&device.model, state, samples.data(), samples.data(), samples.size()), artifact);
  }
  return {.outputs = {samples.begin(), samples.end()}, .classes = {}};
}

/// What the samples of a filter in integers are, and how the runtime filters them.
template <class Sample>
using FilterBlock = emlc_status (*)(const emlc_model*, std::uint32_t*, const Sample*, Sample*, std::size_t);

template <class Sample>
Answer filter_integers(Device& device, const model::FixedPoint& fixed, FilterBlock<Sample> run,
                       const std::vector<double>& signal, const WrittenFile& artifact) {
  std::vector<Sample> samples;
  for (const double x : signal) samples.push_back(static_cast<Sample>(model::to_sample(fixed, x)));
  auto* state = reinterpret_cast<std::uint32_t*>(device.work.data());
  require_ok(emlc_filter_reset_fixed(&device.model, state), artifact);
  if (!samples.empty()) {
    require_ok(run(&device.model, state, samples.data(), samples.data(), samples.size()), artifact);
  }
  Answer answer;
  for (const Sample y : samples) answer.outputs.push_back(model::from_sample(fixed, y));
  return answer;
}

/// The blob says what its samples are; what they stand for is read from it as a model.
Answer filter_signal(Device& device, const model::FixedPoint* fixed, const std::vector<double>& signal,
                     const WrittenFile& artifact) {
  if (fixed == nullptr) return filter(device, signal, artifact);
  return device.model.sample_bits == 16
             ? filter_integers<std::int16_t>(device, *fixed, emlc_filter_q15, signal, artifact)
             : filter_integers<std::int32_t>(device, *fixed, emlc_filter_q31, signal, artifact);
}

/// How the runtime takes inputs of one type.
template <class Value>
struct Form {
  emlc_status (*run)(const emlc_model*, const Value*, float*, void*);
  std::int32_t (*decide)(const emlc_model*, const Value*, void*);
};

/// What it makes of them.
struct Prediction {
  emlc_status status = EMLC_OK;
  std::vector<float> outputs{};
  std::int32_t decided = 0;  ///< a class, or an emlc_status
};

template <class Value>
Prediction predict_as(Device& device, const Form<Value>& form, const std::vector<double>& codes) {
  std::vector<Value> x;
  for (const double code : codes) x.push_back(static_cast<Value>(code));
  Prediction made{.outputs = std::vector<float>(device.model.n_outputs)};
  made.status = form.run(&device.model, x.data(), made.outputs.data(), device.work.data());
  made.decided = form.decide(&device.model, x.data(), device.work.data());
  return made;
}

bool are_values_of(const model::NumberTypeInfo& type, const std::vector<double>& codes) {
  return std::all_of(codes.begin(), codes.end(), [&](double code) {
    return code >= type.lowest && code <= type.highest && (!type.is_integer || code == std::floor(code));
  });
}

/// In the type of the model's features: EMLC_ERR_UNSUPPORTED where the blob, or an input, is not of it. What an int8
/// network takes as integers are codes of its own.
Prediction predict_in_type(Device& device, model::NumberType type, const std::vector<double>& codes) {
  const bool has_codes = device.model.mdl_type == EMLC_TMDL_I8;
  if (has_codes || !are_values_of(model::info(type), codes)) return {.status = EMLC_ERR_UNSUPPORTED};
  switch (type) {
    case model::NumberType::int8:
      return predict_as<std::int8_t>(device, {emlc_run_i8, emlc_decide_i8}, codes);
    case model::NumberType::uint8:
      return predict_as<std::uint8_t>(device, {emlc_run_u8, emlc_decide_u8}, codes);
    case model::NumberType::int16:
      return predict_as<std::int16_t>(device, {emlc_run_i16, emlc_decide_i16}, codes);
    case model::NumberType::int32:
      return predict_as<std::int32_t>(device, {emlc_run_i32, emlc_decide_i32}, codes);
    case model::NumberType::float32:
    case model::NumberType::float64:
      break;
  }
  return {.status = EMLC_ERR_UNSUPPORTED};
}

/// In the type of the features the answers are those to floats.
void check_typed(const Prediction& made, const Prediction& typed, model::NumberType type, const WrittenFile& artifact) {
  if (typed.status == EMLC_ERR_UNSUPPORTED) return;
  require_ok(typed.status, artifact);
  for (std::size_t i = 0; i < made.outputs.size(); ++i) {
    if (emlc_bits_f32(typed.outputs[i]) == emlc_bits_f32(made.outputs[i])) continue;
    throw Error({.file = artifact.file}, fmt::format("given floats output {} is {}, given {} it is {}", i,
                                                     made.outputs[i], model::info(type).name, typed.outputs[i]));
  }
  if (typed.decided == made.decided) return;
  throw Error({.file = artifact.file}, fmt::format("given floats it decides for class {}, given {} for {}",
                                                   made.decided, model::info(type).name, typed.decided));
}

/// Of a single target as emlc_decide finds the class, without the scores.
Answer predict(Device& device, const std::vector<double>& input, const model::Model& model,
               const WrittenFile& artifact) {
  const std::vector<double> codes = model::encoded(model.input, input);
  const Prediction made = predict_as<float>(device, {emlc_run, emlc_decide}, codes);
  require_ok(made.status, artifact);
  check_typed(made, predict_in_type(device, model.input.type, codes), model.input.type, artifact);
  Answer answer{.outputs = {made.outputs.begin(), made.outputs.end()}, .classes = {}};
  if (model.output.rule == model::DecisionRule::none) return answer;
  if (model.output.targets.size() == 1) {
    if (made.decided < 0) require_ok(static_cast<emlc_status>(made.decided), artifact);
    answer.classes = {made.decided};
    return answer;
  }
  for (std::uint32_t target = 0; target < model.output.targets.size(); ++target) {
    const std::int32_t decided = emlc_predict_target(&device.model, made.outputs.data(), target);
    if (decided < 0) require_ok(static_cast<emlc_status>(decided), artifact);
    answer.classes.push_back(decided);
  }
  return answer;
}

}  // namespace

std::vector<Answer> run_tmdl(const WrittenFile& artifact, const model::Model& model, const Inputs& inputs) {
  const WrittenFile blob{.file = artifact.file, .bytes = formats::blob_in(artifact.bytes, artifact.file), .name = {}};
  if (!formats::is_tmdl(blob.bytes)) {
    throw Error({.file = blob.file}, "is no .tmdl blob, and no C source with one");
  }
  Device device(blob);
  check_shape(device, model, blob);
  std::vector<Answer> answers;
  if (device.model.n_sections != 0) {
    const model::Model held = formats::read_tmdl(blob.bytes, blob.file);
    const model::FixedPoint* fixed = fixed_point_of(held);
    for (const std::vector<double>& x : inputs) answers.push_back(filter_signal(device, fixed, x, blob));
    return answers;
  }
  for (const std::vector<double>& x : inputs) answers.push_back(predict(device, x, model, blob));
  return answers;
}

}  // namespace emlc::cli
