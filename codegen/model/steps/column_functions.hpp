#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codegen/model/steps/step.hpp"

namespace emlc::model {

/// What one column behind a step is made of.
struct StepOutput {
  enum class Kind {
    same,      ///< the column as it comes
    function,  ///< a function of that column alone
    mixed,     ///< several columns
  };
  Kind kind = Kind::same;
  std::size_t column = 0;  ///< of the row in front of the step; same and function
  std::size_t index = 0;   ///< function: its place in the lists of the step; mixed: its place among the results
  std::size_t part = 0;    ///< of a one-hot column: which of its outputs
};

/// All columns behind a step, in order.
/// @param width  of the row in front of it
std::vector<StepOutput> outputs_of(const Step& step, std::size_t width);

/// The value of an output that is a function (or the same) of x.
double apply_to_column(const Step& step, const StepOutput& output, double x);

/// Where the function has pieces: from each of these numbers to before the next one, below the first and from the last
/// one on it is monotone, or NaN throughout. In no order.
std::vector<double> breaks_of(const Step& step, const StepOutput& output);

/// No numbers, of each step that does not mix columns: what a visitor of those that do is made from.
struct OfNoMixture {
  std::vector<double> operator()(const Scaler& /*step*/) const { return {}; }
  std::vector<double> operator()(const Columns& /*step*/) const { return {}; }
  std::vector<double> operator()(const Impute& /*step*/) const { return {}; }
  std::vector<double> operator()(const MissingIndicator& /*step*/) const { return {}; }
  std::vector<double> operator()(const OneHot& /*step*/) const { return {}; }
  std::vector<double> operator()(const Lookup& /*step*/) const { return {}; }
  std::vector<double> operator()(const Bins& /*step*/) const { return {}; }
  std::vector<double> operator()(const Binarize& /*step*/) const { return {}; }
  std::vector<double> operator()(const Function& /*step*/) const { return {}; }
  std::vector<double> operator()(const Power& /*step*/) const { return {}; }
  std::vector<double> operator()(const Quantile& /*step*/) const { return {}; }
};

/// The results of a step that mixes the columns of its run.
std::vector<double> mixed_values(const Step& step, std::span<const double> run);

}  // namespace emlc::model
