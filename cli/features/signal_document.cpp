#include "cli/features/signal_document.hpp"

#include "cli/console/files.hpp"
#include "cli/console/sha256.hpp"
#include "codegen/model/error.hpp"
#include "codegen/passes/signal/filters.hpp"
#include "formats/emlc_signal/emlc_signal.hpp"

namespace emlc::cli {

SignalDocument read_signal_document(const std::string& path) {
  return signal_document(read_file(path), path == standard_stream ? "stdin" : path);
}

SignalDocument signal_document(const std::string& content, const std::string& file) {
  SignalDocument document{.file = file, .sha256 = sha256(content), .plan = formats::read_emlc_signal(content, file)};
  try {
    passes::design_filters(document.plan);
  } catch (const Error& refused) {
    throw formats::located_in_signal(content, file, refused);
  }
  return document;
}

}  // namespace emlc::cli
