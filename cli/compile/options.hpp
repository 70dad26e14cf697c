#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/compile/output.hpp"
#include "cli/console/command_line.hpp"
#include "cli/console/terminal.hpp"
#include "cli/sizes/byte_count.hpp"
#include "cli/trial/split.hpp"
#include "codegen/c/common/emit.hpp"
#include "codegen/model/error.hpp"
#include "codegen/passes/pass.hpp"
#include "formats/format.hpp"

namespace emlc::cli {

/// The model to read.
struct ModelOptions {
  std::string path;                         ///< `-` is stdin
  const formats::Format* format = nullptr;  ///< --from; nothing: recognised by content
  formats::Supplement supplement{};         ///< --objective, --base-score
};

/// What changes the bytes of an artifact. Given to convert, and again to run and verify.
struct CompileOptions {
  passes::PassConfig passes;       ///< its data is read from data_path later
  std::string data_path;           ///< --data, empty when not given
  std::string data_labels_path{};  ///< --data-labels, empty when not given
  /// --split-seed and --groups: passes see the part of the rows of --data that a search with that seed sees; without a
  /// seed all of them.
  std::optional<std::uint64_t> split_seed{};
  std::string groups_path{};
  std::string name;  ///< --name, empty when not given
  c::TreeLayout layout = c::TreeLayout::automatic;
  std::optional<c::Optimize> optimize{};  ///< without it balanced; of a .tmdl size
  c::Fpu fpu = c::Fpu::automatic;
  layout::TmdlProfile tmdl_profile = layout::TmdlProfile::tinymaix;
  layout::TmdlVersion tmdl_version = layout::TmdlVersion::second;
  bool use_runtime = false;
  c::ClassNameForm class_names = c::ClassNameForm::function;
  std::string section;  ///< --section, empty when not given
  /// --source, the path of a header's definitions, empty when not given; and the header as the source includes it,
  /// empty: named like the model.
  std::string source_path, header_file;
};

/// How a header is compiled to run it here.
struct CompilerOptions {
  std::vector<std::string> include_directories;  ///< --include
};

void add_model_options(CommandLine& line, ModelOptions& options);
/// --from, --objective and --base-score
std::vector<Option*> add_format_options(CommandLine& line, ModelOptions& options);
/// Numbers with commas between them; throws Error at `where`.
std::vector<double> parse_base_score(const std::string& text, const Where& where);
std::vector<Option*> add_compile_options(CommandLine& line, CompileOptions& options);
/// --data, also for commands that take it alone; so are the options of reductions/number_options.hpp.
Option* add_data_option(CommandLine& line, CompileOptions& options);
/// The rows that these options leave for passes to see, and the others; without --split-seed the others are none.
/// Throws Error where one part would be empty.
RowSplit split_of(const CompileOptions& options, std::size_t n_rows);
/// --labels, for the inputs of the option `inputs`.
Option* add_labels_option(CommandLine& line, std::string& path, const Option* inputs);
void add_compiler_options(CommandLine& line, CompilerOptions& options);
void add_message_options(CommandLine& line, Terminal& terminal);  ///< --color, --quiet, --verbose

/// --to
Option* add_output_choice(CommandLine& line, const Output*& output, const std::string& description);

/// The options of add_compile_options() as they were given, without --name and without paths: what the banner records.
/// --data is among them where it may change the model: with an approximate option.
std::string given_compile_options(const CommandLine& line);

/// Gives `line` the options of a text that given_compile_options() made, as if they had been on the command line; those
/// that are on it already stay, and so does --data, whose file the text does not name.
void take_compile_options(CommandLine& line, std::string_view text);

/// An option that takes a number of bytes: `8192`, `8KiB`, `8 kB`, `1MiB`; anything else is an Error.
Option* add_bytes(CommandLine& line, const std::string& flag, std::optional<std::size_t>& target,
                  const std::string& description);

}  // namespace emlc::cli
