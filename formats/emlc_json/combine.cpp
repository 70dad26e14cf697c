#include <fmt/format.h>

#include <numeric>
#include <string_view>
#include <utility>

#include "codegen/model/combine/members.hpp"
#include "formats/emlc_json/build.hpp"
#include "formats/reading.hpp"

namespace emlc::formats::emlc_json {

Combine::Combine() = default;
Combine::Combine(const Combine& other) = default;
Combine::Combine(Combine&& other) noexcept = default;
Combine& Combine::operator=(const Combine& other) = default;
Combine& Combine::operator=(Combine&& other) noexcept = default;
Combine::~Combine() = default;

namespace {

using json::Fields;
using json::Presence;

Fields member_output_fields(Output& into) {
  return {.fields = {{"n_outputs", Presence::required, json::integer(into.value.n_outputs, 1, most_outputs)},
                     {"decision", Presence::optional, json::object(into, decision_fields)}},
          .found = &into.keys};
}

Fields calibration_fields(Calibration& into) {
  using enum model::CalibrationMethod;
  return {.fields = {{"method", Presence::required, json::choice(into.value.method, json::named({sigmoid, isotonic}))},
                     {"slope", Presence::optional, json::number(into.value.slope)},
                     {"offset", Presence::optional, json::number(into.value.offset)},
                     {"x", Presence::optional, json::numbers(into.value.x)},
                     {"y", Presence::optional, json::numbers(into.value.y)}},
          .found = &into.keys};
}

Fields member_fields(MemberPart& into) {
  using enum model::MemberResult;
  return {.fields = {{"model", Presence::required, json::object(into.model, model_fields)},
                     {"output", Presence::required, json::object(into.output, member_output_fields)},
                     {"columns", Presence::optional, json::integers(into.columns, 0)},
                     {"calibration", Presence::optional, json::objects(into.calibration, calibration_fields)},
                     {"weight", Presence::optional, json::number(into.weight)},
                     {"result", Presence::optional,
                      json::choice<model::MemberResult>(into.result, {{"outputs", outputs}, {"decision", decision}})}},
          .found = &into.keys};
}

/// The keys that the method has, and no other.
void check_keys(const Source& source, const Calibration& calibration, const std::string& path) {
  const bool is_sigmoid = calibration.value.method == model::CalibrationMethod::sigmoid;
  for (const std::string_view key : {"slope", "offset", "x", "y"}) {
    const bool is_its_own = is_sigmoid == (key == "slope" || key == "offset");
    if (is_its_own && !has(calibration.keys, key)) {
      source.fail(path, fmt::format("'{}' needs the key '{}'", name(calibration.value.method), key));
    }
    if (!is_its_own && has(calibration.keys, key)) {
      source.fail(fmt::format("{}.{}", path, key), fmt::format("'{}' has none", name(calibration.value.method)));
    }
  }
}

model::Output build_member_output(const Source& source, Output& document, const std::string& path) {
  const bool decides = document.value.rule != model::DecisionRule::none;
  document.value.task = decides ? model::Task::classification : model::Task::regression;
  return build_output(source, document, path);
}

/// All but its model.
model::Member build_member(const Source& source, MemberPart& document, const std::string& path) {
  model::Member member{.model = {.name = {},
                                 .input = {},
                                 .output = build_member_output(source, document.output, path + ".output"),
                                 .steps = {},
                                 .scalers = {}},
                       .columns = std::move(document.columns),
                       .calibration = {},
                       .weight = document.weight,
                       .result = document.result};
  if (!has(document.keys, "columns") && member.result == model::MemberResult::outputs) {
    member.columns.resize(static_cast<std::size_t>(member.model.output.n_outputs));
    std::iota(member.columns.begin(), member.columns.end(), 0);
  }
  if (has(document.keys, "calibration") && document.calibration.empty()) {
    source.fail(path + ".calibration", "it is empty, expected one for each value of the member");
  }
  for (std::size_t index = 0; index < document.calibration.size(); ++index) {
    check_keys(source, document.calibration[index], fmt::format("{}.calibration[{}]", path, index));
    member.calibration.push_back(std::move(document.calibration[index].value));
  }
  return member;
}

/// The row of a small file must not be a large one.
void check_width(const Source& source, const model::Combination& combination, std::int64_t n_outputs,
                 const std::string& path) {
  const auto& member = combination.members.back();
  const std::int64_t most = most_features;
  if (n_outputs > most || n_values(member) > most) {
    source.fail(path, fmt::format("the members have more than {} outputs together", most));
  }
}

void build_last(const Source& source, const Part& part, const model::Model& model, model::Combination& combination) {
  for (ModelPart& document : part.part->combine.last) {
    model::Model last;
    last.input = final_input(model, combination);
    last.output = model.output;
    build_model(source, {&document, part.path + ".final", part.n_around + 1}, last);
    combination.last.push_back(std::move(last));
  }
}

}  // namespace

std::vector<json::Field> combine_fields(Combine& into) {
  constexpr auto by_kind = Presence::optional;
  using enum model::CombineRule;
  const json::Shape last = {.take = json::refuse_scalar("an object"),
                            .object = [&into] { return model_fields(into.last.emplace_back()); }};
  return {{"rule", by_kind, json::choice(into.rule, json::named({mean, votes, one_vs_one, concatenate}))},
          {"members", by_kind, json::objects(into.members, member_fields)},
          {"chained", by_kind, json::boolean(into.is_chained)},
          {"final", by_kind, last},
          {"passthrough", by_kind, json::boolean(into.passes_columns)}};
}

model::Combination build_combination(const Source& source, const Part& part, const model::Model& model) {
  Combine& document = part.part->combine;
  if (part.n_around >= model::most_nested) {
    source.fail(part.path, fmt::format("combinations are nested more than {} deep", model::most_nested));
  }
  if (document.members.empty()) source.fail(part.path + ".members", "there is no member");
  model::Combination combination;
  combination.rule = document.rule;
  combination.is_chained = document.is_chained;
  combination.post_transform = build_post_transform(source, part);
  combination.passes_columns = document.passes_columns;
  const bool is_weighted = document.rule == model::CombineRule::mean || document.rule == model::CombineRule::votes;
  double sum = 0.0;
  std::int64_t n_outputs = 0;
  for (std::size_t index = 0; index < document.members.size(); ++index) {
    const std::string path = fmt::format("{}.members[{}]", part.path, index);
    MemberPart of_member = std::move(document.members[index]);
    combination.members.push_back(build_member(source, of_member, path));
    model::Model& member = combination.members.back().model;
    n_outputs += member.output.n_outputs;
    check_width(source, combination, n_outputs, path);
    member.input = member_input(model, combination, index);
    build_model(source, {&of_member.model, path + ".model", part.n_around + 1}, member);
    sum += of_member.weight;
  }
  if (is_weighted) combination.divisor = sum;
  if (!document.last.empty()) build_last(source, part, model, combination);
  return combination;
}

}  // namespace emlc::formats::emlc_json
