#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "codegen/model/steps/step.hpp"

namespace emlc::model {
namespace {

using Problem = std::optional<StepProblem>;
using Numbers = std::vector<double>;

enum class Nan { refused, is_none };
enum class Order { any, rising, strictly_rising };

Problem problem_of_numbers(const std::string& key, const Numbers& numbers, Order order = Order::any,
                           Nan nan = Nan::refused) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const bool is_none = std::isnan(numbers[i]) && nan == Nan::is_none;
    if (!std::isfinite(numbers[i]) && !is_none) return {{fmt::format("{}[{}]", key, i), "must be a finite number"}};
    if (i == 0 || order == Order::any) continue;
    const bool is_behind = order == Order::rising ? numbers[i] >= numbers[i - 1] : numbers[i] > numbers[i - 1];
    if (!is_behind) {
      return {{fmt::format("{}[{}]", key, i), fmt::format("must ascend, {} follows {}", numbers[i], numbers[i - 1])}};
    }
  }
  return {};
}

Problem problem_of_rows(const std::string& key, const std::vector<Numbers>& rows, Order order) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (Problem problem = problem_of_numbers(fmt::format("{}[{}]", key, i), rows[i], order)) return problem;
  }
  return {};
}

Problem problem_of_size(const std::string& key, std::size_t found, std::size_t expected) {
  if (found == expected) return {};
  return {{key, fmt::format("has {} entries, expected {}", found, expected)}};
}

template <class... Rest>
Problem first_of(Problem problem, Rest... rest) {
  if constexpr (sizeof...(rest) != 0) {
    if (!problem) return first_of(std::move(rest)...);
  }
  return problem;
}

/// What is wrong inside of a step, whatever is in front of it.
struct Inside {
  std::size_t width;

  Problem operator()(const Scaler& scaler) const {
    for (std::size_t i = 0; i < scaler.scale.size(); ++i) {
      if (scaler.op == ScalerOp::subtract_divide && scaler.scale[i] == 0.0) {
        return {{fmt::format("scale[{}]", i), "must not be 0, the feature is divided by it"}};
      }
    }
    const bool is_limit = !scaler.clip || (std::isfinite(scaler.clip->first) && std::isfinite(scaler.clip->second) &&
                                           scaler.clip->first <= scaler.clip->second);
    if (!is_limit) return {{"clip", "must be two finite numbers, the lower one first"}};
    return first_of(problem_of_size("scale", scaler.scale.size(), scaler.offset.size()),
                    problem_of_numbers("offset", scaler.offset), problem_of_numbers("scale", scaler.scale));
  }
  Problem operator()(const Columns& columns) const {
    for (std::size_t i = 0; i < columns.indices.size(); ++i) {
      const std::int32_t index = columns.indices[i];
      if (index >= 0 && static_cast<std::size_t>(index) < width) continue;
      return {{fmt::format("indices[{}]", i),
               fmt::format("column {} is out of range, there are {} columns", index, width)}};
    }
    return {};
  }
  Problem operator()(const Impute& impute) const {
    if (std::isinf(impute.missing)) return {{"missing", "must be a finite number or null"}};
    return problem_of_numbers("values", impute.values, Order::any, Nan::is_none);
  }
  Problem operator()(const MissingIndicator& indicator) const {
    if (std::isinf(indicator.missing)) return {{"missing", "must be a finite number or null"}};
    return {};
  }
  Problem operator()(const OneHot& one_hot) const {
    for (std::size_t i = 0; i < one_hot.categories.size(); ++i) {
      if (!one_hot.categories[i]) continue;
      if (Problem problem = problem_of_rows(fmt::format("categories[{}]", i), *one_hot.categories[i], Order::any)) {
        return problem;
      }
    }
    return {};
  }
  Problem operator()(const Lookup& lookup) const {
    if (Problem problem = first_of(problem_of_size("to", lookup.to.size(), lookup.from.size()),
                                   problem_of_size("otherwise", lookup.otherwise.size(), lookup.from.size()))) {
      return problem;
    }
    for (std::size_t i = 0; i < lookup.from.size(); ++i) {
      if (Problem problem = problem_of_size(fmt::format("to[{}]", i), lookup.to[i].size(), lookup.from[i].size())) {
        return problem;
      }
    }
    return first_of(problem_of_rows("from", lookup.from, Order::strictly_rising),
                    problem_of_rows("to", lookup.to, Order::any),
                    problem_of_numbers("otherwise", lookup.otherwise, Order::any, Nan::is_none));
  }
  Problem operator()(const Bins& bins) const { return problem_of_rows("edges", bins.edges, Order::rising); }
  Problem operator()(const Binarize& binarize) const { return problem_of_numbers("thresholds", binarize.thresholds); }
  Problem operator()(const Function& /*function*/) const { return {}; }
  Problem operator()(const Power& power) const { return problem_of_numbers("lambdas", power.lambdas); }
  Problem operator()(const Quantile& quantile) const {
    const std::size_t n = quantile.references.size();
    if (n == 0 || n > most_quantiles) {
      return {{"references", fmt::format("has {} entries, expected 1 to {}", n, most_quantiles)}};
    }
    for (std::size_t i = 0; i < quantile.quantiles.size(); ++i) {
      if (Problem problem = problem_of_size(fmt::format("quantiles[{}]", i), quantile.quantiles[i].size(), n)) {
        return problem;
      }
    }
    if (quantile.references.front() < 0.0 || quantile.references.back() > 1.0) {
      return {{"references", "must lie from 0 to 1"}};
    }
    return first_of(problem_of_numbers("references", quantile.references, Order::rising),
                    problem_of_rows("quantiles", quantile.quantiles, Order::rising));
  }
  Problem operator()(const Linear& linear) const {
    const std::size_t expected = static_cast<std::size_t>(linear.n_in) * linear.bias.size();
    return first_of(problem_of_size("weights", linear.weights.size(), expected),
                    problem_of_numbers("weights", linear.weights), problem_of_numbers("bias", linear.bias));
  }
  Problem operator()(const Polynomial& polynomial) const {
    for (std::size_t i = 0; i < polynomial.terms.size(); ++i) {
      for (std::size_t j = 0; j < polynomial.terms[i].size(); ++j) {
        const std::int32_t column = polynomial.terms[i][j];
        if (column >= 0 && column < polynomial.n_columns) continue;
        return {{fmt::format("terms[{}][{}]", i, j),
                 fmt::format("column {} is out of range, the run has {}", column, polynomial.n_columns)}};
      }
    }
    return {};
  }
  Problem operator()(const Normalize& /*normalize*/) const { return {}; }
};

/// The key that says how many columns a step takes.
struct SizeKey {
  std::string operator()(const Scaler& /*step*/) const { return "offset"; }
  std::string operator()(const Columns& /*step*/) const { return "indices"; }
  std::string operator()(const Impute& /*step*/) const { return "values"; }
  std::string operator()(const OneHot& /*step*/) const { return "categories"; }
  std::string operator()(const Lookup& /*step*/) const { return "from"; }
  std::string operator()(const Bins& /*step*/) const { return "edges"; }
  std::string operator()(const Binarize& /*step*/) const { return "thresholds"; }
  std::string operator()(const Power& /*step*/) const { return "lambdas"; }
  std::string operator()(const Quantile& /*step*/) const { return "quantiles"; }
  std::string operator()(const Linear& /*step*/) const { return "weights"; }
  std::string operator()(const MissingIndicator& /*step*/) const { return "n_columns"; }
  std::string operator()(const Function& /*step*/) const { return "n_columns"; }
  std::string operator()(const Polynomial& /*step*/) const { return "n_columns"; }
  std::string operator()(const Normalize& /*step*/) const { return "n_columns"; }
};

}  // namespace

Problem problem_of(const Step& step, std::size_t width) {
  constexpr std::size_t most_columns = 65536;  // as many as features
  if (step.first < 0 || static_cast<std::size_t>(step.first) >= width) {
    return {{"first", fmt::format("column {} is out of range, there are {} columns", step.first, width)}};
  }
  const Run run = run_of(step, width);
  const std::size_t n_left = width - static_cast<std::size_t>(step.first);
  const std::string size_key = std::visit(SizeKey{}, step.kind);
  if (run.n_in == 0) return {{size_key, "the step takes no column"}};
  if (run.n_in > n_left) {
    return {{size_key, fmt::format("the step takes {} columns from column {} on, there are {} columns", run.n_in,
                                   step.first, width)}};
  }
  const std::size_t n_out = width - run.n_in + run.n_out;
  if (n_out == 0) return {{size_key, "no column is left behind the step"}};
  if (n_out > most_columns) {
    return {{size_key, fmt::format("there are {} columns behind the step, at most {} may be", n_out, most_columns)}};
  }
  return std::visit(Inside{width}, step.kind);
}

}  // namespace emlc::model
