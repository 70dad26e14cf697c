#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/layout/artifact.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/model.hpp"

/// The CSV forms of models; docs/formats.md defines them. Readers take any content as hostile and throw Error with the
/// line; writers throw Error for a model that the form cannot hold.
namespace emlc::formats {

/// SOS CSV: one row `b0,b1,b2,a0,a1,a2` per section, as numpy.savetxt writes it.
/// With a header it is recognised by these names alone: other words stand above measurements.
bool is_sos_csv(std::string_view content);
/// Why a table of numbers under a header is no model; empty for anything else.
std::string table_problem(std::string_view content);
model::Model read_sos_csv(std::string_view content, std::string_view file);
layout::Artifact write_sos_csv(const model::SosCascade& cascade);

/// The integers of a filter in q15_cmsis for emlearn-micropython's emlearn_iir_q15, a section per row in the order of
/// CMSIS-DSP. Written for other arithmetics it is an Error. Read for running only: the filter before rounding is gone.
layout::Artifact write_sos_q15_csv(const model::SosCascade& cascade);
bool is_sos_q15_csv(std::string_view content);
std::vector<model::SosIntegers> read_sos_q15_csv(std::string_view content, std::string_view file);

/// MLP CSV: scalers and dense layers, emlc's own form.
bool is_mlp_csv(std::string_view content);
model::Model read_mlp_csv(std::string_view content, std::string_view file);
/// @param network  of the model; without layers when the scalers are the model
layout::Artifact write_mlp_csv(const model::Model& model, const model::DenseNetwork& network);

/// emlearn trees CSV, old and new, and emlc's extension of it.
bool is_emlearn_csv(std::string_view content);
model::Model read_emlearn_csv(std::string_view content, std::string_view file);
/// The extension alone: a text that begins with `emlc,trees`.
bool is_trees_csv(std::string_view content);
model::Model read_trees_csv(std::string_view content, std::string_view file);
/// The emlearn form where it can hold the ensemble of the model, else the extension with a warning that says why.
layout::Artifact write_trees_csv(const model::Model& model, const model::TreeEnsemble& ensemble);

/// A number as the device reads it: the float32 nearest to the digits. Throws Error when it is not finite or longer
/// than the device takes.
double parse_float(std::string_view cell, const Where& where);
/// An integer in [lowest, highest], as the device reads it. Throws Error with the range.
std::int64_t parse_whole(std::string_view cell, std::int64_t lowest, std::int64_t highest, const Where& where);

/// Throws Error for more than `most` of something: what the readers of the form, and the device, would refuse.
void check_count(std::size_t count, std::size_t most, std::string_view what, std::string field);

/// The shortest text that reads back to the float32 nearest to `value`. `what` names it in the Error for a value that
/// is too large for float32.
std::string float_text(double value, std::string_view what);

}  // namespace emlc::formats
