#include "cli/compile/pipeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>

#include "cli/compile/told/spectra.hpp"
#include "cli/console/files.hpp"
#include "cli/console/sha256.hpp"
#include "cli/trial/answers.hpp"
#include "cli/trial/recorded_inputs.hpp"
#include "cli/trial/score.hpp"
#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/names.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/signal/filters.hpp"
#include "codegen/passes/signal/signal_pass.hpp"
#include "codegen/signal/decision/recorded.hpp"
#include "codegen/signal/product.hpp"

namespace emlc::cli {
namespace {

constexpr std::string_view name_of_last_resort = "model";

/// `digits-rf 10` is `digits_rf_10`, `2nd` is `model_2nd`, `exp` is `model_exp`: a name for headers of both languages.
std::string identifier_from(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_letter || is_digit) name += c;
    if (!is_letter && !is_digit && !name.empty() && name.back() != '_') name += '_';
  }
  name.resize(std::min(name.size(), model::longest_name - name_of_last_resort.size() - 1));
  if (name.ends_with('_')) name.pop_back();
  if (name.empty()) return std::string(name_of_last_resort);
  const bool is_free = model::name_problem(name).empty() && model::namespace_problem(name).empty();
  return is_free ? name : fmt::format("{}_{}", name_of_last_resort, name);
}

/// As a source includes it.
std::string header_file(const Source& source, const Output& output, const CompileOptions& options) {
  if (!options.header_file.empty()) return file_name(options.header_file);
  const bool is_beside = !output.header_extension.empty();
  const std::string_view extensions = is_beside ? output.header_extension : output.extensions;
  return fmt::format("{}{}", choose_name(source, options), extensions.substr(0, extensions.find(' ')));
}

/// The bytes that the source was read from, which nobody keeps; empty when they are no longer there.
std::string content_again(const Source& source) {
  if (!source_place(source.file)) return {};  // a pipe
  if (!source.companions.empty()) return {};  // what is in several files has no line
  std::string content = read_file(source.file);
  return sha256(content) == source.sha256 ? content : std::string();
}

/// Runs a stage. What it refuses of the model, and not of an option, gets the file and the line.
template <class Stage>
auto in_file_of(const Source& source, const Stage& stage) {
  try {
    return stage();
  } catch (const Error& refused) {
    Where where = refused.where();
    if (!where.file.empty() || where.field.starts_with("--")) throw;
    where.file = source.file;
    const std::string content = content_again(source);
    if (content.empty() || where.field.empty()) throw Error(where, refused.problem());
    throw formats::located(formats::format_called(source.format), content, Error(where, refused.problem()));
  }
}

/// The options with the factors of --feature-scale as numbers, so that they say the same without the data.
std::string with_factors(const std::string& given, const model::Input& input) {
  constexpr std::string_view option = "--feature-scale ";
  const std::size_t at = given.find(option);
  if (at == std::string::npos) return given;
  const std::size_t begin = at + option.size(), end = std::min(given.find(' ', begin), given.size());
  const bool is_one = std::all_of(input.grid.begin(), input.grid.end(), [&](double g) { return g == input.grid[0]; });
  const auto factors = std::span(input.grid).first(is_one ? 1 : input.grid.size());
  return fmt::format("{}{}{}", given.substr(0, begin), fmt::join(factors, ","), given.substr(end));
}

}  // namespace

void check_header_options(const Output& output, const CompileOptions& options) {
  const auto refuse = [](std::string_view option, const std::string& problem) {
    throw Error({.file = {}, .line = 0, .field = std::string(option)}, problem);
  };
  const std::string& source = options.source_path;
  if (!output.language) {
    if (!options.section.empty() && output.header_extension.empty()) {
      refuse("--section", fmt::format("is for headers and tmdl-c, not for a {}", output.name));
    }
    const bool is_module = output.run == run_py;
    for (const auto& [option, is_given] :
         {std::pair{"--source", !source.empty()},
          std::pair{"--class-names", options.class_names != c::ClassNameForm::function && !is_module},
          std::pair{"--layout", options.layout != c::TreeLayout::automatic && is_module},
          std::pair{"--fpu", options.fpu != c::Fpu::automatic && is_module},
          std::pair{"--use-runtime", options.use_runtime && is_module}}) {
      if (is_given) refuse(option, fmt::format("is for headers, not for a {}", output.name));
    }
    return;
  }
  if (source.empty()) return;
  if (source == standard_stream || options.header_file == standard_stream) {
    refuse("--source", "the source includes its header by name: expected two files, found -");
  }
  if (!is_source_of(output, extension(source))) {
    refuse("--source", fmt::format("'{}' does not end in one of {}, as the definitions of a {} header do",
                                   printable(source), output.source_extensions, output.name));
  }
  for (const std::string& file : {options.header_file, source}) {
    const std::string problem = file.empty() ? "" : c::file_name_problem(file_name(file));
    if (!problem.empty()) refuse("--source", problem);
  }
}

/// The files in the folder of `path` that belong to it. What comes through a pipe has none.
std::vector<formats::CompanionFile> read_companions(const formats::Format& format, std::string_view content,
                                                    Source& source) {
  std::vector<formats::CompanionFile> files;
  if (format.companions == nullptr) return files;
  for (const std::string& name : format.companions(content, source.file)) {
    if (!source_place(source.file)) {
      throw Error({.file = source.file},
                  fmt::format("has its weights in '{}': name the file, so that those beside it are found", name));
    }
    source.companions.push_back((std::filesystem::path(source.file).parent_path() / name).string());
    files.push_back({name, read_file(source.companions.back())});
    source.sha256 = sha256(source.sha256 + sha256(files.back().content));
  }
  return files;
}

Source read_source(const ModelOptions& options, const std::optional<std::string>& known) {
  const std::string content = known ? *known : read_file(options.path);
  Source source;
  source.file = options.path == standard_stream ? "stdin" : options.path;
  source.sha256 = sha256(content);
  const formats::Format& format =
      options.format != nullptr ? *options.format : formats::recognise(content, source.file);
  source.format = format.name;
  try {
    formats::Supplement supplement = options.supplement;
    supplement.files = read_companions(format, content, source);
    formats::Reading reading = format.read(content, source.file, supplement);
    source.model = std::move(reading.model);
    source.nodes = std::move(reading.nodes);
    source.signal = std::move(reading.signal);
    if (source.signal) passes::design_filters(*source.signal);
    source.warnings = model::check(source.model, source.file);
    source.warnings.insert(source.warnings.begin(), reading.remarks.begin(), reading.remarks.end());
    model::replay(source.model, source.file);
    source.decision = reading.decision;
    source.recordings = std::move(reading.recordings);
    if (source.signal) {
      signal::replay_recordings(*source.signal, source.model, source.decision, source.recordings, source.file);
    }
  } catch (const Error& refused) {
    throw formats::located(format, content, refused);
  }
  return source;
}

Inputs read_rows(const Source& source, const std::string& path) {
  return source.signal ? recorded_inputs(path, *source.signal) : read_inputs(path, source.model);
}

/// What trees compare moves in front of the ends of features, where the model takes the features of its signal.
void fold_signal(const Source& source, Lowered& lowered) {
  if (static_cast<std::size_t>(lowered.model.input.n_features) != source.signal->features.size()) return;
  signal::Folded folded{.plan = *plan_of(source, lowered), .keys = {}, .model = lowered.model};
  passes::SignalReport report = passes::run_signal_passes(folded);
  if (folded.keys.empty()) return;
  lowered.folded = std::move(folded);
  lowered.signal_reports = std::move(report.passes);
}

Lowered lower(const Source& source, const CompileOptions& options, const passes::Observer& observer) {
  passes::PassConfig config = options.passes;
  Lowered lowered{.model = source.model, .reports = {}};
  if (source.signal) {
    in_file_of(source, [&] { lower_spectra(source, options, lowered); });
    config.arithmetic = model::Arithmetic::float32;
  }
  if (!options.data_path.empty()) {
    config.data = source.signal ? recorded_inputs(options.data_path, *plan_of(source, lowered))
                                : read_rows(source, options.data_path);
  }
  if (!options.data_labels_path.empty()) {
    if (options.data_path.empty())
      throw Error({.field = "--data-labels"}, "needs --data, whose rows have these labels");
    config.labels = read_labels(options.data_labels_path, source.model, config.data.size(), "--data");
  }
  if (options.split_seed && !options.data_path.empty()) {
    const RowSplit split = split_of(options, config.data.size());
    config.data = rows_at(config.data, split.search);
    if (!config.labels.empty()) config.labels = labels_at(config.labels, split.search);
  }
  auto start = std::chrono::steady_clock::now();
  const auto timed = [&](const passes::Pass& pass, const model::Model& model) {
    lowered.seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    if (observer) observer(pass, model);
    start = std::chrono::steady_clock::now();
  };
  for (passes::PassReport& report :
       in_file_of(source, [&] { return passes::run_passes(lowered.model, config, timed); })) {
    lowered.reports.push_back(std::move(report));
  }
  lowered.data = std::move(config.data);
  lowered.labels = std::move(config.labels);
  if (source.signal) fold_signal(source, lowered);
  return lowered;
}

CompileOptions with_data(CompileOptions options, const Lowered& lowered) {
  options.passes.data = lowered.data;
  options.passes.labels = lowered.labels;
  options.data_path.clear();
  options.data_labels_path.clear();
  return options;
}

std::string choose_name(const Source& source, const CompileOptions& options) {
  if (!options.name.empty()) {
    const std::string problem = model::name_problem(options.name);
    if (problem.empty()) return options.name;
    throw Error({.field = "--name"}, problem);
  }
  return source.model.name.empty() ? identifier_from(stem(source.file)) : source.model.name;
}

/// Packed, as blobs always were, where nothing is asked for.
layout::TmdlTrees tmdl_trees(const CompileOptions& options) {
  switch (options.optimize.value_or(c::Optimize::size)) {
    case c::Optimize::size:
      return layout::TmdlTrees::packed;
    case c::Optimize::balanced:
      return layout::TmdlTrees::balanced;
    case c::Optimize::speed:
      return layout::TmdlTrees::linked;
  }
  throw std::logic_error("goal without a layout of trees");
}

/// The passes may have given the features another type.
void check_signal(const Source& source, const Lowered& lowered) {
  if (!lowered.model.input.grid.empty()) {
    throw Error({.field = "--feature-scale"},
                "is for features that a caller gives, those of a signal are what they are");
  }
  in_file_of(source, [&] { signal::check_product(*plan_of(source, lowered), lowered.model); });
}

c::EmitConfig emit_config(const Source& source, const Lowered& lowered, const Output& output,
                          const CompileOptions& options, const std::string& given) {
  if (source.signal && output.stream != nullptr) check_signal(source, lowered);
  return {.name = choose_name(source, options),
          .language = output.language.value_or(c::Language::c),
          .layout = options.layout,
          .optimize = options.optimize.value_or(c::Optimize::balanced),
          .fpu = options.fpu,
          .tmdl = {options.tmdl_profile, options.tmdl_version, tmdl_trees(options)},
          .signal = plan_of(source, lowered),
          .decision = source.decision ? &*source.decision : nullptr,
          .folded = lowered.folded ? &*lowered.folded : nullptr,
          .use_runtime = options.use_runtime,
          .class_names = options.class_names,
          .section = options.section,
          .header_file = header_file(source, output, options),
          .source_file = options.source_path.empty() ? "" : file_name(options.source_path),
          .version = EMLC_VERSION,
          .model_hash = source.sha256,
          .options = with_factors(given, lowered.model.input)};
}

layout::Artifact emit(const Source& source, const Lowered& lowered, const Output& output, const CompileOptions& options,
                      const std::string& given) {
  const c::EmitConfig config = emit_config(source, lowered, output, options, given);
  return in_file_of(source, [&] { return output.emit(lowered.model, config); });
}

}  // namespace emlc::cli
