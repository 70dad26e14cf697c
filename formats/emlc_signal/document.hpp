#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codegen/signal/plan.hpp"
#include "formats/text/json_shape.hpp"

/// An emlc signal document as it is in the file, before names are looked up. Keys may come in any order; `keys` lists
/// the ones that are there.
namespace emlc::formats::emlc_signal {

using Keys = std::vector<std::string_view>;
inline bool has(const Keys& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// Names of signals: one, or a list, in which a pair is a list of its own.
struct Names {
  bool is_single = false;
  std::vector<std::vector<std::string>> items{};  ///< lists of one are names that stand alone
  std::vector<char> is_list{};                    ///< of each item
};

struct ChannelPart {
  std::string name;
  double minimum = 0.0, maximum = 0.0;
  Keys keys;
};

struct InputPart {
  signal::Input value;
  signal::Calibration calibration;
  std::vector<ChannelPart> channels;
  Keys keys;
};

struct SignalPart {
  std::string name;
  Names operands;
  std::int32_t length = 1;
  double gain = 1.0, offset = 0.0, minimum = 0.0, maximum = 0.0;
  std::vector<std::vector<double>> sections;
  model::Arithmetic arithmetic = model::Arithmetic::float32;
  signal::Curve curve = signal::Curve::z;
  double seconds = 0.0;
  Keys keys;
};

/// How the spectrum of a window is made.
struct SpectrumSettings {
  std::int32_t n_fft = 0;  ///< 0: the smallest that has all samples
  signal::Taper taper = signal::Taper::hann;
  signal::SpectrumArithmetic arithmetic = signal::SpectrumArithmetic::float32;
  std::vector<double> range{};
  double floor = 1e-10;
  Keys keys{};
  std::pair<double, double> checked_range{};  ///< of `range`, once it is checked
};

/// What an entry of `take` says beside a spectrum.
struct SpectralTake {
  std::vector<std::vector<double>> bands{};
  std::vector<double> frequencies{};
  double share = 0.0;
  signal::PowerScale scale = signal::PowerScale::power;
  std::int32_t n_bands = 0, n_coefficients = 0;
  signal::MelFormula formula = signal::MelFormula::htk;
  signal::MelNorm norm = signal::MelNorm::none;
};

/// One entry of `take`: a name, or an object with a parameter.
struct TakePart {
  std::string name;
  double quantile = 0.0;
  bool is_linear = false;
  std::int32_t lag = 1;
  std::vector<double> edges;
  SpectralTake spectral;
  Keys keys;
};

struct FeaturePart {
  Names of;
  std::vector<TakePart> take;
  bool is_list = false;  ///< of take, for paths
  SpectrumSettings spectrum;
  Keys keys;
};

struct Document {
  std::string name;
  InputPart input;
  signal::Window window;
  std::vector<SignalPart> signals;
  std::vector<FeaturePart> features;
};

/// The shape of a whole document. `into` has to outlive the reading.
json::Shape document_shape(Document& into);

/// From a document to the plan that it stands for; not inferred yet. Throws Error.
signal::Plan build_plan(const json::Source& source, Document& document);

/// The same of a document that is the value at `path` of another one, inferred; its paths are those of the whole.
signal::Plan build_inner_plan(const json::Source& source, Document& document, std::string_view path);

}  // namespace emlc::formats::emlc_signal
