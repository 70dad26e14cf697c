#include "codegen/passes/chains/slices.hpp"

#include <stdexcept>

namespace emlc::passes {
namespace {

struct Slicing {
  std::size_t first, n;

  template <class Entry>
  [[nodiscard]] std::vector<Entry> of(const std::vector<Entry>& entries) const {
    const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(first);
    return {begin, begin + static_cast<std::ptrdiff_t>(n)};
  }
  [[nodiscard]] static model::StepKind none() { throw std::logic_error("step that makes no column of itself"); }

  model::StepKind operator()(model::Scaler scaler) const {
    scaler.offset = of(scaler.offset);
    scaler.scale = of(scaler.scale);
    return scaler;
  }
  model::StepKind operator()(const model::Impute& impute) const {
    return model::Impute{.values = of(impute.values), .missing = impute.missing};
  }
  model::StepKind operator()(const model::MissingIndicator& indicator) const {
    return model::MissingIndicator{.n_columns = static_cast<std::int32_t>(n), .missing = indicator.missing};
  }
  model::StepKind operator()(const model::Lookup& lookup) const {
    return model::Lookup{.from = of(lookup.from), .to = of(lookup.to), .otherwise = of(lookup.otherwise)};
  }
  model::StepKind operator()(const model::Bins& bins) const { return model::Bins{.edges = of(bins.edges)}; }
  model::StepKind operator()(const model::Binarize& binarize) const {
    return model::Binarize{.thresholds = of(binarize.thresholds)};
  }
  model::StepKind operator()(const model::Function& function) const {
    return model::Function{.function = function.function, .n_columns = static_cast<std::int32_t>(n)};
  }
  model::StepKind operator()(const model::Power& power) const {
    return model::Power{.method = power.method, .lambdas = of(power.lambdas)};
  }
  model::StepKind operator()(const model::Quantile& quantile) const {
    return model::Quantile{
        .quantiles = of(quantile.quantiles), .references = quantile.references, .output = quantile.output};
  }
  model::StepKind operator()(const model::Columns& /*step*/) const { return none(); }
  model::StepKind operator()(const model::OneHot& /*step*/) const { return none(); }
  model::StepKind operator()(const model::Linear& /*step*/) const { return none(); }
  model::StepKind operator()(const model::Polynomial& /*step*/) const { return none(); }
  model::StepKind operator()(const model::Normalize& /*step*/) const { return none(); }
};

}  // namespace

model::Step slice_of(const model::Step& step, std::size_t first, std::size_t n) {
  return {.first = step.first + static_cast<std::int32_t>(first),
          .type = step.type,
          .kind = std::visit(Slicing{first, n}, step.kind)};
}

std::vector<model::Step> without_columns(const model::Step& step, const std::vector<char>& is_gone) {
  std::vector<model::Step> kept;
  for (std::size_t begin = 0; begin < is_gone.size();) {
    std::size_t end = begin;
    while (end < is_gone.size() && is_gone[end] == 0) ++end;
    if (end > begin) kept.push_back(slice_of(step, begin, end - begin));
    begin = end + 1;
  }
  return kept;
}

}  // namespace emlc::passes
