#include "codegen/model/combine/members.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "codegen/model/predict/predict.hpp"

namespace emlc::model {
namespace {

Input float_row(std::int32_t n_features) { return {.n_features = n_features, .type = NumberType::float32}; }

/// scikit-learn's _ovr_decision_function: votes that confidences within a third of one tell apart.
std::vector<double> pairs_row(const std::vector<MemberAnswer>& answers) {
  const auto n = static_cast<std::size_t>(n_classes_of_pairs(answers.size()));
  std::vector<double> votes(n, 0.0), sums(n, 0.0);
  std::size_t pair = 0;
  for (std::size_t first = 0; first < n; ++first) {
    for (std::size_t second = first + 1; second < n; ++second, ++pair) {
      votes[answers[pair].decided == 1 ? second : first] += 1.0;
      sums[first] -= answers[pair].values.front();
      sums[second] += answers[pair].values.front();
    }
  }
  for (std::size_t i = 0; i < n; ++i) votes[i] += sums[i] / (3.0 * (std::abs(sums[i]) + 1.0));
  return votes;
}

std::vector<double> mean_row(const Combination& combination, const std::vector<MemberAnswer>& answers) {
  std::vector<double> row(answers.front().values.size(), 0.0);
  for (std::size_t index = 0; index < answers.size(); ++index) {
    for (std::size_t i = 0; i < row.size(); ++i) row[i] += combination.members[index].weight * answers[index].values[i];
  }
  for (double& value : row) value /= combination.divisor;
  return row;
}

std::vector<double> votes_row(const Combination& combination, const std::vector<MemberAnswer>& answers) {
  std::vector<double> row(static_cast<std::size_t>(row_width(combination)), 0.0);
  for (std::size_t index = 0; index < answers.size(); ++index) {
    row[static_cast<std::size_t>(answers[index].decided)] += combination.members[index].weight;
  }
  for (double& value : row) value /= combination.divisor;
  return row;
}

}  // namespace

std::int32_t n_values(const Member& member) {
  return member.result == MemberResult::decision ? 1 : static_cast<std::int32_t>(member.columns.size());
}

std::int32_t n_classes(const Output& output) {
  if (output.rule == DecisionRule::none) return 0;
  return output.rule == DecisionRule::argmax ? output.n_outputs : 2;
}

std::int32_t n_classes_of_pairs(std::size_t n_members) {
  std::size_t n = 2;
  while (n * (n - 1) / 2 < n_members) ++n;
  return n * (n - 1) / 2 == n_members ? static_cast<std::int32_t>(n) : 0;
}

std::int32_t row_width(const Combination& combination) {
  switch (combination.rule) {
    case CombineRule::mean:
      return n_values(combination.members.front());
    case CombineRule::votes:
      return n_classes(combination.members.front().model.output);
    case CombineRule::one_vs_one:
      return n_classes_of_pairs(combination.members.size());
    case CombineRule::concatenate:
      break;
  }
  std::int32_t width = 0;
  for (const Member& member : combination.members) width += n_values(member);
  return width;
}

Input member_input(const Model& model, const Combination& combination, std::size_t index) {
  if (combination.is_chained) {
    std::int32_t width = n_columns(model);
    for (std::size_t before = 0; before < index; ++before) width += n_values(combination.members[before]);
    return float_row(width);
  }
  Input input = predictor_input(model);
  input.feature_names.clear();
  input.grid.clear();
  return input;
}

Input final_input(const Model& model, const Combination& combination) {
  return float_row(row_width(combination) + (combination.passes_columns ? n_columns(model) : 0));
}

MemberAnswer answer_of(const Member& member, std::span<const double> outputs) {
  const std::vector<std::int32_t> classes = decide(member.model.output, outputs);
  MemberAnswer answer{.values = {}, .decided = classes.empty() ? 0 : classes.front()};
  if (member.result == MemberResult::decision) {
    answer.values = {static_cast<double>(answer.decided)};
    return answer;
  }
  for (std::size_t i = 0; i < member.columns.size(); ++i) {
    const double value = outputs[static_cast<std::size_t>(member.columns[i])];
    answer.values.push_back(member.calibration.empty() ? value : calibrate(member.calibration[i], value));
  }
  return answer;
}

std::vector<double> rule_row(const Combination& combination, const std::vector<MemberAnswer>& answers) {
  switch (combination.rule) {
    case CombineRule::mean:
      return mean_row(combination, answers);
    case CombineRule::votes:
      return votes_row(combination, answers);
    case CombineRule::one_vs_one:
      return pairs_row(answers);
    case CombineRule::concatenate:
      break;
  }
  std::vector<double> row;
  for (const MemberAnswer& answer : answers) row.insert(row.end(), answer.values.begin(), answer.values.end());
  return row;
}

std::vector<double> combine(const Combination& combination, std::span<const double> columns) {
  std::vector<double> taken(columns.begin(), columns.end());
  std::vector<MemberAnswer> answers;
  for (const Member& member : combination.members) {
    answers.push_back(answer_of(member, predict(member.model, taken)));
    const std::vector<double>& values = answers.back().values;
    if (combination.is_chained) taken.insert(taken.end(), values.begin(), values.end());
  }
  std::vector<double> row = rule_row(combination, answers);
  if (combination.last.empty()) return row;
  apply_post_transform(combination.post_transform, row);
  if (combination.passes_columns) row.insert(row.end(), columns.begin(), columns.end());
  return predict(combination.last.front(), row);
}

void give_inputs(Model& model) {
  auto* combination = std::get_if<Combination>(&model.predictor);
  if (combination == nullptr) return;
  for (std::size_t index = 0; index < combination->members.size(); ++index) {
    Model& member = combination->members[index].model;
    member.input = member_input(model, *combination, index);
    give_inputs(member);
  }
  for (Model& last : combination->last) {
    last.input = final_input(model, *combination);
    last.output = model.output;
    give_inputs(last);
  }
}

}  // namespace emlc::model
