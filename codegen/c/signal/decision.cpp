#include "codegen/c/signal/decision.hpp"

#include <fmt/format.h>

#include "codegen/c/common/printer.hpp"

namespace emlc::c {
namespace {

using signal::DecisionFilter;
using signal::Smoothing;

/// The smallest unsigned type that holds 0 to `largest`, and its bytes.
struct Unsigned {
  std::string_view type;
  std::size_t bytes;
};
Unsigned unsigned_for(std::int32_t largest) { return largest < 256 ? Unsigned{"uint8_t", 1} : Unsigned{"uint16_t", 2}; }

/// What the functions share.
struct Settling {
  const DecisionFilter& filter;
  std::int32_t hold, n_classes;
  const Names& names;
  std::string type_name;
};

/// Prints a member, and adds its bytes.
void print_array(Printer& out, std::size_t& bytes, Unsigned type, std::string_view name, std::int32_t n,
                 std::string_view comment) {
  out.line("{} {}[{}]; /* {} */", type.type, name, n, comment);
  bytes += type.bytes * static_cast<std::size_t>(n);
}

std::string type_of(const Settling& s, std::size_t& bytes) {
  Printer out;
  out.line("/* How the answers of windows become a decision. */");
  out.line("typedef struct {{");
  {
    const auto inside = out.indent();
    const Unsigned place = unsigned_for(s.n_classes);
    // The widest first, so that there are no holes.
    if (s.filter.smoothing == Smoothing::exponential) {
      print_array(out, bytes, {"uint16_t", 2}, "weights", s.n_classes + 1, "of each class, and of none; 32768: all");
    }
    out.line("int16_t decision; /* class index; -1: none */");
    bytes += 2;
    if (s.hold > 0) {
      const Unsigned held = unsigned_for(s.hold);
      out.line("{} held; /* windows since the decision changed, up to {} */", held.type, s.hold);
      bytes += held.bytes;
    }
    if (s.filter.smoothing == Smoothing::majority) {
      print_array(out, bytes, place, "votes", s.filter.n_votes, "of the last windows, in a ring");
      print_array(out, bytes, {"uint8_t", 1}, "counts", s.n_classes + 1, "of each class among them, and of none");
      out.line("uint8_t at, n_votes;");
      bytes += 2;
    }
  }
  out.line("}} {};", s.type_name);
  constexpr std::size_t alignment = 2;
  bytes = (bytes + alignment - 1) / alignment * alignment;
  return out.text();
}

void print_begin(Printer& out, const Settling& s) {
  out.line("{} void {}begin_decisions_({} *d) {{", s.names.function, s.names.symbol, s.type_name);
  {
    const auto inside = out.indent();
    out.line("d->decision = -1;");
    if (s.hold > 0) out.line("d->held = {};", s.hold);
    const std::string_view weights = s.filter.smoothing == Smoothing::majority ? "counts" : "weights";
    if (s.filter.smoothing == Smoothing::majority) out.line("d->at = d->n_votes = 0;");
    if (s.filter.smoothing != Smoothing::none) {
      out.line("for (int i = 0; i < {}; ++i) d->{}[i] = 0;", s.n_classes + 1, weights);
    }
  }
  out.line("}}");
}

/// The oldest vote goes, the new one comes.
void print_count(Printer& out, const Settling& s) {
  const std::string_view place = unsigned_for(s.n_classes).type;
  out.line("if (d->n_votes == {}) {{", s.filter.n_votes);
  out.line("  --d->counts[d->votes[d->at]];");
  out.line("}} else {{");
  out.line("  ++d->n_votes;");
  out.line("}}");
  out.line("d->votes[d->at] = ({})(vote < 0 ? {} : vote);", place, s.n_classes);
  out.line("++d->counts[d->votes[d->at]];");
  out.line("d->at = (uint8_t)(d->at == {} ? 0 : d->at + 1);", s.filter.n_votes - 1);
}

void print_weigh(Printer& out, const Settling& s) {
  const std::uint32_t step = signal::smoothing_step(s.filter.n_votes);
  out.line("for (int i = 0; i < {}; ++i) {{", s.n_classes + 1);
  out.line("  d->weights[i] = (uint16_t)(d->weights[i] - (d->weights[i] * UINT32_C({}) >> 16));", step);
  out.line("}}");
  const std::string place = fmt::format("vote < 0 ? {} : vote", s.n_classes);
  out.line("d->weights[{0}] = (uint16_t)(d->weights[{0}] + {1});", place, step >> 1);
}

void print_heaviest(Printer& out, const Settling& s, std::string_view weights) {
  out.line("int best = d->decision < 0 ? {} : d->decision; /* of equal ones what is there stays */", s.n_classes);
  out.line("for (int i = 0; i < {}; ++i) {{", s.n_classes + 1);
  out.line("  if (d->{0}[i] > d->{0}[best]) best = i;", weights);
  out.line("}}");
  out.line("vote = best == {} ? -1 : best;", s.n_classes);
}

void print_settle(Printer& out, const Settling& s) {
  out.line("{} int {}settle_({} *d, int vote) {{", s.names.function, s.names.symbol, s.type_name);
  {
    const auto inside = out.indent();
    if (s.filter.smoothing == Smoothing::majority) {
      print_count(out, s);
      print_heaviest(out, s, "counts");
    } else if (s.filter.smoothing == Smoothing::exponential) {
      print_weigh(out, s);
      print_heaviest(out, s, "weights");
    }
    if (s.hold > 0) {
      out.line("if (vote != d->decision && d->held == {}) {{", s.hold);
      out.line("  d->decision = (int16_t)vote;");
      out.line("  d->held = 0;");
      out.line("}}");
      out.line("if (d->held < {}) ++d->held;", s.hold);
    } else {
      out.line("d->decision = (int16_t)vote;");
    }
    out.line("return d->decision;");
  }
  out.line("}}");
}

}  // namespace

DecisionCode decision_code(const DecisionFilter& filter, std::int32_t hold, std::int32_t n_classes,
                           const Names& names) {
  // Every next window may change a decision that stays for one.
  const Settling settling{filter, hold > 1 ? hold : 0, n_classes, names, names.symbol + "decisions"};
  DecisionCode code{.type_name = settling.type_name};
  code.type = type_of(settling, code.ram);
  Printer out;
  print_begin(out, settling);
  out.line("");
  print_settle(out, settling);
  code.functions = out.text();
  return code;
}

}  // namespace emlc::c
