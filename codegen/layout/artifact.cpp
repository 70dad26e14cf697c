#include "codegen/layout/artifact.hpp"

namespace emlc::layout {

std::size_t flash(const Artifact& artifact) {
  std::size_t sum = 0;
  for (const Part& part : artifact.parts) sum += part.bytes;
  return sum;
}

}  // namespace emlc::layout
