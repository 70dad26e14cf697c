#pragma once

#include <string>
#include <string_view>

#include "codegen/c/common/emit.hpp"
#include "codegen/model/model.hpp"

namespace emlc::c {

/// The function of the program that does nothing but call the model, as the linker knows it when it is C.
inline constexpr std::string_view size_program_call = "emlc_call_model";
/// With this macro the program calls the model, without it the same program does not.
inline constexpr std::string_view size_program_macro = "EMLC_WITH_MODEL";

/// A program for a device around a header, to be linked and not to be run: it calls predict (transform) once, or
/// initialises a filter and gives it one block of 64 samples. What the caller holds (the input, an array of answers, a
/// block of samples) is in the program with the model and without it; the state of a filter is the model's.
/// @param model        as it was given to emit_header
/// @param header_path  as the program includes it
std::string make_size_program(const model::Model& model, const std::string& name, Language language,
                              const std::string& header_path);

}  // namespace emlc::c
