#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/chain/chain.hpp"
#include "formats/keras/config.hpp"
#include "formats/keras/weights.hpp"
#include "formats/reading.hpp"

/// From an architecture and its weights to a model.
namespace emlc::formats::keras {

/// Whose rules an architecture follows where they differ.
enum class Generation { unknown, keras_2, keras_3 };
Generation generation_of(std::string_view keras_version);

/// What the layers so far have made, and what the next one needs to know.
struct Building {
  std::string_view file;
  const Weights& weights;
  Generation generation = Generation::unknown;
  chain::Chain chain{};
  std::vector<std::int64_t> shape{};  ///< of one row's values
  std::size_t group_index = 0;        ///< of the layer that is being added, see Variable
};

/// A layer with its place: `layer 'dense_1' (Dense)`.
struct LayerPlace {
  const Layer& layer;
  std::string_view file;
  [[nodiscard]] Where where() const;
  [[noreturn]] void fail(std::string_view problem) const;
};

/// What is known of a class of layers.
struct LayerKind {
  std::string_view class_name;
  std::string_view group;  ///< the class as .keras names groups of weights
  void (*add)(Building&, const Layer&);
  std::string_view does_nothing{};  ///< why, where nothing becomes of it
};
const LayerKind* layer_kind(std::string_view class_name);
std::vector<std::string_view> layer_class_names();

/// More layers than anybody's network has.
constexpr std::size_t most_layers = 1000;

/// The activation called `name` on what the chain gives.
void add_activation(Building& building, const Layer& layer, std::string_view name);
/// The one that the layer's config names; none is the identity.
void add_set_activation(Building& building, const Layer& layer);
/// Throws Error where a row is no list of values but a table: what the layer computes goes along its last axis.
void require_flat(const Building& building, const Layer& layer, std::string_view what);

/// The layers in the order of the computation. Throws Error for what is not a single chain.
std::vector<const Layer*> in_order(const Architecture& architecture, std::string_view file);

/// Throws Error for a layer that is not supported, by its name.
Reading build(const Architecture& architecture, const Weights& weights, std::string_view file);

}  // namespace emlc::formats::keras
