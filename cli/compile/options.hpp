#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/compile/output.hpp"
#include "cli/console/terminal.hpp"
#include "cli/console/words.hpp"
#include "cli/sizes/byte_count.hpp"
#include "codegen/c/common/emit.hpp"
#include "codegen/model/error.hpp"
#include "codegen/passes/pass.hpp"
#include "formats/format.hpp"
#include "formats/text/text.hpp"

namespace emlc::cli {

/// A word that an option takes, and what it stands for.
template <class Value>
struct Choice {
  std::string_view name;
  Value value;
};

/// The model to read.
struct ModelOptions {
  std::string path;                         ///< `-` is stdin
  const formats::Format* format = nullptr;  ///< --from; nothing: recognised by content
};

/// What changes the bytes of an artifact. Given to convert, and again to run and verify.
struct CompileOptions {
  passes::PassConfig passes;  ///< its data is read from data_path later
  std::string data_path;      ///< --data, empty when not given
  std::string name;           ///< --name, empty when not given
  c::TreeLayout layout = c::TreeLayout::automatic;
  c::Optimize optimize = c::Optimize::balanced;
  c::Fpu fpu = c::Fpu::automatic;
  layout::TmdlProfile tmdl_profile = layout::TmdlProfile::tinymaix;
  bool use_runtime = false;
};

/// How a header is compiled to run it here.
struct CompilerOptions {
  std::vector<std::string> include_directories;  ///< --include
};

void add_model_options(CLI::App& app, ModelOptions& options);
CLI::Option* add_format_choice(CLI::App& app, ModelOptions& options);  ///< --from
std::vector<CLI::Option*> add_compile_options(CLI::App& app, CompileOptions& options);
/// Some of the compile options, for commands that take those alone.
CLI::Option* add_arithmetic_option(CLI::App& app, passes::PassConfig& passes);  ///< --arithmetic
CLI::Option* add_weights_option(CLI::App& app, passes::PassConfig& passes);     ///< --weights
CLI::Option* add_data_option(CLI::App& app, CompileOptions& options);           ///< --data
void add_compiler_options(CLI::App& app, CompilerOptions& options);
void add_message_options(CLI::App& app, Terminal& terminal);  ///< --color, --quiet, --verbose

/// --to
CLI::Option* add_output_choice(CLI::App& app, const Output*& output, const std::string& description);

/// The options of add_compile_options() as they were given, without --name and without paths: what the banner records.
std::string given_compile_options(const CLI::App& app);

/// An option that takes one of the choices. `what` is the noun of it, for the message.
template <class Value, class Target>
CLI::Option* add_choice(CLI::App& app, const std::string& flag, Target& target, const std::string& what,
                        const std::vector<Choice<Value>>& choices, const std::string& description) {
  std::vector<std::string_view> names;
  names.reserve(choices.size());
  for (const Choice<Value>& choice : choices) names.push_back(choice.name);
  const auto choose = [=, &target](const std::string& word) { target = choices[index_of(word, names, what)].value; };
  return app.add_option_function<std::string>(flag, choose, description)->type_name(joined(names));
}

/// An option that takes an integer from lowest to highest; anything else is an Error.
template <class Value>
CLI::Option* add_integer(CLI::App& app, const std::string& flag, std::optional<Value>& target, std::int64_t lowest,
                         std::int64_t highest, const std::string& description) {
  const auto parse = [=, &target](const std::string& text) {
    target = static_cast<Value>(formats::parse_integer(text, lowest, highest, {.file = {}, .line = 0, .field = flag}));
  };
  return app.add_option_function<std::string>(flag, parse, description)->type_name("N");
}

/// An option that takes a number of bytes: `8192`, `8KiB`, `8 kB`, `1MiB`; anything else is an Error.
CLI::Option* add_bytes(CLI::App& app, const std::string& flag, std::optional<std::size_t>& target,
                       const std::string& description);

}  // namespace emlc::cli
