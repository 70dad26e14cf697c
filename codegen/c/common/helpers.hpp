#pragma once

#include <set>
#include <string>
#include <string_view>

namespace emlc::c {

struct Names;

/// Small functions that several parts of a header may call. A part names what it calls, the frame defines each once.
/// Where nothing else is said they change y[n] in place; arguments are listed after (y, n).
enum class Helper {
  log1p,            ///< float(float y), y >= 0
  expm1,            ///< float(float z), z <= 0
  multiply,         ///< factor
  relu,             ///<
  relu6,            ///<
  leaky_relu,       ///< alpha
  elu,              ///< alpha
  tanh,             ///<
  sigmoid,          ///<
  softplus,         ///<
  exp,              ///<
  hinge,            ///< 1 above 0, else 0
  signed_square,    ///<
  isolation,        ///< rate, offset: -exp(rate * z) - offset
  divide_by_sum,    ///<
  share_of_sum,     ///< divide_by_sum, or 1 / n where the sum is 0
  softmax,          ///<
  log_softmax,      ///<
  argmax,           ///< int(const float *y, int n): the index of the first maximum
  log1p_any,        ///< float(float y)
  expm1_any,        ///< float(float z)
  log,              ///<
  log2,             ///<
  log10,            ///<
  each_log1p,       ///<
  each_expm1,       ///<
  sqrt,             ///<
  square,           ///<
  abs,              ///<
  reciprocal,       ///<
  yeo_johnson,      ///< float(float z, float lambda)
  box_cox,          ///< float(float z, float lambda)
  normal_quantile,  ///< float(float p)
  normalize_l1,     ///<
  normalize_l2,     ///<
  normalize_max,    ///<
};

/// As it is called: `digits_relu_`.
std::string helper_name(Helper helper, const Names& names);
/// Definitions of the helpers and of those that they call, in an order that compiles.
std::string helper_definitions(const std::set<Helper>& helpers, const Names& names);
/// The macro `name`, `FORK_WALK`, in front of functions that no caller takes in: they would share its registers. `why`
/// is its comment. Ends with a newline.
std::string apart_macro(std::string_view name, std::string_view why, const Names& names);
/// True when one of them calls libm.
bool call_libm(const std::set<Helper>& helpers);

}  // namespace emlc::c
