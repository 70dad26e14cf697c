#include "codegen/c/sos/sos.hpp"

#include <fmt/format.h>

#include <cmath>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/sos/fixed.hpp"
#include "codegen/c/sos/float.hpp"

namespace emlc::c {

FilterTypes filter_types(const model::SosCascade& cascade) {
  if (!cascade.fixed) {
    return {.sample = "float",
            .word = "float",
            .full_scale = "1.0",
            .one = "1.0",
            .init = cascade.initial_state.empty() ? "reset_" : "init_"};
  }
  const int bits = info(cascade.fixed->arithmetic).sample_bits;
  return {.sample = fmt::format("int{}_t", bits),
          .word = "uint32_t",
          .full_scale = fmt::format("{:.1f}", std::ldexp(1.0, bits - 1)),
          .one = fmt::format("{:.1f}", std::ldexp(1.0, bits - 1 - cascade.fixed->headroom)),
          .init = "reset_"};
}

std::string filter_state_words(const model::SosCascade& cascade, const Names& names, const EmitConfig& config) {
  if (cascade.fixed) return fixed_state_words(*cascade.fixed, names);
  return fmt::to_string(float_state_words(cascade, config));
}

Core emit_sos(const model::SosCascade& cascade, const Names& names, const EmitConfig& config) {
  Core core = cascade.fixed ? emit_sos_fixed(cascade, names, config) : emit_sos_float(cascade, names, config);
  core.frames = 68;
  core.code_kind = "filter";
  if (cascade.sections.size() == 1) core.code_shape = "/1";
  core.facts.push_back({"n_sections", cascade.sections.size(), "second-order sections"});
  if (cascade.fixed && cascade.fixed->headroom != 0) {
    const auto bits = static_cast<std::size_t>(cascade.fixed->headroom);
    core.facts.push_back({"headroom", bits, "bits: full scale of the output stands for 2^headroom"});
  }
  if (cascade.sample_rate) core.facts.push_back({"sample_rate", 0, "Hz", cascade.sample_rate});
  return core;
}

}  // namespace emlc::c
