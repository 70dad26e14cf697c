#include "cli/trial/program_bytes.hpp"

#include <fmt/format.h>

#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

std::vector<double> take(std::string_view& bytes, std::size_t n) {
  std::vector<double> values(n);
  const std::size_t n_bytes = n * sizeof(double);
  if (n_bytes != 0) std::memcpy(values.data(), bytes.data(), n_bytes);
  bytes.remove_prefix(n_bytes);
  return values;
}

std::vector<Answer> from_bytes(std::string_view bytes, const Program& program, const Inputs& inputs) {
  std::vector<Answer> answers;
  for (const std::vector<double>& x : inputs) {
    const std::vector<double> classes = take(bytes, program.n_classes);
    Answer answer{.outputs = take(bytes, program.is_filter ? x.size() : program.n_outputs), .classes = {}};
    for (const double index : classes) answer.classes.push_back(static_cast<std::int32_t>(index));
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace

std::string to_bytes(const Inputs& inputs, bool is_filter) {
  std::string bytes;
  const auto append = [&](std::span<const double> values) {
    bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  };
  for (const std::vector<double>& x : inputs) {
    const auto n_samples = static_cast<double>(x.size());
    if (is_filter) append({&n_samples, 1});
    append(x);
  }
  return bytes;
}

std::vector<Answer> answers_of(const Finished& finished, const Program& program, const Inputs& inputs) {
  std::size_t expected = 0;
  for (const std::vector<double>& x : inputs) {
    expected += (program.is_filter ? x.size() : program.n_classes + program.n_outputs) * sizeof(double);
  }
  if (finished.exit_code != 0 || finished.out.size() != expected) {
    throw Error({.file = program.file},
                fmt::format("its program ended with exit code {} after {} of {} bytes of answers", finished.exit_code,
                            finished.out.size(), expected));
  }
  return from_bytes(finished.out, program, inputs);
}

}  // namespace emlc::cli
