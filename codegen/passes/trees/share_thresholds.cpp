#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include "codegen/model/number_type.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/passes.hpp"

// note [stabbing]
// The data that arrives at a split leaves room for its threshold T: above the largest value that goes left, up to the
// smallest that goes right. While every T stays in its room every row keeps its path, so the same rows arrive
// everywhere and the rooms of all splits can be used at once. The fewest values that meet every room are found
// greedily: by upper ends, each room that no value meets yet needs one, best at its upper end, since the rooms that are
// left end later. A later room that begins below an earlier value begins below this one too, so the rooms that a value
// meets are neighbours in that order. The value may then be any that they have in common.

namespace emlc::passes {
namespace {

using model::NodeId;
using model::Split;

using model::infinity;

using Below = std::optional<double>;  ///< what thresholds are above; nothing where even -infinity will do

/// The thresholds above `low` and up to `high` keep every path of the data at `split`.
struct Room {
  Split* split;
  Below low{};
  double high = infinity;
};

/// Splits that a row of the data reaches. The others say nothing and keep their thresholds.
std::vector<Room> rooms_in(model::Tree& tree, model::NumberType type, const std::vector<std::vector<double>>& rows) {
  std::vector<Room> rooms;
  std::vector<std::size_t> room_of(tree.nodes.size(), std::numeric_limits<std::size_t>::max());
  for (const std::vector<double>& row : rows) {
    NodeId id = 0;
    while (auto* split = std::get_if<Split>(&tree.nodes[static_cast<std::size_t>(id)])) {
      std::size_t& at = room_of[static_cast<std::size_t>(id)];
      if (at >= rooms.size()) {
        at = rooms.size();
        rooms.push_back({split});
      }
      const double x = model::round_to(type, row[static_cast<std::size_t>(split->feature)]);
      // NaN keeps its side whatever the threshold is, and compares as neither.
      if (x < split->threshold) rooms[at].low = std::max(rooms[at].low, Below(x));
      if (x >= split->threshold) rooms[at].high = std::min(rooms[at].high, x);
      id = model::next_node(*split, type, row);
    }
  }
  return rooms;
}

/// A threshold above `low` and up to `high`, in the middle: as far from the data as a trainer would put it.
double middle(Below low, double high, model::NumberType type) {
  if (!low || *low == -infinity) return high == infinity ? 0.0 : high;
  const double lowest = model::next_above(type, *low);
  if (high == infinity) return lowest;
  return std::min(std::max(model::smallest_at_least(type, *low + (high - *low) / 2.0), lowest), high);
}

/// The value that meets all of `rooms`, which have those above `low` and up to `high` in common: the threshold they
/// have already, if that is one.
double shared_value(std::span<const Room> rooms, Below low, double high, model::NumberType type) {
  const double first = rooms.front().split->threshold;
  const auto has_first = [&](const Room& room) { return room.split->threshold == first; };
  return std::all_of(rooms.begin(), rooms.end(), has_first) ? first : middle(low, high, type);
}

/// The fewest values that meet every room, ascending; see note [stabbing].
std::vector<double> stabbing_values(std::vector<Room>& rooms, model::NumberType type) {
  std::stable_sort(rooms.begin(), rooms.end(), [](const Room& a, const Room& b) { return a.high < b.high; });
  std::vector<double> values;
  for (std::size_t first = 0; first < rooms.size();) {
    const double high = rooms[first].high;
    Below low = rooms[first].low;
    std::size_t end = first + 1;
    for (; end < rooms.size() && rooms[end].low < high; ++end) low = std::max(low, rooms[end].low);
    values.push_back(shared_value(std::span(rooms).subspan(first, end - first), low, high, type));
    first = end;
  }
  return values;
}

/// The nearest of the values that the room has.
double nearest(const Room& room, const std::vector<double>& values) {
  auto best = std::upper_bound(values.begin(), values.end(), room.low,
                               [](const Below& low, double value) { return low < value; });
  const double from = room.split->threshold;
  const auto distance = [&](double value) {
    return value == from ? 0.0 : std::abs(value - from);
  };  // of infinities too
  for (auto next = best; next != values.end() && *next <= room.high; ++next) {
    if (distance(*next) < distance(*best)) best = next;
  }
  return *best;
}

}  // namespace

PassResult share_thresholds(model::Model& model, const PassConfig& config) {
  auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  std::vector<std::vector<double>> rows;
  rows.reserve(config.data.size());
  for (const std::vector<double>& row : config.data) rows.push_back(model::scaled(model, row));
  std::vector<Room> rooms;
  for (model::Tree& tree : ensemble.trees) {
    const std::vector<Room> found = rooms_in(tree, ensemble.feature_type, rows);
    rooms.insert(rooms.end(), found.begin(), found.end());
  }
  const std::vector<double> values = stabbing_values(rooms, ensemble.feature_type);
  PassResult result;
  for (Room& room : rooms) {
    const double shared = nearest(room, values);
    result.changes += shared != room.split->threshold ? 1 : 0;
    room.split->threshold = shared;
  }
  return result;
}

}  // namespace emlc::passes
