#include "codegen/model/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace emlc::model {

std::string_view name(Task task) {
  switch (task) {
    case Task::classification:
      return "classification";
    case Task::regression:
      return "regression";
    case Task::anomaly:
      return "anomaly";
    case Task::transform:
      return "transform";
    case Task::filter:
      return "filter";
  }
  throw std::logic_error("task without a name");
}

std::string_view name(DecisionRule rule) {
  switch (rule) {
    case DecisionRule::argmax:
      return "argmax";
    case DecisionRule::greater:
      return "greater";
    case DecisionRule::greater_equal:
      return "greater_equal";
    case DecisionRule::none:
      return "none";
  }
  throw std::logic_error("decision rule without a name");
}

std::vector<std::string> class_names(const Model& model, std::size_t target) {
  const Target& group = model.output.targets.at(target);
  if (!group.class_names.empty()) return group.class_names;
  const bool is_threshold =
      model.output.rule == DecisionRule::greater || model.output.rule == DecisionRule::greater_equal;
  std::vector<std::string> names(is_threshold ? 2U : static_cast<std::size_t>(group.size));
  for (std::size_t index = 0; index < names.size(); ++index) names[index] = fmt::to_string(index);
  return names;
}

const IntegerNetwork* integers_of(const Model& model) {
  const auto* network = std::get_if<DenseNetwork>(&model.predictor);
  return network != nullptr && network->integers ? &*network->integers : nullptr;
}

bool is_identifier(std::string_view text) {
  // Keywords of C99 to C23 and C++11 to C++20 that an identifier could otherwise be, and names that headers take.
  constexpr std::string_view keywords =
      " alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t "
      "char8_t class co_await co_return co_yield compl concept const const_cast consteval constexpr "
      "constinit continue decltype default delete do double dynamic_cast else enum explicit export extern "
      "false float for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr "
      "operator or or_eq private protected public register reinterpret_cast requires restrict return short "
      "signed sizeof static static_assert static_cast struct switch template this thread_local throw true "
      "try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq "
      "main std typeof linux ";
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.empty() || !is_letter(text.front())) return false;
  if (!std::all_of(text.begin(), text.end(), [&](char c) { return is_letter(c) || is_digit(c); })) return false;
  return keywords.find(fmt::format(" {} ", text)) == std::string_view::npos;
}

}  // namespace emlc::model
