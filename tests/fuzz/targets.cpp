#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "codegen/model/error.hpp"
#include "codegen/passes/pass.hpp"
#include "codegen/passes/signal/filters.hpp"
#include "formats/emlc_json/emlc_json.hpp"
#include "formats/format.hpp"
#include "formats/text/text.hpp"
#include "formats/writers.hpp"
#include "tests/fuzz/runs.hpp"
#include "tests/fuzz/target.hpp"

namespace emlc::fuzz {
namespace {

constexpr std::string_view golden_trees =
    "tests/golden/heat/model.json tests/golden/jury/model.json tests/golden/ripeness/model.json";
constexpr std::string_view device_trees =
    "tests/golden/heat/model.json tests/golden/jury/model.json tests/golden/ripeness/model.json "
    "tests/fuzz/seeds/emlearn.csv";
constexpr std::string_view csv_trees =
    "tests/golden/heat/model.json tests/golden/jury/model.json tests/golden/ripeness/model.json "
    "tests/fuzz/seeds/emlearn.csv tests/fuzz/seeds/emlearn_old.csv";
constexpr std::string_view golden_networks =
    "tests/golden/gesture_int8/model.json tests/golden/labels/model.json tests/golden/scalers/model.json "
    "tests/golden/xor_gate/model.json";
constexpr std::string_view golden_filter = "tests/golden/lowpass/model.json";
constexpr std::string_view golden =
    "tests/golden/heat/model.json tests/golden/jury/model.json tests/golden/ripeness/model.json "
    "tests/golden/gesture_int8/model.json tests/golden/labels/model.json tests/golden/scalers/model.json "
    "tests/golden/xor_gate/model.json tests/golden/lowpass/model.json tests/fuzz/seeds/steps.json";
constexpr std::string_view golden_and_signals =
    "tests/golden/heat/model.json tests/golden/jury/model.json tests/golden/ripeness/model.json "
    "tests/golden/gesture_int8/model.json tests/golden/labels/model.json tests/golden/scalers/model.json "
    "tests/golden/xor_gate/model.json tests/golden/lowpass/model.json tests/fuzz/seeds/steps.json "
    "tests/fuzz/seeds/signal_model.json examples/gesture/gesture.json";

model::Model lowered(const std::string& document, const passes::PassConfig& config) {
  model::Model model = formats::recognise(document, "seed").read(document, "seed", {}).model;
  passes::run_passes(model, config);
  return model;
}

}  // namespace

std::span<const Target> all_targets() {
  using enum Changes;
  static constexpr std::array targets = {
      Target{"emlc-json", golden, "emlc_json", bytes, as_it_is, run_reader},
      Target{"xgboost-json", "tests/fuzz/seeds/xgboost.json tests/data/boosted/xgboost-1.7.6/gblinear/model.json",
             "xgboost", bytes, as_it_is, run_reader},
      Target{"xgboost-ubj",
             "tests/fuzz/seeds/xgboost.ubj tests/data/boosted/xgboost-1.7.6/gblinear/model.ubj "
             "tests/data/boosted/xgboost-2.1.4/multi_output_tree/model.ubj",
             "xgboost", bytes, as_it_is, run_reader},
      Target{"xgboost-dump", "tests/fuzz/seeds/dump.json", "xgboost", bytes, as_it_is, run_reader},
      Target{"lightgbm-text",
             "tests/fuzz/seeds/lightgbm.txt tests/data/boosted/lightgbm-4.6.0/stump_constant/model.txt", "lightgbm",
             bytes, as_it_is, run_reader},
      Target{"lightgbm-json", "tests/fuzz/seeds/lightgbm.json", "lightgbm", bytes, as_it_is, run_reader},
      Target{"catboost-json", "tests/fuzz/seeds/catboost.json tests/fuzz/seeds/catboost_trees.json", "catboost", bytes,
             as_it_is, run_reader},
      Target{"catboost-cbm",
             "tests/data/boosted/catboost-1.2.10/multirmse/model.cbm "
             "tests/data/boosted/catboost-1.2.10/lossguide/model.cbm",
             "", bytes, as_it_is, run_reader},
      Target{"tfjs", "tests/fuzz/seeds/tfjs.bin", "keras", bytes, as_it_is, run_reader},
      Target{"keras-h5",
             "tests/hostile/hdf5/good.h5 tests/data/networks/keras-2.15.0/softplus_linear/model.h5 "
             "tests/data/networks/keras-3.15.1/rescale_prelu/model.h5",
             "keras", bytes, as_it_is, run_reader},
      Target{"keras",
             "tests/data/networks/keras-2.15.0/norm_bn_dropout/model.keras "
             "tests/data/networks/keras-3.15.1/softplus_linear/model.keras",
             "keras", bytes, as_it_is, run_reader},
      Target{"onnx",
             "tests/data/graphs/onnx-1.23.2/skl_scaler_mlp/model.onnx "
             "tests/data/graphs/onnx-1.23.2/skl_minmax_rf/model.onnx "
             "tests/data/graphs/onnx-1.23.2/skl_logistic2/model.onnx "
             "tests/data/graphs/onnx-1.23.2/torch_bn_leaky/model.onnx "
             "tests/data/graphs/onnx-1.23.2/skl_tree/model.onnx "
             "tests/data/graphs/onnx-1.23.2/ort_qdq_uint8/model.onnx",
             "onnx", bytes, as_it_is, run_reader},
      Target{"tmdl", golden_and_signals, "", blob, as_blobs, run_reader},
      Target{"tmdl-c", "tests/golden/xor_gate/xor_gate_blob.c tests/fuzz/seeds/xxd_blob.txt", "", bytes, as_it_is,
             run_reader},
      Target{"emlearn-csv", csv_trees, "csv", bytes, as_csv, run_reader},
      Target{"mlp-csv", golden_networks, "csv", bytes, as_csv, run_reader},
      Target{"sos-csv", golden_filter, "csv", bytes, as_csv, run_reader},
      Target{"sos-q15-csv", "tests/fuzz/seeds/sos_q15.csv", "csv", bytes, as_it_is, run_sos_q15},
      Target{"table", "tests/fuzz/seeds/table.csv tests/data/npy/f4.npy tests/data/npy/fortran_f8.npy", "csv", bytes,
             as_it_is, run_table},
      Target{"emlc-signal", "tests/data/signals/har.signal.json tests/fuzz/seeds/signal.json", "emlc_signal", bytes,
             as_it_is, run_reader},
      Target{"signal", "tests/data/signals/har.signal.json tests/fuzz/seeds/signal.json", "emlc_signal", bytes,
             as_it_is, run_signal_document},
      Target{"recording", "tests/fuzz/seeds/recording.csv tests/fuzz/seeds/recording.npy", "csv", bytes, as_it_is,
             run_recording},
      Target{"header", golden_trees, "", bytes, as_headers, run_header},
      Target{"runtime-tmdl", golden_and_signals, "", blob, as_blobs, run_device_blob},
      Target{"runtime-csv-trees", device_trees, "csv", bytes, as_csv, run_device_trees},
      Target{"runtime-csv-network", golden_networks, "csv", bytes, as_csv, run_device_network},
      Target{"runtime-csv-sos", golden_filter, "csv", bytes, as_csv, run_device_sos},
  };
  return targets;
}

const Target& target_called(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Target& target : all_targets()) {
    if (target.name == name) return target;
    names.push_back(target.name);
  }
  throw Error({}, unknown_name("target", name, names));
}

std::string source_file(std::string_view path) {
  std::ifstream in(std::filesystem::path(EMLC_SOURCE_DIR) / path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + std::string(path));
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::string> seeds(const Target& target) {
  std::vector<std::string> all;
  for (const std::string_view path : formats::split_fields(target.seeds, ' ')) {
    for (std::string& seed : target.prepare(source_file(path))) all.push_back(std::move(seed));
  }
  return all;
}

std::vector<std::string> as_it_is(const std::string& content) { return {content}; }

std::vector<std::string> as_csv(const std::string& document) {
  if (!formats::is_emlc_json(document)) return {document};
  return {formats::write_csv(lowered(document, {})).bytes};
}

/// As it is, with the signal that a document has.
std::string with_signal(formats::Reading reading, layout::TmdlForm form) {
  passes::run_passes(reading.model, {});
  passes::design_filters(*reading.signal);
  return formats::write_tmdl(reading.model, form, {&*reading.signal, reading.decision ? &*reading.decision : nullptr})
      .bytes;
}

std::vector<std::string> as_blobs(const std::string& document) {
  const std::array<passes::PassConfig, 4> configs = {{
      {},
      {.arithmetic = model::Arithmetic::q15},
      {.arithmetic = model::Arithmetic::q31},
      {.weights = model::IntegerWidth::bits8},
  }};
  std::vector<std::string> blobs;
  if (const formats::Reading reading = formats::recognise(document, "seed").read(document, "seed", {});
      reading.signal) {
    for (const auto trees : {layout::TmdlTrees::packed, layout::TmdlTrees::linked}) {
      blobs.push_back(with_signal(reading, {.trees = trees}));
    }
    return blobs;
  }
  for (const passes::PassConfig& config : configs) {
    for (const auto version : {layout::TmdlVersion::first, layout::TmdlVersion::second}) {
      // An option that is for another kind of model is refused.
      is_accepted([&] { blobs.push_back(formats::write_tmdl(lowered(document, config), {.version = version}).bytes); });
    }
    is_accepted([&] {
      const layout::TmdlForm form = {.trees = layout::TmdlTrees::linked};
      blobs.push_back(formats::write_tmdl(lowered(document, config), form).bytes);
    });
  }
  return blobs;
}

}  // namespace emlc::fuzz
