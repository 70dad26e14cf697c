#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include "cli/console/files.hpp"
#include "cli/console/process.hpp"
#include "cli/console/temporary_directory.hpp"
#include "cli/trial/artifact_run.hpp"
#include "cli/trial/compiler.hpp"
#include "cli/trial/program_bytes.hpp"
#include "codegen/c/frame/driver.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"

namespace emlc::cli {
namespace {

/// How a header of one language is compiled.
struct Compilation {
  c::Language language;
  const char* variable;         ///< names the compiler, with options
  std::string_view candidates;  ///< tried in this order without it
  std::string_view header, driver, source, standard;
};
constexpr Compilation c_compilation = {c::Language::c, "CC",       "cc gcc clang", "model.h",
                                       "driver.c",     "source.c", "-std=c99"};
constexpr Compilation cpp_compilation = {c::Language::cpp, "CXX",        "c++ g++ clang++", "model.hpp",
                                         "driver.cpp",     "source.cpp", "-std=c++17"};

bool runs(const std::string& program) {
  return run_process({.arguments = {program, "--version"}}).exit_code != exit_not_started;
}

/// The compiler and its options.
std::vector<std::string> find_compiler(const Compilation& compilation) {
  const char* chosen = std::getenv(compilation.variable);
  if (chosen != nullptr && !words(chosen).empty()) return words(chosen);
  for (const std::string& candidate : words(compilation.candidates)) {
    if (runs(candidate)) return {candidate};
  }
  throw std::system_error(ENOENT, std::generic_category(),
                          fmt::format("no compiler to run the header with; install one or set {} (tried {})",
                                      compilation.variable, compilation.candidates));
}

void compile(const Compilation& compilation, const WrittenFile& artifact, const std::string& directory) {
  std::vector<std::string> command = find_compiler(compilation);
  const std::string compiler = command.front();
  for (const std::string_view option :
       {compilation.standard, std::string_view("-O1"), std::string_view("-ffp-contract=off"), std::string_view("-w")}) {
    command.emplace_back(option);
  }
  for (const std::string& flag : include_flags(artifact.include_directories)) command.push_back(flag);
  if (!artifact.source.empty()) command.emplace_back(compilation.source);
  for (const std::string_view word :
       {compilation.driver, std::string_view("-o"), std::string_view("driver"), std::string_view("-lm")}) {
    command.emplace_back(word);
  }
  const Finished finished = run_process({.arguments = command, .directory = directory, .environment = {"LC_ALL=C"}});
  if (finished.exit_code == 0) return;
  if (finished.exit_code == exit_not_started) {
    throw std::system_error(ENOENT, std::generic_category(), fmt::format("cannot run the compiler '{}'", compiler));
  }
  throw Error({.file = artifact.file}, fmt::format("does not compile: {}", first_error(finished.err)));
}

/// As the driver includes it.
std::string header_name(const Compilation& compilation, const WrittenFile& artifact) {
  return artifact.source.empty() ? std::string(compilation.header) : artifact.header_file;
}

/// Compiles a program around the header and runs it.
Finished run_driver(const Compilation& compilation, const WrittenFile& artifact, const std::string& text,
                    std::string input) {
  const TemporaryDirectory directory;
  const auto place = [&](std::string_view name) { return fmt::format("{}/{}", directory.path(), name); };
  std::vector<OutputFile> files = {{place(header_name(compilation, artifact)), artifact.bytes},
                                   {place(compilation.driver), text}};
  if (!artifact.source.empty()) files.push_back({place(compilation.source), artifact.source});
  write_files(files);
  compile(compilation, artifact, directory.path());
  return run_process({.arguments = {place("driver")}, .input = std::move(input)});
}

std::vector<Answer> run_header(const Compilation& compilation, const WrittenFile& artifact, const model::Model& model,
                               const Inputs& inputs) {
  const bool filters = takes_signals(model);
  const c::Driver driver =
      c::make_driver(model, artifact.name, compilation.language, header_name(compilation, artifact));
  const Finished finished = run_driver(compilation, artifact, driver.text, to_bytes(inputs, filters));
  if (finished.exit_code == c::contradiction) {
    throw Error({.file = artifact.file},
                "its functions contradict each other: predict_proba and score, or predict_q and predict");
  }
  return answers_of(finished, {artifact.file, driver.n_classes, driver.n_outputs, filters}, inputs);
}

/// Frames as the driver reads them.
std::string stream_bytes(const std::vector<formats::Run>& recordings) {
  std::string bytes;
  const auto append = [&](double value) { bytes.append(reinterpret_cast<const char*>(&value), sizeof value); };
  for (const formats::Run& run : recordings) {
    const std::size_t n = run.channels.front().size();
    append(static_cast<double>(n));
    for (std::size_t frame = 0; frame < n; ++frame) {
      for (const signal::Column& channel : run.channels) {
        append(channel.integers.empty() ? double{channel.reals[frame]} : static_cast<double>(channel.integers[frame]));
      }
    }
  }
  return bytes;
}

std::vector<StreamRow> run_stream(const WrittenFile& artifact, c::Language language, const model::Model& model,
                                  const signal::Plan& plan, const std::vector<formats::Run>& recordings) {
  const Compilation& compilation = language == c::Language::c ? c_compilation : cpp_compilation;
  const c::Driver driver =
      c::make_stream_driver(model, plan, artifact.name, language, header_name(compilation, artifact));
  const Finished finished = run_driver(compilation, artifact, driver.text, stream_bytes(recordings));
  const std::size_t n_features = plan.features.size(), n_row = n_features + driver.n_classes + driver.n_outputs;
  if (finished.exit_code != 0 || finished.out.size() % (n_row * sizeof(double)) != 0) {
    throw Error({.file = artifact.file}, "does not answer the frames of a recording");
  }
  std::vector<double> values(finished.out.size() / sizeof(double));
  std::memcpy(values.data(), finished.out.data(), finished.out.size());
  std::vector<StreamRow> rows;
  for (auto row = values.begin(); row != values.end(); row += static_cast<std::ptrdiff_t>(n_row)) {
    const auto behind = row + static_cast<std::ptrdiff_t>(n_features);
    rows.push_back({{row, behind}, {behind, row + static_cast<std::ptrdiff_t>(n_row)}});
  }
  return rows;
}

}  // namespace

std::vector<StreamRow> run_c_stream(const WrittenFile& artifact, const model::Model& model, const signal::Plan& plan,
                                    const std::vector<formats::Run>& recordings) {
  return run_stream(artifact, c::Language::c, model, plan, recordings);
}

std::vector<StreamRow> run_cpp_stream(const WrittenFile& artifact, const model::Model& model, const signal::Plan& plan,
                                      const std::vector<formats::Run>& recordings) {
  return run_stream(artifact, c::Language::cpp, model, plan, recordings);
}

std::vector<Answer> run_c_header(const WrittenFile& artifact, const model::Model& model, const Inputs& inputs) {
  return run_header(c_compilation, artifact, model, inputs);
}

std::vector<Answer> run_cpp_header(const WrittenFile& artifact, const model::Model& model, const Inputs& inputs) {
  return run_header(cpp_compilation, artifact, model, inputs);
}

}  // namespace emlc::cli
