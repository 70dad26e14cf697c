#include <nlohmann/json.hpp>

#include "cli/baseline.hpp"
#include "cli/check_formats.hpp"

namespace emlc::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Whole numbers stay whole.
Json number_json(const std::optional<double>& value) {
  if (!value) return {};
  const auto whole = static_cast<std::int64_t>(*value);
  return static_cast<double>(whole) == *value ? Json(whole) : Json(*value);
}

Json model_json(const ModelCheck& model) {
  Json object = {{"file", model.file}, {"verdict", name(model.verdict)}, {"now", sizes_json(model.now)}};
  object["recorded"] = model.before ? sizes_json(*model.before) : Json();
  object["causes"] = model.causes;
  object["limits"] = Json::array();
  for (const MetricChange& row : model.metrics) {
    if (!row.limit) continue;
    Json limit = {{"of", row.metric->key},
                  {"limit", number_json(row.limit)},
                  {"source", row.limit_source},
                  {"value", number_json(row.change.now)},
                  {"exceeded", row.is_exceeded()}};
    if (!row.target.empty()) limit.update({{"target", row.target}, {"value_source", name(row.source)}});
    object["limits"].push_back(std::move(limit));
  }
  object["messages"] = Json::array();
  for (const MetricChange& row : model.metrics) {
    if (row.is_news()) object["messages"].push_back(sentence(model, row));
  }
  object["notes"] = model.notes;
  return object;
}

}  // namespace

std::string check_json(const CheckResult& result) {
  Json models = Json::array();
  for (const ModelCheck& model : result.models) models.push_back(model_json(model));
  const Json object = {{"schema", "emlc.check/1"},
                       {"exceeded", is_exceeded(result)},
                       {"models", std::move(models)},
                       {"unused", result.unused}};
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace emlc::cli
