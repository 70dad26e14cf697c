#include "cli/gate/result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cli/gate/targets.hpp"

namespace emlc::cli {
namespace {

struct Words {
  std::string_view name, phrase;
};
/// By Verdict.
constexpr std::array verdict_words = {Words{"unchanged", "unchanged"}, Words{"changed", "changed"},
                                      Words{"unrecorded", "not recorded"}, Words{"unchecked", "a limit is not checked"},
                                      Words{"exceeded", "over its limit"}};

std::optional<double> bytes_of(const std::vector<layout::Part>& parts, const std::string& name) {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const auto& part) { return part.name == name; });
  if (found == parts.end()) return std::nullopt;
  return static_cast<double>(found->bytes);
}

std::vector<Change> part_changes(const Sizes& now, const Sizes* before) {
  std::vector<Change> changes;
  for (const layout::Part& part : now.parts) {
    const auto recorded = before == nullptr ? std::nullopt : bytes_of(before->parts, part.name);
    changes.push_back({.name = part.name, .before = recorded, .now = static_cast<double>(part.bytes)});
  }
  if (before == nullptr) return changes;
  for (const layout::Part& part : before->parts) {
    if (bytes_of(now.parts, part.name)) continue;
    changes.push_back({.name = part.name, .before = static_cast<double>(part.bytes), .now = {}});
  }
  return changes;
}

std::vector<std::string> causes(const Sizes& now, const Sizes& before) {
  std::vector<std::string> texts;
  const auto quoted = [](const std::string& text) { return text.empty() ? "none" : fmt::format("'{}'", text); };
  if (now.model_sha256 != before.model_sha256) texts.emplace_back("the model changed");
  if (now.options != before.options) {
    texts.push_back(fmt::format("options were {}, are {}", quoted(before.options), quoted(now.options)));
  }
  if (now.version != before.version) {
    texts.push_back(fmt::format("emlc was {}, is {}", before.version, now.version));
  }
  for (std::string& text : target_causes(now.targets, before.targets)) texts.push_back(std::move(text));
  return texts;
}

/// Why a number that has to be measured is not there; empty for others.
std::string_view what_is_missing(std::string_view metric) {
  if (metric == "error") return "there are no inputs to measure it on, give --data";
  if (metric == "accuracy") return "there are no labels of a model that decides, give --labels";
  return "";
}

Verdict verdict(const ModelCheck& model) {
  Keeps keeps = Keeps::yes;
  for (const MetricChange& row : model.metrics) keeps = std::max(keeps, row.keeps());
  if (keeps == Keeps::no) return Verdict::exceeded;
  if (keeps == Keeps::unchecked) return Verdict::unchecked;
  if (!model.before) return Verdict::unrecorded;
  const auto differs = [](const auto& row) { return row.differs(); };
  const auto metric_differs = [](const MetricChange& row) { return row.change.differs(); };
  const bool is_changed = std::any_of(model.parts.begin(), model.parts.end(), differs) ||
                          std::any_of(model.metrics.begin(), model.metrics.end(), metric_differs);
  return is_changed ? Verdict::changed : Verdict::unchanged;
}

/// `splits +50, leaves -2`, the largest growth first.
std::string part_differences(const ModelCheck& model) {
  std::vector<Change> changed;
  std::copy_if(model.parts.begin(), model.parts.end(), std::back_inserter(changed),
               [](const Change& part) { return part.differs(); });
  const auto difference = [](const Change& part) { return part.now.value_or(0.0) - part.before.value_or(0.0); };
  std::stable_sort(changed.begin(), changed.end(),
                   [&](const Change& a, const Change& b) { return difference(a) > difference(b); });
  std::vector<std::string> texts;
  texts.reserve(changed.size());
  for (const Change& part : changed) texts.push_back(fmt::format("{} {}", part.name, difference_text(part)));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string movement(const MetricChange& row) {
  const std::string_view unit = row.metric->unit;
  const Change& change = row.change;
  if (!change.before || !change.differs()) return fmt::format("is {}{}", number_text(change.now), unit);
  const bool grew = change.now.value_or(0.0) > *change.before;
  const std::string percent = percent_text(change);
  return fmt::format("{} from {} to {}{}{}", grew ? "grew" : "shrank", number_text(change.before),
                     number_text(change.now), unit, percent.empty() ? "" : fmt::format(" ({})", percent));
}

std::string sentence(const ModelCheck& model, const MetricChange& row, const Limit* limit) {
  const std::string& subject = row.change.name;
  if (limit != nullptr && limit->keeps == Keeps::unchecked) {
    const std::string known = row.change.now ? fmt::format("{}{}{}", limit->why.empty() ? "at least " : "",
                                                           number_text(row.change.now), row.metric->unit)
                                             : "not known";
    return fmt::format("{} is {}, so {} ({}) is not checked: {}", subject, known, limit->source,
                       number_text(limit->value), limit->why.empty() ? row.remark : limit->why);
  }
  std::string text = fmt::format("{} {}", subject, movement(row));
  if (limit != nullptr) {
    const double distance = std::abs(*row.change.now - limit->value);
    const bool is_highest = row.metric->bound == Bound::highest;
    text += fmt::format(", {} {} than {} {} ({})", number_text(distance), is_highest ? "more" : "less", limit->source,
                        is_highest ? "allows" : "asks for", number_text(limit->value));
  }
  if (row.metric->key == "flash" && model.before && row.change.differs()) {
    const std::string parts = part_differences(model);
    if (!parts.empty()) text += ": " + parts;
  }
  if (row.change.before && row.change.differs() && !model.causes.empty()) {
    text += fmt::format("; {}", fmt::join(model.causes, "; "));
  }
  return text;
}

}  // namespace

Keeps MetricChange::keeps() const {
  Keeps worst = Keeps::yes;
  for (const Limit& limit : limits) worst = std::max(worst, limit.keeps);
  return worst;
}

std::string_view name(Verdict verdict) { return verdict_words[static_cast<std::size_t>(verdict)].name; }
std::string_view phrase(Verdict verdict) { return verdict_words[static_cast<std::size_t>(verdict)].phrase; }

ModelCheck check_model(const std::string& file, const Sizes& now, const Sizes* before, const Budget& budget,
                       const std::optional<Growth>& growth) {
  ModelCheck model{.file = file, .now = now};
  if (before != nullptr) model.before = *before;
  model.parts = part_changes(now, before);
  Budget of_model = budget;
  if (!now.targets.empty()) of_model.flash = of_model.ram = std::nullopt;  // what counts is what the targets have
  for (const ModelMetric& metric : all_metrics()) {
    Change change{.name = std::string(metric.title),
                  .before = before == nullptr ? std::nullopt : metric.value(*before),
                  .now = metric.value(now)};
    const bool is_known = change.before || change.now;
    MetricChange row = limited(metric, std::move(change), of_model, growth);
    // What nobody measured keeps no limit. Other numbers that are missing are of other kinds of models.
    const std::string_view missing = what_is_missing(metric.key);
    const bool is_open = !missing.empty() && row.keeps() == Keeps::unchecked;
    if (is_open) row.remark = missing;
    if (is_known || is_open) model.metrics.push_back(std::move(row));
  }
  for (const TargetSizes& sizes : now.targets) {
    const TargetSizes* recorded = before == nullptr ? nullptr : find_target(before->targets, sizes.target);
    for (MetricChange& row : target_rows(sizes, recorded, budget, growth)) model.metrics.push_back(std::move(row));
    for (std::string& note : target_notes(sizes, recorded)) model.notes.push_back(std::move(note));
  }
  if (before != nullptr) model.causes = causes(now, *before);
  model.verdict = verdict(model);
  if (model.causes.empty() && model.before && model.verdict != Verdict::unchanged) {
    model.causes.emplace_back("same model, options and version: another build of emlc, or another baseline");
  }
  return model;
}

bool is_exceeded(const ModelCheck& model) {
  return model.verdict == Verdict::exceeded || model.verdict == Verdict::unchecked;
}

bool is_exceeded(const CheckResult& result) {
  return std::any_of(result.models.begin(), result.models.end(),
                     [](const ModelCheck& model) { return is_exceeded(model); });
}

std::vector<Message> messages(const ModelCheck& model, const MetricChange& row) {
  std::vector<Message> result;
  for (const Limit& limit : row.limits) {
    if (limit.keeps != Keeps::yes) {
      result.push_back({limit.keeps, sentence(model, row, &limit), row.metric->bound});
    }
  }
  const bool is_changed = row.change.before && row.change.differs();
  if (result.empty() && is_changed) result.push_back({Keeps::yes, sentence(model, row, nullptr)});
  return result;
}

std::vector<Message> messages(const ModelCheck& model) {
  std::vector<Message> result;
  for (const MetricChange& row : model.metrics) {
    for (Message& message : messages(model, row)) result.push_back(std::move(message));
  }
  return result;
}

std::string_view beyond(Bound bound) { return bound == Bound::highest ? "over" : "below"; }

std::string sizes_text(const Sizes& sizes) {
  std::string text = fmt::format("{} bytes of flash, {} of RAM", sizes.flash, sizes.ram);
  for (const TargetSizes& target : sizes.targets) {
    if (target.source == SizeSource::none) continue;
    const auto known = [](std::optional<std::size_t> bytes) { return bytes ? fmt::to_string(*bytes) : "unknown"; };
    text += fmt::format("; {} and {} on {} ({})", known(target.flash), known(target.ram), target.target, label(target));
  }
  return text;
}

std::string number_text(double value) {
  constexpr double largest_whole = 9007199254740992.0;  // 2^53
  if (value == std::floor(value) && std::abs(value) < largest_whole) return fmt::format("{:.0f}", value);
  return fmt::format("{:.4g}", value);
}

std::string number_text(const std::optional<double>& value) { return value ? number_text(*value) : "-"; }

std::string difference_text(const Change& change) {
  if (!change.differs()) return {};
  const double difference = change.now.value_or(0.0) - change.before.value_or(0.0);
  return (difference > 0.0 ? "+" : "") + number_text(difference);
}

std::string percent_text(const Change& change) {
  if (!change.differs() || !change.before || !change.now || *change.before == 0.0) return {};
  return fmt::format("{:+.1f} %", 100.0 * (*change.now - *change.before) / *change.before);
}

}  // namespace emlc::cli
