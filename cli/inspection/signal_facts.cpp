#include "cli/inspection/signal_facts.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "codegen/signal/cost.hpp"
#include "codegen/signal/operation.hpp"
#include "codegen/signal/spectrum/spectral.hpp"
#include "codegen/signal/statistic.hpp"

namespace emlc::cli {
namespace {

using Json = nlohmann::ordered_json;

/// `int16` or `float32`.
std::string number_text(bool is_integer, const signal::Range& range) {
  if (!is_integer) return "float32";
  return fmt::format("int{}", signal::variable_bits(range));
}

/// Adds the type and the range, which reals have not.
void add_numbers(Json& row, bool is_integer, const signal::Range& range) {
  row["type"] = number_text(is_integer, range);
  row["lowest"] = is_integer ? Json(static_cast<std::int64_t>(range.lowest)) : Json();
  row["highest"] = is_integer ? Json(static_cast<std::int64_t>(range.highest)) : Json();
}

Json signal_rows(const signal::Plan& plan) {
  Json rows = Json::array();
  for (const signal::Signal& signal : plan.signals) {
    Json from = Json::array();
    for (const std::int32_t index : signal.from) from.push_back(plan.signals[static_cast<std::size_t>(index)].name);
    const std::string_view name = signal::info(signal.operation).name;
    Json row = {{"name", signal.name},
                {"operation", name.empty() ? "channel" : name},
                {"from", from},
                {"samples_in_window", signal::window_samples(plan, signal)}};
    add_numbers(row, signal.is_integer, signal.range);
    const signal::Cost cost = signal::signal_cost(plan, signal);
    row["state_bytes"] = cost.ram;
    row["frame_instructions"] = std::llround(cost.instructions);
    rows.push_back(std::move(row));
  }
  return rows;
}

/// How the spectrum is made that a feature takes something of.
Json spectrum_facts(const signal::SpectrumPart& part) {
  Json facts = {{"n_fft", part.form.n_fft},
                {"window", signal::name(part.form.taper)},
                {"arithmetic", signal::name(part.form.arithmetic)},
                {"method", part.form.method == signal::SpectrumMethod::transform ? "transform" : "goertzel"},
                {"bin_hz", part.rate / part.form.n_fft},
                {"bins", Json()}};
  if (signal::is_on_bin(part)) facts["bins"] = {part.first_bin, part.last_bin};
  return facts;
}

Json feature_rows(const signal::Plan& plan) {
  Json rows = Json::array();
  for (const signal::Feature& feature : plan.features) {
    const bool is_spectral = feature.statistic == signal::Statistic::spectral;
    Json row = {
        {"name", feature.name},
        {"takes", is_spectral ? signal::info(feature.spectrum.take).name : signal::info(feature.statistic).name}};
    add_numbers(row, feature.is_integer, feature.range);
    const signal::Cost cost = signal::feature_cost(plan, feature);
    row["window_bytes"] = cost.ram;
    row["window_instructions"] = std::llround(cost.instructions);
    if (is_spectral) row["spectrum"] = spectrum_facts(feature.spectrum);
    rows.push_back(std::move(row));
  }
  return rows;
}

/// What the sections of filters in integers became.
Json filter_rows(const signal::Plan& plan) {
  Json rows = Json::array();
  for (const signal::Signal& signal : plan.signals) {
    if (!signal.filter.fixed) continue;
    const model::FixedPoint& fixed = *signal.filter.fixed;
    Json sections = Json::array();
    for (const model::SosIntegers& section : model::integers(signal.filter)) sections.push_back(section);
    rows.push_back({{"signal", signal.name},
                    {"arithmetic", model::info(fixed.arithmetic).name},
                    {"fraction_bits", fixed.fraction_bits},
                    {"shift", fixed.shift()},
                    {"unused_input_bits", model::info(fixed.arithmetic).unused_input_bits},
                    {"rounding", model::name(fixed.rounding)},
                    {"lift", fixed.lift},
                    {"input_shift", signal.input_shift},
                    {"sections", sections}});
  }
  return rows;
}

/// What emlc designed for weightings; of those in integers what they compute with.
Json weighting_rows(const signal::Plan& plan) {
  Json rows = Json::array();
  for (const signal::Signal& signal : plan.signals) {
    if (signal.operation != signal::Operation::weighting) continue;
    Json sections = Json::array();
    for (const model::SosSection& s : signal.filter.sections) sections.push_back({s.b0, s.b1, s.b2, s.a0, s.a1, s.a2});
    Json row = {{"signal", signal.name},
                {"curve", signal::name(signal.level.curve)},
                {"arithmetic", model::info(signal.arithmetic).name},
                {"sections", sections}};
    if (!is_filter(signal)) {
      const signal::WeightingIntegers& integers = signal.level.integers;
      Json shares = Json::array();
      for (const signal::Share& share : integers.high_passes) shares.push_back({share.factor, share.shift});
      row["integers"] = {{"input_shift", signal.input_shift}, {"shares", shares}, {"section", integers.section}};
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

nlohmann::ordered_json signal_facts(const SignalDocument& document) {
  const signal::Plan& plan = document.plan;
  Json channels = Json::array();
  for (const signal::Channel& channel : plan.input.channels) channels.push_back(channel.name);
  Json facts = {
      {"schema", "emlc.inspect/1"},
      {"file", document.file},
      {"format", "emlc-signal"},
      {"sha256", document.sha256},
      {"name", plan.name},
      {"kind", "signals"},
      {"input",
       {{"channels", channels}, {"type", model::info(plan.input.type).name}, {"sample_rate", plan.input.sample_rate}}},
      {"window",
       {{"length", plan.window.length},
        {"hop", plan.window.hop},
        {"seconds", plan.window.length / plan.input.sample_rate},
        {"sample_bytes", signal::window_bytes(plan)}}},
      {"table", {{"columns", plan.features.size()}, {"type", model::info(signal::feature_type(plan)).name}}},
      {"signals", signal_rows(plan)}};
  const signal::Cost all = signal::plan_cost(plan);
  facts["estimate"] = {{"target", "Cortex-M0+ at -Os, without passes"},
                       {"ram", all.ram},
                       {"window_instructions", std::llround(all.instructions)}};
  if (!plan.input.unit.empty()) facts["input"]["unit"] = plan.input.unit;
  if (Json filters = filter_rows(plan); !filters.empty()) facts["filters"] = std::move(filters);
  if (Json weightings = weighting_rows(plan); !weightings.empty()) facts["weightings"] = std::move(weightings);
  facts["features"] = feature_rows(plan);
  return facts;
}

nlohmann::ordered_json decision_facts(const signal::DecisionFilter& filter, const signal::Plan& plan) {
  Json facts = Json::object();
  if (filter.reject_below) facts["reject_below"] = *filter.reject_below;
  if (filter.smoothing == signal::Smoothing::majority) facts["majority"] = filter.n_votes;
  if (filter.smoothing == signal::Smoothing::exponential) facts["exponential"] = filter.n_votes;
  facts["hold_seconds"] = filter.hold_seconds;
  facts["hold_windows"] = signal::hold_windows(filter, plan);
  return facts;
}

}  // namespace emlc::cli
