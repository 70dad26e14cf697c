#include "codegen/c/sos/float_forms.hpp"

#include <stdexcept>

namespace emlc::c {
namespace {

using model::SosStructure;

constexpr std::array<std::string_view, 5> delta_names = {"f0", "f1", "f2", "e1", "e2"};

/// The next z1. Unrolled, it pays to add z2 first: two fused multiply-adds. In a loop of one sample the copy of z2 that
/// this needs costs more than it saves (Cortex-M4F: 12.3 instructions instead of 11.3).
std::string_view next_z1(int n_samples) {
  return n_samples == 1 ? "z1 = b1 * in - a1 * out + z2;" : "z1 = (b1 * in + z2) - a1 * out;";
}

}  // namespace

int samples_per_turn(Optimize optimize, SosStructure structure) {
  if (optimize == Optimize::size) return 1;
  return optimize == Optimize::speed && model::is_compensated(structure) ? 8 : 4;
}

SectionForm form_of(SosStructure structure, int n_samples) {
  SectionForm form{.structure = structure, .coefficients = delta_names};
  switch (structure) {
    case SosStructure::direct:
      form.function = "section";
      form.coefficients = direct_names;
      form.state = {"z1", "z2"};
      form.sample = {"out = b0 * in + z1;", next_z1(n_samples), "z2 = b2 * in - a2 * out;"};
      return form;
    case SosStructure::delta:
      form.function = "delta";
      form.state = {"s1", "s2"};
      form.sample = {"out = f0 * in + s1;", "s1 += (f1 * in + s2) - e1 * out;", "s2 += f2 * in - e2 * out;"};
      return form;
    case SosStructure::compensated:
      form.function = "compensated";
      form.state = {"s1", "s2", "c2"};
      form.more_variables = ", both, sum";
      form.sample = {"out = f0 * in + s1;", "both = s2 + c2;", "s1 += (f1 * in + both) - e1 * out;",
                     "c2 = (f2 * in + c2) - e2 * out;"};
      form.put_together = {"sum = s2 + c2;", "c2 -= sum - s2;", "s2 = sum;"};
      return form;
    case SosStructure::pairs:
      form.function = "pairs";
      form.state = {"s1", "s2", "c2", "c1"};
      form.more_variables = ", both, sum";
      form.sample = {"out = f0 * in + (s1 + c1);", "both = s2 + c2;", "c1 = ((c1 + both) + f1 * in) - e1 * out;",
                     "c2 = (f2 * in + c2) - e2 * out;"};
      form.put_together = {"sum = s1 + c1;", "c1 -= sum - s1;", "s1 = sum;",
                           "sum = s2 + c2;", "c2 -= sum - s2;", "s2 = sum;"};
      return form;
  }
  throw std::logic_error("structure without a text");
}

}  // namespace emlc::c
