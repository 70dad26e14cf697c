#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "codegen/model/trees/tree_ensemble.hpp"
#include "codegen/passes/signal/fold_logs.hpp"
#include "codegen/passes/signal/routes.hpp"

namespace emlc::passes {

/// Where a split of a feature is among the keys. On one side of it are the keys below `integer` or `real`, on the other
/// one the rest.
struct Cut {
  enum class Kind {
    at,       ///< a threshold
    nothing,  ///< all keys are below
    all,      ///< none is
  };
  std::size_t key = 0;
  Kind kind = Kind::at;
  signal::Wide integer = 0;
  float real = 0.0F;
  bool falls = false;  ///< keys below go right
};

/// The keys of a plan's features, without thresholds, and where splits are among them.
class Ranking {
 public:
  /// @param logs      [n_features], as fold_logs() gives them
  /// @param compared  as what the splits compare features
  Ranking(const signal::Plan& plan, const std::vector<std::optional<Route>>& routes,
          const std::vector<std::optional<LogEnd>>& logs, model::NumberType compared)
      : plan_(plan), routes_(routes), logs_(logs), compared_(compared) {}

  Cut cut_of(const model::Split& split);
  /// The key of a feature that no split looks at, for a model that has to have an input.
  std::size_t any_key(std::int32_t feature) { return key_of(feature, false); }
  [[nodiscard]] const std::vector<signal::Key>& keys() const { return keys_; }

 private:
  std::size_t key_of(std::int32_t feature, bool nan_is_low);
  [[nodiscard]] Cut compute(const model::Split& split, std::size_t key) const;
  [[nodiscard]] Cut cut_of_integers(const std::vector<signal::Link>& links, const signal::Range& range,
                                    double threshold) const;

  const signal::Plan& plan_;
  const std::vector<std::optional<Route>>& routes_;
  const std::vector<std::optional<LogEnd>>& logs_;
  model::NumberType compared_;
  std::vector<signal::Key> keys_;
  std::map<std::tuple<signal::Part, std::int32_t, std::int32_t, bool>, std::size_t> places_;
  std::map<std::tuple<std::int32_t, double, std::size_t>, Cut> cuts_;
};

}  // namespace emlc::passes
