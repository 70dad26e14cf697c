#include "cli/compile/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "cli/compile/reductions/number_options.hpp"
#include "cli/compile/reductions/reduction_options.hpp"
#include "cli/console/files.hpp"
#include "cli/console/sha256.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/model/error.hpp"
#include "formats/text/text.hpp"

namespace emlc::cli {
namespace {

constexpr const char* model_group = "Model";
constexpr const char* compile_group = "Passes and layout";
constexpr const char* message_group = "Messages";

/// Options of approximate passes, which calibrate on --data, and the value that asks for none.
struct ApproximateOption {
  std::string_view name, exact;
};
constexpr std::array approximate_options = {ApproximateOption{"--voting", "soft"},
                                            ApproximateOption{"--share-thresholds", ""},
                                            ApproximateOption{"--arithmetic", "auto"},
                                            ApproximateOption{"--leaf-bits", ""},
                                            ApproximateOption{"--leaf-clusters", ""},
                                            ApproximateOption{"--weights", "float"},
                                            ApproximateOption{"--drop-rounding", ""},
                                            ApproximateOption{"--keep-trees", ""},
                                            ApproximateOption{"--prune", ""},
                                            ApproximateOption{"--refine-leaves", ""},
                                            ApproximateOption{"--keep-units", ""},
                                            ApproximateOption{"--keep-splits", ""},
                                            ApproximateOption{"--threshold-clusters", ""}};

bool is_approximate(const CommandLine& line) {
  return std::any_of(approximate_options.begin(), approximate_options.end(), [&](const ApproximateOption& row) {
    const Option* option = find_option(line, row.name);
    return option != nullptr && is_given(*option) && option->given.front() != row.exact;
  });
}

/// Which rows passes see changes nothing where they are exact.
bool is_about_data(std::string_view name) {
  return name.starts_with("--data") || name == "--split-seed" || name == "--groups";
}

}  // namespace

Option* add_bytes(CommandLine& line, const std::string& flag, std::optional<std::size_t>& target,
                  const std::string& description) {
  const auto parse = [=, &target](const std::string& text) {
    target = parse_bytes(text, {.file = {}, .line = 0, .field = flag});
  };
  return add_parsed(line, flag, parse, description)->takes("BYTES");
}

void add_model_options(CommandLine& line, ModelOptions& options) {
  add_text(line, "MODEL", options.path, "the model file; - is stdin")->required()->in(model_group);
  add_format_options(line, options);
}

std::vector<double> parse_base_score(const std::string& text, const Where& where) {
  std::vector<double> scores;
  for (const std::string_view cell : formats::split_fields(text, ',')) {
    scores.push_back(formats::parse_number(cell, where));
  }
  return scores;
}

std::vector<Option*> add_format_options(CommandLine& line, ModelOptions& options) {
  std::vector<Choice<const formats::Format*>> choices;
  for (const formats::Format& format : formats::all_formats()) choices.push_back({format.name, &format});
  Option* from = add_choice(line, "--from", options.format, "format", choices,
                            "format of the model; without it the content is recognised (emlc list formats)")
                     ->takes("FORMAT");
  Option* objective = add_text(line, "--objective", options.supplement.objective,
                               "what a dump of XGBoost was trained for: reg:squarederror, multi:softprob:3, ...")
                          ->takes("NAME");
  const auto parse = [&options](const std::string& text) {
    options.supplement.base_score = parse_base_score(text, {.file = {}, .line = 0, .field = "--base-score"});
  };
  Option* base_score =
      add_parsed(line, "--base-score", parse, "base_score that a dump of XGBoost was trained with; several: 0.1,0.2")
          ->takes("NUMBER");
  std::vector<Option*> added = {from, objective, base_score};
  for (Option* option : added) option->in(model_group);
  return added;
}

Option* add_data_option(CommandLine& line, CompileOptions& options) {
  return add_text(line, "--data", options.data_path,
                  "inputs, one per line, that passes measure and calibrate on; default: the test vectors")
      ->takes("FILE");
}

std::vector<Option*> add_compile_options(CommandLine& line, CompileOptions& options) {
  using model::NumberType;
  std::vector<Option*> added;
  const auto grouped = [&](Option* option) { return added.emplace_back(option->in(compile_group)); };
  passes::PassConfig& passes = options.passes;
  grouped(
      add_text(line, "--name", options.name, "C identifier that every symbol starts with; default: the model's name")
          ->takes("ID"));
  grouped(add_choice(
      line, "--layout", options.layout, "layout",
      std::vector<Choice<c::TreeLayout>>{
          {"auto", c::TreeLayout::automatic}, {"inline", c::TreeLayout::inline_code}, {"table", c::TreeLayout::table}},
      "trees in a header: if/else code or a table; auto: code for speed and for small forests, else a table"));
  grouped(
      add_choice(line, "--optimize", options.optimize, "goal",
                 std::vector<Choice<std::optional<c::Optimize>>>{
                     {"size", c::Optimize::size}, {"speed", c::Optimize::speed}, {"balanced", c::Optimize::balanced}},
                 "what auto looks for, and how a .tmdl lays trees out; default: balanced, of a .tmdl size"));
  grouped(add_choice(
      line, "--fpu", options.fpu, "choice",
      std::vector<Choice<c::Fpu>>{{"auto", c::Fpu::automatic}, {"yes", c::Fpu::yes}, {"no", c::Fpu::no}},
      "trees in a header compare float features as such, or no: as integers; auto: as the compiler's macros say"));
  grouped(add_choice(
      line, "--features", passes.features, "feature type",
      std::vector<Choice<std::optional<NumberType>>>{{"auto", std::nullopt},
                                                     {"float", NumberType::float32},
                                                     {"double", NumberType::float64},
                                                     {"int16", NumberType::int16},
                                                     {"uint8", NumberType::uint8},
                                                     {"int8", NumberType::int8}},
      "type of the features on the device; default: as the model declares, and float where that is float64"));
  grouped(add_feature_scale_option(line, passes));
  grouped(
      add_choice(line, "--voting", passes.voting, "voting",
                 std::vector<Choice<passes::Voting>>{{"soft", passes::Voting::soft}, {"hard", passes::Voting::hard}},
                 "hard: each tree votes for one class (approximate)"));
  grouped(add_flag(
      line, "--share-thresholds", [&passes] { passes.thresholds = passes::Thresholds::shared; },
      "the fewest distinct thresholds that keep every path of --data (approximate)"));
  for (Option* option : add_reduction_options(line, options)) grouped(option);
  grouped(add_arithmetic_option(line, passes));
  grouped(add_headroom_option(line, passes));
  grouped(add_structure_option(line, passes));
  grouped(add_integer(line, "--leaf-bits", passes.leaf_bits, {1, 16}, "leaf values in N bits, 1 to 16 (approximate)"));
  grouped(add_integer(line, "--leaf-clusters", passes.leaf_clusters, {1, std::numeric_limits<std::int32_t>::max()},
                      "at most N distinct leaf rows, by k-means (approximate)"));
  grouped(add_weights_option(line, passes));
  grouped(add_flag(line, "--drop-rounding", passes.drop_rounding,
                   "networks of a quantiser compute without rounding to its codes (approximate)"));
  grouped(add_data_option(line, options));
  for (Option* option : add_split_options(line, options)) grouped(option);
  grouped(
      add_choice(line, "--tmdl-profile", options.tmdl_profile, "profile",
                 std::vector<Choice<layout::TmdlProfile>>{{"tinymaix", layout::TmdlProfile::tinymaix},
                                                          {"emlearn-cnn", layout::TmdlProfile::emlearn_cnn}},
                 "what runs a .tmdl, besides emlc's runtime: TinyMaix, or the MicroPython module emlearn_cnn_int8"));
  grouped(add_choice(
      line, "--tmdl-version", options.tmdl_version, "version",
      std::vector<Choice<layout::TmdlVersion>>{{"1", layout::TmdlVersion::first}, {"2", layout::TmdlVersion::second}},
      "container of a .tmdl: 2, or 1 for runtimes of before; default: 2"));
  grouped(add_flag(line, "--use-runtime", options.use_runtime,
                   "headers of networks and filters include <emlc/...> instead of carrying that code"));
  grouped(add_flag(
      line, "--class-names", [&options] { options.class_names = c::ClassNameForm::array; },
      "a C header has an array of class names too, as a C++ header has; a MicroPython module CLASS_NAMES"));
  grouped(add_parsed(
              line, "--section",
              [&options](const std::string& text) {
                const std::string problem = c::section_problem(text);
                if (!problem.empty()) throw Error({.file = {}, .line = 0, .field = "--section"}, problem);
                options.section = text;
              },
              "tables of a header, or a blob in C, go to this section of the linker: flash with an address of its own"))
      ->takes("NAME");
  grouped(add_text(line, "--source", options.source_path,
                   "the header declares, this .c or .cpp file defines: for headers that several sources include"))
      ->takes("FILE");
  return added;
}

Option* add_labels_option(CommandLine& line, std::string& path, const Option* inputs) {
  return add_text(
             line, "--labels", path,
             fmt::format("the true label of each row of {}: accuracy and confusion, or errors, are told", inputs->name))
      ->takes("FILE")
      ->needs(inputs);
}

void add_compiler_options(CommandLine& line, CompilerOptions& options) {
  add_texts(line, "--include", options.include_directories,
            "directory with <emlc/...>, for headers made with --use-runtime; CC and CXX name the compilers")
      ->takes("DIR")
      ->in("Compiler");
}

Option* add_output_choice(CommandLine& line, const Output*& output, const std::string& description) {
  std::vector<Choice<const Output*>> choices;
  for (const Output& row : all_outputs()) choices.push_back({row.name, &row});
  return add_choice(line, "--to", output, "output", choices, description);
}

void add_message_options(CommandLine& line, Terminal& terminal) {
  add_choice(
      line, "--color", terminal.colour, "colour choice",
      std::vector<Choice<Colour>>{{"auto", Colour::automatic}, {"always", Colour::always}, {"never", Colour::never}},
      "colour of the messages; auto heeds NO_COLOR and CLICOLOR_FORCE")
      ->in(message_group);
  const auto quiet = [&terminal] { terminal.verbosity = Verbosity::quiet; };
  const auto verbose = [&terminal] { terminal.verbosity = Verbosity::verbose; };
  Option* q = add_flag(line, "-q,--quiet", quiet, "only warnings and errors")->in(message_group);
  add_flag(line, "-v,--verbose", verbose, "more about every step")->in(message_group)->excludes(q);
  for (Option& option : line.options) {
    if (option.kind == OptionKind::help) option.group = message_group;
  }
}

std::string given_compile_options(const CommandLine& line) {
  std::vector<std::string> given;
  for (const Option& option : line.options) {
    if (option.group != compile_group || !is_given(option) || option.name == "--name") continue;
    std::string text = option.name;
    if (is_about_data(option.name) && !is_approximate(line)) continue;
    if (option.name == "--data" || option.name == "--data-labels" || option.name == "--groups") {
      text += " sha256:" + sha256(read_file(option.given.front())).substr(0, 16);
    } else if (option.name == "--source") {
      text += " " + file_name(option.given.front());
    } else if (takes_value(option)) {
      text += " " + option.given.front();
    }
    given.push_back(text);
  }
  return fmt::format("{}", fmt::join(given, " "));
}

void take_compile_options(CommandLine& line, std::string_view text) {
  const auto words = formats::split_fields(text, ' ');
  for (std::size_t index = 0; index < words.size(); ++index) {
    const auto found = std::find_if(line.options.begin(), line.options.end(), [&](const Option& option) {
      const bool is_file = option.name == "--groups" || option.name.starts_with("--data");
      return option.group == compile_group && option.name == words[index] && !is_file;
    });
    if (found == line.options.end() || (takes_value(*found) && index + 1 == words.size())) continue;
    const std::string value = takes_value(*found) ? std::string(words[++index]) : "true";
    if (is_given(*found)) continue;
    found->given = {value};
    found->use(found->given);
  }
}

}  // namespace emlc::cli
