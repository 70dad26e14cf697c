#include <fmt/format.h>

#include <memory>

#include "cli/answers.hpp"
#include "cli/command.hpp"
#include "cli/facts.hpp"
#include "cli/files.hpp"
#include "cli/filter_plot.hpp"
#include "cli/pipeline.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

struct InspectOptions {
  ModelOptions model;
  bool json = false;
  std::string plot_path;  ///< --plot, empty when not given
  CompileOptions compile;
};

/// The response of a filter; with --arithmetic also after rounding.
std::string plot(const Source& source, const CompileOptions& options) {
  const auto* cascade = std::get_if<model::SosCascade>(&source.model.predictor);
  if (cascade == nullptr) {
    throw Error({.field = "--plot"},
                fmt::format("draws the response of a filter, the model is a {}", model::kind_name(source.model)));
  }
  const model::Model lowered = lower(source, options).model;
  const auto& rounded = std::get<model::SosCascade>(lowered.predictor);
  return filter_plot(printable(stem(source.file)), *cascade, rounded.fixed ? std::optional(rounded) : std::nullopt);
}

int inspect(const InspectOptions& options, const Terminal& terminal) {
  const Source source = read_source(options.model);
  for (const std::string& text : source.warnings) warning(terminal, text);
  if (!options.plot_path.empty()) {
    if (is_same_file(options.plot_path, options.model.path)) {
      throw Error({.file = options.plot_path}, "this file is read and cannot be the output too");
    }
    const std::vector<OutputFile> files = {{options.plot_path, plot(source, options.compile)}};
    write_files(files);
  }
  const nlohmann::ordered_json found = facts(source);
  if (options.json) {
    write_stdout(found.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  } else {
    write_stdout(facts_text(found, terminal.verbosity == Verbosity::verbose ? Detail::features : Detail::normal));
  }
  return 0;
}

}  // namespace

Action declare_inspect(CLI::App& app) {
  const auto options = std::make_shared<InspectOptions>();
  add_model_options(app, options->model);
  constexpr const char* group = "Output";
  app.add_flag("--json", options->json, "as JSON (schema emlc.inspect/1), also when something is wrong")->group(group);
  app.add_option("--plot", options->plot_path, "draw a filter's gain, poles and zeros as SVG")
      ->type_name("FILE")
      ->group(group);
  add_arithmetic_option(app, options->compile.passes)->group(group);
  return [options](const Terminal& terminal) { return inspect(*options, terminal); };
}

}  // namespace emlc::cli
