#include <fmt/format.h>

#include <memory>

#include "cli/commands/command.hpp"
#include "cli/compile/pipeline.hpp"
#include "cli/console/files.hpp"
#include "cli/inspection/facts.hpp"
#include "cli/inspection/filter_facts.hpp"
#include "cli/inspection/filter_plot.hpp"
#include "cli/inspection/integer_facts.hpp"
#include "cli/trial/answers.hpp"
#include "codegen/c/common/emit.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

struct InspectOptions {
  ModelOptions model;
  bool json = false;
  std::string plot_path;  ///< --plot, empty when not given
  CompileOptions compile;
};

bool is_rounded(const CompileOptions& options) { return options.passes.arithmetic != model::Arithmetic::float32; }

/// The response of a filter; with --arithmetic also after rounding, as `lowered` has it.
std::string plot(const Source& source, const Lowered& lowered) {
  const auto* cascade = std::get_if<model::SosCascade>(&source.model.predictor);
  if (cascade == nullptr) {
    throw Error({.field = "--plot"},
                fmt::format("draws the response of a filter, the model is a {}", model::kind_name(source.model)));
  }
  const auto& rounded = std::get<model::SosCascade>(lowered.model.predictor);
  return filter_plot(choose_name(source, {}), *cascade, rounded.fixed ? std::optional(rounded) : std::nullopt);
}

/// What a C header of trees takes with the default options, part by part, and the code on each target.
nlohmann::ordered_json header_bytes(const Source& source, const Lowered& lowered) {
  const layout::Artifact artifact = emit(source, lowered, output_called("c"), {}, "");
  auto list = nlohmann::ordered_json::array();
  const auto add = [&list](const std::string& part, std::size_t bytes) {
    list.push_back({{"part", part}, {"bytes", bytes}});
  };
  for (const layout::Part& part : artifact.parts) {
    if (part.name != c::code_part) add(part.name, part.bytes);
  }
  for (const layout::CodeEstimate& code : artifact.code_estimates) {
    add(fmt::format("{}, {}", c::code_part, code.target), code.bytes);
  }
  return list;
}

/// What --weights makes of a network.
nlohmann::ordered_json network_in_integers(const Lowered& lowered) {
  const Inputs& inputs = lowered.data.empty() ? lowered.model.test_vectors.inputs : lowered.data;
  return integer_facts(lowered.model, *model::integers_of(lowered.model), inputs);
}

/// What --arithmetic makes of a filter.
nlohmann::ordered_json filter_in_integers(const Source& source, const Lowered& lowered) {
  return rounded_filter_facts(std::get<model::SosCascade>(source.model.predictor),
                              std::get<model::SosCascade>(lowered.model.predictor));
}

int inspect(const InspectOptions& options, const Terminal& terminal) {
  const Source source = read_source(options.model);
  for (const std::string& text : source.warnings) warning(terminal, text);
  const CompileOptions& compile = options.compile;
  const Lowered lowered = lower(source, compile);
  if (!options.plot_path.empty()) {
    for (const std::string& read : {options.model.path, compile.data_path}) {
      if (!is_same_file(options.plot_path, read)) continue;
      throw Error({.file = options.plot_path}, "this file is read and cannot be the output too");
    }
    const std::vector<OutputFile> files = {{options.plot_path, plot(source, lowered)}};
    write_files(files);
  }
  nlohmann::ordered_json found = facts(source);
  if (compile.passes.weights) found["dense_network"]["integers"] = network_in_integers(lowered);
  if (is_rounded(compile)) found["sos_filter"]["integers"] = filter_in_integers(source, lowered);
  if (is_trees(source.model)) found["c_header"] = header_bytes(source, lowered);
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
  CLI::Option* weights = add_weights_option(app, options->compile.passes)->group(group);
  add_data_option(app, options->compile)->group(group)->needs(weights);
  return [options](const Terminal& terminal) { return inspect(*options, terminal); };
}

}  // namespace emlc::cli
