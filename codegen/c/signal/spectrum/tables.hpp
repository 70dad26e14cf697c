#pragma once

#include <cstddef>
#include <string>

#include "codegen/c/signal/look.hpp"
#include "codegen/c/signal/stream.hpp"
#include "codegen/signal/spectrum/fixed.hpp"
#include "codegen/signal/spectrum/fourier.hpp"

/// Constants of spectra: tables that all signals share, each printed where it is asked for first.
namespace emlc::c {

/// The name of a table of transform_groups().
std::string groups_table(Making& making, const signal::TransformShape& shape);

/// The name of a table of taper_half(); empty for the rectangular one.
std::string taper_table(Making& making, signal::Taper taper, std::size_t n);
/// The taper at the sample i, as an expression; empty for the rectangular one.
std::string taper_text(Making& making, signal::Taper taper, std::size_t n);

/// The tables of Mel bands, as arguments: rising, ends, the first bin.
std::string mel_arguments(Making& making, const signal::SpectrumPart& part);
/// The name of a table of MelTable::factors.
std::string mel_factors_table(Making& making, std::span<const float> factors);
/// The name of a table of cosine_table().
std::string cosines_table(Making& making, std::size_t n);

/// Real numbers of the longest transform of the plan in an arithmetic, whose table of sines serves all; 0: there is
/// none.
std::size_t longest_transform(const signal::Joined& joined, signal::SpectrumArithmetic arithmetic);
/// The name of that table.
std::string sines_table(Making& making, std::size_t n);

/// The same of spectra in integers.
std::string fixed_groups_table(Making& making, const signal::FixedShape& shape);
std::string fixed_taper_table(Making& making, signal::Taper taper, std::size_t n);
std::string fixed_mel_arguments(Making& making, const signal::SpectrumPart& part);
std::string fixed_cosines_table(Making& making, std::size_t n);
std::string fixed_sines_table(Making& making, std::size_t n);
/// The table of fixed_log_table().
void log_table(Making& making);

/// Bytes of the arrays of Mel bands that the features of a subject share, 4 for each.
std::size_t band_bytes(const Subject& subject);

}  // namespace emlc::c
