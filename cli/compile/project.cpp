#include "cli/compile/project.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "cli/console/files.hpp"
#include "cli/console/json_file.hpp"
#include "cli/console/sha256.hpp"
#include "cli/console/words.hpp"
#include "cli/sizes/targets.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

constexpr const char* schema = "emlc.project/1";
constexpr std::array<std::string_view, 7> project_keys = {"schema",  "baseline", "max_growth", "targets",
                                                          "measure", "include",  "models"};
constexpr std::array<std::string_view, 16> model_keys = {
    "model",        "from",    "objective",       "base_score", "output",  "to",   "options",
    "max_flash",    "max_ram", "max_comparisons", "max_error",  "targets", "data", "labels",
    "min_accuracy", "fit"};

/// A path of the project file as it is from here.
std::string from_here(const std::string& project, const std::string& path) {
  return (std::filesystem::path(project).parent_path() / path).lexically_normal().string();
}

/// Runs what may refuse a value, and says where that value is.
template <class Action>
decltype(auto) located(const JsonValue& value, const Action& action) {
  try {
    return action();
  } catch (const Error& refused) {
    value.fail(refused.what());
  }
}

std::optional<std::size_t> bytes(const JsonValue& entry, const char* key) {
  const auto value = entry.find(key);
  if (!value) return std::nullopt;
  if (!value->json().is_string()) return value->size();
  const std::string text = value->text();
  return located(*value, [&] { return parse_bytes(text, {}); });
}

/// `"leaf-bits": 8` is `--leaf-bits=8`, `"use-runtime": true` is `--use-runtime`, false is nothing.
std::vector<std::string> arguments(const JsonValue& option, const std::string& file) {
  const nlohmann::ordered_json& value = option.json();
  const std::string flag = "--" + option.key();
  if (value.is_boolean()) return value.get<bool>() ? std::vector{flag} : std::vector<std::string>{};
  if (!value.is_string() && !value.is_number()) option.fail("expected a text, a number, true or false");
  const std::string text = value.is_string() ? option.text() : value.dump();
  constexpr std::array<std::string_view, 4> paths = {"data", "data-labels", "groups", "source"};
  const bool is_path = std::find(paths.begin(), paths.end(), option.key()) != paths.end();
  return {fmt::format("{}={}", flag, is_path ? from_here(file, text) : text)};
}

/// As the command line is parsed, so that both take the same options. Returns what the banner records of them.
std::string parse_options(const std::vector<std::string>& arguments, CompileOptions& into) {
  CommandLine line;
  add_compile_options(line, into);
  try {
    parse(line, arguments);
  } catch (const UsageError& problem) {
    throw Error({}, problem.what());
  }
  return given_compile_options(line);
}

/// @param before  arguments that the options come behind
void read_options(const JsonValue& options, const std::string& project, std::vector<std::string> before, Job& job) {
  std::vector<std::string> all = std::move(before);
  for (const JsonValue& option : options.members()) {
    const std::vector<std::string> one = arguments(option, project);
    all.insert(all.end(), one.begin(), one.end());
    // Each alone first, to know which one is refused.
    CompileOptions alone;
    located(option, [&] { return parse_options(one, alone); });
  }
  job.given = parse_options(all, job.compile);
}

/// The options of the point that a search has chosen, as arguments, without those that the project has itself. Paths
/// are relative to the file of the search.
std::vector<std::string> read_fit(const JsonValue& fit, const std::optional<JsonValue>& own, const std::string& project,
                                  const Job& job, FitRecord& record) {
  record.file = from_here(project, fit.text());
  const JsonFile file = read_json_file(record.file);
  const JsonValue root(file);
  root.at("schema").expect("emlc.fit/1");
  record.version = root.at("version").text();
  record.model_sha256 = root.at("model_sha256").text();
  root.at("output").expect(std::string(job.output->name));
  const JsonValue chosen = root.at("chosen");
  if (chosen.json().is_null()) chosen.fail("the search found nothing that fits");
  const std::vector<JsonValue> points = root.at("points").items();
  if (chosen.size() >= points.size()) chosen.fail("there is no such point");
  const JsonValue& point = points[chosen.size()];
  record.sha256 = point.at("sha256").text();
  record.flash = point.at("flash").number();
  std::vector<std::string> all;
  for (const JsonValue& option : point.at("options").members()) {
    if (own && own->find(option.key())) continue;
    const std::vector<std::string> one = arguments(option, record.file);
    all.insert(all.end(), one.begin(), one.end());
  }
  CompileOptions unused;
  located(point.at("options"), [&] { return parse_options(all, unused); });
  return all;
}

const Output& choose_output(const JsonValue& entry, const std::string& path) {
  if (const auto to = entry.find("to")) {
    std::vector<std::string_view> names;
    for (const Output& output : all_outputs()) names.push_back(output.name);
    const std::string name = to->text();
    return all_outputs()[located(*to, [&] { return index_of(name, names, "output"); })];
  }
  return located(entry.at("output"), [&]() -> const Output& { return output_of_file(path); });
}

const formats::Format* choose_format(const JsonValue& entry) {
  const auto from = entry.find("from");
  if (!from) return nullptr;
  std::vector<std::string_view> names;
  for (const formats::Format& format : formats::all_formats()) names.push_back(format.name);
  const std::string name = from->text();
  return &formats::all_formats()[located(*from, [&] { return index_of(name, names, "format"); })];
}

formats::Supplement read_supplement(const JsonValue& entry) {
  formats::Supplement supplement;
  if (const auto objective = entry.find("objective")) supplement.objective = objective->text();
  if (const auto score = entry.find("base_score")) {
    const std::string text = score->json().is_string() ? score->text() : score->json().dump();
    supplement.base_score = located(*score, [&] { return parse_base_score(text, {}); });
  }
  return supplement;
}

Budget read_budget(const JsonValue& entry) {
  Budget budget{.flash = bytes(entry, "max_flash"), .ram = bytes(entry, "max_ram"), .comparisons = {}, .error = {}};
  if (const auto comparisons = entry.find("max_comparisons")) budget.comparisons = comparisons->size();
  if (const auto error = entry.find("max_error")) budget.error = error->number();
  if (const auto accuracy = entry.find("min_accuracy")) {
    const std::string text = accuracy->json().is_string() ? accuracy->text() : accuracy->json().dump();
    budget.accuracy = located(*accuracy, [&] { return parse_accuracy(text, {}); });
  }
  return budget;
}

std::vector<const Target*> read_targets(const JsonValue& list) {
  std::vector<const Target*> targets;
  for (const JsonValue& item : list.items()) {
    const std::string name = item.text();
    located(item, [&] { append_targets(targets, name); });
  }
  return targets;
}

/// Its own targets, else those of the project if it is a header.
std::vector<const Target*> choose_targets(const JsonValue& entry, const Output& output,
                                          const std::vector<const Target*>& of_project) {
  const auto targets = entry.find("targets");
  if (!targets) return output.language ? of_project : std::vector<const Target*>{};
  if (!output.language)
    targets->fail("only headers have targets; a csv, a tmdl or a tmdl-c takes its own bytes everywhere");
  return read_targets(*targets);
}

/// `labels`, and `data` for inputs of their own: those of options.data calibrate, and may be others.
void read_labels(const JsonValue& entry, const std::string& project, Job& job) {
  const auto data = entry.find("data"), labels = entry.find("labels"), accuracy = entry.find("min_accuracy");
  if (data && !labels) data->fail("needs labels");
  if (accuracy && !labels) accuracy->fail("needs labels");
  if (!labels) return;
  if (!data && job.compile.data_path.empty()) labels->fail("needs data, or the option data");
  job.labels_path = from_here(project, labels->text());
  if (data) job.scored_path = from_here(project, data->text());
}

Job read_job(const JsonValue& entry, const std::string& project, const std::vector<const Target*>& targets,
             FitRecord& record) {
  entry.check_keys(model_keys);
  Job job;
  for (const char* key : {"model", "output"}) {
    if (entry.at(key).text() == standard_stream)
      entry.at(key).fail("expected a file; a project has no stdin or stdout");
  }
  job.model = {.path = from_here(project, entry.at("model").text()),
               .format = choose_format(entry),
               .supplement = read_supplement(entry)};
  job.output_path = from_here(project, entry.at("output").text());
  job.output = &choose_output(entry, job.output_path);
  job.compile.header_file = located(entry.at("output"), [&] { return header_path(*job.output, job.output_path); });
  const auto options = entry.find("options"), fit = entry.find("fit");
  std::vector<std::string> fitted;
  if (fit) fitted = read_fit(*fit, options, project, job, record);
  if (fit && !options) job.given = parse_options(fitted, job.compile);
  if (options) {
    read_options(*options, project, std::move(fitted), job);
    located(*options, [&] { check_header_options(*job.output, job.compile); });
  }
  read_labels(entry, project, job);
  job.budget = read_budget(entry);
  job.targets = choose_targets(entry, *job.output, targets);
  return job;
}

}  // namespace

Project read_project(const std::string& path) {
  const JsonFile file = read_json_file(path);
  const JsonValue root(file);
  root.check_keys(project_keys);
  root.at("schema").expect(schema);
  Project project{.file = path, .baseline = {}, .growth = {}, .jobs = {}};
  if (const auto baseline = root.find("baseline")) project.baseline = from_here(path, baseline->text());
  if (const auto growth = root.find("max_growth")) {
    const std::string text = growth->text();
    project.growth = located(*growth, [&] { return parse_growth(text, {}); });
  }
  std::vector<const Target*> targets;
  if (const auto list = root.find("targets")) targets = read_targets(*list);
  if (const auto measure = root.find("measure")) project.measuring.measure = measure->boolean();
  if (const auto include = root.find("include")) {
    for (const JsonValue& item : include->items()) {
      const std::string directory = from_here(path, item.text());
      if (!std::filesystem::is_directory(directory)) item.fail("there is no such directory");
      project.measuring.include_directories.push_back(directory);
    }
  }
  std::set<std::string> written;
  for (const JsonValue& entry : root.at("models").items()) {
    project.jobs.push_back(read_job(entry, path, targets, project.fits.emplace_back()));
    if (!written.insert(output_place(project.jobs.back().output_path)).second) {
      entry.at("output").fail("another model has this output too");
    }
  }
  if (project.jobs.empty()) root.at("models").fail("expected at least one model");
  return project;
}

void compare_with_fit(const Project& project, const Job& job, Converted& converted) {
  const auto index = static_cast<std::size_t>(&job - project.jobs.data());
  if (index >= project.fits.size() || project.fits[index].file.empty()) return;
  const FitRecord& record = project.fits[index];
  if (sha256(converted.artifact.bytes) == record.sha256) return;
  const std::string why = record.model_sha256 != converted.source.sha256 ? "the model is another one, search again"
                          : record.version != EMLC_VERSION ? fmt::format("it was made by emlc {}", record.version)
                                                           : "options or data are others";
  converted.artifact.warnings.push_back(fmt::format("is not what emlc fit found in '{}' ({} bytes of flash there): {}",
                                                    printable(record.file), record.flash, why));
}

void add_title(std::set<std::string>& titles, const std::string& title, const std::string& file) {
  if (titles.insert(title).second) return;
  throw Error({.file = file}, fmt::format("another model is {} too; --name tells them apart", title));
}

}  // namespace emlc::cli
