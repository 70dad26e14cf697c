#include "formats/lightgbm/objective.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "formats/text/text.hpp"

namespace emlc::formats::lightgbm {
namespace {

using model::PostTransformKind;

enum class Labels {
  none,
  threshold,  ///< one probability: class 1 above 0.5
  largest,    ///< the first largest output
};

/// An option behind the name of an objective that changes the answer.
enum class Options { none, root, sigmoid };

struct Objective {
  std::string_view name;
  PostTransformKind transform;
  Labels labels;
  Options options;
};

// Names as the library writes them; the last two are those of 2.x.
constexpr std::array objectives = {
    Objective{"regression", PostTransformKind::identity, Labels::none, Options::root},
    Objective{"regression_l1", PostTransformKind::identity, Labels::none, Options::root},
    Objective{"huber", PostTransformKind::identity, Labels::none, Options::none},
    Objective{"fair", PostTransformKind::identity, Labels::none, Options::none},
    Objective{"quantile", PostTransformKind::identity, Labels::none, Options::none},
    Objective{"mape", PostTransformKind::identity, Labels::none, Options::none},
    Objective{"poisson", PostTransformKind::exp, Labels::none, Options::none},
    Objective{"gamma", PostTransformKind::exp, Labels::none, Options::none},
    Objective{"tweedie", PostTransformKind::exp, Labels::none, Options::none},
    Objective{"binary", PostTransformKind::sigmoid, Labels::threshold, Options::sigmoid},
    Objective{"multiclass", PostTransformKind::softmax, Labels::largest, Options::none},
    Objective{"multiclassova", PostTransformKind::sigmoid, Labels::largest, Options::sigmoid},
    Objective{"cross_entropy", PostTransformKind::sigmoid, Labels::none, Options::none},
    Objective{"cross_entropy_lambda", PostTransformKind::log1p_exp, Labels::none, Options::none},
    Objective{"lambdarank", PostTransformKind::identity, Labels::none, Options::none},
    Objective{"rank_xendcg", PostTransformKind::identity, Labels::none, Options::none},
    Objective{"custom", PostTransformKind::identity, Labels::none, Options::none},
    Objective{"xentropy", PostTransformKind::sigmoid, Labels::none, Options::none},
    Objective{"xentlambda", PostTransformKind::log1p_exp, Labels::none, Options::none},
};

const Objective& objective_called(std::string_view name, const RefuseKey& refuse) {
  std::vector<std::string_view> names;
  for (const Objective& objective : objectives) {
    if (objective.name == name) return objective;
    names.push_back(objective.name);
  }
  refuse("objective", unknown_name("objective", name, names));
  throw std::logic_error("an unknown objective was not refused");
}

/// The number behind `sigmoid:`.
double slope_of(std::string_view option, const RefuseKey& refuse) {
  const std::string_view number = option.substr(option.find(':') + 1);
  if (!is_number(number)) {
    refuse("objective", fmt::format("expected a number behind 'sigmoid:', found '{}'", printable(number)));
  }
  const double slope = parse_number(number, {});
  if (slope <= 0.0) refuse("objective", fmt::format("sigmoid is {}, expected a number above 0", slope));
  return slope;
}

void take_option(const Objective& objective, std::string_view option, model::PostTransform& transform,
                 const RefuseKey& refuse) {
  if (objective.options == Options::root && option == "sqrt") {
    transform.kind = PostTransformKind::signed_square;
  } else if (objective.options == Options::sigmoid && option.starts_with("sigmoid:")) {
    transform.scale = slope_of(option, refuse);
  }  // others, such as num_class:3, say what was trained and nothing about answers
}

void set_outputs(const Objective& objective, std::int32_t n_outputs, model::Output& output) {
  output.n_outputs = n_outputs;
  output.targets = {{.size = n_outputs}};
  if (objective.labels == Labels::none) return;
  output.task = model::Task::classification;
  output.rule = objective.labels == Labels::largest ? model::DecisionRule::argmax : model::DecisionRule::greater;
  if (objective.labels == Labels::threshold) output.threshold = 0.5;
}

}  // namespace

void set_objective(const Header& header, model::Model& model, model::PostTransform& transform,
                   const RefuseKey& refuse) {
  const std::vector<std::string_view> words = split_cells(header.objective, ' ');
  const Objective& objective = objective_called(words.empty() ? "custom" : words.front(), refuse);
  transform.kind = objective.transform;
  for (std::size_t index = 1; index < words.size(); ++index) take_option(objective, words[index], transform, refuse);
  if (objective.labels == Labels::threshold && header.trees_per_round != 1) {
    refuse("num_tree_per_iteration", fmt::format("is {}, the objective 'binary' has one", header.trees_per_round));
  }
  set_outputs(objective, header.trees_per_round, model.output);
}

}  // namespace emlc::formats::lightgbm
