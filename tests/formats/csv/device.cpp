#include "tests/formats/csv/device.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace emlc::test {
namespace {

void require_ok(emlc_status status, std::size_t line) {
  if (status == EMLC_OK) return;
  throw std::runtime_error("line " + std::to_string(line) + ": " + emlc_status_text(status));
}

}  // namespace

std::string file_text(const std::string& path) {
  std::ifstream in(EMLC_SOURCE_DIR "/tests/data/" + path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string documented_csv(const std::string& first_line) {
  std::ifstream in(EMLC_SOURCE_DIR "/docs/formats.md");
  std::string text;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("    ") || (text.empty() && line != "    " + first_line)) continue;
    const std::string record = line.substr(4, line.find("  ", 4) - 4);
    text += record + '\n';
    if (record == "end") return text;
  }
  throw std::runtime_error("docs/formats.md has no example " + first_line);
}

TreesDevice::TreesDevice(std::string_view csv) {
  // More than any file of this length needs.
  nodes_.resize(csv.size());
  thresholds_.resize(csv.size());
  roots_.resize(csv.size());
  values_.resize(csv.size());
  targets_.resize(std::min<std::size_t>(csv.size(), 1000));
  emlc_csv_trees_memory memory{};
  memory.nodes = nodes_.data();
  memory.thresholds32 = thresholds_.data();
  memory.max_nodes = nodes_.size();
  memory.roots = roots_.data();
  memory.max_trees = roots_.size();
  memory.values = values_.data();
  memory.max_values = values_.size();
  memory.target_sizes = targets_.data();
  memory.max_targets = static_cast<std::uint16_t>(targets_.size());
  emlc_csv_trees_loader loader{};
  require_ok(emlc_csv_trees_begin(&loader, &model_, &memory), 0);
  for (std::size_t at = 0; at < csv.size(); at += 7) {
    const std::string_view piece = csv.substr(at, 7);
    require_ok(emlc_csv_trees_feed(&loader, piece.data(), piece.size()), loader.text.line);
  }
  require_ok(emlc_csv_trees_end(&loader), loader.text.line);
}

std::vector<float> TreesDevice::predict(const std::vector<double>& x) const {
  const std::vector<float> input(x.begin(), x.end());
  std::vector<float> out(model_.head.n_outputs);
  require_ok(emlc_csv_trees_predict(&model_, input.data(), out.data()), 0);
  return out;
}

std::vector<float> TreesDevice::values() const {
  const std::size_t n = model_.first_leaf + model_.n_leaves * model_.leaf_width;
  return {values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(n)};
}

std::vector<std::int32_t> TreesDevice::decide(const std::vector<double>& x) const {
  std::vector<std::int32_t> classes(model_.head.n_targets);
  require_ok(emlc_csv_decide(&model_.head, predict(x).data(), classes.data()), 0);
  return classes;
}

NetworkDevice::NetworkDevice(std::string_view csv) : steps_(csv.size()), values_(csv.size()) {
  emlc_csv_network_memory memory{};
  memory.steps = steps_.data();
  memory.max_steps = steps_.size();
  memory.values = values_.data();
  memory.max_values = values_.size();
  emlc_csv_network_loader loader{};
  require_ok(emlc_csv_network_begin(&loader, &model_, &memory), 0);
  for (std::size_t at = 0; at < csv.size(); at += 7) {
    const std::string_view piece = csv.substr(at, 7);
    require_ok(emlc_csv_network_feed(&loader, piece.data(), piece.size()), loader.text.line);
  }
  require_ok(emlc_csv_network_end(&loader), loader.text.line);
  n_values_ = static_cast<std::ptrdiff_t>(loader.n_values);
}

std::vector<float> NetworkDevice::predict(const std::vector<double>& x) const {
  const std::vector<float> input(x.begin(), x.end());
  std::vector<float> out(model_.head.n_outputs), work(emlc_csv_network_work(&model_));
  require_ok(emlc_csv_network_predict(&model_, input.data(), out.data(), work.data(), work.size()), 0);
  return out;
}

std::vector<std::int32_t> NetworkDevice::decide(const std::vector<double>& x) const {
  std::vector<std::int32_t> classes(model_.head.n_targets);
  require_ok(emlc_csv_decide(&model_.head, predict(x).data(), classes.data()), 0);
  return classes;
}

std::vector<float> sections_on_device(std::string_view csv) {
  std::vector<float> sos(csv.size() + EMLC_SOS_COEFFICIENTS);
  std::size_t n_sections = 0;
  require_ok(emlc_csv_sos_load(sos.data(), sos.size() / EMLC_SOS_COEFFICIENTS, &n_sections, csv.data(), csv.size()), 0);
  sos.resize(n_sections * EMLC_SOS_COEFFICIENTS);
  return sos;
}

std::vector<float> filter_on_device(std::string_view csv, const std::vector<double>& signal) {
  const std::vector<float> sos = sections_on_device(csv);
  const std::size_t n_sections = sos.size() / EMLC_SOS_COEFFICIENTS;
  std::vector<float> state(n_sections * EMLC_SOS_STATE);
  require_ok(emlc_sos_reset_f32(state.data(), n_sections, nullptr), 0);
  std::vector<float> y(signal.begin(), signal.end());
  for (std::size_t at = 0; at < y.size(); at += 5) {
    const std::size_t n = std::min<std::size_t>(5, y.size() - at);
    require_ok(emlc_sos_filter_f32(sos.data(), state.data(), n_sections, &y[at], &y[at], n), 0);
  }
  return y;
}

}  // namespace emlc::test
