#include "cli/features/signal_document.hpp"

#include "cli/console/files.hpp"
#include "cli/console/sha256.hpp"
#include "codegen/model/error.hpp"
#include "codegen/passes/signal/filters.hpp"
#include "codegen/passes/signal/quantize_spectra.hpp"
#include "formats/emlc_signal/emlc_signal.hpp"

namespace emlc::cli {

SignalDocument read_signal_document(const std::string& path, model::Arithmetic arithmetic) {
  return signal_document(read_file(path), path == standard_stream ? "stdin" : path, arithmetic);
}

SignalDocument signal_document(const std::string& content, const std::string& file, model::Arithmetic arithmetic) {
  SignalDocument document{.file = file, .sha256 = sha256(content), .plan = formats::read_emlc_signal(content, file)};
  try {
    passes::design_filters(document.plan);
    passes::quantize_spectra(document.plan, arithmetic);
  } catch (const Error& refused) {
    if (refused.where().field.starts_with("--")) throw;
    throw formats::located_in_signal(content, file, refused);
  }
  return document;
}

}  // namespace emlc::cli
