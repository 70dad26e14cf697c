#include "formats/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "codegen/model/error.hpp"
#include "formats/csv/csv.hpp"
#include "formats/emlc_json/emlc_json.hpp"
#include "formats/tmdl/tmdl.hpp"

namespace emlc::formats {

std::span<const Format> all_formats() {
  // The first one that recognises the content reads it.
  static constexpr std::array formats = {
      Format{"emlc-json", "emlc model JSON, version 1: trees, dense networks, filters, scalers", is_emlc_json,
             read_emlc_json},
      Format{"tmdl", "a .tmdl blob of emlc, or a dense network of TinyMaix in float or int8", is_tmdl, read_tmdl},
      Format{"emlearn-csv", "emlearn trees CSV, old and new, and emlc's extension of it", is_emlearn_csv,
             read_emlearn_csv},
      Format{"mlp-csv", "scalers and dense layers, one record per line (emlc's own form)", is_mlp_csv, read_mlp_csv},
      Format{"sos-csv", "second-order sections, one row b0,b1,b2,a0,a1,a2 each, as numpy.savetxt writes them",
             is_sos_csv, read_sos_csv},
  };
  return formats;
}

const Format& format_called(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Format& format : all_formats()) {
    if (format.name == name) return format;
    names.push_back(format.name);
  }
  throw Error({}, unknown_name("format", name, names));
}

const Format& recognise(std::string_view content, std::string_view file) {
  const auto formats = all_formats();
  const auto found =
      std::find_if(formats.begin(), formats.end(), [&](const Format& format) { return format.recognise(content); });
  if (found != formats.end()) return *found;
  std::string problem = content.empty() ? "the file is empty" : table_problem(content);
  if (problem.empty()) problem = "the format is not recognised; name it with --from (emlc list formats)";
  throw Error({.file = std::string(file)}, problem);
}

}  // namespace emlc::formats
