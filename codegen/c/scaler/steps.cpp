#include "codegen/c/scaler/steps.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "codegen/c/scaler/step_code.hpp"

namespace emlc::c {
namespace {

/// Where each step writes to: steps that can change columns in place stay where they are, the others take the arrays
/// `even` and `odd` by turns, the last of them `out`.
std::vector<std::string> targets_of(const std::vector<model::Step>& steps) {
  std::vector<std::size_t> moves;
  for (std::size_t index = 0; index < steps.size(); ++index) {
    if (index == 0 || !is_in_place(steps[index])) moves.push_back(index);
  }
  std::vector<std::string> targets(steps.size());
  for (std::size_t move = 0; move < moves.size(); ++move) {
    const bool is_last = move + 1 == moves.size();
    const std::size_t end = is_last ? steps.size() : moves[move + 1];
    const std::string target = is_last ? "out" : (move % 2 == 0 ? "even" : "odd");
    for (std::size_t index = moves[move]; index < end; ++index) targets[index] = target;
  }
  return targets;
}

/// What passes beside the run of a step that writes to another array.
void print_copies(Printer& out, const model::Step& step, const Row& from, const Row& to) {
  const model::Run run = model::run_of(step, from.width);
  const auto first = static_cast<std::size_t>(step.first);
  if (first != 0) out.line("for (size_t i = 0; i < {}; ++i) {}[i] = (float){}[i];", first, to.array, from.array);
  const std::size_t n_behind = from.width - first - run.n_in;
  if (n_behind == 0) return;
  out.line("for (size_t i = 0; i < {}; ++i) {}[{} + i] = (float){}[{} + i];", n_behind, to.array, first + run.n_out,
           from.array, first + run.n_in);
}

}  // namespace

void print_steps(Core& core, Printer& tables, Printer& out, std::size_t& table_bytes, const model::Model& model,
                 const Names& names) {
  const std::vector<std::string> targets = targets_of(model.steps);
  std::vector<Row> rows = {{"x", static_cast<std::size_t>(model.input.n_features), model.input.type}};
  for (std::size_t index = 0; index < model.steps.size(); ++index) {
    rows.push_back({targets[index], model::width_behind(std::span(model.steps).subspan(index, 1), rows.back().width)});
  }
  for (const std::string_view buffer : {"even", "odd"}) {
    std::size_t size = 0;
    for (std::size_t i = 1; i < rows.size(); ++i) size = rows[i].array == buffer ? std::max(size, rows[i].width) : size;
    if (size == 0) continue;
    out.line("float {}[{}];", buffer, size);
    core.ram += sizeof(float) * size;
  }
  for (std::size_t index = 0; index < model.steps.size(); ++index) {
    const model::Step& step = model.steps[index];
    const Row &from = rows[index], &to = rows[index + 1];
    out.line("/* {} */", name(step));
    const std::size_t begin = out.text().size();
    if (from.array != to.array) print_copies(out, step, from, to);
    print_step({core, tables, out, table_bytes, names, fmt::format("step{}_", index), from, to,
                static_cast<std::size_t>(step.first)},
               step);
    // Of categories that the type has not, and what has no other column, nothing is read.
    const bool is_read = out.text().find(from.array + "[", begin) != std::string::npos;
    if (from.array != to.array && !is_read) out.line("(void){};", from.array);
  }
}

}  // namespace emlc::c
