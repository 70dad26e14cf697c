#pragma once

#include <cstddef>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"
#include "codegen/model/sos/sos_cascade.hpp"

/// The loops of filters in float32 over their samples and sections.
namespace emlc::c {

/// The functions section_ (delta_, compensated_, pairs_) of the structures that the cascade has and filter_, which
/// takes section after section over a block.
void print_section_filter(Printer& out, const Names& names, const model::SosCascade& cascade, Optimize optimize);

/// Floats of state that each section has there: unrolled loops count samples in one of them where sums are compensated.
std::size_t section_filter_words(const model::SosCascade& cascade, Optimize optimize);

/// The functions of a filter of direct sections for speed: up to three sections at a time.
void print_grouped_filter(Printer& out, const Names& names, std::size_t n_sections);

}  // namespace emlc::c
