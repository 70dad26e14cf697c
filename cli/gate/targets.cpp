#include "cli/gate/targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace emlc::cli {
namespace {

/// The recorded value and what may be added to it.
double grown(double before, const Growth& growth) {
  return before + std::max(static_cast<double>(growth.bytes), std::floor(before * growth.percent / 100.0));
}

std::string growth_source(const Growth& growth) { return "--max-growth " + growth.text; }

bool is_comparable(const TargetSizes& now, const TargetSizes* before) {
  return before != nullptr && before->source == now.source;
}

/// In a sentence: it was `an estimate`.
std::string_view phrase(SizeSource source) {
  switch (source) {
    case SizeSource::none:
      return "not known";
    case SizeSource::estimate:
      return "an estimate";
    case SizeSource::measured:
      return "measured";
  }
  return {};
}

/// A recorded number that was to be found again and was not, so that nobody knows how much it grew.
bool has_lost(const TargetSizes& now, const TargetSizes* before) {
  if (before == nullptr || is_comparable(now, before)) return false;
  const bool is_estimated_instead = before->source == SizeSource::measured && now.is_fallback;
  return now.source == SizeSource::none || is_estimated_instead;
}

/// Why a limit of growth is not checked, and what to do.
std::string lost_remark(const TargetSizes& now, const TargetSizes& before) {
  const std::string_view option = now.is_fallback && now.source != SizeSource::none ? "--measure" : "the target";
  return fmt::format("it was recorded as {} and is {} now: {} (--update records that, without {} it is not asked for)",
                     phrase(before.source), phrase(now.source), now.problem, option);
}

/// `flash on cortex-m0plus (measured)`
std::string row_name(const Metric& metric, const TargetSizes& now) {
  const std::string text = fmt::format("{} on {}", metric.title, now.target);
  return now.source == SizeSource::none ? text : fmt::format("{} ({})", text, label(now));
}

/// What is left out of a number may be what is over the budget. Growth is compared with what was recorded like it.
void leave_open(MetricChange& row) {
  for (Limit& limit : row.limits) {
    const bool is_budget = limit.source == row.metric->budget;
    if (is_budget && limit.keeps == Keeps::yes) limit.keeps = Keeps::unchecked;
  }
}

}  // namespace

std::string library_remark(const std::vector<std::string>& functions) {
  constexpr std::size_t most = 4;
  if (functions.empty()) return {};
  const std::size_t n = std::min(most, functions.size());
  const std::string more = functions.size() > n ? fmt::format(" and {} more", functions.size() - n) : "";
  return fmt::format("without {}{}",
                     fmt::join(functions.begin(), functions.begin() + static_cast<std::ptrdiff_t>(n), ", "), more);
}

MetricChange limited(const Metric& metric, Change change, const Budget& budget, const std::optional<Growth>& growth) {
  MetricChange row{.metric = &metric, .change = std::move(change)};
  const std::optional<double> before = row.change.before, now = row.change.now;
  const auto is_beyond = [&](double limit) { return metric.bound == Bound::highest ? *now > limit : *now < limit; };
  const auto add = [&](double limit, std::string source) {
    const Keeps keeps = !now ? Keeps::unchecked : (is_beyond(limit) ? Keeps::no : Keeps::yes);
    row.limits.push_back({limit, std::move(source), keeps});
  };
  if (const auto limit = metric.limit(budget)) add(*limit, std::string(metric.budget));
  if (metric.limits_growth && growth && before) add(grown(*before, *growth), growth_source(*growth));
  return row;
}

std::vector<MetricChange> target_rows(const TargetSizes& now, const TargetSizes* before, const Budget& budget,
                                      const std::optional<Growth>& growth) {
  std::vector<MetricChange> rows;
  for (const TargetMetric& metric : all_target_metrics()) {
    Change change{.name = row_name(metric, now),
                  .before = is_comparable(now, before) ? metric.value(*before) : std::nullopt,
                  .now = metric.value(now)};
    MetricChange row = limited(metric, std::move(change), budget, growth);
    if (now.is_incomplete && metric.key == "flash") leave_open(row);
    if (metric.limits_growth && growth && has_lost(now, before)) {
      if (const auto recorded = metric.value(*before)) {
        row.limits.push_back(
            {grown(*recorded, *growth), growth_source(*growth), Keeps::unchecked, lost_remark(now, *before)});
      }
    }
    const bool is_unchecked = row.keeps() == Keeps::unchecked;
    if (!row.change.before && !row.change.now && !is_unchecked) continue;
    row.target = now.target;
    row.source = now.source;
    if (is_unchecked) row.remark = now.problem;
    if (metric.key == "stack") row.remark = library_remark(now.library_functions);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::string> target_notes(const TargetSizes& now, const TargetSizes* before) {
  std::vector<std::string> notes;
  if (!now.problem.empty()) notes.push_back(fmt::format("{}: {}", now.target, now.problem));
  if (before == nullptr || is_comparable(now, before)) return notes;
  notes.push_back(fmt::format("{}: flash was recorded as {} ({}) and is {} now: not compared", now.target,
                              phrase(before->source), before->flash.value_or(0), phrase(now.source)));
  return notes;
}

std::vector<std::string> target_causes(std::span<const TargetSizes> now, std::span<const TargetSizes> before) {
  std::vector<std::string> texts;
  for (const TargetSizes& sizes : now) {
    const TargetSizes* recorded = find_target(before, sizes.target);
    std::string text;
    if (sizes.source == SizeSource::none) continue;
    if (recorded == nullptr) {
      text = fmt::format("{} was not recorded", sizes.target);
    } else if (recorded->source != sizes.source) {
      text = fmt::format("{} was {}, is {}", sizes.target, phrase(recorded->source), phrase(sizes.source));
    } else if (recorded->compiler != sizes.compiler) {
      text = fmt::format("compiler was {}, is {}", recorded->compiler, sizes.compiler);
    }
    if (!text.empty() && std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace emlc::cli
