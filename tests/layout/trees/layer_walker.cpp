#include "tests/layout/trees/layer_walker.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace {

struct Cursor {
  const std::vector<std::uint8_t>& bytes;
  std::size_t at = 0;

  std::uint64_t number(std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value |= std::uint64_t{bytes.at(at++)} << (8 * i);
    return value;
  }
  double real() { return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(number(4)))); }
};

struct Layer {
  std::vector<std::uint64_t> fields;  // bytes 1 to 11
  std::uint64_t n_outputs = 0, n_trees = 0, n_codes = 0, width = 0, splits_size = 0;
  double base = 0.0, unit = 1.0, divisor = 1.0, scale = 1.0, post_scale = 1.0;
  std::vector<double> base_score, thresholds, rows;
  std::vector<std::uint64_t> starts, columns;
  std::size_t splits = 0;
};

Layer read_layer(const std::vector<std::uint8_t>& body) {
  Cursor in{body};
  Layer layer;
  if (in.number(1) != 1) throw std::runtime_error("version");
  layer.fields.push_back(0);
  for (int i = 1; i < 12; ++i) layer.fields.push_back(in.number(1));
  in.number(4);
  layer.n_outputs = in.number(4);
  layer.n_trees = in.number(4);
  const std::uint64_t n_regions = in.number(4);
  layer.n_codes = in.number(4);
  layer.width = in.number(4);
  const std::uint64_t n_thresholds = in.number(4);
  layer.base = static_cast<std::int32_t>(static_cast<std::uint32_t>(in.number(4)));
  layer.splits_size = in.number(4);
  layer.unit = in.real();
  layer.divisor = in.real();
  layer.scale = in.real();
  layer.post_scale = in.real();
  in.number(8);
  for (std::uint64_t i = 0; i < layer.n_outputs; ++i) layer.base_score.push_back(in.real());
  for (std::uint64_t i = 0; i < n_thresholds; ++i) layer.thresholds.push_back(in.real());
  const std::uint64_t kind = layer.fields[1];
  if (kind == 1) {
    for (std::uint64_t i = 0; i < layer.n_codes * layer.width; ++i) layer.rows.push_back(in.real());
  }
  for (std::uint64_t i = 0; i < n_regions; ++i) layer.starts.push_back(in.number(layer.fields[8]));
  if (kind != 0 && layer.width < layer.n_outputs) {
    for (std::uint64_t i = 0; i < layer.n_trees; ++i) layer.columns.push_back(in.number(2));
  }
  if (kind >= 2) {
    for (std::uint64_t i = 0; i < layer.n_codes * layer.width; ++i) {
      layer.rows.push_back(static_cast<double>(in.number(kind - 1)) / layer.unit);
    }
  }
  layer.splits = in.at;
  return layer;
}

std::uint64_t find_code(const std::vector<std::uint8_t>& body, const Layer& layer, std::uint64_t tree,
                        const std::vector<double>& x) {
  Cursor in{body, layer.splits + layer.starts.at(tree)};
  const std::uint64_t threshold_code = layer.fields[2], missing = layer.fields[3], feature_bits = layer.fields[5];
  while (true) {
    const std::uint64_t head = in.number(layer.fields[4]);
    const std::uint64_t shift = missing == 2 ? 4 : 3;
    const double value = x.at(head >> shift & ((1U << feature_bits) - 1U));
    const std::uint64_t field = head >> (shift + feature_bits);
    double threshold = layer.base + static_cast<double>(field);
    if (threshold_code == 1) threshold = in.real();
    if (threshold_code == 2) threshold = layer.thresholds.at(field);
    const bool default_left = missing == 2 ? (head & 8U) != 0 : missing == 1;
    const bool goes_left = std::isnan(value) ? default_left : value < threshold;
    const bool takes_first = goes_left != ((head & 4U) != 0);
    const std::uint64_t leaf_bytes = layer.fields[7];
    std::uint64_t code = 0;
    if ((head & 3U) == 0) {
      std::uint64_t jump = 0, digit = 0;
      do {
        digit = in.number(1);
        jump = jump * 128 + digit % 128;
      } while (digit >= 128);
      if (!takes_first) in.at += jump;
      continue;
    }
    code = in.number(leaf_bytes);
    if ((head & 3U) == 2) {
      if (takes_first) continue;
    } else if (!takes_first) {
      code = in.number(leaf_bytes);
    }
    if (code < layer.n_codes) return code;
    in.at = layer.splits + layer.starts.at(code - layer.n_codes);
  }
}

std::vector<float> answer(const Layer& layer, std::vector<double> sums) {
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (layer.fields[9] == 0) sums[i] += layer.base_score[i];
    sums[i] = sums[i] / layer.divisor * layer.scale;
    if (layer.fields[9] == 1) sums[i] += layer.base_score[i];
    sums[i] *= layer.post_scale;
  }
  if (layer.fields[10] == 2) {
    for (double& sum : sums) sum = std::exp(sum);
    const double total = std::accumulate(sums.begin(), sums.end(), 0.0);
    for (double& sum : sums) sum /= total;
  }
  return {sums.begin(), sums.end()};
}

}  // namespace

std::vector<std::vector<float>> walk_tree_layer(const std::vector<std::uint8_t>& body,
                                                const std::vector<std::vector<double>>& inputs) {
  const Layer layer = read_layer(body);
  std::vector<std::vector<float>> outputs;
  for (const std::vector<double>& x : inputs) {
    std::vector<double> sums(layer.n_outputs, 0.0);
    for (std::uint64_t tree = 0; tree < layer.n_trees; ++tree) {
      const std::uint64_t code = find_code(body, layer, tree, x);
      if (layer.fields[1] == 0) {
        sums.at(code) += 1.0;
        continue;
      }
      const std::uint64_t column = layer.columns.empty() ? 0 : layer.columns.at(tree);
      for (std::uint64_t i = 0; i < layer.width; ++i) sums.at(column + i) += layer.rows.at(code * layer.width + i);
    }
    outputs.push_back(answer(layer, std::move(sums)));
  }
  return outputs;
}
