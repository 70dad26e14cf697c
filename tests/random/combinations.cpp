#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "tests/random/document.hpp"

namespace emlc::random {
namespace {

constexpr int most_nested = 3;

/// Columns that are computed, as chains and final models get them.
Shape computed(std::size_t n_features, std::size_t n_outputs) {
  return {.type = {.name = "float32", .is_integer = false, .lowest = -3.4e38, .highest = 3.4e38},
          .n_features = n_features,
          .n_outputs = n_outputs,
          .output = {}};
}

Json calibration(Random& random) {
  if (random.chance(0.5)) {
    return {{"method", "sigmoid"}, {"slope", random.uniform(-4.0, 4.0)}, {"offset", random.uniform(-2.0, 2.0)}};
  }
  Json x = Json::array(), y = Json::array();
  double at = random.uniform(-2.0, 0.5);
  for (std::int64_t n = random.between(1, 8); n > 0; --n) {
    x.push_back(at);
    y.push_back(random.pick({0.0, 1.0, random.uniform(0.0, 1.0)}));
    at += random.uniform(0.05, 1.0);
  }
  return {{"method", "isotonic"}, {"x", x}, {"y", y}};
}

Json decision(Random& random, std::size_t n_outputs) {
  if (n_outputs > 1) return {{"rule", "argmax"}};
  return {{"rule", random.pick({"greater", "greater_equal"})}, {"threshold", random.pick({0.0, 0.5, 0.25})}};
}

Json combination_of(Random& random, const Shape& shape, int depth);

Json plain_model(Random& random, const Shape& shape) {
  return random.chance(0.6) ? tree_ensemble(random, shape) : network(random, shape);
}

/// Trees, a network or a combination, behind steps in some of the members.
Json member_model(Random& random, Shape shape, int depth) {
  Json list = Json::array();
  if (random.chance(0.2)) {
    list = steps(random, shape.n_features);
    shape.type = computed(1, 1).type;
  } else if (random.chance(0.2)) {
    list.push_back(scaler(random, shape.n_features));
    shape.type = computed(1, 1).type;
  }
  const bool is_nested = depth < most_nested && random.chance(0.15);
  Json model = is_nested ? combination_of(random, shape, depth + 1) : plain_model(random, shape);
  if (list.empty()) return model;
  list.push_back(std::move(model));
  return {{"kind", "pipeline"}, {"steps", list}};
}

/// A member of so many outputs, with a decision in most.
Json member(Random& random, Shape shape, std::size_t n_outputs, int depth) {
  shape.n_outputs = n_outputs;
  Json member = {{"model", member_model(random, shape, depth)}, {"output", {{"n_outputs", n_outputs}}}};
  if (random.chance(0.7)) member["output"]["decision"] = decision(random, n_outputs);
  return member;
}

/// A member that gives n values: all of its outputs, or some.
Json giving(Random& random, const Shape& shape, std::size_t n, int depth) {
  const bool chooses = random.chance(0.3);
  const std::size_t n_outputs = chooses ? n + random.index(3) : n;
  Json result = member(random, shape, n_outputs, depth);
  if (chooses) {
    Json columns = Json::array();
    for (std::size_t i = 0; i < n; ++i) columns.push_back(random.index(n_outputs));
    result["columns"] = columns;
  }
  if (!random.chance(0.3)) return result;
  result["calibration"] = Json::array();
  for (std::size_t i = 0; i < n; ++i) result["calibration"].push_back(calibration(random));
  return result;
}

double weight(Random& random) { return random.pick({1.0, 2.0, 3.0, 0.5, 0.0, random.uniform(0.1, 2.0)}); }

/// Gives some members weights, not all of them 0.
void add_weights(Random& random, Json& members) {
  if (!random.chance(0.5)) return;
  for (Json& member : members) member["weight"] = weight(random);
  members.front()["weight"] = 1.0;
}

Json mean(Random& random, const Shape& shape, std::size_t width, int depth) {
  Json members = Json::array();
  for (std::int64_t n = random.between(1, 4); n > 0; --n) members.push_back(giving(random, shape, width, depth));
  add_weights(random, members);
  return {{"kind", "combine"}, {"rule", "mean"}, {"members", members}};
}

Json votes(Random& random, const Shape& shape, std::size_t width, int depth) {
  Json members = Json::array();
  for (std::int64_t n = random.between(1, 5); n > 0; --n) {
    const std::size_t n_outputs = width == 2 && random.chance(0.5) ? 1 : width;
    members.push_back(member(random, shape, n_outputs, depth));
    members.back()["output"]["decision"] = decision(random, n_outputs);
  }
  add_weights(random, members);
  return {{"kind", "combine"}, {"rule", "votes"}, {"members", members}};
}

Json one_vs_one(Random& random, const Shape& shape, std::size_t width, int depth) {
  Json members = Json::array();
  for (std::size_t pair = 0; pair < width * (width - 1) / 2; ++pair) {
    const std::size_t n_outputs = random.chance(0.3) ? 2 : 1;
    members.push_back(member(random, shape, n_outputs, depth));
    members.back()["output"]["decision"] = decision(random, n_outputs);
    if (n_outputs == 2) members.back()["columns"] = {random.index(2)};
    if (random.chance(0.1)) members.back()["calibration"] = {calibration(random)};
  }
  return {{"kind", "combine"}, {"rule", "one_vs_one"}, {"members", members}};
}

Json concatenate(Random& random, Shape shape, std::size_t width, int depth) {
  const bool is_chained = random.chance(0.4);
  if (is_chained) shape = computed(shape.n_features, shape.n_outputs);
  Json members = Json::array();
  for (std::size_t left = width; left != 0;) {
    std::size_t n = 1 + random.index(left);
    if (random.chance(0.25)) {
      n = 1;
      const std::size_t n_outputs = 1 + random.index(3);
      members.push_back(member(random, shape, n_outputs, depth));
      members.back()["output"]["decision"] = decision(random, n_outputs);
      members.back()["result"] = "decision";
    } else {
      members.push_back(giving(random, shape, n, depth));
    }
    left -= n;
    if (is_chained) shape.n_features += n;
  }
  Json model = {{"kind", "combine"}, {"rule", "concatenate"}, {"members", members}};
  if (is_chained) model["chained"] = true;
  return model;
}

/// Any rule that gives a row of this width.
Json rule(Random& random, const Shape& shape, std::size_t width, int depth) {
  constexpr std::size_t most_of_pairs = 4;
  if (width >= 2 && random.chance(0.3)) return votes(random, shape, width, depth);
  if (width >= 2 && width <= most_of_pairs && random.chance(0.2)) return one_vs_one(random, shape, width, depth);
  return random.chance(0.6) ? mean(random, shape, width, depth) : concatenate(random, shape, width, depth);
}

/// What may divide by 0 stands behind votes alone.
void add_post_transform(Random& random, Json& model) {
  if (!random.chance(0.25)) return;
  const bool are_votes = model["rule"] == "votes";
  model["post_transform"] = {{"name", are_votes
                                          ? random.pick({"normalize_or_uniform", "normalize", "identity"})
                                          : random.pick({"identity", "sigmoid", "softmax", "hinge", "log_softmax"})}};
}

Json combination_of(Random& random, const Shape& shape, int depth) {
  const bool has_final = random.chance(0.25);
  const std::size_t width = has_final ? 1 + random.index(4) : shape.n_outputs;
  Json model = rule(random, shape, width, depth);
  add_post_transform(random, model);
  if (!has_final) return model;
  const bool passes = random.chance(0.4);
  model["final"] = plain_model(random, computed(width + (passes ? shape.n_features : 0), shape.n_outputs));
  if (passes) model["passthrough"] = true;
  return model;
}

}  // namespace

Json combination(Random& random, const Shape& shape) { return combination_of(random, shape, 1); }

}  // namespace emlc::random
