#include <memory>

#include "cli/answers.hpp"
#include "cli/command.hpp"
#include "cli/files.hpp"
#include "cli/pipeline.hpp"

namespace emlc::cli {
namespace {

struct RunOptions {
  ModelOptions model;
  std::string input_path;
  std::string output_path = std::string(standard_stream);
  Columns columns = Columns::both;
};

int run(const RunOptions& options, const Terminal& terminal) {
  const Source source = read_source(options.model);
  for (const std::string& text : source.warnings) warning(terminal, text);
  const Inputs inputs = read_inputs(options.input_path, source.model);
  const std::vector<Answer> answers = reference_answers(source.model, inputs);
  write_files(std::vector<OutputFile>{{options.output_path, answers_csv(source.model, answers, options.columns)}});
  return 0;
}

}  // namespace

Action declare_run(CLI::App& app) {
  const auto options = std::make_shared<RunOptions>();
  add_model_options(app, options->model);
  constexpr const char* group = "Data";
  app.add_option("-i,--input", options->input_path,
                 "inputs as CSV or NPY: an example per row, for a filter a signal per column; - is stdin")
      ->type_name("X")
      ->required()
      ->group(group);
  app.add_option("-o,--output", options->output_path, "the CSV to write; default: stdout")
      ->type_name("Y")
      ->group(group);
  add_choice(
      app, "--outputs", options->columns, "choice of columns",
      std::vector<Choice<Columns>>{{"labels", Columns::labels}, {"values", Columns::values}, {"both", Columns::both}},
      "columns to write; default: both where the model decides")
      ->group(group);
  return [options](const Terminal& terminal) { return run(*options, terminal); };
}

}  // namespace emlc::cli
