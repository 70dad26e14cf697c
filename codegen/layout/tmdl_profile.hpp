#pragma once

namespace emlc::layout {

/// What runs a .tmdl blob, besides emlc's runtime.
enum class TmdlProfile {
  tinymaix,     ///< TinyMaix as it is
  emlearn_cnn,  ///< the module emlearn_cnn_int8 of emlearn-micropython, see docs/tmdl.md
};

/// Of the container. Version 1 leaves its own header out of the checksum: for devices whose runtime knows no other.
enum class TmdlVersion { first = 1, second = 2 };

/// How a .tmdl lays trees out: layer 64 takes the least room, layer 71 is several times as fast. What 71 cannot hold
/// goes into 64.
enum class TmdlTrees {
  packed,    ///< 64
  balanced,  ///< 71 where it takes no more than twice the bytes
  linked,    ///< 71
};

/// What a .tmdl is written for.
struct TmdlForm {
  TmdlProfile profile = TmdlProfile::tinymaix;
  TmdlVersion version = TmdlVersion::second;
  TmdlTrees trees = TmdlTrees::packed;
};

}  // namespace emlc::layout
