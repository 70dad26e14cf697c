#include "cli/sizes/target_estimate.hpp"

#include <algorithm>
#include <string_view>

#include "cli/sizes/frame_bytes.hpp"
#include "codegen/model/kind.hpp"

namespace emlc::cli {
namespace {

std::string_view form_of(const model::Model& model) {
  return std::visit(model::Overloaded{[](std::monostate) { return std::string_view("scaler"); },
                                      [](const model::TreeEnsemble&) { return std::string_view("trees"); },
                                      [](const model::DenseNetwork& network) {
                                        return std::string_view(network.integers ? "codes" : "network");
                                      },
                                      [](const model::SosCascade&) { return std::string_view("filter"); },
                                      [](const model::Combination&) { return std::string_view("combination"); }},
                    model.predictor);
}

/// 0 on a Cortex-M0+, whose frames the artifact has.
int more_frames(const Target& target, std::string_view form, c::Optimize optimize) {
  const auto* const at = std::find(frame_targets.begin(), frame_targets.end(), target.estimate);
  const auto rows = all_frame_bytes();
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const FrameBytes& known) { return known.form == form; });
  if (at == frame_targets.end() || row == rows.end()) return 0;
  const auto column = 2 * static_cast<std::size_t>(at - frame_targets.begin());
  return row->more.at(column + (optimize == c::Optimize::speed ? 1 : 0));
}

/// Flash of an AVR is an address space of its own: what functions of the runtime read is copied to RAM.
bool copies_tables(const Target& target, std::string_view code, const HeaderForm& form) {
  return target.estimate == "ATmega328P" && form.use_runtime && (code == "network" || code == "filter");
}

std::size_t table_bytes(const layout::Artifact& header) {
  std::size_t bytes = 0;
  for (const layout::Part& part : header.parts) bytes += part.name == c::code_part ? 0 : part.bytes;
  return bytes;
}

}  // namespace

TargetSizes estimate_on(const Target& target, const layout::Artifact& header, const HeaderForm& form) {
  TargetSizes sizes = estimate(target, header);
  if (!sizes.ram) return sizes;
  const std::string_view code = form_of(form.model);
  const int more = more_frames(target, code, form.optimize);
  const auto less = static_cast<std::size_t>(std::max(-more, 0));
  sizes.ram = *sizes.ram - std::min(*sizes.ram, less) + static_cast<std::size_t>(std::max(more, 0));
  if (copies_tables(target, code, form)) *sizes.ram += table_bytes(header);
  return sizes;
}

}  // namespace emlc::cli
