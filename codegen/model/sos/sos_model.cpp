#include "codegen/model/sos/sos_model.hpp"

namespace emlc::model {

const FixedPoint* fixed_point_of(const Model& model) {
  const auto* cascade = std::get_if<SosCascade>(&model.predictor);
  return cascade != nullptr && cascade->fixed ? &*cascade->fixed : nullptr;
}

}  // namespace emlc::model
