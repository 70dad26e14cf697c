#pragma once

#include <string>

#include "codegen/signal/plan.hpp"

namespace emlc::cli {

/// A signal document that was read, with the integers of its filters.
struct SignalDocument {
  std::string file;  ///< for messages
  std::string sha256;
  signal::Plan plan;
};

/// Reads a signal document; `-` is stdin. Throws Error with the place in the file; std::system_error when it cannot be
/// read.
/// @param arithmetic  of its spectra; float32: as the document says
SignalDocument read_signal_document(const std::string& path, model::Arithmetic arithmetic);

/// From what is in the file already.
SignalDocument signal_document(const std::string& content, const std::string& file, model::Arithmetic arithmetic);

}  // namespace emlc::cli
