#include "tests/support/header_run.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include "codegen/c/api.hpp"
#include "codegen/c/printer.hpp"
#include "tests/support/compiled.hpp"

namespace emlc::test {
namespace {

using c::Api;
using c::ApiForm;
using c::Language;
using c::Outputs;
using c::Printer;

/// How a program of either language calls the API.
struct Caller {
  Printer& out;
  const c::EmitConfig& config;
  [[nodiscard]] bool is_c() const { return config.language == Language::c; }

  [[nodiscard]] std::string symbol(std::string_view name) const {
    return fmt::format("{}{}{}", config.name, is_c() ? "_" : "::", name);
  }
  void print_value(std::string_view function) const { out.line("printf(\" %.9g\", (double){}(x));", symbol(function)); }
  void print_array(std::string_view type, std::string_view function, std::size_t n) const {
    out.line("{{");
    if (is_c()) {
      out.line("  {} y[{}];", type, n);
      out.line("  {}(x, y);", symbol(function));
    } else {
      out.line("  const std::array<{}, {}> y = {}(x);", type, n, symbol(function));
    }
    out.line("  for (size_t i = 0; i < {}; ++i) printf(\" %.9g\", (double)y[i]);", n);
    out.line("}}");
  }
};

/// Numbers in a line of output.
struct Counts {
  std::size_t classes = 0, outputs = 0, probabilities = 0;
};

Counts print_calls(const Caller& caller, const Api& api, const model::Model& model) {
  Counts counts{.outputs = static_cast<std::size_t>(model.output.n_outputs)};
  switch (api.form) {
    case ApiForm::one_class:
      counts.classes = 1;
      caller.print_value("predict");
      break;
    case ApiForm::many_classes:
      counts.classes = model.output.targets.size();
      caller.print_array("int", "predict", counts.classes);
      break;
    case ApiForm::one_value:
      caller.print_value("predict");
      break;
    case ApiForm::many_values:
      caller.print_array("float", "predict", counts.outputs);
      break;
    case ApiForm::transform:
      caller.print_array("float", "transform", counts.outputs);
      break;
    case ApiForm::filter:
      throw std::logic_error("a filter has a program of its own");
  }
  if (api.outputs == Outputs::probabilities) caller.print_array("float", "predict_proba", counts.outputs);
  if (api.outputs == Outputs::scores) caller.print_array("float", "scores", counts.outputs);
  if (api.outputs == Outputs::score || api.outputs == Outputs::score_and_two) caller.print_value("score");
  if (api.outputs == Outputs::score_and_two) {
    counts.probabilities = 2;
    caller.print_array("float", "predict_proba", 2);
  }
  return counts;
}

Counts print_predictor(const Caller& caller, const Api& api, const model::Model& model) {
  Printer& out = caller.out;
  const std::int32_t n = model.input.n_features;
  out.line("int main(void) {{");
  const std::string type = caller.symbol("feature");
  out.line("{};", caller.is_c() ? fmt::format("{} x[{}]", type, n) : fmt::format("std::array<{}, {}> x", type, n));
  out.line("for (;;) {{");
  out.line("for (size_t i = 0; i < {}; ++i) {{", n);
  out.line("double value;");
  out.line("if (scanf(\"%lf\", &value) != 1) return 0;");
  out.line("x[i] = ({})value;", type);
  out.line("}}");
  const Counts counts = print_calls(caller, api, model);
  out.line("printf(\"\\n\");");
  out.line("}}");
  out.line("}}");
  return counts;
}

void print_filter(const Caller& caller, std::size_t longest) {
  Printer& out = caller.out;
  out.line("int main(void) {{");
  out.line("int n;");
  out.line("while (scanf(\"%d\", &n) == 1) {{");
  out.line("static float samples[{}];", longest);
  out.line("{} state;", caller.symbol("state"));
  out.line("for (int i = 0; i < n; ++i) if (scanf(\"%f\", &samples[i]) != 1) return 1;");
  const std::string_view pointer = caller.is_c() ? "&" : "";
  out.line("{}({}state);", caller.symbol("init"), pointer);
  out.line("for (int i = 0; i < n; i += 7)");
  out.line("  {}({}state, samples + i, samples + i, (size_t)(n - i < 7 ? n - i : 7));", caller.symbol("filter"),
           pointer);
  out.line("for (int i = 0; i < n; ++i) printf(\" %.9g\", (double)samples[i]);");
  out.line("printf(\"\\n\");");
  out.line("}}");
  out.line("return 0;");
  out.line("}}");
}

std::vector<double> take(std::istream& line, std::size_t n) {
  std::vector<double> values;
  for (std::string cell; n != 0 && line >> cell; --n) values.push_back(std::strtod(cell.c_str(), nullptr));
  if (n != 0) throw std::runtime_error("the program wrote too few numbers");
  return values;
}

Answers parse(const std::string& text, const Rows& inputs, Counts counts, bool is_filter) {
  Answers answers;
  std::istringstream lines(text);
  std::string line;
  for (const std::vector<double>& input : inputs) {
    if (!std::getline(lines, line)) throw std::runtime_error("the program wrote too few lines");
    std::istringstream cells(line);
    const std::vector<double> classes = take(cells, counts.classes);
    answers.classes.emplace_back(classes.begin(), classes.end());
    answers.outputs.push_back(take(cells, is_filter ? input.size() : counts.outputs));
    answers.probabilities.push_back(take(cells, counts.probabilities));
  }
  return answers;
}

}  // namespace

Answers run_header(const std::string& header, const model::Model& model, const c::EmitConfig& config,
                   const Rows& inputs, std::string_view standard) {
  Printer out;
  const Caller caller{out, config};
  const Api api = c::api_of(model);
  const bool is_filter = api.form == ApiForm::filter;
  const std::string header_file = caller.is_c() ? "model.h" : "model.hpp";
  out.line("#include <stdio.h>");
  out.line("#include \"{}\"", header_file);
  std::string input;
  std::size_t longest = 1;
  for (const std::vector<double>& row : inputs) {
    if (is_filter) input += fmt::format("{} ", row.size());
    input += fmt::format("{}\n", fmt::join(row, " "));
    longest = std::max(longest, row.size());
  }
  Counts counts;
  if (is_filter) {
    print_filter(caller, longest);
  } else {
    counts = print_predictor(caller, api, model);
  }
  const std::string_view extension = standard.starts_with("c++") ? ".cpp" : ".c";
  const Program program(standard, {{header_file, header}, {fmt::format("main{}", extension), out.text()}});
  return parse(program.run(input), inputs, counts, is_filter);
}

}  // namespace emlc::test
