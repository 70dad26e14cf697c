#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/compile/options.hpp"
#include "codegen/model/kind.hpp"

namespace emlc::cli::fit {

/// What a dimension changes: the model, after which its answers are others, or only how it is laid out.
enum class Changes { model, layout };
/// Are neighbours among its values steps the same way, or are all of them alternatives?
enum class Order { ordered, free };
/// Do passes learn from the rows of --data? Then what is lost on these rows says too little.
enum class Learns { no, from_data };

/// One thing that the search may choose: options of convert, of which one is taken. The first one is what a search
/// begins with, for the model the default, an empty text; ordered ones reduce more and more.
struct Dimension {
  std::string_view name;  ///< the option that a user gives to choose it himself
  Changes changes;
  Order order;
  Learns learns;
  std::optional<model::Kind> kind;  ///< of the models that it is for; nothing: of several
  std::vector<std::string> values;
};

/// The dimensions of a search, without those whose options are given and those that are for models of another kind.
/// Which of the others a model or an output takes shows when they are tried.
/// @param line  with the compile options, as given by the user
std::vector<Dimension> dimensions_of(const CommandLine& line, Changes changes, model::Kind kind);

/// Of each dimension the place of the value that is chosen.
using Choice = std::vector<std::size_t>;

/// `--voting hard --leaf-bits 8`, empty when all are the defaults.
std::string options_text(std::span<const Dimension> dimensions, const Choice& choice);

/// True when some chosen value that is not the default belongs to a pass that learns from data.
bool learns(std::span<const Dimension> dimensions, const Choice& choice);

}  // namespace emlc::cli::fit
