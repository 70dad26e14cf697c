#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/py/trees/walker.hpp"

namespace emlc::py {

/// One _run on its way to text: its tables are lines in front of what reads them.
struct Printing {
  Core& core;
  const Trees& trees;
  std::string tables{};
};

void add_bytes(Printing& printing, std::string_view name, std::string_view part,
               const std::vector<std::uint8_t>& bytes);
/// Makes `name` a table of values in planes and gives what reads element `index`.
std::string add_planes(Printing& printing, std::string_view name, std::string_view part,
                       std::span<const std::int64_t> values, std::string_view index);
/// Makes `name` a pointer to an array of the module.
void add_array(Printing& printing, std::string_view name, std::string_view array, int bytes);

/// In bytes, of values from 0 up.
int width_of(std::span<const std::int64_t> values);

/// The statements that add the leaf l to the sums; makes their tables.
std::string added_text(Printing& printing);

}  // namespace emlc::py
