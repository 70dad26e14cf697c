#pragma once

#include <string>
#include <vector>

#include "cli/console/terminal.hpp"
#include "cli/fit/result.hpp"

namespace emlc::cli::fit {

/// The goal, the parts, the points and what was chosen, for people on stderr.
void tell(const Terminal& terminal, const Problem& problem, const Goal& goal, const Result& result);

/// Is the time told? What depends on the input alone leaves it out.
enum class Clock { shown, hidden };
/// How the search ended: `412 trials in 8.1 s, nothing is left to try near the best points`.
std::string ending_text(const Result& result, Clock clock);

/// A quality or a loss as the measure is written: in percent, or a number.
std::string quality_text(Measure measure, double value);
/// `0.37 % (-0.5 to 1.2 %)`: the loss and its 95 % interval.
std::string loss_text(Measure measure, const Loss& loss);

/// What to know about a point whose loss the data is too small to tell; empty: it is large enough.
std::string doubt_text(Measure measure, const Goal& goal, const Loss& loss);

/// The options of a point as they are typed, without what the user gave: `--voting hard`; of none `the defaults`.
std::string short_options(const Point& point);

/// What the nearest point misses: `flash 5120 bytes, 1024 more than --max-flash 4096 allows`.
std::string missed_text(const Problem& problem, const Goal& goal, const Point& point);

}  // namespace emlc::cli::fit
