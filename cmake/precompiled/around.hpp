// The same for the program around the models, which also writes JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "cmake/precompiled/optimised.hpp"
