#include <memory>

#include "cli/command.hpp"
#include "cli/facts.hpp"
#include "cli/files.hpp"
#include "cli/pipeline.hpp"

namespace emlc::cli {
namespace {

struct InspectOptions {
  ModelOptions model;
  bool json = false;
};

int inspect(const InspectOptions& options, const Terminal& terminal) {
  const Source source = read_source(options.model);
  for (const std::string& text : source.warnings) warning(terminal, text);
  const nlohmann::ordered_json found = facts(source);
  if (options.json) {
    write_stdout(found.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  } else {
    write_stdout(facts_text(found, terminal.verbosity == Verbosity::verbose ? Detail::features : Detail::normal));
  }
  return 0;
}

}  // namespace

Action declare_inspect(CLI::App& app) {
  const auto options = std::make_shared<InspectOptions>();
  add_model_options(app, options->model);
  app.add_flag("--json", options->json, "as JSON (schema emlc.inspect/1), also when something is wrong")
      ->group("Output");
  return [options](const Terminal& terminal) { return inspect(*options, terminal); };
}

}  // namespace emlc::cli
