#include <fmt/format.h>

#include <array>
#include <charconv>

#include "codegen/c/common/template.hpp"
#include "codegen/c/signal/spectrum/fixed.hpp"
#include "codegen/c/signal/spectrum/gather.hpp"
#include "codegen/c/signal/spectrum/spectrum.hpp"
#include "codegen/c/signal/spectrum/tables.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

/// A function, and which ones it calls; those stand before it.
struct SpectralHelper {
  std::string_view name, text;
  std::array<std::string_view, 2> calls{};
};
constexpr std::array spectral_helpers = {
    SpectralHelper{"four", templates::spectrum_four_c},
    SpectralHelper{"eight", templates::spectrum_eight_c},
    SpectralHelper{"goertzel_low", templates::spectrum_goertzel_low_c},
    SpectralHelper{"goertzel_high", templates::spectrum_goertzel_high_c},
    SpectralHelper{"natural_log", templates::spectrum_natural_log_c},
    SpectralHelper{"exponential", templates::spectrum_exponential_c},
    SpectralHelper{"log_power", templates::spectrum_log_power_c, {"natural_log"}},
    SpectralHelper{"mel", templates::spectrum_mel_c},
    SpectralHelper{"cepstrum", templates::spectrum_cepstrum_c},
    SpectralHelper{"power_sum", templates::spectrum_sum_c},
    SpectralHelper{"power_peak", templates::spectrum_peak_c},
    SpectralHelper{"power_centre", templates::spectrum_centre_c},
    SpectralHelper{"power_rolloff", templates::spectrum_rolloff_c, {"power_sum"}},
    SpectralHelper{"power_flatness", templates::spectrum_flatness_c, {"natural_log", "exponential"}},
    SpectralHelper{"pairs", templates::spectrum_q15_simd_c},
    SpectralHelper{"four_pairs", templates::spectrum_q15_pairs_c, {"pairs"}},
    SpectralHelper{"four_q15", templates::spectrum_q15_stage_c, {"four_pairs"}},
    SpectralHelper{"spared", templates::spectrum_q15_scale_c},
    SpectralHelper{"log2_q16", templates::spectrum_q15_log_c},
    SpectralHelper{"mel_q15", templates::spectrum_q15_mel_c, {"pairs"}},
    SpectralHelper{"cepstrum_q15", templates::spectrum_q15_cepstrum_c},
    SpectralHelper{"sum_q15", templates::spectrum_q15_sum_c},
    SpectralHelper{"peak_q15", templates::spectrum_q15_peak_c},
    SpectralHelper{"centre_q15", templates::spectrum_q15_centre_c},
    SpectralHelper{"rolloff_q15", templates::spectrum_q15_rolloff_c, {"sum_q15"}},
    SpectralHelper{"power_entropy", templates::spectrum_entropy_c, {"power_sum", "natural_log"}},
};

constexpr std::string_view prefix = "spectral ", transform_prefix = "spectral transform ",
                           gather_prefix = "spectral gather ", fixed_prefix = "spectral fixed ";

/// The template with the keys that it has places for.
std::string filled(std::string_view text, const std::vector<TemplateValue>& all) {
  std::vector<TemplateValue> values;
  for (const TemplateValue& value : all) {
    if (text.find(fmt::format("@{}@", value.first)) != std::string_view::npos) values.push_back(value);
  }
  return fill(text, values) + "\n";
}

std::vector<TemplateValue> values_of(const Names& names) {
  return {{"macro", names.macro},
          {"symbol", names.symbol},
          {"function", names.function},
          {"apart", names.symbol.empty() ? "inline" : "static"}};
}

std::string transform_text(Making& making, std::size_t n, std::size_t longest) {
  const signal::TransformShape shape = signal::transform_shape(n);
  const Names& names = making.names;
  std::vector<TemplateValue> values = values_of(names);
  values.insert(values.end(), {{"n", fmt::to_string(n)},
                               {"half", fmt::to_string(n / 2)},
                               {"quarter", fmt::to_string(n / 4)},
                               {"radix", fmt::to_string(shape.radix)},

                               {"sines", sines_table(making, longest)},
                               {"table_quarter", fmt::to_string(longest / 4)},
                               {"table_step", longest == n ? "" : fmt::format("{} * ", longest / n)}});
  return filled(templates::spectrum_transform_c, values);
}

}  // namespace

std::string spectrum_functions(Making& making) {
  std::set<std::string_view> asked;
  std::vector<std::size_t> transforms;
  std::vector<std::string> gathered, fixed;
  for (const std::string& helper : making.helpers) {
    const std::string_view name = helper;
    if (!name.starts_with(prefix)) continue;
    if (name.starts_with(fixed_prefix)) {
      fixed.push_back(helper.substr(fixed_prefix.size()));
      asked.insert("four_q15");
      continue;
    }
    if (name.starts_with(gather_prefix)) {
      gathered.push_back(helper.substr(gather_prefix.size()));
      continue;
    }
    if (!name.starts_with(transform_prefix)) {
      asked.insert(name.substr(prefix.size()));
      continue;
    }
    std::size_t n = 0;
    const std::string_view digits = name.substr(transform_prefix.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), n);
    transforms.push_back(n);
    asked.insert("four");
    if (signal::transform_shape(n).radix != 4) asked.insert("eight");
  }
  if (asked.empty()) return {};
  for (auto row = spectral_helpers.rbegin(); row != spectral_helpers.rend(); ++row) {
    if (asked.contains(row->name)) asked.insert(row->calls.begin(), row->calls.end());
  }
  std::string text = filled(templates::spectrum_exact_c, values_of(making.names));
  for (const SpectralHelper& row : spectral_helpers) {
    if (asked.contains(row.name)) text += filled(row.text, values_of(making.names));
  }
  for (const std::string& one : gathered) text += gather_function(making, one);
  const std::size_t longest = longest_transform(making.joined, signal::SpectrumArithmetic::float32);
  for (const std::size_t n : transforms) text += transform_text(making, n, longest);
  const std::size_t longest_fixed = longest_transform(making.joined, signal::SpectrumArithmetic::q15);
  for (const std::string& one : fixed) text += fixed_function(making, one, longest_fixed);
  return text;
}

}  // namespace emlc::c
