#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "codegen/signal/operation.hpp"
#include "formats/emlc_signal/build.hpp"

namespace emlc::formats::emlc_signal {
namespace {

using signal::Arity;
using signal::OperationInfo;
using signal::Signal;

/// The keys that an operation has beside its own, and whether it needs them.
struct KeyOf {
  signal::Keys keys;
  std::string_view key;
  bool is_needed;
};
constexpr std::array keys_of_operations = {
    KeyOf{signal::Keys::length, "length", true},   KeyOf{signal::Keys::by, "by", true},
    KeyOf{signal::Keys::scale, "gain", false},     KeyOf{signal::Keys::scale, "offset", false},
    KeyOf{signal::Keys::clip, "min", false},       KeyOf{signal::Keys::clip, "max", false},
    KeyOf{signal::Keys::sos, "sections", true},    KeyOf{signal::Keys::sos, "arithmetic", false},
    KeyOf{signal::Keys::weighting, "curve", true}, KeyOf{signal::Keys::weighting, "arithmetic", false},
    KeyOf{signal::Keys::seconds, "seconds", true},
};

bool has_key(signal::Keys keys, std::string_view key) {
  return std::any_of(keys_of_operations.begin(), keys_of_operations.end(),
                     [&](const KeyOf& one) { return one.keys == keys && one.key == key; });
}

void check_keys(const json::Source& source, const SignalPart& part, const OperationInfo& row, const std::string& path) {
  for (const KeyOf& key : keys_of_operations) {
    const bool is_own = key.keys == row.keys, is_there = has(part.keys, key.key);
    if (is_there && !has_key(row.keys, key.key)) {
      source.fail(fmt::format("{}.{}", path, key.key), fmt::format("'{}' does not have this key", row.name));
    }
    if (!is_there && is_own && key.is_needed) {
      source.fail(path, fmt::format("'{}' needs the key '{}'", row.name, key.key));
    }
  }
}

/// The only operation of a signal.
const OperationInfo& operation_of(const json::Source& source, const SignalPart& part, const std::string& path) {
  const OperationInfo* found = nullptr;
  std::vector<std::string_view> names;
  for (const OperationInfo& row : signal::all_operations()) {
    if (row.name.empty()) continue;
    names.push_back(row.name);
    if (!has(part.keys, row.name)) continue;
    if (found != nullptr) {
      source.fail(path, fmt::format("has the operations '{}' and '{}', expected one", found->name, row.name));
    }
    found = &row;
  }
  if (found == nullptr) source.fail(path, fmt::format("has no operation, expected one of {}", fmt::join(names, ", ")));
  check_keys(source, part, *found, path);
  return *found;
}

model::SosCascade cascade_of(const json::Source& source, const SignalPart& part, const std::string& path) {
  model::SosCascade cascade;
  const std::string key = path + ".sections";
  if (part.sections.empty()) source.fail(key, "there is no section");
  for (std::size_t index = 0; index < part.sections.size(); ++index) {
    const std::vector<double>& row = part.sections[index];
    const std::string place = fmt::format("{}[{}]", key, index);
    if (row.size() != 6) source.fail(place, fmt::format("has {} numbers, expected 6: b0 b1 b2 a0 a1 a2", row.size()));
    if (row[3] == 0.0) source.fail(place + "[3]", "a0 is 0, expected another number");
    const auto is_beyond = [&](double value) { return !std::isfinite(static_cast<float>(value / row[3])); };
    if (std::any_of(row.begin(), row.end(), is_beyond))
      source.fail(place, "is beyond float32 once it is divided by a0");
    cascade.sections.push_back({row[0], row[1], row[2], row[3], row[4], row[5]});
  }
  return cascade;
}

/// Numbers that signals compute with in float32.
void check_float(const json::Source& source, const SignalPart& part, const std::string& path) {
  const std::array numbers = {std::pair{"gain", part.gain}, std::pair{"offset", part.offset},
                              std::pair{"min", part.minimum}, std::pair{"max", part.maximum}};
  for (const auto& number : numbers) {
    if (std::isfinite(static_cast<float>(number.second))) continue;
    source.fail(fmt::format("{}.{}", path, number.first), fmt::format("{} is beyond float32", number.second));
  }
}

void check_clip(const json::Source& source, const SignalPart& part, const std::string& path) {
  const bool has_minimum = has(part.keys, "min"), has_maximum = has(part.keys, "max");
  if (!has_minimum && !has_maximum) source.fail(path, "'clip' needs the key 'min' or 'max'");
  if (has_minimum && has_maximum && part.minimum > part.maximum) {
    source.fail(path + ".min", fmt::format("is {}, above the max of {}", part.minimum, part.maximum));
  }
}

/// Z weighs nothing: the samples as they are, exactly, in either arithmetic.
void unweighted(Signal& made) {
  made.operation = signal::Operation::scale;
  made.arithmetic = model::Arithmetic::float32;
}

Signal signal_of(const json::Source& source, const SignalPart& part, const OperationInfo& row,
                 const std::string& path) {
  Signal made{.name = part.name, .operation = row.operation, .length = part.length, .path = path};
  check_float(source, part, path);
  made.gain = part.gain;
  made.offset = part.offset;
  made.arithmetic = part.arithmetic;
  if (row.operation == signal::Operation::clip) check_clip(source, part, path);
  if (row.operation == signal::Operation::sos) made.filter = cascade_of(source, part, path);
  made.level = {.curve = part.curve, .seconds = part.seconds};
  if (row.operation == signal::Operation::weighting && part.curve == signal::Curve::z) unweighted(made);
  if (has(part.keys, "min")) made.minimum = part.minimum;
  if (has(part.keys, "max")) made.maximum = part.maximum;
  return made;
}

void append(const json::Source& source, signal::Plan& plan, Signal made) {
  if (plan.signals.size() >= static_cast<std::size_t>(signal::most_signals)) {
    source.fail(made.path, fmt::format("is one signal more than the {} that emlc takes", signal::most_signals));
  }
  plan.signals.push_back(std::move(made));
}

/// The operands of dot: left ones, then right ones.
std::vector<std::int32_t> pairs_of(const Scope& scope, const signal::Plan& plan, const Names& names,
                                   const std::string& path) {
  std::array<std::vector<std::int32_t>, 2> sides;
  if (names.is_single || names.items.size() != 2) {
    scope.source().fail(path, "expected two lists of signals, as [[\"x\", \"y\"], [\"u\", \"v\"]]");
  }
  for (std::size_t side = 0; side < 2; ++side) {
    const Names one{.is_single = names.is_list[side] == 0 && names.items[side].size() == 1,
                    .items =
                        [&] {
                          std::vector<std::vector<std::string>> items;
                          for (const std::string& name : names.items[side]) items.push_back({name});
                          return items;
                        }(),
                    .is_list = std::vector<char>(names.items[side].size(), 0)};
    sides[side] = members_of(scope, plan, one, fmt::format("{}[{}]", path, side)).members;
  }
  if (sides[0].size() != sides[1].size()) {
    scope.source().fail(path, fmt::format("has {} signals on the left and {} on the right, expected as many",
                                          sides[0].size(), sides[1].size()));
  }
  sides[0].insert(sides[0].end(), sides[1].begin(), sides[1].end());
  return sides[0];
}

void add_each(Scope& scope, signal::Plan& plan, const Signal& made, const Group& operands) {
  Group group{.is_single = operands.is_single, .suffixes = operands.suffixes};
  for (std::size_t member = 0; member < operands.members.size(); ++member) {
    Signal one = made;
    if (!operands.is_single) one.name = fmt::format("{}_{}", made.name, operands.suffixes[member]);
    one.from = {operands.members[member]};
    const auto index = static_cast<std::int32_t>(plan.signals.size());
    group.members.push_back(index);
    if (!group.is_single) scope.add(one.name, {.members = {index}, .suffixes = {one.name}}, made.path);
    append(scope.source(), plan, std::move(one));
  }
  if (group.is_single) group.suffixes = {made.name};
  scope.add(made.name, std::move(group), made.path);
}

}  // namespace

void build_signal(Scope& scope, signal::Plan& plan, const SignalPart& part) {
  const json::Source& source = scope.source();
  const std::string path = "signals." + printable(part.name);
  const OperationInfo& row = operation_of(source, part, path);
  Signal made = signal_of(source, part, row, path);
  const std::string operands_path = fmt::format("{}.{}", path, row.name);
  if (row.arity == Arity::each) {
    return add_each(scope, plan, made, members_of(scope, plan, part.operands, operands_path));
  }
  made.from = row.arity == Arity::pair ? pairs_of(scope, plan, part.operands, operands_path)
                                       : members_of(scope, plan, part.operands, operands_path).members;
  const auto index = static_cast<std::int32_t>(plan.signals.size());
  scope.add(made.name, {.members = {index}, .suffixes = {made.name}}, path);
  append(source, plan, std::move(made));
}

}  // namespace emlc::formats::emlc_signal
