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

Inputs recorded_inputs(const std::string& path, const signal::Plan& plan) {
  Inputs rows;
  const std::size_t n = plan.features.size();
  for (formats::Run& run : read_recorded(path, plan).runs) {
    const std::vector<double> values = signal::features_of(plan, std::move(run.channels));
    for (auto row = values.begin(); row != values.end(); row += static_cast<std::ptrdiff_t>(n)) {
      rows.emplace_back(row, row + static_cast<std::ptrdiff_t>(n));
    }
  }
  if (!rows.empty()) return rows;
  throw Error({.file = path}, fmt::format("has no complete window, which takes {} frames", plan.window.length));
}

}  // namespace emlc::cli
