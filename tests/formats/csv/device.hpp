#pragma once

#include <emlc/csv.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace emlc::test {

/// The content of tests/data/<path>.
std::string file_text(const std::string& path);

/// The example in docs/formats.md that begins with `first_line`: its indented lines up to `end`, without what explains
/// them.
std::string documented_csv(const std::string& first_line);

/// A tree ensemble in the arrays of the device runtime, loaded from CSV in pieces of 7 bytes; throws when that fails.
class TreesDevice {
 public:
  explicit TreesDevice(std::string_view csv);
  [[nodiscard]] std::vector<float> predict(const std::vector<double>& x) const;
  [[nodiscard]] std::vector<std::int32_t> decide(const std::vector<double>& x) const;
  /// Base scores, if the file has any, and leaf rows.
  [[nodiscard]] std::vector<float> values() const;

 private:
  std::vector<emlc_csv_node> nodes_;
  std::vector<std::int32_t> thresholds_;
  std::vector<emlc_csv_root> roots_;
  std::vector<float> values_;
  std::vector<std::uint16_t> targets_;
  emlc_csv_trees model_{};
};

/// The same for a network.
class NetworkDevice {
 public:
  explicit NetworkDevice(std::string_view csv);
  [[nodiscard]] std::vector<float> predict(const std::vector<double>& x) const;
  [[nodiscard]] std::vector<std::int32_t> decide(const std::vector<double>& x) const;
  /// Offsets and scales, then weights and biases, in the order of the file.
  [[nodiscard]] std::vector<float> values() const { return {values_.begin(), values_.begin() + n_values_}; }

 private:
  std::ptrdiff_t n_values_ = 0;
  std::vector<emlc_csv_step> steps_;
  std::vector<float> values_;
  emlc_csv_network model_{};
};

/// The sections of a filter, b0 b1 b2 a1 a2 each; throws when the loader refuses the text.
std::vector<float> sections_on_device(std::string_view csv);
/// The response of a filter, loaded from SOS CSV, to a signal that comes in blocks of 5 samples.
std::vector<float> filter_on_device(std::string_view csv, const std::vector<double>& signal);

}  // namespace emlc::test
