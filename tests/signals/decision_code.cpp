#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/signal/decision.hpp"
#include "codegen/signal/decision/decision.hpp"

using namespace emlc;

// For decisions_test.py: the C of a decision filter, and what the interpreter decides.
//
//   decision_code SMOOTHING N_VOTES HOLD_SECONDS N_CLASSES HOP RATE LANGUAGE   the C, then `/* ram: BYTES */`
//   decision_code decide SMOOTHING N_VOTES HOLD_SECONDS N_CLASSES HOP RATE     votes on stdin, decisions on stdout
//   decision_code vote REJECT_BELOW RULE THRESHOLD N_OUTPUTS                 rows of outputs on stdin, votes on stdout
namespace {

signal::Smoothing smoothing_of(std::string_view name) {
  if (name == "majority") return signal::Smoothing::majority;
  return name == "exponential" ? signal::Smoothing::exponential : signal::Smoothing::none;
}

c::Names names_in(std::string_view language) {
  c::Names names{};
  names.symbol = language == "cpp" ? "" : "t_";
  names.function = language == "cpp" ? "inline" : "static inline";
  return names;
}

struct Case {
  signal::DecisionFilter filter;
  std::int32_t n_classes = 0, hold = 0;
};

Case case_of(const std::vector<std::string>& words) {
  Case made{.filter = {.smoothing = smoothing_of(words.at(0)),
                       .n_votes = std::stoi(words.at(1)),
                       .hold_seconds = std::stod(words.at(2))},
            .n_classes = std::stoi(words.at(3))};
  signal::Plan plan;
  plan.window.hop = std::stoi(words.at(4));
  plan.input.sample_rate = std::stod(words.at(5));
  made.hold = signal::hold_windows(made.filter, plan);
  return made;
}

void print_code(const std::vector<std::string>& words) {
  const Case given = case_of(words);
  const c::DecisionCode code = c::decision_code(given.filter, given.hold, given.n_classes, names_in(words.at(6)));
  fmt::print("{}{}/* ram: {} */\n", code.type, code.functions, code.ram);
}

void print_decisions(const std::vector<std::string>& words) {
  const Case given = case_of(words);
  signal::DecisionState state = signal::begin_decisions(given.n_classes, given.hold);
  for (std::int32_t vote = 0; std::cin >> vote;) {
    fmt::print("{}\n", signal::decide(given.filter, given.hold, state, vote));
  }
}

void print_votes(const std::vector<std::string>& words) {
  const auto n = static_cast<std::size_t>(std::stoi(words.at(3)));
  const model::Output output{
      .task = model::Task::classification,
      .n_outputs = static_cast<std::int32_t>(n),
      .targets = {{.size = static_cast<std::int32_t>(n)}},
      .rule = words.at(1) == "argmax" ? model::DecisionRule::argmax : model::DecisionRule::greater,
      .threshold = std::stod(words.at(2))};
  const signal::DecisionFilter filter{.reject_below = std::stod(words.at(0))};
  std::vector<double> row;
  for (std::string cell; std::cin >> cell;) {
    row.push_back(std::strtod(cell.c_str(), nullptr));
    if (row.size() < n) continue;
    fmt::print("{}\n", signal::vote_of(filter, output, row));
    row.clear();
  }
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  if (words.front() == "decide") {
    print_decisions(rest);
  } else if (words.front() == "vote") {
    print_votes(rest);
  } else {
    print_code(words);
  }
  return 0;
}
