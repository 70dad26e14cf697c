#include "codegen/model/dense/dense_network.hpp"

#include <stdexcept>

namespace emlc::model {

std::string_view name(Activation activation) {
  switch (activation) {
    case Activation::identity:
      return "identity";
    case Activation::relu:
      return "relu";
    case Activation::relu6:
      return "relu6";
    case Activation::leaky_relu:
      return "leaky_relu";
    case Activation::tanh:
      return "tanh";
    case Activation::logistic:
      return "logistic";
    case Activation::softmax:
      return "softmax";
    case Activation::softplus:
      return "softplus";
    case Activation::elu:
      return "elu";
  }
  throw std::logic_error("activation without a name");
}

}  // namespace emlc::model
