#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "codegen/model/post_transform.hpp"

namespace emlc::model {

struct Member;
struct Model;

/// What becomes of the values of all members, v of member i with its weight w.
enum class CombineRule {
  mean,         ///< sum of w * v over the divisor, column by column
  votes,        ///< each class that a member decides for gets its w; over the divisor
  one_vs_one,   ///< a member for each pair of classes (0,1), (0,2), ... : votes, and confidences within a third of one
  concatenate,  ///< all values side by side
};
std::string_view name(CombineRule rule);

enum class CalibrationMethod {
  sigmoid,   ///< 1 / (1 + exp(slope * v + offset))
  isotonic,  ///< linear between the points (x, y), constant beyond both ends
};
std::string_view name(CalibrationMethod method);

/// A function of one value of a member. NaN stays NaN.
struct Calibration {
  CalibrationMethod method = CalibrationMethod::sigmoid;
  double slope = 0.0, offset = 0.0;
  std::vector<double> x{}, y{};  ///< [n] both, at least one; x rises
};
double calibrate(const Calibration& calibration, double value);

/// Models that answer the same row, and what their answers become: row = rule(members), then the post-transform, then
/// the final model, if there is one, with that row (and behind it, with passthrough, the columns of the combination).
/// Members nest most_nested deep at most.
struct Combination {
  CombineRule rule = CombineRule::mean;
  std::vector<Member> members;  ///< never empty; answered in this order
  double divisor = 1.0;         ///< mean and votes: the sum of all weights; else 1
  bool is_chained = false;      ///< concatenate: a member takes the values of those before it behind the columns
  PostTransform post_transform{};
  std::vector<Model> last;      ///< the final model: none or one
  bool passes_columns = false;  ///< passthrough: the final model takes the columns of the combination too

  // Out of line, where members are complete types: a value like all parts of a model.
  Combination();
  Combination(const Combination& other);
  Combination(Combination&& other) noexcept;
  Combination& operator=(const Combination& other);
  Combination& operator=(Combination&& other) noexcept;
  ~Combination();
};

/// A combination in a combination in a combination.
constexpr int most_nested = 3;

}  // namespace emlc::model
