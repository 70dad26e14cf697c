// device_inputs MODEL [-i X] [-o OUT] [options of convert]: the inputs that headers are tried on, as doubles of this
// computer. First the number of values in a row and the number of rows, then row after row; a filter's signals come one
// after the other in a single row. They are those of `emlc verify`, for trees of float features some rows with values
// missing or infinite, and for networks rows that saturate what can saturate.

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <optional>

#include "cli/compile/options.hpp"
#include "cli/compile/pipeline.hpp"
#include "cli/console/files.hpp"
#include "cli/trial/verify_inputs.hpp"
#include "codegen/model/kind.hpp"

namespace emlc::cli {
namespace {

constexpr std::size_t n_odd_rows = 32;

/// Rows of `inputs` with a third of the features NaN, or all of one sign infinite.
Inputs odd_rows(const Inputs& inputs) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Inputs odd(inputs.begin(), inputs.begin() + static_cast<std::ptrdiff_t>(std::min(n_odd_rows, inputs.size())));
  for (std::size_t row = 0; row < odd.size(); ++row) {
    for (std::size_t feature = row % 3; feature < odd[row].size(); feature += 3) {
      odd[row][feature] = row % 8 == 6 ? infinity : row % 8 == 7 ? -infinity : std::numeric_limits<double>::quiet_NaN();
    }
  }
  return odd;
}

/// All features at a large value of either sign, or of both in turn.
Inputs saturating_rows(std::size_t n_features) {
  Inputs rows;
  for (const double size : {1.0, 100.0, 1e6}) {
    rows.emplace_back(n_features, size);
    rows.emplace_back(n_features, -size);
    rows.emplace_back(n_features, size);
    for (std::size_t feature = 0; feature < n_features; feature += 2) rows.back()[feature] = -size;
  }
  return rows;
}

void append(Inputs& rows, const Inputs& more) { rows.insert(rows.end(), more.begin(), more.end()); }

Inputs all_inputs(const model::Model& trained, const model::Model& lowered, const std::optional<std::string>& path) {
  Inputs rows;
  for (const InputSet& set : verify_inputs(trained, lowered, path)) append(rows, set.inputs);
  const bool has_floats = !model::info(lowered.input.type).is_integer;
  if (kind(lowered) == model::Kind::trees && has_floats) append(rows, odd_rows(rows));
  if (kind(lowered) == model::Kind::dense && has_floats) {
    append(rows, saturating_rows(rows.front().size()));
  }
  if (!takes_signals(lowered)) return rows;
  Inputs joined(1);
  for (const std::vector<double>& signal : rows) joined[0].insert(joined[0].end(), signal.begin(), signal.end());
  return joined;
}

std::string to_bytes(const Inputs& rows) {
  std::string bytes;
  const auto put = [&](double value) { bytes.append(reinterpret_cast<const char*>(&value), sizeof value); };
  put(static_cast<double>(rows.front().size()));
  put(static_cast<double>(rows.size()));
  for (const std::vector<double>& row : rows) {
    for (const double value : row) put(value);
  }
  return bytes;
}

int run(int argc, char** argv) {
  CommandLine line;
  ModelOptions model;
  CompileOptions compile;
  std::optional<std::string> input_path;
  std::string output_path;
  add_model_options(line, model);
  add_compile_options(line, compile);
  add_text(line, "-i,--input", input_path, "");
  add_text(line, "-o,--output", output_path, "")->required();
  try {
    parse(line, std::vector<std::string>(argv + 1, argv + argc));
    const Source source = read_source(model);
    const Inputs rows = all_inputs(source.model, lower(source, compile).model, input_path);
    write_files(std::vector<OutputFile>{{output_path, to_bytes(rows)}});
  } catch (const std::exception& problem) {
    fmt::print(stderr, "device_inputs: {}\n", problem.what());
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace emlc::cli

int main(int argc, char** argv) { return emlc::cli::run(argc, argv); }
