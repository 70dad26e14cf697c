#pragma once

#include <vector>

#include "codegen/model/combine/members.hpp"
#include "codegen/model/predict/step_errors.hpp"

namespace emlc::model {

/// What a member gives to the rule, and what float32 may be off by.
struct MemberValues {
  Values values{};                       ///< [n_values]
  std::int32_t decided = 0;              ///< the class of its own rule
  std::vector<std::int32_t> may_decide;  ///< other classes that its outputs are too close to, to be told apart
};
/// @param outputs  [n_outputs] of the member
MemberValues member_values(const Member& member, const Values& outputs);

/// The row of the rule, before the post-transform.
Values rule_values(const Combination& combination, const std::vector<MemberValues>& members);

}  // namespace emlc::model
