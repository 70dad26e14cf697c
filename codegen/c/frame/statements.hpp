#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace emlc::c {

/// How often there is something that takes instructions, by a name for it.
using Terms = std::map<std::string, double, std::less<>>;

/// Names, numbers, operators and brackets of C, without blanks.
std::vector<std::string_view> tokens_in(std::string_view text);

/// What a processor takes for a number, from the cheapest on.
enum class NumberClass { byte, half, word, wide, single, twice };
using Types = std::map<std::string_view, NumberClass>;

/// The class of each name that a text declares, pointers as what they point to.
/// @param feature  of the type `feature` of the header
void add_types(Types& types, const std::vector<std::string_view>& tokens, NumberClass feature);

/// Counts what one line of a function has: operators with the class of the widest number in the line (`+w`, of an index
/// `+i`), loads and stores (`[b`), constants by their bytes (`l2`), branches, loops, calls of functions that are no
/// function of the header, and macros by their names without a number.
/// @param symbol, macro  before names of the header, see Names
struct LineNames {
  std::string_view symbol, macro;
};
void count_line(std::string_view line, const Types& types, const LineNames& names, Terms& terms);

}  // namespace emlc::c
