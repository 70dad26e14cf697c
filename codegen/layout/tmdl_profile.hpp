#pragma once

namespace emlc::layout {

/// What runs a .tmdl blob, besides emlc's runtime.
enum class TmdlProfile {
  tinymaix,     ///< TinyMaix as it is
  emlearn_cnn,  ///< the module emlearn_cnn_int8 of emlearn-micropython, see docs/tmdl.md
};

}  // namespace emlc::layout
