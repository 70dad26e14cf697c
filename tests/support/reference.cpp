#include "tests/support/reference.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>

#include "formats/format.hpp"
#include "formats/text/matrix.hpp"

namespace emlc::test {
namespace {

std::string path_of(std::string_view name, std::string_view file) {
  return fmt::format("{}/tests/data/models/{}/{}", EMLC_SOURCE_DIR, name, file);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

model::Model read_model(std::string_view name) {
  const std::string path = path_of(name, "model.json");
  const std::string content = read_file(path);
  return formats::recognise(content, path).read(content, path, {}).model;
}

Rows read_rows(std::string_view name, std::string_view file) {
  const std::string path = path_of(name, file);
  return formats::read_matrix(read_file(path), path).rows;
}

double largest_difference(const Rows& a, const Rows& b) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (a.size() != b.size()) return infinity;
  double largest = 0.0;
  for (std::size_t row = 0; row < a.size(); ++row) {
    if (a[row].size() != b[row].size()) return infinity;
    for (std::size_t column = 0; column < a[row].size(); ++column) {
      const double scale = std::max(1.0, std::abs(b[row][column]));
      const double difference = std::abs(a[row][column] - b[row][column]) / scale;
      largest = difference <= infinity ? std::max(largest, difference) : infinity;
    }
  }
  return largest;
}

}  // namespace emlc::test
