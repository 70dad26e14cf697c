#include "formats/format.hpp"

#include <emlc/tmdl_format.h>
#include <fmt/format.h>
#include <built_with.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "built_with.hpp"
#include "codegen/model/error.hpp"
#include "formats/catboost/catboost.hpp"
#include "formats/csv/csv.hpp"
#include "formats/emlc_json/emlc_json.hpp"
#include "formats/emlc_signal/alone.hpp"
#include "formats/emlc_signal/emlc_signal.hpp"
#include "formats/foreign.hpp"
#include "formats/keras/keras_files.hpp"
#include "formats/keras/tfjs.hpp"
#include "formats/lightgbm/lightgbm.hpp"
#include "formats/onnx/onnx.hpp"
#include "formats/text/json_events.hpp"
#include "formats/text/text.hpp"
#include "formats/tmdl/c_array.hpp"
#include "formats/tmdl/tmdl.hpp"
#include "formats/xgboost/xgboost.hpp"

namespace emlc::formats {
namespace {

/// A format whose files say all there is to say.
template <model::Model (*read)(std::string_view content, std::string_view file)>
Reading complete(std::string_view content, std::string_view file, const Supplement& supplement) {
  refuse_supplement(supplement, file);
  return {.model = read(content, file)};
}

/// Refuses in a build without the library. `read` is then nowhere, and nothing calls it.
template <const Library& library, auto read>
Reading read_if_built_in(std::string_view content, std::string_view file, const Supplement& supplement) {
  if constexpr (library.presence == Presence::left_out) {
    throw Error({.file = std::string(file)}, refusal_without(library));
  } else {
    return read(content, file, supplement);
  }
}

/// `format` of a library that a build may be without; its `read` is left open.
template <const Library& library, auto read>
constexpr Format needing(Format format) {
  format.read = read_if_built_in<library, read>;
  format.library = &library;
  return format;
}

/// A field of a part of the model has the path of that part before it, as `scaler.` or `layers[0].` are all that is
/// known of a step of a pipeline.
Where in_json(std::string_view content, const Where& field) {
  std::string_view tail = field.field;
  for (const std::string_view part : {"scaler.", "model."}) {
    if (tail.starts_with(part)) tail.remove_prefix(part.size());
  }
  if (const auto found = json::find_tail(content, field.file, field.field, tail)) return *found;
  return json::Source{content, field.file}.find(field.field);
}

/// The reader has named the byte of all that it refuses; the rest is about layers together.
Where in_tmdl(std::string_view /*content*/, const Where& field) {
  Where place = field;
  if (!field.field.starts_with("byte ")) place.field = fmt::format("byte {} ({})", +EMLC_TMDL_HEADER_SIZE, field.field);
  return place;
}

/// The reader has named the place of all that it refuses; what is refused later has no line of its own.
Where as_named(std::string_view /*content*/, const Where& field) { return field; }

}  // namespace

std::span<const Format> all_formats() {
  // The first one that recognises the content reads it.
  static constexpr std::array formats = {
      Format{"emlc-json", "emlc model JSON, version 1: trees, dense networks, filters, scalers, combinations",
             is_emlc_json, read_emlc_product, in_json},
      Format{"emlc-signal", "emlc signal document, version 1: windows and features of samples, without a model",
             is_emlc_signal, read_signal_alone, in_json},
      Format{"xgboost-json", R"(XGBoost 1.0 to 3.x, save_model("x.json"): gbtree, dart, gblinear)", is_xgboost_json,
             read_xgboost_json, as_named},
      Format{"xgboost-ubj", R"(the same in UBJSON, save_model("x.ubj"))", is_xgboost_ubj, read_xgboost_ubj, as_named},
      Format{"xgboost-dump", "XGBoost's dump_model in JSON, with --objective and --base-score", is_xgboost_dump,
             read_xgboost_dump, as_named},
      Format{"lightgbm-text", "LightGBM 2.1 to 4.x, save_model", is_lightgbm_text, read_lightgbm_text, as_named},
      Format{"lightgbm-json", "LightGBM's dump_model as JSON", is_lightgbm_json, read_lightgbm_json, as_named},
      Format{"catboost-json", R"(CatBoost, save_model("x.json", format="json"), float features)", is_catboost_json,
             read_catboost_json, as_named},
      Format{"catboost-cbm", R"(the same as save_model("x.cbm") writes it)", is_cbm, read_cbm, as_named},
      Format{"tfjs", "TensorFlow.js 1.x to 4.x, layers model: model.json with its weights beside it", is_tfjs,
             read_tfjs, as_named, tfjs_files},
      Format{"keras-h5", R"(Keras 2.x and 3.x, model.save("x.h5"): chains of dense layers)", is_keras_h5, read_keras_h5,
             as_named},
      needing<with_zip, read_keras_archive>({"keras", R"(the same as Keras 2.15 to 3.x save it, model.save("x.keras"))",
                                             is_keras_archive, nullptr, as_named}),
      needing<with_onnx, read_onnx>({"onnx",
                                     "ONNX, opset 7 to 26 and ai.onnx.ml 1 to 5: trees, linear models, dense networks",
                                     is_onnx, nullptr, as_named}),
      Format{"tmdl", "a .tmdl blob of emlc, or a dense network of TinyMaix in float or int8", is_tmdl,
             read_tmdl_product, in_tmdl},
      Format{"tmdl-c", "such a blob as an array of bytes in C, as --to tmdl-c or xxd -i writes it", is_tmdl_c,
             read_tmdl_c_product, in_tmdl},
      Format{"emlearn-csv", "emlearn trees CSV, old and new, and emlc's extension of it", is_emlearn_csv,
             complete<read_emlearn_csv>, as_named},
      Format{"mlp-csv", "scalers and dense layers, one record per line (emlc's own form)", is_mlp_csv,
             complete<read_mlp_csv>, as_named},
      Format{"sos-csv", "second-order sections, one row b0,b1,b2,a0,a1,a2 each, as numpy.savetxt writes them",
             is_sos_csv, complete<read_sos_csv>, as_named},
  };
  return formats;
}

std::string summary_here(const Format& format) {
  const bool is_here = format.library == nullptr || format.library->presence == Presence::built_in;
  return is_here ? std::string(format.summary)
                 : fmt::format("{}; not in this build: {}", format.summary, way_to(*format.library));
}

void refuse_supplement(const Supplement& supplement, std::string_view file) {
  const auto refuse = [&](std::string_view option) {
    throw Error({.file = std::string(file), .field = std::string(option)},
                "is for dumps of XGBoost alone, this file has its own");
  };
  if (!supplement.objective.empty()) refuse("--objective");
  if (!supplement.base_score.empty()) refuse("--base-score");
}

const Format& format_called(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Format& format : all_formats()) {
    if (format.name == name) return format;
    names.push_back(format.name);
  }
  throw Error({}, unknown_name("format", name, names));
}

Error located(const Format& format, std::string_view content, const Error& refused) {
  const Where& where = refused.where();
  const bool is_option = where.field.starts_with("--");
  const bool has_lines = content.find('\0') == std::string_view::npos;
  if (where.line != 0 || is_option || (where.field.empty() && !has_lines)) return refused;
  return {where.field.empty() ? end_of(content, where.file) : format.locate(content, where), refused.problem()};
}

const Format& recognise(std::string_view content, std::string_view file) {
  if (const ForeignFile* foreign = foreign_file(content)) {
    throw Error({.file = std::string(file)}, fmt::format("is {}; {}", foreign->name, foreign->way_in));
  }
  const auto formats = all_formats();
  const auto found =
      std::find_if(formats.begin(), formats.end(), [&](const Format& format) { return format.recognise(content); });
  if (found != formats.end()) return *found;
  std::string problem = content.empty() ? "the file is empty" : table_problem(content);
  if (problem.empty()) problem = "the format is not recognised; name it with --from (emlc list formats)";
  throw Error({.file = std::string(file)}, problem);
}

}  // namespace emlc::formats
