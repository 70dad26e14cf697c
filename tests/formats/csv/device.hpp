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

 private:
  std::vector<emlc_csv_step> steps_;
  std::vector<float> values_;
  emlc_csv_network model_{};
};

/// The response of a filter, loaded from SOS CSV, to a signal that comes in blocks of 5 samples.
std::vector<float> filter_on_device(std::string_view csv, const std::vector<double>& signal);

}  // namespace emlc::test
