#include "cli/pipeline.hpp"

#include "cli/files.hpp"
#include "cli/sha256.hpp"
#include "codegen/model/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict.hpp"

namespace emlc::cli {
Source read_source(const ModelOptions& options) {
  const std::string content = read_file(options.path);
  Source source;
  source.file = options.path == standard_stream ? "stdin" : options.path;
  source.sha256 = sha256(content);
  const formats::Format& format =
      options.format != nullptr ? *options.format : formats::recognise(content, source.file);
  source.format = format.name;
  source.model = format.read(content, source.file);
  source.warnings = model::check(source.model, source.file);
  model::replay(source.model, source.file);
  return source;
}

}  // namespace emlc::cli
