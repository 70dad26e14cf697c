#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/model.hpp"
#include "codegen/signal/parts.hpp"
#include "codegen/signal/plan.hpp"
#include "codegen/signal/stream.hpp"

/// A signal plan and the model behind it, as passes make them: a model of trees is asked for ranks of keys.
namespace emlc::signal {

/// What a key is of the n samples of a window.
enum class Part {
  feature,    ///< a feature of the plan as it is: an integer, or a float32
  sum,        ///< of x
  energy,     ///< of x * x
  absolutes,  ///< of |x|
  spread,     ///< n * energy - sum * sum
  jumps,      ///< of |x[i] - x[i-1]|
  lowest,
  highest,
  order,  ///< the place-th smallest
};

/// `sum`, `spread`, ...
std::string_view name(Part part);
/// What has to be computed of a window for the part; nothing for a feature.
Needs needs_of(Part part);

/// A number of a window that is compared with thresholds.
struct Key {
  std::string name{};  ///< for people, and unique
  Part part = Part::feature;
  std::int32_t of = 0;      ///< signal of integers; for Part::feature the feature
  std::int32_t place = 0;   ///< of order, from 0
  bool is_integer = true;   ///< else a float32
  Range range{};            ///< of integers: no key is outside
  bool nan_is_low = false;  ///< of a real that is NaN: the rank is 0, else it is the largest

  std::vector<Wide> thresholds{};        ///< of integers, rising
  std::vector<float> real_thresholds{};  ///< of reals, rising

  [[nodiscard]] std::size_t n_thresholds() const { return is_integer ? thresholds.size() : real_thresholds.size(); }
};

struct Folded {
  Plan plan{};
  /// Of each column of the model, signal by signal; empty where the model takes the features of the plan as they are. A
  /// column is a rank: how many thresholds are not above the key.
  std::vector<Key> keys{};
  model::Model model{};
};

/// Does a key need the samples of a window in order?
/// @param features  that keys of Part::feature are among
bool is_of_order(std::span<const Feature> features, const Key& key);

/// The smallest type that has the ranks of all keys.
model::NumberType rank_type(std::span<const Key> keys);

/// A plan that has the signals of a folded one too, for a stream of which both are asked.
struct Joined {
  Plan plan{};                          ///< with the features of the plan before the passes
  std::vector<Feature> key_features{};  ///< those that keys of Part::feature are among
  std::vector<Key> keys{};
};
/// @param plan    before the passes
/// @param folded  what they made of it
Joined join(const Plan& plan, const Folded& folded);

std::int32_t rank_of(const Key& key, Wide value);
std::int32_t rank_of(const Key& key, float value);

/// The key of one window of its signal, for every part but `feature`.
/// @param samples  of the window, at least one
Wide key_of(const Key& key, const Signal& signal, std::span<const std::int64_t> samples);

/// What the model takes, row after row, of every complete window: [n_windows][n_columns], ranks or features. The plan
/// is inferred, and its filters in integers are designed.
/// @param channels  as stream() takes them
std::vector<double> columns_of(const Folded& folded, std::vector<Column> channels);

}  // namespace emlc::signal
