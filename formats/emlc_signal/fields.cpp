#include <fmt/format.h>

#include "codegen/signal/operation.hpp"
#include "codegen/signal/statistic.hpp"
#include "formats/emlc_signal/spectrum_fields.hpp"

namespace emlc::formats::emlc_signal {
namespace {

using json::Fields;
using json::Presence;
using json::Shape;

/// Of a later emlc: spectra as signals.
Shape not_yet(std::string_view what) {
  const auto refuse = [what](const json::Value&, const json::Cursor& at) {
    at.fail(fmt::format("{} are not in this version of emlc, see docs/signals.md", what));
  };
  return {.take = refuse};
}

constexpr std::string_view spectra = "spectra as signals";

json::Choices<model::NumberType> number_types() {
  json::Choices<model::NumberType> choices;
  for (const model::NumberTypeInfo& type : model::all_number_types()) {
    if (type.type != model::NumberType::float64) choices.emplace_back(type.name, type.type);
  }
  return choices;
}

json::Choices<model::Arithmetic> arithmetics() {
  json::Choices<model::Arithmetic> choices;
  for (const model::ArithmeticInfo& row : model::all_arithmetics()) {
    if (row.arithmetic != model::Arithmetic::q15_cmsis) choices.emplace_back(row.name, row.arithmetic);
  }
  return choices;
}

std::string text_of(const json::Value& value, const json::Cursor& at, std::string_view expected) {
  if (value.type != json::Type::text) at.refuse(value, expected);
  return std::string(value.text);
}

Fields channel_fields(ChannelPart& into) {
  return {.fields = {{"name", Presence::required, json::text(into.name)},
                     {"min", Presence::optional, json::number(into.minimum)},
                     {"max", Presence::optional, json::number(into.maximum)}},
          .found = &into.keys};
}

Shape channels(std::vector<ChannelPart>& into) {
  const auto name = [&into](const json::Value& value, const json::Cursor& at) {
    into.emplace_back().name = text_of(value, at, "a name, or an object with 'name', 'min' and 'max'");
  };
  return {.take = json::refuse_scalar("a list of channels"), .list = [&into, name] {
            return Shape{.take = name, .object = [&into] { return channel_fields(into.emplace_back()); }};
          }};
}

Shape positive(double& into) {
  return {.take = [&into](const json::Value& value, const json::Cursor& at) {
    into = json::number_of(value, at);
    if (into <= 0.0) at.refuse(value, "a number above 0");
  }};
}

Fields calibration_fields(signal::Calibration& into) {
  return {.fields = {{"level", Presence::required, json::number(into.level)},
                     {"rms", Presence::required, positive(into.rms)}}};
}

Fields input_fields(InputPart& into) {
  return {.fields = {{"channels", Presence::required, channels(into.channels)},
                     {"dtype", Presence::required, json::choice(into.value.type, number_types())},
                     {"sample_rate", Presence::required, positive(into.value.sample_rate)},
                     {"unit", Presence::optional, json::text(into.value.unit)},
                     {"calibration", Presence::optional, json::object(into.calibration, calibration_fields)}},
          .found = &into.keys};
}

Fields window_fields(signal::Window& into) {
  return {.fields = {{"length", Presence::required, json::integer(into.length, 1, signal::most_window_frames)},
                     {"hop", Presence::required, json::integer(into.hop, 1, signal::most_window_frames)}}};
}

/// A name, or a list of names and of lists of names.
Shape names(Names& into) {
  constexpr std::string_view expected = "the name of a signal, or a list of names";
  const auto add = [&into, expected](const json::Value& value, const json::Cursor& at) {
    into.items.push_back({text_of(value, at, expected)});
    into.is_list.push_back(0);
  };
  const auto single = [&into, add](const json::Value& value, const json::Cursor& at) {
    add(value, at);
    into.is_single = true;
  };
  return {.take = single, .list = [&into, add] {
            return Shape{.take = add, .list = [&into] {
                           into.is_list.push_back(1);
                           return json::texts(into.items.emplace_back()).list();
                         }};
          }};
}

Shape time_constant(double& into) {
  return {.take = [&into](const json::Value& value, const json::Cursor& at) {
    constexpr double least = 1e-4, most = 3600.0;
    into = json::number_of(value, at);
    if (into < least || into > most) at.refuse(value, "seconds from 0.0001 to 3600");
  }};
}

Fields signal_fields(SignalPart& into) {
  Fields fields{
      .fields = {{"length", Presence::optional, json::integer(into.length, 1, signal::most_window_frames)},
                 {"by", Presence::optional, json::integer(into.length, 2, signal::most_window_frames)},
                 {"gain", Presence::optional, json::number(into.gain)},
                 {"offset", Presence::optional, json::number(into.offset)},
                 {"min", Presence::optional, json::number(into.minimum)},
                 {"max", Presence::optional, json::number(into.maximum)},
                 {"sections", Presence::optional, json::matrix(into.sections)},
                 {"arithmetic", Presence::optional, json::choice(into.arithmetic, arithmetics())},
                 {"curve", Presence::optional,
                  json::choice(into.curve, json::named({signal::Curve::a, signal::Curve::c, signal::Curve::z}))},
                 {"seconds", Presence::optional, time_constant(into.seconds)}},
      .found = &into.keys};
  for (const signal::OperationInfo& row : signal::all_operations()) {
    if (!row.name.empty()) fields.fields.push_back({row.name, Presence::optional, names(into.operands)});
  }
  for (const std::string_view key : {"spectrum", "goertzel", "mel", "mfcc"}) {
    fields.fields.push_back({key, Presence::optional, not_yet(spectra)});
  }
  return fields;
}

Fields signals_fields(Document& into) {
  return {.any_key = [&into](std::string_view key, const json::Cursor&) {
    // Begun before it is known to be an object: what is not is refused.
    into.signals.emplace_back().name = key;
    return json::object(into.signals.back(), signal_fields);
  }};
}

Shape method(bool& is_linear) {
  return json::choice(is_linear, json::Choices<bool>{{"sorted", false}, {"linear", true}});
}

Shape quantile(double& into) {
  return {.take = [&into](const json::Value& value, const json::Cursor& at) {
    into = json::number_of(value, at);
    if (into < 0.0 || into > 1.0) at.refuse(value, "a number from 0 to 1");
  }};
}

Fields take_fields(TakePart& into) {
  Fields fields{
      .fields = {{"quantile", Presence::optional, quantile(into.quantile)},
                 {"method", Presence::optional, method(into.is_linear)},
                 {"autocorrelation", Presence::optional, json::integer(into.lag, 0, signal::most_window_frames)},
                 {"entropy", Presence::optional, json::numbers(into.edges)}},
      .found = &into.keys};
  add_spectral_fields(into.spectral, fields);
  return fields;
}

Shape take(FeaturePart& into) {
  const auto add = [&into](const json::Value& value, const json::Cursor& at) {
    into.take.emplace_back().name = text_of(value, at, "the name of a statistic, an object, or a list of these");
  };
  const auto object = [&into] { return take_fields(into.take.emplace_back()); };
  return {.take = add,
          .list =
              [&into, add, object] {
                into.is_list = true;
                return Shape{.take = add, .object = object};
              },
          .object = object};
}

Fields feature_fields(FeaturePart& into) {
  return {.fields = {{"of", Presence::required, names(into.of)},
                     {"spectrum", Presence::optional, json::object(into.spectrum, spectrum_fields)},
                     {"take", Presence::required, take(into)}},
          .found = &into.keys};
}

Fields document_fields(Document& into) {
  return {.fields = {{"format", Presence::required, json::only("emlc-signal")},
                     {"version", Presence::required, json::version(1)},
                     {"name", Presence::optional, json::text(into.name)},
                     {"description", Presence::optional, json::any_text()},
                     {"input", Presence::required, json::object(into.input, input_fields)},
                     {"window", Presence::required, json::object(into.window, window_fields)},
                     {"signals", Presence::optional, json::object(into, signals_fields)},
                     {"features", Presence::required, json::objects(into.features, feature_fields)}}};
}

}  // namespace

json::Shape document_shape(Document& into) { return json::object(into, document_fields); }

}  // namespace emlc::formats::emlc_signal
