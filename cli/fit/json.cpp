#include "cli/console/json_file.hpp"
#include "cli/fit/writers.hpp"

namespace emlc::cli::fit {
namespace {

using Json = nlohmann::ordered_json;

template <class Value>
Json optional_json(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

Json json(const Loss& loss) {
  return {{"n", loss.n},       {"trained", loss.trained}, {"device", loss.device},
          {"loss", loss.loss}, {"lowest", loss.lowest},   {"highest", loss.highest}};
}

Json json(const TargetSizes& sizes) {
  return {{"target", sizes.target},
          {"source", std::string(label(sizes))},
          {"flash", optional_json(sizes.flash)},
          {"ram", optional_json(sizes.ram)}};
}

/// As the options of a project: `{"leaf-bits": "8", "share-thresholds": true}`.
Json options_json(const Point& point) {
  Json options = Json::object();
  for (const std::string& argument : point.options) {
    const std::size_t at = argument.find('=');
    const std::string key = argument.substr(2, at == std::string::npos ? at : at - 2);
    options[key] = at == std::string::npos ? Json(true) : Json(argument.substr(at + 1));
  }
  return options;
}

Json json(const Goal& goal, const Point& point) {
  Json targets = Json::array();
  for (const TargetSizes& sizes : point.costs.targets) targets.push_back(json(sizes));
  return {{"trial", point.trial},
          {"flash", point.costs.flash},
          {"ram", point.costs.ram},
          {"comparisons", optional_json(point.costs.work.comparisons)},
          {"operations", point.costs.work.operations},
          {"targets", targets},
          {"meets", excess(goal, point) == 0.0},
          {"search", json(point.search)},
          {"validation", json(point.validation)},
          {"chosen", point.chosen},
          {"options", options_json(point)},
          {"command", point.command},
          {"sha256", point.sha256}};
}

std::string_view word(Ending ending) {
  switch (ending) {
    case Ending::complete:
      return "complete";
    case Ending::trials:
      return "trials";
    case Ending::seconds:
      return "seconds";
    case Ending::interrupted:
      return "interrupted";
  }
  return {};
}

}  // namespace

std::string json_of(const Problem& problem, const Goal& goal, const Result& result) {
  Json points = Json::array();
  for (const Point& point : result.points) points.push_back(json(goal, point));
  const Budget& budget = goal.budget;
  return json_text({{"schema", "emlc.fit/1"},
                    {"version", EMLC_VERSION},
                    {"model", problem.job.model.path},
                    {"model_sha256", problem.source.sha256},
                    {"name", choose_name(problem.source, problem.job.compile)},
                    {"output", std::string(problem.job.output->name)},
                    {"goal",
                     {{"minimise", std::string(goal.objective->name)},
                      {"measure", std::string(name(problem.measure))},
                      {"max_loss", goal.max_loss},
                      {"max_flash", optional_json(budget.flash)},
                      {"max_ram", optional_json(budget.ram)},
                      {"max_comparisons", optional_json(budget.comparisons)}}},
                    {"split_seed", optional_json(problem.job.compile.split_seed)},
                    {"trials", result.n_trials},
                    {"ending", std::string(word(result.ending))},
                    {"points", points},
                    {"chosen", optional_json(result.chosen)},
                    {"nearest", result.nearest}});
}

}  // namespace emlc::cli::fit
