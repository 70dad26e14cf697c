#include "formats/tmdl/step_layers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "codegen/model/error.hpp"
#include "codegen/model/number_type.hpp"
#include "formats/tmdl/codes.hpp"

namespace emlc::formats {
namespace {

using model::NumberType;

constexpr std::size_t most_in_a_list = 0xFFFE;  // 65535 says that a one-hot column passes
constexpr float none = std::numeric_limits<float>::quiet_NaN();

/// What a step has in its layer, behind the fields that all have.
struct Body {
  int kind = 0;
  int variant = 0;
  std::size_t count = 0;                     ///< of quantile and products
  float low = 0.0F, high = 0.0F;             ///< of scaler, impute and missing_indicator
  std::vector<std::uint16_t> integers = {};  ///< then these, an even number where numbers follow
  std::vector<float> numbers = {};           ///< at the end
};

bool is_float32(double value) { return model::round_to(NumberType::float32, value) == value; }

/// A number that says "none" stays that.
float or_none(double value, const std::string& field) { return std::isnan(value) ? none : to_float32(value, field); }

std::uint16_t list_size(std::size_t size, const std::string& field) {
  if (size <= most_in_a_list) return static_cast<std::uint16_t>(size);
  throw Error({.field = field}, fmt::format("{} numbers, a .tmdl holds at most {} in a list", size, most_in_a_list));
}

struct Writing {
  std::string field;
  std::size_t n_columns;  ///< of the run

  [[nodiscard]] std::string at(std::string_view key, std::size_t index) const {
    return fmt::format("{}.{}[{}]", field, key, index);
  }
  void add(std::vector<float>& numbers, std::string_view key, const std::vector<double>& values) const {
    for (std::size_t i = 0; i < values.size(); ++i) numbers.push_back(to_float32(values[i], at(key, i)));
  }

  Body operator()(const model::Scaler& scaler) const {
    Body body{.kind = EMLC_STEP_SCALER, .variant = code_of(scaler_codes, scaler.op)};
    for (std::size_t i = 0; i < scaler.offset.size(); ++i) {
      body.numbers.push_back(to_float32(scaler.offset[i], at("offset", i)));
      const bool divides = scaler.op == model::ScalerOp::subtract_divide;
      const auto narrow = divides ? to_divisor : to_float32;
      body.numbers.push_back(narrow(scaler.scale[i], at("scale", i)));
    }
    if (scaler.clip) {
      body.variant += EMLC_STEP_CLIPS;
      body.low = to_float32(scaler.clip->first, at("clip", 0));
      body.high = to_float32(scaler.clip->second, at("clip", 1));
    }
    return body;
  }
  Body operator()(const model::Columns& columns) const {
    Body body{.kind = EMLC_STEP_PRODUCTS, .count = 1};
    for (const std::int32_t index : columns.indices) body.integers.push_back(static_cast<std::uint16_t>(index));
    return body;
  }
  Body operator()(const model::Impute& impute) const {
    // A number between those of float32 stands for no value of the device.
    const bool can_be = std::isnan(impute.missing) || is_float32(impute.missing);
    Body body{.kind = EMLC_STEP_IMPUTE, .low = can_be ? static_cast<float>(impute.missing) : none};
    for (std::size_t i = 0; i < impute.values.size(); ++i) {
      body.numbers.push_back(can_be ? or_none(impute.values[i], at("values", i)) : none);
    }
    return body;
  }
  Body operator()(const model::MissingIndicator& indicator) const {
    if (std::isnan(indicator.missing) || is_float32(indicator.missing)) {
      return {.kind = EMLC_STEP_MISSING_INDICATOR, .low = static_cast<float>(indicator.missing)};
    }
    Body body{.kind = EMLC_STEP_ONE_HOT};  // columns that are never 1
    for (std::size_t i = 0; i < n_columns; ++i) {
      body.integers.insert(body.integers.end(), {static_cast<std::uint16_t>(i), std::uint16_t{0}});
    }
    return body;
  }
  Body operator()(const model::OneHot& one_hot) const {
    Body body{.kind = EMLC_STEP_ONE_HOT};
    for (std::size_t i = 0; i < one_hot.categories.size(); ++i) {
      const auto column = static_cast<std::uint16_t>(i);
      if (!one_hot.categories[i]) body.integers.insert(body.integers.end(), {column, std::uint16_t{EMLC_STEP_PASSES}});
      for (const std::vector<double>& listed : one_hot.categories[i].value_or(Rows{})) {
        const std::size_t before = body.numbers.size();
        for (const double number : listed) {
          if (is_float32(number)) body.numbers.push_back(static_cast<float>(number));
        }
        const std::uint16_t n = list_size(body.numbers.size() - before, at("categories", i));
        body.integers.insert(body.integers.end(), {column, n});
      }
    }
    return body;
  }
  Body operator()(const model::Lookup& lookup) const {
    Body body{.kind = EMLC_STEP_LOOKUP};
    for (std::size_t i = 0; i < lookup.from.size(); ++i) {
      std::vector<float> from, to;
      for (std::size_t k = 0; k < lookup.from[i].size(); ++k) {
        if (!is_float32(lookup.from[i][k])) continue;
        from.push_back(static_cast<float>(lookup.from[i][k]));
        to.push_back(to_float32(lookup.to[i][k], fmt::format("{}[{}]", at("to", i), k)));
      }
      const std::uint16_t n = list_size(2 * from.size() + 1, at("from", i));
      body.integers.insert(body.integers.end(), {static_cast<std::uint16_t>(i), n});
      body.numbers.insert(body.numbers.end(), from.begin(), from.end());
      body.numbers.insert(body.numbers.end(), to.begin(), to.end());
      body.numbers.push_back(or_none(lookup.otherwise[i], at("otherwise", i)));
    }
    return body;
  }
  Body operator()(const model::Bins& bins) const {
    Body body{.kind = EMLC_STEP_BINS};
    for (std::size_t i = 0; i < bins.edges.size(); ++i) {
      const std::uint16_t n = list_size(bins.edges[i].size(), at("edges", i));
      body.integers.insert(body.integers.end(), {static_cast<std::uint16_t>(i), n});
      for (const double edge : bins.edges[i]) {
        body.numbers.push_back(static_cast<float>(model::smallest_at_least(NumberType::float32, edge)));
      }
    }
    return body;
  }
  Body operator()(const model::Binarize& binarize) const {
    Body body{.kind = EMLC_STEP_BINARIZE};
    for (const double threshold : binarize.thresholds) {
      body.numbers.push_back(static_cast<float>(model::largest_at_most(NumberType::float32, threshold)));
    }
    return body;
  }
  Body operator()(const model::Function& function) const {
    return {.kind = EMLC_STEP_FUNCTION, .variant = code_of(function_codes, function.function)};
  }
  Body operator()(const model::Power& power) const {
    Body body{.kind = EMLC_STEP_POWER, .variant = code_of(power_codes, power.method)};
    add(body.numbers, "lambdas", power.lambdas);
    return body;
  }
  Body operator()(const model::Quantile& quantile) const {
    Body body{.kind = EMLC_STEP_QUANTILE,
              .variant = code_of(quantile_codes, quantile.output),
              .count = quantile.references.size()};
    add(body.numbers, "references", quantile.references);
    for (std::size_t i = 0; i < quantile.quantiles.size(); ++i) {
      add(body.numbers, fmt::format("quantiles[{}]", i), quantile.quantiles[i]);
    }
    return body;
  }
  Body operator()(const model::Linear& linear) const {
    Body body{.kind = EMLC_STEP_LINEAR};
    add(body.numbers, "weights", linear.weights);
    add(body.numbers, "bias", linear.bias);
    return body;
  }
  Body operator()(const model::Polynomial& polynomial) const {
    Body body{.kind = EMLC_STEP_PRODUCTS};
    for (const auto& term : polynomial.terms) body.count = std::max(body.count, term.size());
    list_size(body.count, field + ".terms");
    for (const std::vector<std::int32_t>& term : polynomial.terms) {
      for (const std::int32_t column : term) body.integers.push_back(static_cast<std::uint16_t>(column));
      body.integers.insert(body.integers.end(), body.count - term.size(), std::uint16_t{EMLC_STEP_NO_FACTOR});
    }
    return body;
  }
  Body operator()(const model::Normalize& normalize) const {
    return {.kind = EMLC_STEP_NORMALIZE, .variant = code_of(norm_codes, normalize.norm)};
  }

  using Rows = std::vector<std::vector<double>>;
};

void append_body(TmdlLayer& layer, const Body& body) {
  layer.block.u8(EMLC_STEP_AT_KIND, static_cast<std::uint8_t>(body.kind));
  layer.block.u8(EMLC_STEP_AT_VARIANT, static_cast<std::uint8_t>(body.variant));
  layer.block.f32(EMLC_STEP_AT_LOW, body.low);
  layer.block.f32(EMLC_STEP_AT_HIGH, body.high);
  if (body.count != 0) layer.block.u16(EMLC_STEP_AT_COUNT, static_cast<std::uint16_t>(body.count));
  ByteBlock data(2 * body.integers.size() + 4 * body.numbers.size());
  for (std::size_t i = 0; i < body.integers.size(); ++i) data.u16(2 * i, body.integers[i]);
  for (std::size_t i = 0; i < body.numbers.size(); ++i) data.f32(2 * body.integers.size() + 4 * i, body.numbers[i]);
  data.pad_to(EMLC_TMDL_ALIGN);
  layer.block.append(data.bytes());
  if (data.size() != 0) layer.parts.push_back({"steps", data.size()});
}

}  // namespace

TmdlLayer step_layer(const model::Step& step, std::size_t width, std::string_view field) {
  const model::Run run = model::run_of(step, width);
  const auto n_out = static_cast<std::int32_t>(width - run.n_in + run.n_out);
  check_width(n_out, field);
  TmdlLayer layer = new_layer(EMLC_LAYER_STEP, static_cast<std::int32_t>(width), n_out, EMLC_STEP_AT_DATA);
  layer.block.u16(EMLC_STEP_AT_FIRST, static_cast<std::uint16_t>(step.first));
  layer.block.u16(EMLC_STEP_AT_N_COLUMNS, static_cast<std::uint16_t>(run.n_in));
  layer.block.u16(EMLC_STEP_AT_N_RESULTS, static_cast<std::uint16_t>(run.n_out));
  const Body body = std::visit(Writing{std::string(field), run.n_in}, step.kind);
  append_body(layer, body);
  layer.keeps_columns = body.kind < EMLC_STEP_ONE_HOT;
  return layer;
}

}  // namespace emlc::formats
