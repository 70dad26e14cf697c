#include <emlc/tmdl.h>
#include <fmt/format.h>

#include "cli/trial/artifact_run.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"

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
    work.resize(model.work_size / sizeof(double) + 1);
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

Answer predict(Device& device, const std::vector<double>& input, const model::Model& model,
               const WrittenFile& artifact) {
  const std::vector<float> x(input.begin(), input.end());
  std::vector<float> y(device.model.n_outputs);
  require_ok(emlc_run(&device.model, x.data(), y.data(), device.work.data()), artifact);
  Answer answer{.outputs = {y.begin(), y.end()}, .classes = {}};
  if (model.output.rule == model::DecisionRule::none) return answer;
  for (std::uint32_t target = 0; target < model.output.targets.size(); ++target) {
    const std::int32_t decided = emlc_predict_target(&device.model, y.data(), target);
    if (decided < 0) require_ok(static_cast<emlc_status>(decided), artifact);
    answer.classes.push_back(decided);
  }
  return answer;
}

}  // namespace

std::vector<Answer> run_tmdl(const WrittenFile& artifact, const model::Model& model, const Inputs& inputs) {
  Device device(artifact);
  check_shape(device, model, artifact);
  std::vector<Answer> answers;
  for (const std::vector<double>& x : inputs) {
    answers.push_back(device.model.n_sections != 0 ? filter(device, x, artifact) : predict(device, x, model, artifact));
  }
  return answers;
}

}  // namespace emlc::cli
