#include <fmt/format.h>

#include <array>
#include <memory>

#include "cli/commands/command.hpp"
#include "cli/compile/paths.hpp"
#include "cli/compile/pipeline.hpp"
#include "cli/compile/reductions/number_options.hpp"
#include "cli/console/files.hpp"
#include "cli/console/json_file.hpp"
#include "cli/inspection/facts.hpp"
#include "cli/inspection/filter_facts.hpp"
#include "cli/inspection/filter_plot.hpp"
#include "cli/inspection/float_facts.hpp"
#include "cli/inspection/integer_facts.hpp"
#include "cli/inspection/signal_facts.hpp"
#include "cli/inspection/signal_plot.hpp"
#include "cli/trial/answers.hpp"
#include "codegen/c/common/emit.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/model/sos/sos_model.hpp"
#include "formats/emlc_signal/emlc_signal.hpp"

namespace emlc::cli {
namespace {

struct InspectOptions {
  ModelOptions model;
  bool json = false;
  std::string plot_path;  ///< --plot, empty when not given
  CompileOptions compile;
};

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

/// Where each step of the model went. The ones that are left are in the order of the document.
void add_fates(nlohmann::ordered_json& steps, const model::Model& trained, const model::Model& lowered) {
  const bool is_network = kind(trained) == model::Kind::dense;
  std::size_t n_found = 0;
  for (std::size_t index = 0; index < trained.steps.size(); ++index) {
    const bool is_left = n_found < lowered.steps.size() && name(lowered.steps[n_found]) == name(trained.steps[index]);
    steps[index]["became"] = is_left                          ? "code in front of the model"
                             : n_found < lowered.steps.size() ? "part of the step behind it"
                             : is_network                     ? "part of the first layer"
                                                              : "part of the comparisons";
    n_found += is_left ? 1 : 0;
  }
}

/// Adds what the passes made of the model: its header, or what --weights and --arithmetic ask for.
void add_lowered(nlohmann::ordered_json& found, const Source& source, const Lowered& lowered,
                 const CompileOptions& compile) {
  if (!source.model.steps.empty()) add_fates(found["steps"], source.model, lowered.model);
  switch (kind(source.model)) {
    case model::Kind::trees:
      found["c_header"] = header_bytes(source, lowered);
      return;
    case model::Kind::dense:
      if (compile.passes.weights) found["dense_network"]["integers"] = network_in_integers(lowered);
      return;
    case model::Kind::sos:
      if (fixed_point_of(lowered.model) != nullptr) {
        found["sos_filter"]["integers"] = rounded_filter_facts(source.model, lowered.model);
      } else {
        found["sos_filter"]["float32"] = float_facts(lowered.model);
      }
      return;
    case model::Kind::combine:
    case model::Kind::scaler:
      return;
  }
}

/// The model after its passes. A filter that float cannot compute, which convert refuses, is shown with its problem.
Lowered lowered_for_inspection(const Source& source, const CompileOptions& compile) {
  const bool is_float =
      compile.passes.arithmetic == model::Arithmetic::float32 && fixed_point_of(source.model) == nullptr;
  if (kind(source.model) != model::Kind::sos || !is_float || compile.passes.structure) return lower(source, compile);
  Lowered lowered{.model = source.model, .reports = {}};
  choose_structures(lowered.model);
  return lowered;
}

void print(const nlohmann::ordered_json& found, bool as_json, Detail detail) {
  write_stdout(as_json ? json_text(found) : facts_text(found, detail));
}

/// A signal document has its features for facts: they are always shown.
int inspect_signals(const std::string& content, const InspectOptions& options) {
  const std::string file = options.model.path == standard_stream ? "stdin" : options.model.path;
  const SignalDocument document = signal_document(content, file, options.compile.passes.arithmetic);
  if (!options.plot_path.empty()) {
    const std::string picture = signal_plot(formats::read_emlc_signal(content, file), document.plan);
    write_files(std::vector<OutputFile>{{options.plot_path, picture}});
  }
  print(signal_facts(document), options.json, Detail::features);
  return 0;
}

int inspect(const InspectOptions& options, const Terminal& terminal) {
  CompileOptions compile = options.compile;
  check_paths(std::array{Written{"--plot", options.plot_path}}, std::array{options.model.path, compile.data_path});
  const bool is_drawn = !options.plot_path.empty() && options.plot_path != standard_stream;
  if (is_drawn && extension(options.plot_path) != ".svg") {
    throw Error({.field = "--plot"},
                fmt::format("draws SVG, expected a name that ends in .svg, found '{}'", printable(options.plot_path)));
  }
  const std::string content = read_file(options.model.path);
  if (options.model.format == nullptr && formats::is_emlc_signal(content)) return inspect_signals(content, options);
  const Source source = read_source(options.model, content);
  for (const std::string& text : source.warnings) warning(terminal, text);
  compile.passes.drop_rounding = n_rounded_layers(source.model) != 0;  // nothing is written that could differ
  const Lowered lowered = lowered_for_inspection(source, compile);
  if (!options.plot_path.empty()) {
    const std::vector<OutputFile> files = {
        {options.plot_path, filter_plot(choose_name(source, {}), source.model, lowered.model)}};
    write_files(files);
  }
  nlohmann::ordered_json found = facts(source);
  add_lowered(found, source, lowered, compile);
  print(found, options.json, terminal.verbosity == Verbosity::verbose ? Detail::features : Detail::normal);
  return 0;
}

}  // namespace

Action declare_inspect(CommandLine& line) {
  const auto options = std::make_shared<InspectOptions>();
  add_model_options(line, options->model);
  constexpr const char* group = "Output";
  add_flag(line, "--json", options->json, "as JSON (schema emlc.inspect/1), also when something is wrong")->in(group);
  add_text(line, "--plot", options->plot_path,
           "draw the gain, poles and zeros of a filter, or of those of a signal document, as SVG")
      ->takes("FILE")
      ->in(group);
  Option* arithmetic = add_arithmetic_option(line, options->compile.passes)->in(group);
  add_headroom_option(line, options->compile.passes)->in(group)->needs(arithmetic);
  add_structure_option(line, options->compile.passes)->in(group);
  Option* weights = add_weights_option(line, options->compile.passes)->in(group);
  add_data_option(line, options->compile)->in(group)->needs(weights);
  return [options](const Terminal& terminal) { return inspect(*options, terminal); };
}

}  // namespace emlc::cli
