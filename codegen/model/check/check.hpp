#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/model.hpp"

namespace emlc::model {

/// Proves every invariant of the IR: node ids, forward children, every node reached, rows and features in range, finite
/// numbers, sizes that chain, names and targets that add up, a0 != 0. `file` is only for messages.
/// Returns warnings (an unstable filter, for example); throws Error naming the place otherwise.
std::vector<std::string> check(const Model& model, std::string_view file);

}  // namespace emlc::model
