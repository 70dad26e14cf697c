#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <regex>

#include "cli/commands/command.hpp"
#include "cli/compile/options.hpp"
#include "cli/compile/paths.hpp"
#include "cli/compile/reductions/number_options.hpp"
#include "cli/console/files.hpp"
#include "cli/console/progress.hpp"
#include "cli/features/feature_table.hpp"
#include "cli/features/patterns.hpp"
#include "cli/features/signal_document.hpp"
#include "codegen/model/error.hpp"
#include "codegen/signal/features.hpp"
#include "formats/recording/recording.hpp"

namespace emlc::cli {
namespace {

struct FeatureOptions {
  std::string document_path;
  std::vector<std::string> recordings;  ///< paths and patterns
  std::string output_path;
  std::string index_path;     ///< empty when not given
  std::string label_pattern;  ///< empty when not given
  formats::RecordingOptions reading;
  passes::PassConfig passes;  ///< --arithmetic
};

constexpr std::string_view label_flag = "--labels-from-name";

std::optional<std::regex> label_regex(const FeatureOptions& options) {
  if (options.label_pattern.empty()) return std::nullopt;
  try {
    return std::regex(options.label_pattern);
  } catch (const std::regex_error&) {
    throw Error({.field = std::string(label_flag)},
                fmt::format("'{}' is no regular expression", printable(options.label_pattern)));
  }
}

/// The first group of the match, or all of it where the expression has none.
std::string label_of(const std::string& path, const std::regex& regex, const FeatureOptions& options) {
  const std::string name = file_name(path);
  std::smatch match;
  if (std::regex_search(name, match, regex)) return match[match.size() > 1 ? 1 : 0].str();
  throw Error({.file = path},
              fmt::format("the name does not match {} '{}'", label_flag, printable(options.label_pattern)));
}

/// The recordings that are refused: the first one's sentence, and the names of all others.
class Refusals {
 public:
  void add(const std::string& path, const Error& refused) {
    if (!first_) {
      first_ = refused;
    } else {
      others_.push_back(printable(file_name(path)));
    }
  }
  void throw_if_any() const {
    if (!first_) return;
    if (others_.empty()) throw Error(*first_);
    throw Error(first_->where(), fmt::format("{}; {} more {} refused: {}", first_->problem(), others_.size(),
                                             others_.size() == 1 ? "is" : "are", fmt::join(others_, ", ")));
  }

 private:
  std::optional<Error> first_;
  std::vector<std::string> others_;
};

void append_recording(const signal::Plan& plan, formats::Recording recording, const FeatureTable::Origin& origin,
                      FeatureTable& table) {
  for (formats::Run& run : recording.runs) {
    const std::vector<double> rows = signal::features_of(plan, std::move(run.channels));
    table.values.insert(table.values.end(), rows.begin(), rows.end());
    for (std::size_t window = 0; window < rows.size() / plan.features.size(); ++window) {
      FeatureTable::Origin row = origin;
      row.first_frame = run.first + window * static_cast<std::size_t>(plan.window.hop);
      table.origins.push_back(std::move(row));
    }
  }
}

/// What is worth knowing about recordings that were taken.
struct Notes {
  std::vector<std::string> cut, empty;  ///< names

  void say_on(const Terminal& terminal) const {
    const auto list = [&](const std::vector<std::string>& names, std::string_view what) {
      if (!names.empty()) warning(terminal, fmt::format("{}: {}", what, fmt::join(names, ", ")));
    };
    list(cut, "cut short, used as far as they go");
    list(empty, "without a complete window");
  }
};

FeatureTable read_all(const signal::Plan& plan, const std::vector<std::string>& paths, const FeatureOptions& options,
                      const Terminal& terminal, Notes& notes) {
  const std::optional<std::regex> regex = label_regex(options);
  Progress progress(terminal);
  FeatureTable table;
  Refusals refusals;
  for (std::size_t index = 0; index < paths.size(); ++index) {
    const std::string& path = paths[index];
    progress.begin_task(file_name(path), index, paths.size());
    progress.begin_step("features");
    FeatureTable::Origin origin{.file = path};
    try {
      if (regex) origin.label = label_of(path, *regex, options);
      formats::Recording recording = formats::read_recording(read_file(path), path == standard_stream ? "stdin" : path,
                                                             plan.input, options.reading);
      if (recording.is_cut) notes.cut.push_back(file_name(path));
      const std::size_t n_before = table.origins.size();
      append_recording(plan, std::move(recording), origin, table);
      if (table.origins.size() == n_before) notes.empty.push_back(file_name(path));
    } catch (const Error& refused) {
      refusals.add(path, refused);
    }
  }
  progress.pause();
  refusals.throw_if_any();
  return table;
}

enum class TableForm { npy, csv };

TableForm form_of(const std::string& path) {
  if (path == standard_stream || extension(path) == ".csv") return TableForm::csv;
  if (extension(path) == ".npy") return TableForm::npy;
  throw Error({.field = "-o"}, fmt::format("expected a name that ends in .npy or .csv, found '{}'", printable(path)));
}

int write_features(const FeatureOptions& options, const Terminal& terminal) {
  const TableForm form = form_of(options.output_path);
  std::vector<std::string> paths;
  for (const std::string& pattern : options.recordings) {
    std::vector<std::string> found = matching_files(pattern);
    std::move(found.begin(), found.end(), std::back_inserter(paths));
  }
  std::vector<std::string> read = paths;
  read.push_back(options.document_path);
  if (std::count(read.begin(), read.end(), standard_stream) > 1) {
    throw Error({.file = "-"}, "the document and its recordings cannot both be stdin");
  }
  check_paths(std::vector<Written>{{"-o", options.output_path}, {"--index", options.index_path}}, read);
  const signal::Plan plan = read_signal_document(options.document_path, options.passes.arithmetic).plan;
  Notes notes;
  const FeatureTable table = read_all(plan, paths, options, terminal, notes);
  if (table.origins.empty()) {
    throw Error({.file = paths.front()}, fmt::format("has no complete window, which takes {}{}",
                                                     count(static_cast<std::size_t>(plan.window.length), "frame"),
                                                     paths.size() == 1 ? "" : "; nor have the other recordings"));
  }
  notes.say_on(terminal);
  std::vector<OutputFile> files = {
      {options.output_path, form == TableForm::npy ? feature_npy(plan, table) : feature_csv(plan, table)}};
  if (!options.index_path.empty()) {
    files.push_back({options.index_path, index_csv(table, !options.label_pattern.empty())});
  }
  write_files(files);
  note(terminal, fmt::format("{} of {}, {}", count(table.origins.size(), "window"), count(paths.size(), "recording"),
                             count(plan.features.size(), "feature")));
  return 0;
}

}  // namespace

Action declare_features(CommandLine& line) {
  const auto options = std::make_shared<FeatureOptions>();
  add_text(line, "DOC", options->document_path, "a signal document (format emlc-signal); - is stdin")
      ->takes("DOC")
      ->required()
      ->in("Signals");
  constexpr const char* group = "Data";
  add_texts(line, "-i,--input", options->recordings,
            "a recording as NPY, CSV (a frame per row), WAV or FLAC, or a pattern as 'data/*.npy'; may be given again")
      ->takes("FILE")
      ->required()
      ->in(group);
  add_text(line, "-o,--output", options->output_path,
           "the table to write, .npy or .csv: a row per complete window, a column per feature; - is CSV on stdout")
      ->takes("X")
      ->required()
      ->in(group);
  Option* index = add_text(line, "--index", options->index_path,
                           "a CSV to write beside it: the file and the first frame of each row")
                      ->takes("FILE")
                      ->in(group);
  add_text(line, "--labels-from-name", options->label_pattern,
           "a regular expression for the names of the files; its first group is the label in the index")
      ->takes("REGEX")
      ->needs(index)
      ->in(group);
  add_flag(line, "--allow-truncated", options->reading.allows_truncated,
           "use recordings that are cut short as far as they go")
      ->in(group);
  add_arithmetic_option(line, options->passes)->in("Signals");
  add_word(
      line, "--gaps", {"refuse", "restart"}, "treatment of gaps",
      [options](std::size_t choice) { options->reading.restarts_at_gaps = choice == 1; },
      "what to do where frames are missing: refuse the recording, or begin anew behind them; default: refuse")
      ->in(group);
  return [options](const Terminal& terminal) { return write_features(*options, terminal); };
}

}  // namespace emlc::cli
