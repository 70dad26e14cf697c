#include <algorithm>
#include <cmath>
#include <utility>

#include "codegen/passes/chains/replacement.hpp"
#include "codegen/passes/scalers.hpp"
#include "codegen/passes/value_order.hpp"

namespace emlc::passes {
namespace {

using model::NumberType;
using Numbers = std::vector<double>;

/// A line in front of quantiles: scalers of one column that rise.
struct Line {
  ColumnChain scalers;
  double gain = 1.0, shift = 0.0;
  double missing = model::no_value;  ///< what comes of a missing value
  ColumnInput input{};
};

/// A limit that no quantile is beyond does nothing.
bool is_line(const model::Scaler& scaler, std::size_t column, const Numbers& quantiles) {
  const bool is_free =
      !scaler.clip || (scaler.clip->first <= quantiles.front() && scaler.clip->second >= quantiles.back());
  return is_free && affine(scaler, column).gain > 0.0 && std::isfinite(affine(scaler, column).gain);
}

/// The line of a column; nothing where something else computes in front of the quantiles, or a limit that counts.
std::optional<Line> line_of(const Origin& origin, const Numbers& quantiles) {
  Line line{
      .scalers = {.column = origin.chain.column}, .missing = origin.chain(model::no_value), .input = origin.input};
  for (const Link& link : origin.chain.links) {
    const model::StepKind& kind = link.step->kind;
    if (std::holds_alternative<model::Columns>(kind) || std::holds_alternative<model::OneHot>(kind)) continue;
    if (const auto* impute = std::get_if<model::Impute>(&kind)) {
      if (!std::isnan(impute->missing)) return std::nullopt;
      continue;
    }
    const auto* scaler = std::get_if<model::Scaler>(&kind);
    if (scaler == nullptr || !is_line(*scaler, link.output.index, quantiles)) return std::nullopt;
    const auto [gain, shift] = affine(*scaler, link.output.index);
    line.gain *= gain;
    line.shift = line.shift * gain + shift;
    line.scalers.links.push_back(link);
  }
  return line;
}

/// Where a quantile lies among the values of the column: on some of them, or between two.
struct Position {
  bool is_hit = false;
  double first = 0.0, last = 0.0;   ///< the values that are the quantile behind the line; where none is, the same as
  double below = 0.0, above = 0.0;  ///< the values next to them on both sides
};

Position position_of(const Line& line, double quantile) {
  const auto value = [&](std::int64_t ordinal) { return value_at(line.input.type, ordinal); };
  const OrdinalRange all = ordinals(line.input.type);
  const auto first_that = [&](const auto& holds) {
    return holds(all.last) ? first_ordinal(all.first, all.last, holds) : all.last;
  };
  const std::int64_t first = first_that([&](std::int64_t at) { return line.scalers(value(at)) >= quantile; });
  const std::int64_t behind = first_that([&](std::int64_t at) { return line.scalers(value(at)) > quantile; });
  return {.is_hit = behind > first,
          .first = value(first),
          .last = value(std::max(first, behind - 1)),
          .below = value(std::max(first - 1, all.first)),
          .above = value(behind)};
}

/// The quantiles of a column and their references, in front of the line.
struct Knots {
  Numbers quantiles, references;

  void add(double quantile, double reference) {
    quantiles.push_back(quantile);
    references.push_back(reference);
  }
};

/// Whether a value is one of the quantiles behind the line.
bool is_quantile(const Line& line, const Numbers& quantiles, double value) {
  return std::binary_search(quantiles.begin(), quantiles.end(), line.scalers(value));
}

/// Where a quantile lies that stands alone: not on a value that is another one, from which it may differ by less than
/// float32 knows.
double place_of(const Line& line, const Numbers& quantiles, double quantile, const Position& position) {
  const double inverse = std::clamp((quantile - line.shift) / line.gain, position.below, position.above);
  const double rounded = model::round_to(NumberType::float32, inverse), behind = line.scalers(rounded);
  if (behind == quantile || !is_quantile(line, quantiles, rounded)) return inverse;
  return quantile < behind ? model::next_below(NumberType::float32, rounded)
                           : model::next_above(NumberType::float32, rounded);
}

/// Equal quantiles of a column: [first, last].
struct Group {
  std::size_t first, last;
};

/// What is done with the quantiles between the first and the last of those that are equal: they say nothing.
enum class Middles { dropped, kept };

/// Quantiles that are equal, inside of a column: below them the share is that of the first, above that of the last, on
/// them the mean of both. Values next to them that are quantiles have their share already.
void add_plateau(Knots& knots, const Line& line, const Numbers& quantiles, const Position& position, double low,
                 double high) {
  if (position.is_hit && position.first == position.last) {
    knots.add(position.first, low);
    knots.add(position.first, high);
    return;
  }
  if (!is_quantile(line, quantiles, position.below)) knots.add(position.below, low);
  if (position.is_hit) {
    knots.add(position.first, 0.5 * (low + high));
    knots.add(position.last, 0.5 * (low + high));
  }
  if (!is_quantile(line, quantiles, position.above)) knots.add(position.above, high);
}

void add_group(Knots& knots, const Line& line, const Numbers& quantiles, const Numbers& references, Group group,
               Middles middles) {
  const Position position = position_of(line, quantiles[group.first]);
  const double low = references[group.first], high = references[group.last];
  const bool is_front = group.first == 0, is_end = is_front || group.last + 1 == quantiles.size();
  const double end = is_front ? position.last : position.first;
  if (position.is_hit && (is_end || (position.first == position.last && middles == Middles::kept))) {
    // Up to the first quantile the share is 0, from the last one on 1.
    knots.add(end, low);
    for (std::size_t i = group.first + 1; i < group.last && middles == Middles::kept; ++i)
      knots.add(end, references[i]);
    if (group.last > group.first) knots.add(end, high);
  } else if (group.first == group.last) {
    knots.add(place_of(line, quantiles, quantiles[group.first], position), low);
  } else {
    add_plateau(knots, line, quantiles, position, low, high);
  }
}

Knots knots_of(const Line& line, const Numbers& quantiles, const Numbers& references, Middles middles) {
  Knots knots;
  for (std::size_t first = 0; first < quantiles.size();) {
    std::size_t last = first;
    while (last + 1 < quantiles.size() && quantiles[last + 1] == quantiles[first]) ++last;
    add_group(knots, line, quantiles, references, {first, last}, middles);
    first = last + 1;
  }
  return knots;
}

/// A normal distribution ends 1e-7 within its quantiles: the columns keep their size, but for a power of two, which is
/// exact.
double unit_of(const model::Quantile& quantile, const Line& line) {
  return quantile.output == model::QuantileOutput::uniform ? 1.0 : std::exp2(std::round(std::log2(line.gain)));
}

/// Whether a step may have them.
bool are_good(const Knots& knots) {
  const auto is_finite = [](double x) { return std::isfinite(model::round_to(NumberType::float32, x)); };
  return knots.quantiles.size() <= model::most_quantiles &&
         std::is_sorted(knots.quantiles.begin(), knots.quantiles.end()) &&
         std::all_of(knots.quantiles.begin(), knots.quantiles.end(), is_finite);
}

bool is_same_on_device(const std::vector<Knots>& columns, const model::Quantile& quantile) {
  const auto is_same = [](double x, double y) {
    return model::round_to(NumberType::float32, x) == model::round_to(NumberType::float32, y);
  };
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Numbers &a = columns[i].quantiles, &b = quantile.quantiles[i];
    if (!std::equal(a.begin(), a.end(), b.begin(), b.end(), is_same)) return false;
  }
  return true;
}

std::vector<Knots> columns_of(const model::Quantile& quantile, const std::vector<Line>& lines, Middles middles) {
  std::vector<Knots> columns;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Knots knots = knots_of(lines[i], quantile.quantiles[i], quantile.references, middles);
    for (double& knot : knots.quantiles) knot *= unit_of(quantile, lines[i]);
    columns.push_back(std::move(knots));
  }
  return columns;
}

/// Numbers in tables: neighbours share references that are the same.
std::size_t n_numbers(const std::vector<Knots>& columns) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool has_own = i == 0 || columns[i].references != columns[i - 1].references;
    n += columns[i].quantiles.size() * (has_own ? 2 : 1);
  }
  return n;
}

std::vector<Knots> smaller(std::vector<Knots> a, std::vector<Knots> b) {
  return n_numbers(b) < n_numbers(a) ? std::move(b) : std::move(a);
}

/// A step for each stretch of columns that share their references.
std::vector<model::Step> steps_of(const model::Step& step, const model::Quantile& quantile,
                                  const std::vector<Knots>& columns) {
  std::vector<model::Step> steps;
  for (std::size_t column = 0; column < columns.size(); ++column) {
    if (column == 0 || columns[column].references != columns[column - 1].references) {
      model::Quantile own{.quantiles = {}, .references = columns[column].references, .output = quantile.output};
      const std::int32_t first = step.first + static_cast<std::int32_t>(column);
      steps.push_back({.first = first, .type = step.type, .kind = std::move(own)});
    }
    std::get<model::Quantile>(steps.back().kind).quantiles.push_back(columns[column].quantiles);
  }
  return steps;
}

bool are_all_exact(std::span<const std::optional<Origin>> origins) {
  return std::all_of(origins.begin(), origins.end(), [](const auto& origin) { return origin && origin->is_exact; });
}

}  // namespace

std::optional<Replacement> over_quantiles(const model::Step& step, const model::Quantile& quantile,
                                          std::span<const std::optional<Origin>> origins) {
  Replacement replacement;
  std::vector<Line> lines;
  for (std::size_t column = 0; column < origins.size(); ++column) {
    if (!origins[column]) return std::nullopt;
    std::optional<Line> line = line_of(*origins[column], quantile.quantiles[column]);
    if (!line) return std::nullopt;
    const std::vector<Place>& places = origins[column]->places;
    replacement.gone.insert(replacement.gone.end(), places.begin(), places.end());
    lines.push_back(std::move(*line));
  }
  const std::vector<Knots> columns =
      smaller(columns_of(quantile, lines, Middles::kept), columns_of(quantile, lines, Middles::dropped));
  if (!std::all_of(columns.begin(), columns.end(), are_good)) return std::nullopt;
  if (are_all_exact(origins) && is_same_on_device(columns, quantile)) return std::nullopt;
  model::Scaler units{.op = model::ScalerOp::multiply_add, .offset = Numbers(lines.size(), 0.0), .scale = {}};
  for (const Line& line : lines) units.scale.push_back(unit_of(quantile, line));
  const bool has_units = std::any_of(units.scale.begin(), units.scale.end(), [](double unit) { return unit != 1.0; });
  if (has_units) replacement.steps.push_back({.first = step.first, .kind = std::move(units)});
  std::vector<model::Step> steps = steps_of(step, quantile, columns);
  std::move(steps.begin(), steps.end(), std::back_inserter(replacement.steps));
  Numbers missing;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    missing.push_back(model::apply_to_column(step, {model::StepOutput::Kind::function, i, i}, lines[i].missing));
  }
  append_missing(replacement.steps, step, std::move(missing));
  return replacement;
}

}  // namespace emlc::passes
