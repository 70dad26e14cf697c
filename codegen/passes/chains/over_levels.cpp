#include <algorithm>
#include <cmath>
#include <utility>

#include "codegen/passes/chains/replacement.hpp"

namespace emlc::passes {
namespace {

using Origins = std::span<const std::optional<Origin>>;
using Numbers = std::vector<double>;

/// A column that is compared: between its edges, values of the type, all outputs of the step are constant.
struct Partition {
  Numbers edges;                // ascending
  std::vector<Numbers> values;  // [output][edges.size() + 1]
  Numbers missing;              // [output]
};

std::optional<Partition> partition_of(const model::Step& step, const Origin& origin, std::size_t column,
                                      std::size_t n_outputs) {
  Partition partition;
  std::vector<StepFunction> outputs;
  for (std::size_t part = 0; part < n_outputs; ++part) {
    ColumnChain chain = origin.chain;
    chain.links.push_back({&step, {model::StepOutput::Kind::function, column, column, part}});
    std::optional<StepFunction> function = step_function(chain, origin.input);
    if (!function) return std::nullopt;
    for (std::size_t i = 1; i < function->levels.size(); ++i) partition.edges.push_back(function->levels[i].begin);
    partition.missing.push_back(function->missing);
    outputs.push_back(std::move(*function));
  }
  std::sort(partition.edges.begin(), partition.edges.end());
  partition.edges.erase(std::unique(partition.edges.begin(), partition.edges.end()), partition.edges.end());
  for (const StepFunction& function : outputs) {
    Numbers values = {function.levels.front().value};
    for (std::size_t at = 1; const double edge : partition.edges) {
      if (at < function.levels.size() && function.levels[at].begin == edge) ++at;
      values.push_back(function.levels[at - 1].value);
    }
    partition.values.push_back(std::move(values));
  }
  return partition;
}

/// The outputs of one column of the run that the step compares; nothing of one that it passes.
std::optional<std::size_t> n_compared(const model::Step& step, std::size_t column) {
  const auto* one_hot = std::get_if<model::OneHot>(&step.kind);
  if (one_hot == nullptr) return 1;
  if (!one_hot->categories[column]) return std::nullopt;
  return one_hot->categories[column]->size();
}

/// The edges that count to the values, an edge as often as they rise there; nothing where they are no such numbers.
std::optional<Numbers> counting_edges(const Partition& partition) {
  const Numbers& values = partition.values.front();
  if (values.front() != 0.0) return std::nullopt;
  Numbers edges;
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    const double rise = values[i + 1] - values[i];
    constexpr double most_equal = 256.0;
    if (!(rise > 0.0 && rise <= most_equal && rise == std::floor(rise))) return std::nullopt;
    edges.insert(edges.end(), static_cast<std::size_t>(rise), partition.edges[i]);
  }
  return edges;
}

/// Bins whose numbers are the results. They pass what is missing: it becomes a number behind them, if any.
std::optional<std::vector<model::Step>> as_bins(const model::Step& step, const std::vector<Partition>& partitions) {
  model::Bins bins;
  Numbers missing;
  for (const Partition& partition : partitions) {
    std::optional<Numbers> edges = counting_edges(partition);
    if (!edges) return std::nullopt;
    bins.edges.push_back(std::move(*edges));
    missing.push_back(partition.missing.front());
  }
  std::vector<model::Step> steps = {{.first = step.first, .type = step.type, .kind = std::move(bins)}};
  append_missing(steps, step, std::move(missing));
  return steps;
}

/// 0 below one edge, from it on 1, and 0 for what is missing.
std::optional<std::vector<model::Step>> as_binarize(const model::Step& step, const std::vector<Partition>& partitions) {
  model::Binarize binarize;
  for (const Partition& partition : partitions) {
    const bool is_binary = partition.edges.size() == 1 && partition.values.front() == Numbers{0.0, 1.0};
    if (!is_binary || partition.missing.front() != 0.0) return std::nullopt;
    binarize.thresholds.push_back(model::next_below(model::NumberType::float64, partition.edges.front()));
  }
  return {{{.first = step.first, .type = step.type, .kind = std::move(binarize)}}};
}

/// The numbers of the pieces between the edges, as bins count them, and one for what is missing.
struct Numbering {
  const Partition& partition;

  [[nodiscard]] std::size_t of_missing() const { return partition.edges.size() + 1; }
  /// A number that is missing may stay so: the step then does the same.
  [[nodiscard]] bool names_missing(double otherwise) const {
    return !std::all_of(partition.missing.begin(), partition.missing.end(), [&](double value) {
      return value == otherwise || (std::isnan(value) && std::isnan(otherwise));
    });
  }
  [[nodiscard]] double value(std::size_t output, std::size_t number) const {
    return number == of_missing() ? partition.missing[output] : partition.values[output][number];
  }
};

/// The step behind bins: what it makes of their numbers.
struct OfNumbers {
  std::span<const std::optional<Partition>> partitions;  // [columns of the run]; nothing of one that passes

  model::StepKind operator()(const model::OneHot& /*step*/) const {
    model::OneHot one_hot;
    for (const std::optional<Partition>& partition : partitions) {
      if (!partition) {
        one_hot.categories.emplace_back();
        continue;
      }
      const Numbering numbering{*partition};
      std::vector<Numbers> outputs(partition->values.size());
      for (std::size_t output = 0; output < outputs.size(); ++output) {
        for (std::size_t number = 0; number <= numbering.of_missing(); ++number) {
          if (numbering.value(output, number) == 1.0) outputs[output].push_back(static_cast<double>(number));
        }
      }
      one_hot.categories.emplace_back(std::move(outputs));
    }
    return one_hot;
  }
  template <class OneResult>
  model::StepKind operator()(const OneResult& /*step*/) const {
    model::Lookup lookup;
    for (const std::optional<Partition>& partition : partitions) {
      const Numbering numbering{*partition};
      Numbers from, to;
      for (std::size_t number = 0; number <= numbering.of_missing(); ++number) {
        if (std::isnan(numbering.value(0, number))) continue;
        from.push_back(static_cast<double>(number));
        to.push_back(numbering.value(0, number));
      }
      lookup.from.push_back(std::move(from));
      lookup.to.push_back(std::move(to));
      lookup.otherwise.push_back(model::no_value);
    }
    return lookup;
  }
};

/// Bins for the columns that are compared, stretch by stretch, then the step over their numbers.
std::vector<model::Step> as_numbers(const model::Step& step, std::span<const std::optional<Partition>> partitions) {
  const double otherwise = std::holds_alternative<model::OneHot>(step.kind) ? 0.0 : model::no_value;
  std::vector<model::Step> steps;
  for (std::size_t begin = 0; begin < partitions.size(); ++begin) {
    model::Bins bins;
    Numbers missing;
    bool is_named = false;
    for (std::size_t at = begin; at < partitions.size() && partitions[at]; ++at) {
      const Numbering numbering{*partitions[at]};
      bins.edges.push_back(partitions[at]->edges);
      const bool is_number = numbering.names_missing(otherwise);
      missing.push_back(is_number ? static_cast<double>(numbering.of_missing()) : model::no_value);
      is_named = is_named || is_number;
    }
    const auto first = step.first + static_cast<std::int32_t>(begin);
    begin += bins.edges.size();
    if (bins.edges.empty()) continue;
    steps.push_back({.first = first, .kind = std::move(bins)});
    if (is_named) steps.push_back({.first = first, .kind = model::Impute{.values = std::move(missing)}});
  }
  steps.push_back({.first = step.first, .type = step.type, .kind = std::visit(OfNumbers{partitions}, step.kind)});
  return steps;
}

/// Whether the device has each column that the step compares as it is.
bool are_exact(const model::Step& step, Origins origins) {
  for (std::size_t column = 0; column < origins.size(); ++column) {
    if (n_compared(step, column) && !(origins[column] && origins[column]->is_exact)) return false;
  }
  return true;
}

}  // namespace

void append_missing(std::vector<model::Step>& steps, const model::Step& step, std::vector<double> missing) {
  if (std::all_of(missing.begin(), missing.end(), [](double value) { return std::isnan(value); })) return;
  steps.push_back({.first = step.first, .type = step.type, .kind = model::Impute{.values = std::move(missing)}});
}

std::optional<Replacement> over_levels(const model::Step& step, Origins origins) {
  if (are_exact(step, origins)) return std::nullopt;
  Replacement replacement;
  std::vector<std::optional<Partition>> partitions(origins.size());
  std::vector<Partition> all;
  for (std::size_t column = 0; column < origins.size(); ++column) {
    const std::optional<std::size_t> n_outputs = n_compared(step, column);
    if (!n_outputs) continue;
    if (!origins[column]) return std::nullopt;
    partitions[column] = partition_of(step, *origins[column], column, *n_outputs);
    if (!partitions[column]) return std::nullopt;
    all.push_back(*partitions[column]);
    replacement.gone.insert(replacement.gone.end(), origins[column]->places.begin(), origins[column]->places.end());
  }
  const bool is_one_hot = std::holds_alternative<model::OneHot>(step.kind);
  std::optional<std::vector<model::Step>> steps;
  if (!is_one_hot) steps = as_binarize(step, all);
  if (!is_one_hot && !steps) steps = as_bins(step, all);
  replacement.steps = steps ? std::move(*steps) : as_numbers(step, partitions);
  return replacement;
}

}  // namespace emlc::passes
