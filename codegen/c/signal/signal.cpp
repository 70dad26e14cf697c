#include "codegen/c/signal/signal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "codegen/c/common/helpers.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/c/common/template.hpp"
#include "codegen/c/signal/estimate.hpp"
#include "codegen/c/signal/spectrum/spectrum.hpp"
#include "codegen/c/signal/stream.hpp"
#include "codegen/c/signal/window.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

/// A function that is there for each type of samples that asks for it: `select int32_t`.
struct TypedHelper {
  std::string_view name, text;
};

std::string distance_type(std::string_view type) {
  return type == "float" || type.front() == 'u' ? std::string(type) : fmt::format("u{}", type);
}

/// A template with those of the values that it has places for.
std::string filled(std::string_view text, const std::vector<TemplateValue>& all) {
  std::vector<TemplateValue> values;
  for (const TemplateValue& value : all) {
    if (text.find(fmt::format("@{}@", value.first)) != std::string_view::npos) values.push_back(value);
  }
  return fill(text, values);
}

std::string typed_text(const TypedHelper& helper, const Names& names, const std::string& type,
                       const std::string& index) {
  return filled(helper.text, {{"function", names.function},
                              {"symbol", names.symbol},
                              {"macro", names.macro},
                              {"type", type},
                              {"index", index},
                              {"distance", distance_type(type)}}) +
         "\n";
}

std::string helpers_text(const Making& making) {
  static constexpr std::array helpers = {
      TypedHelper{"median_of_3", templates::signal_median_of_3_c},
      TypedHelper{"median_of_5", templates::signal_median_of_5_c},
      TypedHelper{"select", templates::signal_select_c},
      TypedHelper{"select_parted", templates::signal_select_parted_c},
      TypedHelper{"extremes", templates::signal_extremes_c},
      TypedHelper{"sort", templates::signal_sort_c},
      TypedHelper{"median_distance", templates::signal_median_distance_c},
  };
  constexpr std::int32_t most_in_int_type = 32000;  // where int has 16 bits
  const std::string index = making.plan.window.length > most_in_int_type ? "int32_t" : "int";
  std::string text;
  for (const TypedHelper& helper : helpers) {
    for (const std::string& asked : making.helpers) {
      const std::size_t blank = asked.find(' ');
      if (asked.substr(0, blank) != helper.name) continue;
      const std::string type = asked.substr(blank + 1);
      text += typed_text(helper, making.names, type, index);
    }
  }
  return text;
}

/// The code with what it calls in front.
std::string with_arithmetic(const Names& names, const std::string& code) {
  struct Called {
    std::string prefix;
    std::string_view text;
  };
  const std::array<Called, 6> all = {Called{names.macro + "ROUNDED(", templates::signal_rounded_c},
                                     {"square_(", templates::signal_square_c},
                                     {names.symbol + "wide", templates::signal_wide_c},
                                     {names.macro + "SHARE(", templates::signal_weighting_c},
                                     {"squared_(", templates::signal_squared_c},
                                     {"power_float_(", templates::signal_power_float_c}};
  std::string text;
  for (const Called& called : all) {
    const bool is_called = code.find(called.prefix) != std::string::npos;
    if (is_called)
      text +=
          filled(called.text, {{"function", names.function}, {"symbol", names.symbol}, {"macro", names.macro}}) + "\n";
  }
  text += code;
  // Inlined, they would share registers, and have their arrays on the stack at the same time.
  const std::string macro = apart_macro("ALONE", "registers and arrays are its own", names);
  return (text.find(names.macro + "ALONE") == std::string::npos ? "" : macro + "\n") + text;
}

/// Larger members first, so that nothing is between them.
std::vector<Member> sorted_members(std::vector<Member> members, const DecisionCode* decision) {
  members.push_back({"int32_t", "at", 4, 0, "frames of the window that are there, below 0: to come before it"});
  members.push_back({"uint8_t", "is_begun", 1, 0, ""});
  members.push_back({"uint8_t", "is_complete", 1, 0, ""});
  if (decision != nullptr) {
    constexpr std::size_t alignment = 2;
    members.push_back({decision->type_name, "settled", alignment, 0, "", decision->ram});
    members.push_back({"uint8_t", "is_settled", 1, 0, "the complete window has voted"});
  }
  std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.bytes > b.bytes; });
  return members;
}

std::size_t bytes_of(const std::vector<Member>& members) {
  std::size_t bytes = 0, alignment = 1;
  for (const Member& member : members) {
    bytes += member.struct_bytes > 0 ? member.struct_bytes : member.bytes * std::max<std::size_t>(member.n, 1);
    alignment = std::max(alignment, member.bytes);
  }
  return (bytes + alignment - 1) / alignment * alignment;
}

std::string types_of(const signal::Plan& plan, const Names& names, const std::vector<Member>& members,
                     Language language) {
  Printer out;
  const bool is_c = language == Language::c;
  if (is_c) {
    out.line("typedef {} {}sample;", channel_type(plan), names.symbol);
    out.line("/* The memory of one stream: one struct per stream, {}init before its first frame. */", names.symbol);
    out.line("typedef struct {{");
  } else {
    out.line("using sample = {};", channel_type(plan));
    out.line("/// The memory of one stream: one struct per stream, init before its first frame.");
    out.line("struct state {{");
  }
  for (const Member& member : members) {
    const std::string array = member.n == 0 ? "" : fmt::format("[{}]", member.n);
    const std::string comment = member.comment.empty() ? "" : fmt::format(" /* {} */", member.comment);
    out.line("  {} {}{};{}", member.type, member.name, array, comment);
  }
  out.line("{}", is_c ? fmt::format("}} {}state;", names.symbol) : "};");
  return out.text();
}

/// init_ and push_. What the next frame begins has not voted.
std::string push_text(const Making& making, const DecisionCode* decision) {
  const signal::Plan& plan = making.plan;
  const Names& names = making.names;
  const bool settles = decision != nullptr;
  const std::string begin = fmt::format("\n  {}begin_decisions_(&state->settled);", names.symbol);
  return filled(making.block == 0 ? templates::signal_push_c : templates::signal_push_blocks_c,
                {{"block", fmt::to_string(making.block)},
                 {"function", names.function},
                 {"macro", names.macro},
                 {"symbol", names.symbol},
                 {"n_channels", fmt::to_string(plan.input.channels.size())},
                 {"begin", settles ? begin : ""},
                 {"next", settles ? "\n    state->is_settled = 0;" : ""}});
}

}  // namespace

SignalCode emit_signal(const signal::Joined& joined, const Names& names, Language language,
                       const DecisionCode* decision) {
  const signal::Plan& plan = joined.plan;
  Making making{.joined = joined, .plan = plan, .names = names, .uses = uses_of(joined)};
  const std::string stream = stream_text(making), window = window_text(making);
  const std::string settle = decision == nullptr ? "" : decision->functions + "\n";
  const std::string push = settle + push_text(making, decision);
  const std::vector<Member> members = sorted_members(making.members, decision);
  SignalCode code;
  code.types = (decision == nullptr ? "" : decision->type) + types_of(plan, names, members, language);
  const std::string functions = helpers_text(making) + spectrum_functions(making);
  code.definitions = making.tables + with_arithmetic(names, functions + stream + "\n" + push + "\n" + window);
  code.headers = {"string.h", "math.h"};  // roots, and NaN for a number that is not there
  code.facts = {{"n_channels", plan.input.channels.size(), "samples in a frame"},
                {"window", static_cast<std::size_t>(plan.window.length), "frames"},
                {"hop", static_cast<std::size_t>(plan.window.hop), "frames from one window to the next"}};
  code.state_bytes = bytes_of(members);
  code.code_estimates = estimate_signal(code.definitions, joined.keys.empty() ? "window_features_" : "ranks_", names);
  code.stack_bytes = window_stack(making);
  code.table_bytes = making.table_bytes;
  return code;
}

}  // namespace emlc::c
