#include "tests/random/reduce.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace emlc::random {
namespace {

using Pointer = Json::json_pointer;
using Take = std::function<void(const Json&)>;

/// The pointers to all values for which `is_wanted` says so, parents first.
template <class Wanted>
void collect(const Json& value, const Pointer& at, const Wanted& is_wanted, std::vector<Pointer>& into) {
  if (is_wanted(value)) into.push_back(at);
  if (value.is_object()) {
    for (const auto& [key, child] : value.items()) collect(child, at / key, is_wanted, into);
  } else if (value.is_array()) {
    for (std::size_t index = 0; index < value.size(); ++index) collect(value[index], at / index, is_wanted, into);
  }
}

template <class Wanted>
std::vector<Pointer> places(const Json& document, const Wanted& is_wanted) {
  std::vector<Pointer> found;
  collect(document, Pointer(""), is_wanted, found);
  return found;
}

Json erased(Json list, std::size_t first, std::size_t n) {
  const auto begin = list.begin() + static_cast<std::ptrdiff_t>(first);
  list.erase(begin, begin + static_cast<std::ptrdiff_t>(n));
  return list;
}

/// Lists whose members stand alone: blocks of them are left out, halves first.
void drop_members(const Json& document, const Take& take) {
  for (const char* key : {"trees", "steps", "sections", "layers"}) {
    for (const Pointer& at :
         places(document, [&](const Json& value) { return value.is_object() && value.contains(key); })) {
      const Json& list = document[at][key];
      for (std::size_t n = list.size() / 2; n != 0; n /= 2) {
        for (std::size_t first = 0; first + n <= list.size(); first += n) {
          Json smaller = document;
          smaller[at][key] = erased(list, first, n);
          take(smaller);
        }
      }
    }
  }
}

/// The nodes of a tree that can be reached from `root`, with new numbers; lists of categories go along.
Json reached_part(const Json& tree, std::size_t root) {
  std::vector<std::size_t> order = {root};
  for (std::size_t index = 0; index < order.size(); ++index) {
    for (const char* side : {"left", "right"}) {
      const auto child = tree[side][order[index]].get<std::int64_t>();
      if (child >= 0) order.push_back(static_cast<std::size_t>(child));
    }
  }
  Json part = tree;
  for (const char* key : {"feature", "threshold", "left", "right", "value", "default_left", "missing_type"}) {
    if (!tree.contains(key)) continue;
    part[key] = Json::array();
    for (const std::size_t node : order) part[key].push_back(tree[key][node]);
  }
  std::int64_t next = 1;
  for (std::size_t index = 0; index < order.size(); ++index) {
    for (const char* side : {"left", "right"}) {
      if (part[side][index] != -1) part[side][index] = next++;
    }
    for (const char* key : {"categories_left", "categories_right"}) {
      if (index == 0) part.erase(key);
      if (tree.contains(key) && tree[key].contains(std::to_string(order[index])))
        part[key][std::to_string(index)] = tree[key][std::to_string(order[index])];
    }
  }
  return part;
}

/// The tree with the split `node` replaced by one of its children.
Json without_split(const Json& tree, std::size_t node, const char* kept_side) {
  const Json kept = tree[kept_side][node];
  if (node == 0) return reached_part(tree, kept.get<std::size_t>());
  Json changed = tree;
  for (const char* side : {"left", "right"}) {
    for (Json& child : changed[side]) {
      if (child == node) child = kept;
    }
  }
  return reached_part(changed, 0);
}

void drop_splits(const Json& document, const Take& take) {
  for (const Pointer& at :
       places(document, [](const Json& value) { return value.is_object() && value.contains("left"); })) {
    const Json& tree = document[at];
    for (std::size_t node = 0; node < tree["feature"].size(); ++node) {
      if (tree["left"][node] == -1) continue;
      for (const char* side : {"left", "right"}) {
        Json smaller = document;
        smaller[at] = without_split(tree, node, side);
        take(smaller);
      }
    }
  }
}

void drop_keys(const Json& document, const Take& take) {
  static const std::set<std::string> optional = {"base_score",   "base_score_at", "output_scale",  "post_transform",
                                                 "missing",      "weight",        "feature_dtype", "accumulate_dtype",
                                                 "clip",         "feature_min",   "feature_max",   "class_names",
                                                 "sample_rate",  "scale",         "dtype",         "test_vectors",
                                                 "missing_type", "default_left",  "first"};
  for (const Pointer& at : places(document, [](const Json& value) { return value.is_object(); })) {
    for (const auto& [key, value] : document[at].items()) {
      if (!optional.contains(key)) continue;
      Json smaller = document;
      smaller[at].erase(key);
      if (key == "missing")
        for (const Pointer& tree : places(smaller, [](const Json& v) { return v.is_object() && v.contains("left"); }))
          for (const char* list : {"default_left", "missing_type"}) smaller[tree].erase(list);
      take(smaller);
    }
  }
}

/// Feature 0 alone where every feature is as good; the last features otherwise.
void drop_features(const Json& document, const Take& take) {
  const auto n = document["input"]["n_features"].get<std::size_t>();
  for (const std::size_t fewer : {std::size_t{1}, n / 2, n - 1}) {
    if (fewer == 0 || fewer >= n) continue;
    Json smaller = document;
    smaller["input"]["n_features"] = fewer;
    for (const Pointer& at :
         places(document, [&](const Json& value) { return value.is_array() && value.size() == n; })) {
      if (at.back() == "offset" || at.back() == "scale" || at.back().starts_with("feature_m"))
        smaller[at] = erased(document[at], fewer, n - fewer);
    }
    for (const Pointer& at :
         places(document, [](const Json& value) { return value.is_object() && value.contains("left"); }))
      for (Json& feature : smaller[at]["feature"])
        if (feature.get<std::int64_t>() >= static_cast<std::int64_t>(fewer)) feature = 0;
    take(smaller);
  }
}

void simplify_numbers(const Json& document, const Take& take) {
  if (!document.contains("model")) return;
  for (const Pointer& at : places(document, [](const Json& value) { return value.is_number_float(); })) {
    const double value = document[at].get<double>();
    for (const double simpler : {0.0, 1.0, std::round(value), std::round(value * 16.0) / 16.0}) {
      if (simpler == value || (value == 0.0 || value == 1.0) || !std::isfinite(simpler)) continue;
      Json smaller = document;
      smaller[at] = simpler;
      take(smaller);
    }
  }
}

}  // namespace

void for_each_smaller(const Json& document, const Take& take) {
  using Step = void (*)(const Json&, const Take&);
  static constexpr std::array<Step, 5> steps = {drop_members, drop_splits, drop_keys, drop_features, simplify_numbers};
  for (const Step step : steps) step(document, take);
}

}  // namespace emlc::random
