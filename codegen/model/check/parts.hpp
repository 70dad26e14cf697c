#pragma once

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/error.hpp"
#include "codegen/model/model.hpp"

/// What the parts of model::check share.
namespace emlc::model {

/// Where in the model a check is: builds the located message.
class Place {
 public:
  explicit Place(std::string_view file) : where_{.file = std::string(file)} {}

  [[noreturn]] void fail(std::string field, std::string_view problem) const {
    Where where = where_;
    where.field = std::move(field);
    throw Error(where, problem);
  }
  void require(bool holds, std::string_view field, std::string_view problem) const {
    if (!holds) fail(std::string(field), problem);
  }

 private:
  Where where_;
};

inline void check_finite(const Place& place, std::string_view field, const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) place.fail(fmt::format("{}[{}]", field, i), "must be a finite number");
  }
}

inline void check_length(const Place& place, std::string_view field, std::size_t found, std::size_t expected) {
  if (found == expected) return;
  place.fail(std::string(field), fmt::format("has {} entries, expected {}", found, expected));
}

void check_trees(const Place& place, const TreeEnsemble& ensemble, const Model& model);
void check_dense(const Place& place, const DenseNetwork& network, const Model& model);
void check_integers(const Place& place, const IntegerNetwork& integers, const DenseNetwork& network,
                    const Model& model);
void check_steps(const Place& place, const Model& model);
void check_scalers(const Place& place, const Model& model);
void check_sos(const Place& place, const SosCascade& cascade, const Model& model, std::vector<std::string>& warnings);

}  // namespace emlc::model
