#include "cli/commands/artifact_origin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/compile/banner.hpp"
#include "cli/compile/carried_options.hpp"
#include "cli/console/escape.hpp"
#include "cli/console/files.hpp"
#include "cli/console/progress.hpp"
#include "codegen/model/error.hpp"
#include "formats/csv/csv.hpp"

namespace emlc::cli {
namespace {

Banner banner_of(const WrittenFile& artifact, const Output& output) {
  std::optional<Banner> banner = read_banner(artifact.bytes);
  if (!banner)
    throw Error({.file = artifact.file},
                fmt::format("does not begin as a {} of emlc does", output.language ? "header" : "module"));
  return std::move(*banner);
}

/// What is not as the banner says.
void warn_of_banner(const WrittenFile& artifact, const Banner& banner, const Source& source,
                    const CompileOptions& options, const std::string& given, const Terminal& terminal) {
  if (banner.version != EMLC_VERSION) {
    warning(terminal, fmt::format("{} was made by emlc {}, by its banner; this is {}", artifact.file,
                                  printable(banner.version, 30), EMLC_VERSION));
  }
  if (banner.model_hash != source.sha256) {
    warning(terminal, fmt::format("{} was not made from {}, by its banner", artifact.file, source.file));
  }
  if (banner.options == given) return;
  const bool lacks_data = options.data_path.empty() && banner.options.find("--data ") != std::string::npos;
  warning(terminal, fmt::format("{} was made with '{}', by its banner; here the options are '{}'{}", artifact.file,
                                printable(banner.options, 300), given, lacks_data ? "; --data takes the file" : ""));
}

/// The recorded options without the file of --data.
std::string without_data(const std::string& options) {
  constexpr std::string_view option = "--data ";
  const std::size_t at = options.find(option);
  if (at == std::string::npos) return options;
  const std::size_t end = std::min(options.find(' ', at + option.size()), options.size());
  const std::string rest = end < options.size() ? options.substr(end + 1) : std::string();
  return at == 0 || !rest.empty() ? options.substr(0, at) + rest : options.substr(0, at - 1);
}

/// The options that a file shows which emlc reads back.
std::string shown_options(const WrittenFile& artifact, const model::Model& trained) {
  // The integers of a filter are no model of their own.
  if (formats::is_sos_q15_csv(artifact.bytes)) return "--arithmetic q15-cmsis";
  return carried_options(
      formats::recognise(artifact.bytes, artifact.file).read(artifact.bytes, artifact.file, {}).model, trained);
}

}  // namespace

Origin take_over(WrittenFile& artifact, const Output& output, const Source& source, const CompileOptions& options,
                 CommandLine& line, const Terminal& terminal) {
  if (output.reads_back == ReadsBack::yes && !read_banner(artifact.bytes)) {
    take_compile_options(line, shown_options(artifact, source.model));
    return {given_compile_options(line), Claim::other};
  }
  const Banner banner = banner_of(artifact, output);
  if (!options.name.empty() && options.name != banner.name) {
    throw Error({.file = artifact.file},
                fmt::format("its symbols start with '{}', --name is '{}'", banner.name, options.name));
  }
  artifact.name = banner.name;
  take_compile_options(line, banner.options);
  Origin origin{given_compile_options(line), Claim::other};
  warn_of_banner(artifact, banner, source, options, origin.given, terminal);
  const bool is_same = banner.version == EMLC_VERSION && banner.model_hash == source.sha256;
  if (is_same && banner.options == origin.given) origin.claim = Claim::same;
  // What data has chosen may be all in the other options: what they give has the same text then, but need not.
  if (without_data(banner.options) == origin.given) origin.given = banner.options;
  return origin;
}

void read_definitions(WrittenFile& artifact, const std::string& given, const std::string& in_banner) {
  if (given.empty() && in_banner.empty()) return;
  artifact.source_file = given.empty() ? beside(artifact.file, file_name(in_banner)) : given;
  if (given.empty() && !std::filesystem::exists(artifact.source_file)) {
    throw Error({.file = artifact.file},
                fmt::format("its functions are defined in '{}', which is not beside it: --source names that file",
                            printable(in_banner)));
  }
  artifact.source = read_file(artifact.source_file);
  artifact.header_file = file_name(artifact.file);
}

}  // namespace emlc::cli
