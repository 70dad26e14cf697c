#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/model.hpp"
#include "codegen/model/steps/column_functions.hpp"
#include "codegen/model/steps/formulas.hpp"
#include "codegen/model/steps/step.hpp"

namespace emlc::model {
namespace {

constexpr double nan = no_value;
constexpr double inf = std::numeric_limits<double>::infinity();

/// Equal, NaN like NaN.
void check_row(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    if (std::isnan(expected[i])) {
      CHECK(std::isnan(found[i]));
    } else {
      CHECK(found[i] == expected[i]);
    }
  }
}

TEST_CASE("steps: results stand in the place of the run, other columns pass") {
  check_row(apply_step({.kind = Columns{{2, 0, 2}}}, std::vector{5.0, 6.0, 7.0}), {7.0, 5.0, 7.0});
  const Step one_hot{.first = 1, .kind = OneHot{{{{{{1.0}, {2.0, 3.0}}}}, std::nullopt}}};
  check_row(apply_step(one_hot, std::vector{9.0, 3.0, 4.0, 8.0}), {9.0, 0.0, 1.0, 4.0, 8.0});
  check_row(apply_step(one_hot, std::vector{9.0, nan, nan, 8.0}), {9.0, 0.0, 0.0, nan, 8.0});
  CHECK(width_behind(std::vector{one_hot, Step{.kind = Columns{{0}}}}, 4) == 1);
  const Step scaler{.first = 1, .kind = Scaler{.offset = {1.0}, .scale = {2.0}}};
  check_row(apply_step(scaler, std::vector{5.0, 6.0, 7.0}), {5.0, 2.5, 7.0});
}

TEST_CASE("steps: missing values are NaN or a number, and null leaves them") {
  check_row(apply_step({.kind = Impute{{4.0, nan}}}, std::vector{nan, nan}), {4.0, nan});
  check_row(apply_step({.kind = Impute{{4.0, 5.0}, -1.0}}, std::vector{nan, -1.0}), {nan, 5.0});
  check_row(apply_step({.kind = MissingIndicator{2}}, std::vector{nan, inf}), {1.0, 0.0});
  check_row(apply_step({.kind = MissingIndicator{3, 0.0}}, std::vector{nan, -0.0, 1e-300}), {0.0, 1.0, 0.0});
}

TEST_CASE("steps: codes, bins and flags at, below and above their numbers") {
  const Step lookup{.kind = Lookup{{{1.0, 4.0}, {0.0}}, {{10.0, 20.0}, {7.0}}, {-1.0, nan}}};
  check_row(apply_step(lookup, std::vector{4.0, 0.0}), {20.0, 7.0});
  check_row(apply_step(lookup, std::vector{4.5, 1.0}), {-1.0, nan});
  check_row(apply_step(lookup, std::vector{nan, -0.0}), {nan, 7.0});
  const Step bins{.kind = Bins{{{1.0, 1.0, 2.0}}}};
  for (const auto& [x, n] : {std::pair{std::nextafter(1.0, 0.0), 0.0},
                             {1.0, 2.0},
                             {1.5, 2.0},
                             {2.0, 3.0},
                             {inf, 3.0},
                             {-inf, 0.0},
                             {nan, nan}}) {
    check_row(apply_step(bins, std::vector{x}), {n});
  }
  const Step binarize{.kind = Binarize{{1.0}}};
  for (const auto& [x, flag] : {std::pair{1.0, 0.0}, {std::nextafter(1.0, 2.0), 1.0}, {nan, 0.0}, {inf, 1.0}}) {
    check_row(apply_step(binarize, std::vector{x}), {flag});
  }
}

TEST_CASE("steps: elementwise functions at the ends of where they are") {
  CHECK(value_of(FunctionName::log, 0.0) == -inf);
  CHECK(std::isnan(value_of(FunctionName::log, -1e-300)));
  CHECK(value_of(FunctionName::log1p, -1.0) == -inf);
  CHECK(value_of(FunctionName::log2, 8.0) == 3.0);
  CHECK(value_of(FunctionName::log10, 1000.0) == doctest::Approx(3.0).epsilon(1e-15));
  CHECK(value_of(FunctionName::sqrt, 9.0) == 3.0);
  CHECK(value_of(FunctionName::square, -3.0) == 9.0);
  CHECK(value_of(FunctionName::abs, -3.0) == 3.0);
  CHECK(value_of(FunctionName::reciprocal, -0.0) == inf);
  CHECK(value_of(FunctionName::reciprocal, -4.0) == -0.25);
  CHECK(value_of(FunctionName::expm1, 0.0) == 0.0);
  for (const auto function : {FunctionName::log, FunctionName::square, FunctionName::abs, FunctionName::exp}) {
    CHECK(std::isnan(value_of(function, nan)));
  }
}

TEST_CASE("steps: power transforms are those of scikit-learn 1.2") {
  struct Row {
    PowerMethod method;
    double lambda;
    std::vector<double> x, y;
  };
  const std::vector<double> any = {-2.5, -0.3, 0.0, 0.7, 4.0, 11.0}, positive = {0.1, 0.7, 4.0, 11.0};
  for (const Row& row : {
           Row{PowerMethod::yeo_johnson,
               -0.5,
               any,
               {-8.767060597596156, -0.37075858736701733, 0.0, 0.4660700223052592, 1.1055728090000843,
                1.4226497308103743}},
           Row{PowerMethod::yeo_johnson,
               0.0,
               any,
               {-5.625, -0.345, 0.0, 0.5306282510621704, 1.6094379124341003, 2.4849066497880004}},
           Row{PowerMethod::yeo_johnson,
               2.0,
               any,
               {-1.252762968495368, -0.262364264467491, 0.0, 0.9450000000000001, 12.0, 71.5}},
           Row{PowerMethod::yeo_johnson,
               2.6,
               any,
               {-0.8806931314528627, -0.2427560168790743, 0.0, 1.143632655875197, 24.870459657728535,
                245.5943054068466}},
           Row{PowerMethod::box_cox,
               -0.5,
               positive,
               {-4.324555320336758, -0.39045721866878735, 1.0, 1.3969773108444727}},
           Row{PowerMethod::box_cox,
               0.0,
               positive,
               {-2.3025850929940455, -0.35667494393873245, 1.3862943611198906, 2.3978952727983707}},
           Row{PowerMethod::box_cox,
               1.5,
               positive,
               {-0.6455848155988775, -0.2762253209507648, 4.666666666666665, 23.65524846260627}},
       }) {
    CAPTURE(row.lambda);
    for (std::size_t i = 0; i < row.x.size(); ++i) {
      CHECK(value_of(row.method, row.lambda, row.x[i]) == doctest::Approx(row.y[i]).epsilon(1e-13));
    }
  }
  CHECK(std::isnan(value_of(PowerMethod::box_cox, 1.0, -1.0)));
}

TEST_CASE("steps: quantile transforms are those of scikit-learn 1.2, with equal quantiles") {
  const std::vector<double> quantiles = {1.0, 1.0, 3.0, 8.0, 8.0, 20.0};
  const std::vector<double> references = {0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0};
  const std::vector<double> x = {0.0, 1.0, 1.5, 2.0, 8.0, 9.5, 20.0, 25.0};
  const std::vector<double> uniform = {0.0, 0.0, 0.25, 0.30000000000000004, 0.7000000000000001, 0.8250000000000001,
                                       1.0, 1.0};
  const std::vector<double> normal = {-5.199337582605575, -5.199337582605575, -0.6744897501960817, -0.5244005127080407,
                                      0.524400512708041,  0.9345892910734803, 5.19933758270342,    5.19933758270342};
  for (std::size_t i = 0; i < x.size(); ++i) {
    CAPTURE(x[i]);
    CHECK(value_of(QuantileOutput::uniform, quantiles, references, x[i]) == doctest::Approx(uniform[i]).epsilon(1e-14));
    CHECK(value_of(QuantileOutput::normal, quantiles, references, x[i]) == doctest::Approx(normal[i]).epsilon(1e-9));
  }
}

TEST_CASE("steps: products and norms, each operation rounded to the type") {
  const Step linear{.kind = Linear{.n_in = 2, .weights = {1.0, 2.0, -1.0, 0.5}, .bias = {10.0, 0.0}}};
  check_row(apply_step(linear, std::vector{3.0, 4.0}), {21.0, -1.0});
  const Step terms{.first = 1, .kind = Polynomial{2, {{}, {0}, {1, 1}, {0, 1}}}};
  check_row(apply_step(terms, std::vector{9.0, 3.0, 4.0}), {9.0, 1.0, 3.0, 16.0, 12.0});
  check_row(apply_step({.kind = Normalize{Norm::l1, 2}}, std::vector{-1.0, 3.0}), {-0.25, 0.75});
  check_row(apply_step({.kind = Normalize{Norm::l2, 2}}, std::vector{-3.0, 4.0}), {-0.6, 0.8});
  check_row(apply_step({.kind = Normalize{Norm::max, 2}}, std::vector{-4.0, 1.0}), {-1.0, 0.25});
  check_row(apply_step({.kind = Normalize{Norm::l2, 2}}, std::vector{0.0, 0.0}), {0.0, 0.0});
  check_row(apply_step({.kind = Normalize{Norm::max, 3}}, std::vector{1.0, nan, 2.0}), {nan, nan, nan});
  const Step single{.type = NumberType::float32,
                    .kind = Linear{.n_in = 2, .weights = {1.0, 1.0}, .bias = {16777216.0}}};
  check_row(apply_step(single, std::vector{1.0, 1.0}), {16777216.0});  // 2^24 + 1 is no float32
}

TEST_CASE("steps: a scaler of all columns stands behind the steps until another step follows it") {
  Model model;
  model.input.n_features = 2;
  const Scaler both{.offset = {0.0, 0.0}, .scale = {1.0, 1.0}};
  append_step(model, {.kind = both});
  CHECK((model.steps.empty() && model.scalers.size() == 1));
  append_step(model, {.kind = Columns{{0, 1, 1}}});
  CHECK((model.steps.size() == 2 && model.scalers.empty()));
  CHECK(n_columns(model) == 3);
  append_step(model, {.first = 1, .kind = both});
  CHECK((model.steps.size() == 3 && model.scalers.empty()));
  CHECK(!takes_inputs(model));
  CHECK(predictor_input(model).n_features == 3);
}

TEST_CASE("steps: what is wrong is said with its key") {
  const auto wrong = [](const Step& step) {
    const auto problem = problem_of(step, 3);
    return problem ? problem->key + ": " + problem->problem : std::string();
  };
  CHECK(wrong({.kind = Bins{{{0.0, 1.0}}}}).empty());
  CHECK(wrong({.first = 3, .kind = Bins{{{0.0}}}}) == "first: column 3 is out of range, there are 3 columns");
  CHECK(wrong({.first = 2, .kind = Bins{{{0.0}, {0.0}}}}) ==
        "edges: the step takes 2 columns from column 2 on, there are 3 columns");
  CHECK(wrong({.kind = Bins{{{1.0, 0.0}}}}) == "edges[0][1]: must ascend, 0 follows 1");
  CHECK(wrong({.kind = Bins{{{inf}}}}) == "edges[0][0]: must be a finite number");
  CHECK(wrong({.kind = Columns{{0, 3}}}) == "indices[1]: column 3 is out of range, there are 3 columns");
  CHECK(wrong({.kind = Lookup{{{1.0, 1.0}}, {{0.0, 0.0}}, {0.0}}}) == "from[0][1]: must ascend, 1 follows 1");
  CHECK(wrong({.kind = Lookup{{{1.0}}, {{}}, {0.0}}}) == "to[0]: has 0 entries, expected 1");
  CHECK(wrong({.kind = Impute{{nan}}}).empty());
  CHECK(wrong({.kind = Binarize{{nan}}}) == "thresholds[0]: must be a finite number");
  CHECK(wrong({.kind = Polynomial{2, {{0, 2}}}}) == "terms[0][1]: column 2 is out of range, the run has 2");
  CHECK(wrong({.kind = Linear{.n_in = 2, .weights = {1.0}, .bias = {0.0}}}) == "weights: has 1 entries, expected 2");
  CHECK(wrong({.kind = OneHot{{std::vector<std::vector<double>>{}, std::vector<std::vector<double>>{},
                               std::vector<std::vector<double>>{}}}}) ==
        "categories: no column is left behind the step");
  CHECK(wrong({.kind = Quantile{{{0.0}}, {2.0}}}) == "references: must lie from 0 to 1");
}

TEST_CASE("steps: check names the step") {
  Model model;
  model.input.n_features = 1;
  model.output = {.task = Task::transform, .n_outputs = 1, .targets = {{.size = 1}}};
  model.steps = {{.kind = Binarize{{0.5}}}, {.kind = Columns{{1}}}};
  CHECK_THROWS_WITH_AS(check(model, "m"), "m: steps[1].indices[0]: column 1 is out of range, there are 1 columns",
                       Error);
}

}  // namespace
}  // namespace emlc::model
