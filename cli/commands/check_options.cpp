#include "cli/commands/check_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "codegen/model/error.hpp"
#include "formats/text/text.hpp"

namespace emlc::cli {
namespace {

/// `md=table.md`
FormatFile parse_format_file(const std::string& text) {
  const Where where{.file = {}, .line = 0, .field = "--also"};
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals + 1 == text.size()) {
    throw Error(where, fmt::format("expected FORMAT=FILE, found '{}'", printable(text)));
  }
  std::vector<std::string_view> names;
  for (const CheckFormat& format : all_check_formats()) names.push_back(format.name);
  const std::string name = text.substr(0, equals);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw Error(where, unknown_name("format", name, names));
  return {&all_check_formats()[static_cast<std::size_t>(found - names.begin())], text.substr(equals + 1)};
}

void add_budget_options(CommandLine& line, CheckOptions& options, const char* group) {
  Budget& budget = options.like.budget;
  const auto error = [&budget](const std::string& text) {
    budget.error = formats::parse_number(text, {.file = {}, .line = 0, .field = "--max-error"});
  };
  const auto accuracy = [&budget](const std::string& text) {
    budget.accuracy = parse_accuracy(text, {.file = {}, .line = 0, .field = "--min-accuracy"});
  };
  for (Option* option :
       {add_bytes(line, "--max-flash", budget.flash, "exit 1 when a model takes more flash"),
        add_bytes(line, "--max-ram", budget.ram, "exit 1 when a model takes more RAM"),
        add_integer(line, "--max-comparisons", budget.comparisons, {0, std::numeric_limits<std::int32_t>::max()},
                    "exit 1 when the trees of a model compare more often in the worst case"),
        add_parsed(line, "--max-error", error, "exit 1 when approximate passes change an output by more")->takes("X"),
        add_parsed(line, "--min-accuracy", accuracy,
                   "exit 1 when a model decides less of --data as --labels say: 0.95 or 95%")
            ->takes("SHARE")}) {
    options.of_models.push_back(option->in(group));
  }
}

void add_limit_options(CommandLine& line, CheckOptions& options) {
  constexpr const char* group = "Baseline and limits";
  add_text(line, "--baseline", options.baseline, "the recorded sizes; without it only the limits below count")
      ->takes("FILE")
      ->in(group);
  add_flag(line, "--update", options.update, "record the sizes of now in the baseline; growth is accepted")->in(group);
  const auto growth = [&options](const std::string& text) {
    options.growth = parse_growth(text, {.file = {}, .line = 0, .field = "--max-growth"});
  };
  add_parsed(line, "--max-growth", growth,
             "exit 1 when flash or RAM grows by more: 2%, 64B, or the larger one of 2%,64B")
      ->takes("GROWTH")
      ->in(group);
  add_budget_options(line, options, group);
}

}  // namespace

void add_check_options(CommandLine& line, CheckOptions& options) {
  options.like.output = &output_called("c");
  add_texts(line, "MODEL", options.models, "the model files; none: those of the project")->in("Model");
  options.project_option =
      add_text(line, "--project", options.project, "the file that lists the models; default: emlc.json")
          ->takes("FILE")
          ->in("Model");
  for (const Option* option : add_format_options(line, options.like.model)) options.of_models.push_back(option);
  add_limit_options(line, options);
  add_target_options(line, options.targets, "Targets");
  constexpr const char* group = "Output";
  std::vector<Choice<const CheckFormat*>> formats;
  for (const CheckFormat& format : all_check_formats()) formats.push_back({format.name, &format});
  add_choice(line, "--format", options.format, "format", formats,
             "how to tell; md is also appended to the file that GITHUB_STEP_SUMMARY names")
      ->in(group);
  add_text(line, "-o,--output", options.output_path, "where to tell; default: stdout")->takes("OUT")->in(group);
  add_parsed_list(
      line, "--also",
      [&also = options.also](const std::vector<std::string>& texts) {
        for (const std::string& text : texts) also.push_back(parse_format_file(text));
      },
      "tell in this format too, into a file; may be given several times")
      ->takes("FORMAT=FILE")
      ->in(group);
  Option* to = add_output_choice(line, options.like.output, "what the models are converted to; default: c");
  options.of_models.push_back(to->in(group));
  for (Option* option : add_compile_options(line, options.like.compile)) options.of_models.push_back(option);
  Option* labels = add_labels_option(line, options.like.labels_path, find_option(line, "--data"));
  options.of_models.push_back(labels->in("Baseline and limits"));
}

}  // namespace emlc::cli
