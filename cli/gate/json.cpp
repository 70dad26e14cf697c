#include "cli/console/json_file.hpp"
#include "cli/gate/baseline.hpp"
#include "cli/gate/formats.hpp"

namespace emlc::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Whole numbers stay whole.
Json number_json(const std::optional<double>& value) {
  if (!value) return {};
  const auto whole = static_cast<std::int64_t>(*value);
  return static_cast<double>(whole) == *value ? Json(whole) : Json(*value);
}

Json limit_json(const MetricChange& row, const Limit& limit) {
  Json object = {{"of", row.metric->key},
                 {"limit", number_json(limit.value)},
                 {"source", limit.source},
                 {"value", number_json(row.change.now)},
                 {"exceeded", limit.keeps == Keeps::no},
                 {"checked", limit.keeps != Keeps::unchecked}};
  if (!row.target.empty()) object.update({{"target", row.target}, {"value_source", name(row.source)}});
  return object;
}

Json model_json(const ModelCheck& model) {
  Json object = {{"file", model.file}, {"verdict", name(model.verdict)}, {"now", sizes_json(model.now)}};
  object["recorded"] = model.before ? sizes_json(*model.before) : Json();
  object["causes"] = model.causes;
  object["limits"] = Json::array();
  for (const MetricChange& row : model.metrics) {
    for (const Limit& limit : row.limits) object["limits"].push_back(limit_json(row, limit));
  }
  object["messages"] = Json::array();
  for (const Message& message : messages(model)) object["messages"].push_back(message.text);
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
  return json_text(object);
}

}  // namespace emlc::cli
