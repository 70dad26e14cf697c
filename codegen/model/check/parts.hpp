#pragma once

#include <fmt/format.h>

#include <algorithm>
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

  /// A part of a combination, which has its own fields: a member has an output beside its model.
  enum class Part { member, final_model };
  [[nodiscard]] Place inside(std::string_view field, Part part = Part::member) const {
    Place place = *this;
    place.where_.field = path_to(field);
    place.part_ = part;
    return place;
  }

  [[noreturn]] void fail(const std::string& field, std::string_view problem) const {
    Where where = where_;
    where.field = path_to(field);
    throw Error(where, problem);
  }
  void require(bool holds, std::string_view field, std::string_view problem) const {
    if (!holds) fail(std::string(field), problem);
  }

 private:
  /// The path of a field of the whole model: of a part of it, behind the path of the part.
  [[nodiscard]] std::string path_to(std::string_view field) const {
    if (where_.field.empty()) return std::string(field);
    constexpr std::string_view model = "model";
    const bool is_of_model = field == model || field.starts_with("model.");
    if (part_ == Part::final_model) {  // is the model itself
      if (is_of_model) field.remove_prefix(std::min(field.size(), model.size() + 1));
      return field.empty() ? where_.field : fmt::format("{}.{}", where_.field, field);
    }
    const bool is_beside = is_of_model || field.starts_with("output.");
    return fmt::format("{}.{}{}", where_.field, is_beside ? "" : "model.", field);
  }

  Where where_;
  Part part_ = Part::member;
};

/// How deep a model is inside of combinations: 0, 1, ...
struct Nested {
  int depth = 0;
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
void check_post_transform(const Place& place, const PostTransform& transform);
/// @param nested  how many combinations there are, this one included
void check_combination(const Place& place, const Combination& combination, const Model& model, Nested nested);
/// A part of a combination.
/// @param nested  how many combinations are around it
void check_nested(const Place& place, const Model& model, Nested nested);
void check_sos(const Place& place, const SosCascade& cascade, const Model& model, std::vector<std::string>& warnings);

}  // namespace emlc::model
