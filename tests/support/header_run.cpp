#include "tests/support/header_run.hpp"

#include <cstring>
#include <stdexcept>

#include "codegen/c/frame/driver.hpp"
#include "codegen/model/kind.hpp"
#include "tests/support/compiled.hpp"

namespace emlc::test {
namespace {

void append(std::string& bytes, double value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);  // bytes as the driver's fread takes them
}

std::vector<double> take(std::string_view& bytes, std::size_t n) {
  std::vector<double> values(n);
  if (bytes.size() < n * sizeof(double)) throw std::runtime_error("the program wrote too few numbers");
  if (n != 0) std::memcpy(values.data(), bytes.data(), n * sizeof(double));
  bytes.remove_prefix(n * sizeof(double));
  return values;
}

Answers run_files(std::vector<SourceFile> files, const std::string& header_file, const model::Model& model,
                  const c::EmitConfig& config, const Rows& inputs, std::string_view standard) {
  const bool is_filter = takes_signals(model);
  const c::Driver driver = c::make_driver(model, config.name, config.language, header_file);
  files.push_back({standard.starts_with("c++") ? "driver.cpp" : "driver.c", driver.text});
  const Program program(standard, files);

  std::string stdin_bytes;
  for (const std::vector<double>& row : inputs) {
    if (is_filter) append(stdin_bytes, static_cast<double>(row.size()));
    for (const double value : row) append(stdin_bytes, value);
  }
  const std::string stdout_bytes = program.run(stdin_bytes);
  std::string_view rest = stdout_bytes;
  Answers answers;
  for (const std::vector<double>& row : inputs) {
    const std::vector<double> classes = take(rest, driver.n_classes);
    answers.classes.emplace_back(classes.begin(), classes.end());
    answers.outputs.push_back(take(rest, is_filter ? row.size() : driver.n_outputs));
  }
  if (!rest.empty()) throw std::runtime_error("the program wrote too many numbers");
  return answers;
}

}  // namespace

Answers run_header(const std::string& header, const model::Model& model, const c::EmitConfig& config,
                   const Rows& inputs, std::string_view standard) {
  const std::string header_file = config.language == c::Language::c ? "model.h" : "model.hpp";
  return run_files({{header_file, header}}, header_file, model, config, inputs, standard);
}

Answers run_pair(const layout::Artifact& pair, const model::Model& model, const c::EmitConfig& config,
                 const Rows& inputs, std::string_view standard) {
  return run_files({{config.header_file, pair.bytes}, {config.source_file, pair.beside}}, config.header_file, model,
                   config, inputs, standard);
}

}  // namespace emlc::test
