#pragma once

#include <cstddef>
#include <string>

#include "codegen/c/common/emit.hpp"
#include "codegen/model/model.hpp"
#include "codegen/signal/plan.hpp"

namespace emlc::c {

inline constexpr int contradiction = 2;

/// A program around a header that answers inputs from stdin on stdout, all numbers doubles of the computer it runs on.
/// For each input it reads [n_features] and writes [n_classes] decisions (one per target) and then [n_outputs] values;
/// around a filter it reads the number of samples and the samples of each signal, and writes as many. It ends with
/// `contradiction` when another function of the API says otherwise: predict_q, or predict_proba of two classes.
struct Driver {
  std::string text;
  std::size_t n_classes = 0, n_outputs = 0;  ///< 0 and 0 around a filter
};

/// @param model        as it was given to emit_header
/// @param header_path  as the program includes it
Driver make_driver(const model::Model& model, const std::string& name, Language language,
                   const std::string& header_path);

/// The same around a header with a signal, fed with recordings in small blocks: for each complete window it writes
/// [n_features] features and then the answers of decide: n_classes, or n_outputs where the model decides nothing.
Driver make_stream_driver(const model::Model& model, const signal::Plan& plan, const std::string& name,
                          Language language, const std::string& header_path);

}  // namespace emlc::c
