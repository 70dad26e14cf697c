#include "cli/trial/recorded_inputs.hpp"

#include <fmt/format.h>

#include <utility>

#include "cli/console/files.hpp"
#include "codegen/model/error.hpp"
#include "codegen/signal/features.hpp"

namespace emlc::cli {

formats::Recording read_recorded(const std::string& path, const signal::Plan& plan) {
  return formats::read_recording(read_file(path), path == standard_stream ? "stdin" : path, plan.input, {});
}

Inputs feature_rows(const signal::Plan& plan, std::vector<signal::Column> channels) {
  Inputs rows;
  const auto n = static_cast<std::ptrdiff_t>(plan.features.size());
  const std::vector<double> values = signal::features_of(plan, std::move(channels));
  for (auto row = values.begin(); row != values.end(); row += n) rows.emplace_back(row, row + n);
  return rows;
}

Inputs recorded_inputs(const std::string& path, const signal::Plan& plan) {
  Inputs rows;
  for (formats::Run& run : read_recorded(path, plan).runs) {
    for (std::vector<double>& row : feature_rows(plan, std::move(run.channels))) rows.push_back(std::move(row));
  }
  if (!rows.empty()) return rows;
  throw Error({.file = path}, fmt::format("has no complete window, which takes {} frames", plan.window.length));
}

}  // namespace emlc::cli
