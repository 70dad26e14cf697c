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

/// A window and those behind it, which will be asked for next.
template <class Sample>
struct WindowsAhead {
  std::span<const Sample> samples{};  ///< from the first sample of the window to the last one of the last window
  std::size_t length = 0, step = 0;   ///< samples of a window, and from one to the next
  std::size_t n = 1;                  ///< windows

  [[nodiscard]] std::span<const Sample> window(std::size_t index) const {
    return samples.subspan(index * step, length);
  }
};

/// The spectra of one window after the other: one for each signal and form that features of a plan look at.
class Spectra {
 public:
  explicit Spectra(const Plan& plan);

  /// Forgets the window before.
  void begin_window();
  /// Is the spectrum made that a feature is taken of?
  /// @param feature  its place in the plan
  [[nodiscard]] bool is_made(std::size_t feature) const { return groups_[group_of_[feature]].n != 0; }
  /// Makes it.
  /// @param windows  of its signal, that of now first
  void make(std::size_t feature, const WindowsAhead<std::int64_t>& windows);
  void make(std::size_t feature, const WindowsAhead<float>& windows);
  /// A feature of a spectrum that is made.
  double value(const Plan& plan, std::size_t feature);

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
    std::vector<float> cosines{}, values{};  ///< values: [n_lanes][n_bands]
    std::vector<Lanes> sums{};
    FixedBands fixed{};    ///< in q15
    bool is_made = false;  ///< of the windows that the group has
  };
  /// What features share.
  struct Group {
    std::int32_t of = 0;
    SpectrumForm form{};
    std::vector<float> taper{};            ///< [n_samples]
    std::optional<Transform> transform{};  ///< none: Goertzel's recursion
    std::vector<float> samples{};          ///< times the taper; of a transform [n_lanes][n_fft]
    std::vector<Lanes> scratch{}, side_by_side{};
    std::vector<float> power{};             ///< [n_lanes][n_fft / 2 + 1] where something but Mel bands looks at it
    bool is_short = false;                  ///< samples of 32 bits
    bool has_only_bands = true;             ///< only Mel bands are asked for
    std::size_t lane = 0, n = 0;            ///< the window of now, of those that are made
    std::optional<FixedTransform> fixed{};  ///< in q15, and what it makes
    std::vector<std::uint32_t> bins{};
    int spare = 0;
    std::vector<Bands> bands{};
  };
  template <class Sample>
  static void transform(Group& group, const WindowsAhead<Sample>& windows);
  template <class Sample>
  static void taper(Group& group, const WindowsAhead<Sample>& windows, std::size_t lane);
  void add_group(const Feature& feature);
  static void make_bands(Bands& bands, const Group& group);
  static void make_fixed_bands(Bands& bands, const Group& group);
  static void transform_integers(Group& group, std::span<const std::int64_t> samples);
  double fixed_value_of(const SpectrumPart& part, std::size_t feature);
  void add_bands(std::size_t feature, const SpectrumPart& part);

  std::vector<Group> groups_;
  std::vector<std::size_t> group_of_;  ///< [n_features of the plan]
  std::vector<float> factors_;         ///< the same
  std::vector<std::size_t> bands_of_;  ///< the same, of those that have Mel bands
};

}  // namespace emlc::signal
