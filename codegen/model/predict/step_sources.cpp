#include "codegen/model/predict/step_sources.hpp"

#include <algorithm>
#include <cmath>

namespace emlc::model {
namespace {

bool is_on_line(Source source) { return source == Source::exact || source == Source::line; }
bool is_known(Source source) { return source != Source::computed; }

struct Looking {
  std::span<const Source> run;

  [[nodiscard]] bool all(bool (*holds)(Source)) const { return std::all_of(run.begin(), run.end(), holds); }

  bool operator()(const Bins& /*step*/) const { return all(is_known); }
  bool operator()(const Binarize& /*step*/) const { return all(is_known); }
  bool operator()(const Lookup& /*step*/) const { return all(is_known); }
  bool operator()(const MissingIndicator& /*step*/) const { return all(is_known); }
  bool operator()(const Quantile& /*step*/) const { return all(is_on_line); }
  bool operator()(const OneHot& one_hot) const {
    for (std::size_t i = 0; i < run.size(); ++i) {
      if (one_hot.categories[i] && !is_known(run[i])) return false;
    }
    return true;
  }
  bool operator()(const Scaler& /*step*/) const { return false; }
  bool operator()(const Columns& /*step*/) const { return false; }
  bool operator()(const Impute& /*step*/) const { return false; }
  bool operator()(const Function& /*step*/) const { return false; }
  bool operator()(const Power& /*step*/) const { return false; }
  bool operator()(const Linear& /*step*/) const { return false; }
  bool operator()(const Polynomial& /*step*/) const { return false; }
  bool operator()(const Normalize& /*step*/) const { return false; }
};

/// Behind a function of one column.
struct Following {
  std::span<const StepOutput> outputs;  // of the step
  const StepOutput& output;
  Source before;

  [[nodiscard]] Source behind_function() const { return is_known(before) ? Source::function : before; }

  Source operator()(const Columns& /*step*/) const {
    const auto is_same_column = [&](const StepOutput& other) { return other.column == output.column; };
    const bool is_shared = std::count_if(outputs.begin(), outputs.end(), is_same_column) > 1;
    return is_shared && before != Source::exact ? Source::computed : before;
  }
  Source operator()(const OneHot& one_hot) const {
    if (!one_hot.categories[output.index]) return before;
    return is_known(before) ? Source::exact : before;
  }
  Source operator()(const Scaler& scaler) const {
    const bool rises = !scaler.clip && scaler.scale[output.index] > 0.0;
    return is_on_line(before) && rises ? Source::line : behind_function();
  }
  Source operator()(const Impute& impute) const {
    return is_on_line(before) && std::isnan(impute.missing) ? Source::line : behind_function();
  }
  Source operator()(const MissingIndicator& /*step*/) const { return behind_function(); }
  Source operator()(const Lookup& /*step*/) const { return behind_function(); }
  Source operator()(const Bins& /*step*/) const { return behind_function(); }
  Source operator()(const Binarize& /*step*/) const { return behind_function(); }
  Source operator()(const Function& /*step*/) const { return behind_function(); }
  Source operator()(const Power& /*step*/) const { return behind_function(); }
  Source operator()(const Quantile& /*step*/) const { return behind_function(); }
  Source operator()(const Linear& /*step*/) const { return Source::computed; }
  Source operator()(const Polynomial& /*step*/) const { return Source::computed; }
  Source operator()(const Normalize& /*step*/) const { return Source::computed; }
};

}  // namespace

bool looks_through(const Step& step, std::span<const Source> run) { return std::visit(Looking{run}, step.kind); }

std::vector<Source> sources_behind(const Step& step, std::span<const Source> sources) {
  const std::vector<StepOutput> outputs = outputs_of(step, sources.size());
  std::vector<Source> behind;
  for (const StepOutput& output : outputs) {
    switch (output.kind) {
      case StepOutput::Kind::same:
        behind.push_back(sources[output.column]);
        break;
      case StepOutput::Kind::function:
        behind.push_back(std::visit(Following{outputs, output, sources[output.column]}, step.kind));
        break;
      case StepOutput::Kind::mixed:
        behind.push_back(Source::computed);
        break;
    }
  }
  return behind;
}

}  // namespace emlc::model
