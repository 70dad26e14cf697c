#include "cli/compile/told/spectra.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "cli/trial/recorded_inputs.hpp"
#include "codegen/passes/signal/quantize_spectra.hpp"
#include "codegen/signal/decision/recorded.hpp"

namespace emlc::cli {
namespace {

void append(BothFeatures& both, const signal::Plan& trained, const signal::Plan& device,
            const std::vector<signal::Column>& channels) {
  for (std::vector<double>& row : feature_rows(trained, channels)) both.trained.push_back(std::move(row));
  for (std::vector<double>& row : feature_rows(device, channels)) both.device.push_back(std::move(row));
}

BothFeatures windows_of(const Source& source, const signal::Plan& device, const std::string& data_path) {
  BothFeatures both;
  const signal::Plan& trained = *source.signal;
  for (const signal::RecordedWindows& recorded : source.recordings) {
    append(both, trained, device, signal::columns_of(trained, recorded));
  }
  if (data_path.empty()) return both;
  for (formats::Run& run : read_recorded(data_path, trained).runs) append(both, trained, device, run.channels);
  return both;
}

/// The largest and the mean difference of a feature, and the standard deviation of the trained one.
struct Off {
  double largest = 0.0, mean = 0.0, deviation = 0.0;
};
Off off_of(const BothFeatures& both, std::size_t column) {
  Off off;
  const auto n = static_cast<double>(both.trained.size());
  double sum = 0.0, squares = 0.0;
  for (std::size_t row = 0; row < both.trained.size(); ++row) {
    const double value = both.trained[row][column], difference = std::abs(both.device[row][column] - value);
    off.largest = std::max(off.largest, difference);
    off.mean += difference / n;
    sum += value;
    squares += value * value;
  }
  off.deviation = std::sqrt(std::max(squares / n - sum / n * (sum / n), 0.0));
  return off;
}

/// The features that are furthest off by their standard deviations.
std::string feature_text(const signal::Plan& plan, const BothFeatures& both) {
  double largest = 0.0, mean = 0.0;
  std::size_t n = 0, worst = 0;
  for (std::size_t column = 0; column < plan.features.size(); ++column) {
    if (plan.features[column].statistic != signal::Statistic::spectral) continue;
    const Off off = off_of(both, column);
    if (off.deviation == 0.0) continue;
    ++n;
    mean += off.mean / off.deviation;
    if (off.largest / off.deviation < largest) continue;
    largest = off.largest / off.deviation;
    worst = column;
  }
  if (n == 0) return fmt::format("features: not measured, of {} none varies", count(both.trained.size(), "window"));
  return fmt::format(
      "features: {} is off by up to {:.3g}, {:.3g} of its standard deviation; all by {:.3g} of theirs on "
      "average, on {}",
      plan.features[worst].name, off_of(both, worst).largest, largest, mean / static_cast<double>(n),
      count(both.trained.size(), "window"));
}

}  // namespace

model::Distance distance_between(const model::Model& trained, const model::Model& device, const BothFeatures& both) {
  const auto n = both.trained.size();
  model::Distance distance{.n_inputs = n};
  std::size_t n_values = 0, n_changed = 0;
  for (std::size_t row = 0; row < n; ++row) {
    const std::vector<double> expected = model::predict(trained, both.trained[row]);
    const std::vector<double> found = model::predict(device, both.device[row]);
    if (model::decide(trained.output, expected) != model::decide(device.output, found)) ++n_changed;
    n_values += expected.size();
    for (std::size_t i = 0; i < expected.size(); ++i) {
      distance.largest = std::max(distance.largest, std::abs(expected[i] - found[i]));
      distance.mean += std::abs(expected[i] - found[i]);
    }
  }
  if (n_values != 0) distance.mean /= static_cast<double>(n_values);
  if (n != 0) distance.changed_decisions = static_cast<double>(n_changed) / static_cast<double>(n);
  return distance;
}

void lower_spectra(const Source& source, const CompileOptions& options, Lowered& lowered) {
  signal::Plan plan = *source.signal;
  passes::PassReport report{.pass = "quantize-spectra"};
  report.result.changes = passes::quantize_spectra(plan, options.passes.arithmetic);
  if (report.result.changes == 0) return;
  BothFeatures both = windows_of(source, plan, options.data_path);
  report.distance = distance_between(source.model, source.model, both);
  report.result.notes.push_back(both.trained.empty()
                                    ? "features: not measured, the document has no recordings: give --data a recording"
                                    : feature_text(plan, both));
  lowered.reports.push_back(std::move(report));
  lowered.seconds.push_back(0.0);
  lowered.signal = std::move(plan);
  lowered.both = std::move(both);
}

}  // namespace emlc::cli
