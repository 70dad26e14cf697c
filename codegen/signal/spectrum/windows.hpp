#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codegen/signal/plan.hpp"
#include "codegen/signal/spectrum/fixed.hpp"
#include "codegen/signal/spectrum/fourier.hpp"
#include "codegen/signal/spectrum/mel.hpp"

namespace emlc::signal {

/// The spectra of one window after the other: one for each signal and form that features of a plan look at.
class Spectra {
 public:
  explicit Spectra(const Plan& plan);

  /// Forgets the window before.
  void begin_window();
  /// A feature of the spectrum.
  /// @param feature  its place in the plan
  /// @param samples  of its signal in the window
  double value(const Plan& plan, std::size_t feature, std::span<const std::int64_t> samples);
  double value(const Plan& plan, std::size_t feature, std::span<const float> samples);

 private:
  /// What Mel bands have in q15.
  struct FixedBands {
    std::vector<std::uint16_t> rising{};
    std::vector<float> factors{};
    std::vector<std::int16_t> cosines{};
    std::vector<std::uint32_t> sums{};
    std::vector<std::int32_t> logs{};
  };
  /// Mel bands of one form and scale.
  struct Bands {
    SpectrumPart part{};
    MelTable table{};
    std::vector<float> cosines{}, values{};
    FixedBands fixed{};    ///< in q15
    bool is_made = false;  ///< of this window
  };
  /// What features share.
  struct Group {
    std::int32_t of = 0;
    SpectrumForm form{};
    std::vector<float> taper{};            ///< taper_half()
    std::optional<Transform> transform{};  ///< none: Goertzel's recursion
    std::vector<float> samples{};          ///< times the taper; of a transform [n_fft]
    std::vector<float> power{};
    std::optional<FixedTransform> fixed{};  ///< in q15, and what it makes
    std::vector<std::uint32_t> bins{};
    int spare = 0;
    std::vector<Bands> bands{};
    bool is_made = false;  ///< of this window
  };
  template <class Sample>
  Group& made(std::size_t feature, std::span<const Sample> samples);
  void add_group(const Feature& feature);
  static void make_bands(Bands& bands, std::span<const float> power);
  static void make_fixed_bands(Bands& bands, const Group& group);
  Group& made_fixed(std::size_t feature, std::span<const std::int64_t> samples);
  double fixed_value_of(const Plan& plan, std::size_t feature, std::span<const std::int64_t> samples);
  void add_bands(std::size_t feature, const SpectrumPart& part);
  template <class Sample>
  double value_of(const Plan& plan, std::size_t feature, std::span<const Sample> samples);

  std::vector<Group> groups_;
  std::vector<std::size_t> group_of_;  ///< [n_features of the plan]
  std::vector<float> factors_;         ///< the same
  std::vector<std::size_t> bands_of_;  ///< the same, of those that have Mel bands
};

}  // namespace emlc::signal
