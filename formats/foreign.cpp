#include "formats/foreign.hpp"

#include <algorithm>
#include <array>

#include "formats/catboost/catboost.hpp"
#include "formats/emlc_json/emlc_json.hpp"
#include "formats/keras/tfjs.hpp"
#include "formats/lightgbm/lightgbm.hpp"
#include "formats/tmdl/c_array.hpp"
#include "formats/xgboost/xgboost.hpp"

namespace emlc::formats {
namespace {

constexpr std::string_view sklearn_way =
    "export the estimator where it was trained: emlc_export.export(estimator, X, 'm.json')";
constexpr std::string_view xgboost_way =
    "with the XGBoost that wrote it (before 3.1): xgboost.Booster(model_file='m.bin').save_model('m.json')";
constexpr std::string_view torch_way =
    "nothing is ever unpickled; three lines of Python export the network where it was trained: 'from emlc_export "
    "import "
    "export'; 'network = torch.load(\"m.pt\")', or the network with its state_dict loaded; 'export(network, X, "
    "\"m.json\")'";
constexpr std::string_view network_way =
    "emlc has no reader for it: write the weights of its dense layers as emlc model JSON (docs/formats.md)";

bool has(std::string_view content, std::string_view part) { return content.find(part) != std::string_view::npos; }

/// Among the first bytes, where a binary format has its names.
bool begins_with(std::string_view content, std::string_view part) {
  constexpr std::size_t looked_at = 4096;
  return has(content.substr(0, looked_at), part);
}

std::string_view without_blanks(std::string_view content) {
  content.remove_prefix(std::min(content.find_first_not_of(" \t\r\n"), content.size()));
  return content;
}

/// Models have names of features and classes, which may be any word.
bool is_json_model(std::string_view content) {
  return is_emlc_json(content) || is_xgboost_json(content) || is_lightgbm_json(content) || is_catboost_json(content);
}

bool is_json_with(std::string_view content, std::string_view key) {
  return without_blanks(content).starts_with('{') && has(content, key) && !is_json_model(content);
}

/// Protocols 2 to 5 say so in their first two bytes.
bool is_pickle(std::string_view content) {
  return content.size() > 2 && content[0] == '\x80' && content[1] >= 2 && content[1] <= 5 && content.ends_with('.');
}

bool is_joblib(std::string_view content) { return is_pickle(content) && has(content, "NumpyArrayWrapper"); }

/// Has bytes that no text has. A table may begin with `x^2`, as zlib does with x^.
bool is_binary(std::string_view content) {
  constexpr std::size_t looked_at = 256;
  const std::string_view start = content.substr(0, looked_at);
  return std::any_of(start.begin(), start.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < '\t' || (byte > '\r' && byte < ' ');
  });
}

/// zlib (as joblib compresses), gzip, bzip2, xz.
bool is_compressed(std::string_view content) {
  constexpr std::array<std::string_view, 7> starts = {"\x78\x01", "x^",  "\x78\x9c",   "\x78\xda",
                                                      "\x1f\x8b", "BZh", "\xfd\x37zXZ"};
  return is_binary(content) && std::any_of(starts.begin(), starts.end(),
                                           [content](std::string_view start) { return content.starts_with(start); });
}

bool is_zip_with(std::string_view content, std::string_view name) {
  return content.starts_with("PK\x03\x04") && has(content, name);
}

/// The text at the begin of `content` behind its length in 8 bytes, little-endian, which are taken away; empty if none
/// is.
std::string_view take_text(std::string_view& content) {
  constexpr std::size_t longest = 64, length_bytes = 8;
  const bool is_short = content.size() >= length_bytes && content.substr(1, length_bytes - 1) == std::string(7, '\0');
  const std::size_t length = is_short ? static_cast<unsigned char>(content[0]) : longest + 1;
  if (length > longest || content.size() < length_bytes + length) return {};
  const std::string_view text = content.substr(length_bytes, length);
  content.remove_prefix(length_bytes + length);
  return text;
}

/// Parameters as bytes, then the objective and the kind of booster as texts with their lengths. Where a word is alone
/// says nothing: classes of any model may be called so.
bool is_xgboost_binary(std::string_view content) {
  constexpr std::size_t parameters = 136;
  if (content.starts_with("binf")) content.remove_prefix(4);
  content.remove_prefix(std::min(parameters, content.size()));
  if (take_text(content).empty()) return false;
  const std::string_view booster = take_text(content);
  return booster == "gbtree" || booster == "dart" || booster == "gblinear";
}
bool is_keras_json(std::string_view content) {
  return is_json_with(content, "\"class_name\"") && has(content, "\"layers\"") && !is_tfjs(content);
}
bool is_tflite(std::string_view content) { return content.size() > 8 && content.substr(4, 4) == "TFL3"; }
/// A zip with a pickle; before PyTorch 1.6 a pickle of a number that says so.
bool is_torch(std::string_view content) {
  return is_zip_with(content, "data.pkl") || content.starts_with("\x80\x02\x8a\nl\xfc\x9c\x46\xf9 j\xa8P\x19.");
}
bool is_npz(std::string_view content) { return is_zip_with(content, ".npy"); }
bool is_pmml(std::string_view content) {
  return without_blanks(content).starts_with('<') && begins_with(content, "<PMML");
}
bool is_emlc_header(std::string_view content) {
  return begins_with(content, " * Generated by emlc") && !is_tmdl_c(content);
}
bool is_emlc_output(std::string_view content) { return is_json_with(content, "\"emlc."); }
bool is_npy(std::string_view content) { return content.starts_with("\x93NUMPY"); }

}  // namespace

std::span<const ForeignFile> all_foreign_files() {
  static constexpr std::array files = {
      ForeignFile{"a checkpoint of PyTorch", is_torch, torch_way},
      ForeignFile{"a joblib dump", is_joblib, sklearn_way},
      ForeignFile{"a pickle of Python", is_pickle, sklearn_way},
      ForeignFile{"a compressed file, as joblib.dump(..., compress=3) writes", is_compressed, sklearn_way},
      ForeignFile{"a model of XGBoost in its old binary form", is_xgboost_binary, xgboost_way},
      ForeignFile{"the architecture of a Keras model, without its weights", is_keras_json,
                  "give the whole model, as model.save('m.keras') writes it"},
      ForeignFile{"a model of TensorFlow Lite (.tflite)", is_tflite, network_way},
      ForeignFile{"a model in PMML", is_pmml,
                  "emlc has no reader for it: export the estimator that it was made of with emlc_export"},
      ForeignFile{"a header that emlc wrote", is_emlc_header, "give the model that it was made of"},
      ForeignFile{"JSON that emlc reads or writes beside models (a project, sizes, facts)", is_emlc_output,
                  "give the model that it is about; 'emlc convert --all --project FILE' takes a project"},
      ForeignFile{"an archive of tables (.npz)", is_npz, "give a model; --data and -i take a table, as .npy or CSV"},
      ForeignFile{"a table of numbers (.npy)", is_npy, "give a model; --data and -i take a table"},
  };
  return files;
}

const ForeignFile* foreign_file(std::string_view content) {
  const auto files = all_foreign_files();
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const ForeignFile& file) { return file.recognise(content); });
  return found == files.end() ? nullptr : &*found;
}

}  // namespace emlc::formats
