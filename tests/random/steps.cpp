#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "tests/random/document.hpp"

namespace emlc::random {
namespace {

/// The columns that a step works on.
struct Run {
  std::size_t first = 0, size = 1;
};

Run pick_run(Random& random, std::size_t width) {
  if (random.chance(0.4)) return {0, width};
  const std::size_t first = random.index(width);
  return {first, 1 + random.index(width - first)};
}

double value(Random& random) {
  if (random.chance(0.6)) return static_cast<double>(random.between(-4, 12));
  return random.pick({random.uniform(-3.0, 3.0), random.uniform(-1000.0, 1000.0), 0.5, 0.1});
}

Json values(Random& random, std::size_t n) {
  Json list = Json::array();
  for (std::size_t i = 0; i < n; ++i) list.push_back(value(random));
  return list;
}

/// Different numbers, ascending.
std::vector<double> ascending(Random& random, std::size_t n) {
  std::vector<double> numbers;
  for (std::size_t i = 0; i < n; ++i) numbers.push_back(value(random));
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

Json or_null(Random& random, double number) { return random.chance(0.2) ? Json() : Json(number); }

/// NaN, said or left out, or a number.
void add_missing(Random& random, Json& step) {
  if (random.chance(0.3)) step["missing"] = nullptr;
  if (random.chance(0.3)) step["missing"] = random.pick({0.0, -1.0, 3.0});
}

/// A list with an entry for each column.
template <class Make>
Json each(std::size_t n, const Make& make) {
  Json list = Json::array();
  for (std::size_t i = 0; i < n; ++i) list.push_back(make());
  return list;
}

Json part_scaler(Random& random, const Run& run) {
  Json step = scaler(random, run.size);
  if (random.chance(0.3)) step["dtype"] = random.pick({"float32", "float64"});
  return step;
}

Json impute(Random& random, const Run& run) {
  Json step = {{"kind", "impute"}, {"values", each(run.size, [&] { return or_null(random, value(random)); })}};
  add_missing(random, step);
  return step;
}

Json missing_indicator(Random& random, const Run& run) {
  Json step = {{"kind", "missing_indicator"}, {"n_columns", run.size}};
  add_missing(random, step);
  return step;
}

/// A few numbers, each in one of the lists; some columns pass, some have no output.
Json one_hot(Random& random, const Run& run) {
  const auto column = [&]() -> Json {
    if (random.chance(0.2)) return nullptr;
    Json outputs = Json::array();
    for (const double number : ascending(random, random.index(5))) {
      if (!outputs.empty() && random.chance(0.2)) {
        outputs.back().push_back(number);
      } else {
        outputs.push_back({number});
      }
    }
    return outputs;
  };
  Json categories = each(run.size, column);
  if (!categories.back().is_null()) categories.back().push_back({value(random)});  // at least one column is left
  return {{"kind", "one_hot"}, {"categories", categories}};
}

Json lookup(Random& random, const Run& run) {
  Json from = Json::array(), to = Json::array();
  for (std::size_t i = 0; i < run.size; ++i) {
    const std::vector<double> numbers = ascending(random, random.index(6));
    from.push_back(numbers);
    to.push_back(values(random, numbers.size()));
  }
  return {{"kind", "lookup"}, {"from", from}, {"to", to}, {"otherwise", each(run.size, [&] {
                                                             return or_null(random, -1.0);
                                                           })}};
}

Json bins(Random& random, const Run& run) {
  return {{"kind", "bins"}, {"edges", each(run.size, [&] { return Json(ascending(random, random.index(6))); })}};
}

Json binarize(Random& random, const Run& run) {
  return {{"kind", "binarize"}, {"thresholds", values(random, run.size)}};
}

Json function(Random& random, const Run& run) {
  return {
      {"kind", "function"},
      {"name", random.pick({"log", "log1p", "log2", "log10", "exp", "expm1", "sqrt", "square", "abs", "reciprocal"})},
      {"n_columns", run.size}};
}

Json power(Random& random, const Run& run) {
  return {{"kind", "power"},
          {"method", random.pick({"yeo_johnson", "yeo_johnson", "box_cox"})},
          {"lambdas", each(run.size, [&] {
             return random.chance(0.2) ? random.pick({0.0, 1.0, 2.0}) : random.uniform(-2.0, 3.0);
           })}};
}

Json quantile(Random& random, const Run& run) {
  const std::size_t n = 2 + random.index(8);
  std::vector<double> references;
  for (std::size_t i = 0; i < n; ++i) references.push_back(static_cast<double>(i) / static_cast<double>(n - 1));
  const auto column = [&] {
    std::vector<double> numbers;  // some of them equal
    for (std::size_t i = 0; i < n; ++i) numbers.push_back(value(random));
    std::sort(numbers.begin(), numbers.end());
    return Json(numbers);
  };
  return {{"kind", "quantile"},
          {"quantiles", each(run.size, column)},
          {"references", references},
          {"output", random.pick({"uniform", "normal"})}};
}

Json linear(Random& random, const Run& run) {
  const std::size_t n_out = 1 + random.index(5);
  return {{"kind", "linear"},
          {"weights", each(n_out, [&] { return each(run.size, [&] { return random.uniform(-1.0, 1.0); }); })},
          {"bias", values(random, n_out)}};
}

Json polynomial(Random& random, const Run& run) {
  const std::size_t n_terms = 1 + random.index(6);
  const auto term = [&] { return each(random.index(3), [&] { return random.index(run.size); }); };
  return {{"kind", "polynomial"}, {"n_columns", run.size}, {"terms", each(n_terms, term)}};
}

Json normalize(Random& random, const Run& run) {
  return {{"kind", "normalize"}, {"norm", random.pick({"l1", "l2", "max"})}, {"n_columns", run.size}};
}

using MakeStep = Json (*)(Random&, const Run&);
constexpr std::array<Weighted<MakeStep>, 13> of_columns = {{{3, part_scaler},
                                                            {3, impute},
                                                            {1, missing_indicator},
                                                            {3, one_hot},
                                                            {2, lookup},
                                                            {2, bins},
                                                            {2, binarize},
                                                            {3, function},
                                                            {2, power},
                                                            {2, quantile},
                                                            {1, linear},
                                                            {1, polynomial},
                                                            {1, normalize}}};

Json columns(Random& random, std::size_t width) {
  const std::size_t n = 1 + random.index(width + 2);
  return {{"kind", "columns"}, {"indices", each(n, [&] { return random.index(width); })}};
}

/// How many columns come of the ones that the step takes.
std::size_t n_out(const Json& step, std::size_t n_in) {
  if (step["kind"] == "linear") return step["weights"].size();
  if (step["kind"] == "polynomial") return step["terms"].size();
  if (step["kind"] != "one_hot") return n_in;
  std::size_t n = 0;
  for (const Json& column : step["categories"]) n += column.is_null() ? 1 : column.size();
  return n;
}

Json pick_step(Random& random, std::size_t& width) {
  if (random.chance(0.15)) {
    Json step = columns(random, width);
    width = step["indices"].size();
    return step;
  }
  const Run run = pick_run(random, width);
  Json step = pick_weighted<MakeStep>(random, of_columns)(random, run);
  if (run.first != 0 || random.chance(0.3)) step["first"] = run.first;
  if (step["kind"] != "scaler" && random.chance(0.2)) step["dtype"] = "float32";
  width = width - run.size + n_out(step, run.size);
  return step;
}

}  // namespace

Json steps(Random& random, std::size_t& width) {
  Json list = Json::array();
  for (std::int64_t n = random.between(1, 4); n > 0; --n) list.push_back(pick_step(random, width));
  return list;
}

}  // namespace emlc::random
