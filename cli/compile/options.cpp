#include "cli/compile/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "cli/console/files.hpp"
#include "cli/console/sha256.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

constexpr const char* model_group = "Model";
constexpr const char* compile_group = "Passes and layout";
constexpr const char* message_group = "Messages";

}  // namespace

CLI::Option* add_bytes(CLI::App& app, const std::string& flag, std::optional<std::size_t>& target,
                       const std::string& description) {
  const auto parse = [=, &target](const std::string& text) {
    target = parse_bytes(text, {.file = {}, .line = 0, .field = flag});
  };
  return app.add_option_function<std::string>(flag, parse, description)->type_name("BYTES");
}

void add_model_options(CLI::App& app, ModelOptions& options) {
  app.add_option("MODEL", options.path, "the model file; - is stdin")->required()->group(model_group);
  add_format_choice(app, options);
}

CLI::Option* add_format_choice(CLI::App& app, ModelOptions& options) {
  std::vector<Choice<const formats::Format*>> choices;
  for (const formats::Format& format : formats::all_formats()) choices.push_back({format.name, &format});
  return add_choice(app, "--from", options.format, "format", choices,
                    "format of the model; without it the content is recognised (emlc list formats)")
      ->type_name("FORMAT")
      ->group(model_group);
}

CLI::Option* add_arithmetic_option(CLI::App& app, passes::PassConfig& passes) {
  std::vector<Choice<model::Arithmetic>> choices;
  for (const model::ArithmeticInfo& row : model::all_arithmetics()) choices.push_back({row.name, row.arithmetic});
  return add_choice(app, "--arithmetic", passes.arithmetic, "arithmetic", choices,
                    "numbers that a filter computes with; mixed: samples of 32 bits, coefficients of 16 (integers are "
                    "approximate)");
}

CLI::Option* add_weights_option(CLI::App& app, passes::PassConfig& passes) {
  return add_choice(
      app, "--weights", passes.weights, "weight type",
      std::vector<Choice<std::optional<model::IntegerWidth>>>{
          {"float", std::nullopt}, {"int8", model::IntegerWidth::bits8}, {"int16", model::IntegerWidth::bits16}},
      "weights and activations of networks; int8, int16: all integers (approximate)");
}

CLI::Option* add_data_option(CLI::App& app, CompileOptions& options) {
  return app
      .add_option("--data", options.data_path,
                  "inputs, one per line, that passes measure and calibrate on; default: the test vectors")
      ->type_name("FILE");
}

std::vector<CLI::Option*> add_compile_options(CLI::App& app, CompileOptions& options) {
  using model::NumberType;
  std::vector<CLI::Option*> added;
  const auto grouped = [&](CLI::Option* option) { return added.emplace_back(option->group(compile_group)); };
  passes::PassConfig& passes = options.passes;
  grouped(
      app.add_option("--name", options.name, "C identifier that every symbol starts with; default: the model's name")
          ->type_name("ID"));
  grouped(add_choice(
      app, "--layout", options.layout, "layout",
      std::vector<Choice<c::TreeLayout>>{
          {"auto", c::TreeLayout::automatic}, {"inline", c::TreeLayout::inline_code}, {"table", c::TreeLayout::table}},
      "trees in a header: if/else code or a table; auto: code for speed and for small forests, else a table"));
  grouped(
      add_choice(app, "--optimize", options.optimize, "goal",
                 std::vector<Choice<c::Optimize>>{
                     {"size", c::Optimize::size}, {"speed", c::Optimize::speed}, {"balanced", c::Optimize::balanced}},
                 "what auto looks for; default: balanced"));
  grouped(add_choice(
      app, "--fpu", options.fpu, "choice",
      std::vector<Choice<c::Fpu>>{{"auto", c::Fpu::automatic}, {"yes", c::Fpu::yes}, {"no", c::Fpu::no}},
      "trees in a header compare float features as such, or no: as integers; auto: as the compiler's macros say"));
  grouped(add_choice(app, "--features", passes.features, "feature type",
                     std::vector<Choice<std::optional<NumberType>>>{{"auto", std::nullopt},
                                                                    {"float", NumberType::float32},
                                                                    {"int16", NumberType::int16},
                                                                    {"uint8", NumberType::uint8},
                                                                    {"int8", NumberType::int8}},
                     "type of the features on the device; default: as the model declares"));
  grouped(
      add_choice(app, "--voting", passes.voting, "voting",
                 std::vector<Choice<passes::Voting>>{{"soft", passes::Voting::soft}, {"hard", passes::Voting::hard}},
                 "hard: each tree votes for one class (approximate)"));
  grouped(app.add_flag_callback(
      "--share-thresholds", [&passes] { passes.thresholds = passes::Thresholds::shared; },
      "the fewest distinct thresholds that keep every path of --data (approximate)"));
  grouped(add_arithmetic_option(app, passes));
  grouped(add_integer(app, "--leaf-bits", passes.leaf_bits, 1, 16, "leaf values in N bits, 1 to 16 (approximate)"));
  grouped(add_integer(app, "--leaf-clusters", passes.leaf_clusters, 1, std::numeric_limits<std::int32_t>::max(),
                      "at most N distinct leaf rows, by k-means (approximate)"));
  grouped(add_weights_option(app, passes));
  grouped(add_data_option(app, options));
  grouped(
      add_choice(app, "--tmdl-profile", options.tmdl_profile, "profile",
                 std::vector<Choice<layout::TmdlProfile>>{{"tinymaix", layout::TmdlProfile::tinymaix},
                                                          {"emlearn-cnn", layout::TmdlProfile::emlearn_cnn}},
                 "what runs a .tmdl, besides emlc's runtime: TinyMaix, or the MicroPython module emlearn_cnn_int8"));
  grouped(app.add_flag("--use-runtime", options.use_runtime,
                       "headers of networks and filters include <emlc/...> instead of carrying that code"));
  return added;
}

void add_compiler_options(CLI::App& app, CompilerOptions& options) {
  app.add_option("--include", options.include_directories,
                 "directory with <emlc/...>, for headers made with --use-runtime; CC and CXX name the compilers")
      ->type_name("DIR")
      ->allow_extra_args(false)
      ->group("Compiler");
}

CLI::Option* add_output_choice(CLI::App& app, const Output*& output, const std::string& description) {
  std::vector<Choice<const Output*>> choices;
  for (const Output& row : all_outputs()) choices.push_back({row.name, &row});
  return add_choice(app, "--to", output, "output", choices, description);
}

void add_message_options(CLI::App& app, Terminal& terminal) {
  add_choice(
      app, "--color", terminal.colour, "colour choice",
      std::vector<Choice<Colour>>{{"auto", Colour::automatic}, {"always", Colour::always}, {"never", Colour::never}},
      "colour of the messages; auto heeds NO_COLOR and CLICOLOR_FORCE")
      ->group(message_group);
  const auto quiet = [&terminal] { terminal.verbosity = Verbosity::quiet; };
  const auto verbose = [&terminal] { terminal.verbosity = Verbosity::verbose; };
  CLI::Option* q = app.add_flag_callback("-q,--quiet", quiet, "only warnings and errors")->group(message_group);
  app.add_flag_callback("-v,--verbose", verbose, "more about every step")->group(message_group)->excludes(q);
  app.get_help_ptr()->group(message_group);
}

std::string given_compile_options(const CLI::App& app) {
  std::vector<std::string> given;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group() != compile_group || option->count() == 0 || option->check_lname("name")) continue;
    std::string text = fmt::format("--{}", option->get_lnames().front());
    if (option->check_lname("data")) {
      text += " sha256:" + sha256(read_file(option->results().front())).substr(0, 16);
    } else if (option->get_items_expected_max() != 0) {
      text += " " + option->results().front();
    }
    given.push_back(text);
  }
  return fmt::format("{}", fmt::join(given, " "));
}

}  // namespace emlc::cli
