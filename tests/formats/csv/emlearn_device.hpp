#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace emlc::test {

/// What the MicroPython module emlearn_trees makes of a CSV, and how it votes: thresholds are truncated to integers and
/// stored in 16 bits, features are compared as int16 with `<`, children below 0 are leaves, votes are shares.
/// Checks nothing, as the device; a lookup out of range throws std::out_of_range.
class EmlearnDevice {
 public:
  explicit EmlearnDevice(std::string_view csv);
  [[nodiscard]] std::vector<float> predict(const std::vector<std::int16_t>& x) const;

 private:
  struct Node {
    std::int8_t feature;
    std::int16_t threshold, left, right;
  };
  void add_line(const std::string& line);

  int n_classes_ = 0;
  std::vector<Node> nodes_;
  std::vector<std::int16_t> roots_;
  std::vector<std::uint8_t> leaves_;
};

}  // namespace emlc::test
