#include "codegen/model/combine/errors.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "codegen/model/predict/predict.hpp"

namespace emlc::model {
namespace {

constexpr double of_sum = 0x1p-22;       ///< of the terms of a sum in float32
constexpr double of_function = 0x1p-21;  ///< of a function of libm, and of what is computed around it
constexpr double of_tie = 1e-6;          ///< of the largest output: closer ones count as equal, see `compare`

std::vector<std::int32_t> close_classes(const Output& output, const Values& outputs, std::int32_t decided) {
  double largest = 0.0;
  for (const double value : outputs.values) largest = std::max(largest, std::abs(value));
  const double tie = of_tie * largest;
  std::vector<std::int32_t> classes;
  if (output.rule == DecisionRule::greater || output.rule == DecisionRule::greater_equal) {
    const double margin = std::abs(outputs.values.front() - output.threshold);
    if (!(margin > outputs.errors.front() + tie)) classes.push_back(1 - decided);
    return classes;
  }
  const auto best = static_cast<std::size_t>(decided);
  for (std::size_t i = 0; output.rule == DecisionRule::argmax && i < outputs.values.size(); ++i) {
    const double margin = outputs.values[best] - outputs.values[i];
    if (i != best && !(margin > outputs.errors[best] + outputs.errors[i] + tie)) {
      classes.push_back(static_cast<std::int32_t>(i));
    }
  }
  return classes;
}

/// The most that a calibrated value is off: at both ends of what its argument may be, and at points between them.
double calibrated_error(const Calibration& calibration, double value, double error) {
  if (std::isinf(error)) return infinity;  // NaN may come too, which stays
  const double middle = calibrate(calibration, value);
  double size = std::abs(value);
  for (const double x : calibration.x) size = std::max(size, std::abs(x));
  const double reach = error + of_sum * size;
  std::vector<double> places = {value - reach, value + reach};
  for (const double x : calibration.x) {
    if (x > places[0] && x < places[1]) places.push_back(x);
  }
  double most = 0.0;
  for (const double place : places) most = std::max(most, std::abs(calibrate(calibration, place) - middle));
  return most + of_function * (1.0 + std::abs(middle));
}

/// Zeros, and errors of zero.
Values nothing(std::int32_t width) {
  const std::vector<double> zeros(static_cast<std::size_t>(width), 0.0);
  return {zeros, zeros};
}

void add_mean(Values& row, const Combination& combination, const std::vector<MemberValues>& members) {
  for (std::size_t index = 0; index < members.size(); ++index) {
    const double share = combination.members[index].weight / combination.divisor;
    for (std::size_t i = 0; i < row.errors.size(); ++i) {
      const double size = std::abs(members[index].values.values[i]);
      row.errors[i] += share * (members[index].values.errors[i] + of_sum * size);
    }
  }
}

void add_votes(Values& row, const Combination& combination, const std::vector<MemberValues>& members) {
  for (std::size_t index = 0; index < members.size(); ++index) {
    const MemberValues& member = members[index];
    const double share = combination.members[index].weight / combination.divisor;
    if (!member.may_decide.empty()) row.errors[static_cast<std::size_t>(member.decided)] += share;
    for (const std::int32_t other : member.may_decide) row.errors[static_cast<std::size_t>(other)] += share;
  }
  for (std::size_t i = 0; i < row.errors.size(); ++i) row.errors[i] += of_sum * std::abs(row.values[i]);
}

/// A third is the steepest that confidences are.
void add_pairs(Values& row, const std::vector<MemberValues>& members) {
  std::size_t pair = 0;
  for (std::size_t first = 0; first < row.errors.size(); ++first) {
    for (std::size_t second = first + 1; second < row.errors.size(); ++second, ++pair) {
      const MemberValues& member = members[pair];
      const double vote = member.may_decide.empty() ? 0.0 : 1.0;
      const double size = std::abs(member.values.values.front());
      const double error = vote + (member.values.errors.front() + of_sum * size) / 3.0;
      row.errors[first] += error;
      row.errors[second] += error;
    }
  }
  for (std::size_t i = 0; i < row.errors.size(); ++i) row.errors[i] += of_sum * (1.0 + std::abs(row.values[i]));
}

/// What comes out of members side by side is stored in float32.
void add_side_by_side(Values& row, const std::vector<MemberValues>& members) {
  std::size_t at = 0;
  for (const MemberValues& member : members) {
    for (const double error : member.values.errors) row.errors[at++] += error;
  }
}

}  // namespace

MemberValues member_values(const Member& member, const Values& outputs) {
  MemberAnswer answer = answer_of(member, outputs.values);
  MemberValues result{.values = {}, .decided = answer.decided, .may_decide = {}};
  result.may_decide = close_classes(member.model.output, outputs, answer.decided);
  if (member.result == MemberResult::decision) {
    double most = 0.0;
    for (const std::int32_t other : result.may_decide) {
      most = std::max(most, std::abs(static_cast<double>(other - answer.decided)));
    }
    result.values = {std::move(answer.values), {most}};
    return result;
  }
  for (std::size_t i = 0; i < member.columns.size(); ++i) {
    const auto column = static_cast<std::size_t>(member.columns[i]);
    const double error = outputs.errors[column];
    result.values.errors.push_back(member.calibration.empty()
                                       ? error + of_sum * std::abs(outputs.values[column])
                                       : calibrated_error(member.calibration[i], outputs.values[column], error));
  }
  result.values.values = std::move(answer.values);
  return result;
}

Values rule_values(const Combination& combination, const std::vector<MemberValues>& members) {
  std::vector<MemberAnswer> answers;
  answers.reserve(members.size());
  for (const MemberValues& member : members) answers.push_back({member.values.values, member.decided});
  Values row = nothing(row_width(combination));
  row.values = rule_row(combination, answers);
  switch (combination.rule) {
    case CombineRule::mean:
      add_mean(row, combination, members);
      return row;
    case CombineRule::votes:
      add_votes(row, combination, members);
      return row;
    case CombineRule::one_vs_one:
      add_pairs(row, members);
      return row;
    case CombineRule::concatenate:
      add_side_by_side(row, members);
      return row;
  }
  return row;
}

}  // namespace emlc::model
