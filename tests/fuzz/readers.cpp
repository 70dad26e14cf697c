#include <emlc/tmdl.h>
#include <fmt/format.h>

#include <array>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>

#include "codegen/c/common/emit.hpp"
#include "codegen/model/check/check.hpp"
#include "codegen/model/combine/members.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/pass.hpp"
#include "formats/csv/csv.hpp"
#include "formats/format.hpp"
#include "formats/text/matrix.hpp"
#include "formats/writers.hpp"
#include "tests/fuzz/runs.hpp"

namespace emlc::fuzz {
namespace {

using model::Model;

constexpr std::string_view file = "input";

/// What a conversion takes is no longer worth an execution of a fuzzer.
constexpr std::size_t most_features = 300, most_outputs = 50, most_splits = 1500, most_weights = 5000,
                      most_sections = 4, most_parts = 20;

std::size_t size_of_predictor(const model::Predictor& predictor) {
  if (const auto* trees = std::get_if<model::TreeEnsemble>(&predictor)) {
    return (model::n_splits(*trees) + trees->trees.size()) * most_weights / most_splits;
  }
  if (const auto* cascade = std::get_if<model::SosCascade>(&predictor)) {
    return cascade->sections.size() * most_weights / most_sections;
  }
  std::size_t weights = 0;
  if (const auto* network = std::get_if<model::DenseNetwork>(&predictor)) {
    for (const model::DenseLayer& layer : network->layers) weights += layer.weights.size();
  }
  if (const auto* combination = std::get_if<model::Combination>(&predictor)) {
    const auto add = [&](const Model& part) {
      weights += most_weights / most_parts + size_of_predictor(part.predictor);
    };
    for_each_part(*combination, add);
  }
  return weights;
}

bool is_small(const Model& model) {
  return static_cast<std::size_t>(model.input.n_features) <= most_features &&
         static_cast<std::size_t>(model.output.n_outputs) <= most_outputs &&
         size_of_predictor(model.predictor) <= most_weights;
}

/// What options ask of the passes; an option that is for another kind of model is refused.
passes::PassConfig config(std::string_view content) {
  using enum model::Arithmetic;
  switch (pick(content, 10)) {
    case 0:
      return {.voting = passes::Voting::hard};
    case 1:
      return {.leaf_clusters = 3};
    case 2:
      return {.leaf_bits = 8};
    case 3:
      return {.features = model::NumberType::int16, .thresholds = passes::Thresholds::shared};
    case 4:
      return {.arithmetic = q15};
    case 5:
      return {.arithmetic = q31, .headroom = 1};
    case 6:
      return {.weights = model::IntegerWidth::bits8};
    case 7:
      return {.weights = model::IntegerWidth::bits16};
    default:
      return {};
  }
}

void ask(const Model& model) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double value : {0.5, -1e30, infinity, std::numeric_limits<double>::quiet_NaN()}) {
    const std::vector<double> x(static_cast<std::size_t>(model.input.n_features), value);
    model::decide(model.output, model::predict(model, x));
  }
}

/// What emlc writes, emlc and its runtime read.
void require(bool holds, std::string_view what) {
  if (!holds) throw std::logic_error(fmt::format("{} that emlc wrote is refused", what));
}

void write_csv(const Model& model) {
  std::string text;
  if (!is_accepted([&] { text = formats::write_csv(model).bytes; })) return;
  if (formats::is_sos_q15_csv(text)) return;
  require(is_accepted([&] { model::check(formats::recognise(text, file).read(text, file, {}).model, file); }), "CSV");
}

void write_tmdl(const Model& model, layout::TmdlTrees trees) {
  std::string text;
  if (!is_accepted([&] { text = formats::write_tmdl(model, {.trees = trees}).bytes; })) return;
  require(run_device_blob("", text), "a blob");
  require(is_accepted([&] { model::check(formats::recognise(text, file).read(text, file, {}).model, file); }),
          "a blob");
}

void write_header(const Model& model, std::string_view content) {
  c::EmitConfig emit = {.name = "fuzzed", .language = c::Language::c};
  emit.optimize = std::array{c::Optimize::size, c::Optimize::speed, c::Optimize::balanced}.at(pick(content, 3));
  emit.layout = pick(content, 2) == 0 ? c::TreeLayout::automatic : c::TreeLayout::table;
  is_accepted([&] { c::emit_header(model, emit); });
}

void convert(const Model& trained, std::string_view content) {
  Model lowered = trained;
  if (!is_accepted([&] { passes::run_passes(lowered, config(content)); })) {
    lowered = trained;
    const passes::PassConfig plain{.drop_rounding = n_rounded_layers(trained) != 0};
    if (!is_accepted([&] { passes::run_passes(lowered, plain); })) return;
  }
  write_csv(lowered);
  write_tmdl(lowered, layout::TmdlTrees::packed);
  write_tmdl(lowered, layout::TmdlTrees::linked);
  write_header(lowered, content);
}

/// What files leave out: --objective and --base-score; the bytes of the files beside them.
formats::Supplement supplement(const formats::Format& format, std::string_view content, std::string_view beside) {
  if (format.name == "xgboost-dump") return {.base_score = {0.5}, .objective = "binary:logistic"};
  if (format.companions == nullptr) return {};
  formats::Supplement result;
  for (std::string& name : format.companions(content, file)) {
    result.files.push_back({std::move(name), std::string(beside)});
  }
  return result;
}

/// An input of a format with files beside it has their content behind a zero byte.
std::pair<std::string_view, std::string_view> taken_apart(const formats::Format& format, std::string_view content) {
  const std::size_t end = format.companions == nullptr ? std::string_view::npos : content.find('\0');
  if (end == std::string_view::npos) return {content, {}};
  return {content.substr(0, end), content.substr(end + 1)};
}

}  // namespace

std::size_t pick(std::string_view content, std::size_t limit) {
  const std::vector<std::uint8_t> bytes(content.begin(), content.end());
  return emlc_crc32(bytes.data(), bytes.size()) % limit;
}

bool run_reader(std::string_view name, std::string_view input) {
  const formats::Format& format = formats::format_called(name);
  const auto parts = taken_apart(format, input);
  const std::string_view content = parts.first, beside = parts.second;
  is_accepted([&] { formats::recognise(content, file); });
  std::optional<Model> model;
  try {
    model = format.read(content, file, supplement(format, content, beside)).model;
    model::check(*model, file);
    model::replay(*model, file);
  } catch (const Error& refused) {
    formats::located(format, content, refused);
    return false;
  }
  if (!is_small(*model)) return true;
  ask(*model);
  convert(*model, content);
  return true;
}

bool run_table(std::string_view /*name*/, std::string_view content) {
  return is_accepted([&] {
    const std::vector<std::vector<double>> rows = formats::read_matrix(content, file).rows;
    for (const std::vector<double>& row : rows) {
      if (row.size() != rows.front().size()) throw std::logic_error("rows of a table differ in length");
    }
  });
}

bool run_sos_q15(std::string_view /*name*/, std::string_view content) {
  formats::is_sos_q15_csv(content);
  return is_accepted([&] { formats::read_sos_q15_csv(content, file); });
}

}  // namespace emlc::fuzz
