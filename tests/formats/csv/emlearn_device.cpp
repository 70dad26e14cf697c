#include "tests/formats/csv/emlearn_device.hpp"

#include <sstream>
#include <stdexcept>

namespace emlc::test {

EmlearnDevice::EmlearnDevice(std::string_view csv) {
  std::istringstream lines{std::string(csv)};
  for (std::string line; std::getline(lines, line);) add_line(line);
}

void EmlearnDevice::add_line(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
  if (cells.empty()) return;
  const std::string& kind = cells[0];
  if (kind == "c") n_classes_ = std::stoi(cells.at(1));
  if (kind == "r") roots_.push_back(static_cast<std::int16_t>(std::stoi(cells.at(1))));
  if (kind == "l") {
    std::size_t end = 0;
    leaves_.push_back(static_cast<std::uint8_t>(std::stoi(cells.at(1), &end)));
    // Python's int() takes blanks around the number (a trailing CR), and nothing else.
    if (cells[1].find_first_not_of(" \r", end) != std::string::npos) throw std::invalid_argument("int(): " + cells[1]);
  }
  if (kind == "n") {
    const auto truncated = static_cast<int>(std::stod(cells.at(2)));
    nodes_.push_back({static_cast<std::int8_t>(std::stoi(cells.at(1))), static_cast<std::int16_t>(truncated),
                      static_cast<std::int16_t>(std::stoi(cells.at(3))),
                      static_cast<std::int16_t>(std::stoi(cells.at(4)))});
  }
}

std::vector<float> EmlearnDevice::predict(const std::vector<std::int16_t>& x) const {
  std::vector<float> votes(static_cast<std::size_t>(n_classes_), 0.0F);
  for (const std::int16_t root : roots_) {
    auto at = static_cast<std::size_t>(root);
    while (true) {
      const Node& node = nodes_.at(at);
      const bool goes_left = x.at(static_cast<std::size_t>(node.feature)) < node.threshold;
      const std::int16_t child = goes_left ? node.left : node.right;
      if (child >= 0) {
        at += static_cast<std::size_t>(child);
        continue;
      }
      votes.at(leaves_.at(static_cast<std::size_t>(-child - 1))) += 1.0F / static_cast<float>(roots_.size());
      break;
    }
  }
  return votes;
}

}  // namespace emlc::test
