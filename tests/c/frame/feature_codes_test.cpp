#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "codegen/passes/pass.hpp"
#include "tests/c/frame/hand_made.hpp"
#include "tests/support/header_run.hpp"

using namespace hand_made;

namespace {

/// Values around every kind of edge: halves between codes, the ends of the codes, numbers without any.
std::vector<double> awkward_values(double factor) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  std::vector<double> values = {0.0,
                                -0.0,
                                1e30,
                                -1e30,
                                1e-40,
                                -1e-40,
                                static_cast<double>(infinity),
                                -static_cast<double>(infinity),
                                std::numeric_limits<double>::quiet_NaN()};
  for (int half = -80000; half <= 80000; half += half % 2 == 0 ? 37 : 36) {
    const auto at = static_cast<float>(half / 2.0 / factor);
    for (const float value : {std::nextafter(at, -infinity), at, std::nextafter(at, infinity)}) {
      values.push_back(static_cast<double>(value));
    }
  }
  return values;
}

/// In float32 as the docs say; none of the interpreter's functions.
double code_of(double value, double factor, const model::NumberTypeInfo& type) {
  const auto steps = static_cast<double>(static_cast<float>(value) * static_cast<float>(factor));
  if (std::isnan(steps)) return 0.0;
  const double code = std::copysign(std::floor(std::abs(steps) + 0.5), steps);
  return std::min(std::max(code, type.lowest), type.highest);
}

}  // namespace

TEST_CASE("feature codes: quantize of a header makes the codes that the docs say, of every float") {
  for (const NumberType type : {NumberType::int8, NumberType::uint8, NumberType::int16}) {
    for (const double factor : {16.0, 3.0, static_cast<double>(0.1F)}) {
      for (const std::string_view standard : {"c99", "c++17"}) {
        model::Model model = pass_on(1);  // what comes out is the code over the factor
        const passes::FeatureScale scale{.choice = passes::FeatureScale::Choice::given, .factors = {factor}};
        passes::run_passes(model, {.features = type, .feature_scale = scale});
        const c::EmitConfig config{.name = "m", .language = standard == "c99" ? c::Language::c : c::Language::cpp};
        Rows rows;
        for (const double value : awkward_values(factor)) rows.push_back({value});
        const test::Answers found =
            test::run_header(c::emit_header(model, config).bytes, model, config, rows, standard);
        std::size_t n_wrong = 0;
        for (std::size_t row = 0; row < rows.size(); ++row) {
          const double code = std::round(found.outputs[row][0] * factor);
          n_wrong += code == code_of(rows[row][0], factor, model::info(type)) ? 0U : 1U;
        }
        CAPTURE(model::info(type).name);
        CAPTURE(factor);
        CHECK(n_wrong == 0);
      }
    }
  }
}
