#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "cli/console/files.hpp"
#include "cli/console/process.hpp"
#include "cli/console/temporary_directory.hpp"
#include "cli/trial/artifact_run.hpp"
#include "cli/trial/compiler.hpp"
#include "cli/trial/program_bytes.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/grid.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/py/frame/module.hpp"

namespace emlc::cli {
namespace {

constexpr std::string_view candidates = "python3 python";

bool runs(const std::string& program) {
  return run_process({.arguments = {program, "--version"}}).exit_code != exit_not_started;
}

/// The interpreter and its options.
std::vector<std::string> find_python() {
  const char* chosen = std::getenv("PYTHON");
  if (chosen != nullptr && !words(chosen).empty()) return words(chosen);
  for (const std::string& candidate : words(candidates)) {
    if (runs(candidate)) return {candidate};
  }
  throw std::system_error(
      ENOENT, std::generic_category(),
      fmt::format("no Python to run the module with; install one or set PYTHON (tried {})", candidates));
}

/// The last line of a traceback.
std::string last_line(std::string_view messages) {
  while (messages.ends_with('\n')) messages.remove_suffix(1);
  constexpr std::size_t most_characters = 300;
  return printable(messages.substr(messages.rfind('\n') + 1), most_characters);
}

}  // namespace

std::vector<Answer> run_py(const WrittenFile& artifact, const model::Model& model, const Inputs& inputs) {
  const TemporaryDirectory directory;
  const auto place = [&](std::string_view name) { return fmt::format("{}/{}", directory.path(), name); };
  write_files(std::vector<OutputFile>{{place("model_of_emlc.py"), artifact.bytes},
                                      {place("driver.py"), py::make_driver(model, "model_of_emlc")}});
  std::vector<std::string> command = find_python();
  const std::string python = command.front();
  for (const std::string& word : {std::string("-B"), place("driver.py"), std::string(directory.path())}) {
    command.push_back(word);
  }
  const bool is_filter = takes_signals(model);
  Inputs given = inputs;
  if (!is_filter) {
    for (std::vector<double>& x : given) x = model::encoded(model.input, x);
  }
  const Finished finished = run_process({.arguments = command, .input = to_bytes(given, is_filter)});
  if (finished.exit_code == exit_not_started) {
    throw std::system_error(ENOENT, std::generic_category(), fmt::format("cannot run '{}'", python));
  }
  if (finished.exit_code != 0) {
    throw Error({.file = artifact.file}, fmt::format("does not run: {}", last_line(finished.err)));
  }
  const std::size_t n_classes = model.output.rule == model::DecisionRule::none ? 0 : model.output.targets.size();
  const auto n_outputs = static_cast<std::size_t>(model.output.n_outputs);
  return answers_of(finished, {artifact.file, n_classes, n_outputs, is_filter}, inputs);
}

}  // namespace emlc::cli
