// tests/golden/<case>/: model.json, the options, and the headers <name>.h and <name>.hpp that they give, with `blob
// yes` also the blob in C, <name>_blob.c and .h, of some the MicroPython module <name>.py. What changes is reviewed as
// a diff; EMLC_UPDATE_GOLDEN=1 makes this test write what it finds.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/frame/blob/blob.hpp"
#include "codegen/passes/pass.hpp"
#include "codegen/py/frame/module.hpp"
#include "formats/format.hpp"
#include "formats/writers.hpp"

using namespace emlc;
namespace fs = std::filesystem;

namespace {

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

template <typename T>
struct Choice {
  std::string_view text;
  T value;
};

template <typename T, std::size_t n>
T chosen(const Choice<T> (&choices)[n], std::string_view text) {
  for (const Choice<T>& choice : choices) {
    if (choice.text == text) return choice.value;
  }
  throw std::runtime_error(fmt::format("unknown choice '{}'", text));
}

/// Lines of `optimize size|balanced|speed`, `layout auto|inline|table`, `encoding links`, `runtime yes|no`, `arithmetic
/// q15|...`, `weights int8|int16`, `features int16|float64|...`, `feature-scale 16,8`, `blob yes`.
c::EmitConfig read_options(const fs::path& path, passes::PassConfig& pass_config) {
  using c::Optimize;
  using c::TreeLayout;
  constexpr Choice<Optimize> optimize[] = {
      {"size", Optimize::size}, {"balanced", Optimize::balanced}, {"speed", Optimize::speed}};
  constexpr Choice<TreeLayout> layout[] = {
      {"auto", TreeLayout::automatic}, {"inline", TreeLayout::inline_code}, {"table", TreeLayout::table}};
  constexpr Choice<c::TableEncoding> encoding[] = {{"links", c::TableEncoding::links}};
  constexpr Choice<model::IntegerWidth> weights[] = {{"int8", model::IntegerWidth::bits8},
                                                     {"int16", model::IntegerWidth::bits16}};
  constexpr Choice<bool> yes_no[] = {{"yes", true}, {"no", false}};
  c::EmitConfig config{.version = "golden", .model_hash = "", .options = "the options of this case"};
  std::istringstream lines(read_file(path));
  for (std::string key, value; lines >> key >> value;) {
    if (key == "optimize") {
      config.optimize = chosen(optimize, value);
    } else if (key == "layout") {
      config.layout = chosen(layout, value);
    } else if (key == "encoding") {
      config.encoding = chosen(encoding, value);
    } else if (key == "runtime") {
      config.use_runtime = chosen(yes_no, value);
    } else if (key == "blob") {
      config.header_file = chosen(yes_no, value) ? "blob" : "";
    } else if (key == "weights") {
      pass_config.weights = chosen(weights, value);
    } else if (key == "arithmetic") {
      for (const model::ArithmeticInfo& row : model::all_arithmetics()) {
        if (row.name == value) pass_config.arithmetic = row.arithmetic;
      }
    } else if (key == "feature-scale") {
      passes::FeatureScale scale{.choice = passes::FeatureScale::Choice::given};
      std::istringstream factors(value);
      for (std::string factor; std::getline(factors, factor, ',');) scale.factors.push_back(std::stod(factor));
      pass_config.feature_scale = scale;
    } else if (key == "features") {
      for (const model::NumberTypeInfo& row : model::all_number_types()) {
        if (row.name == value || row.c_name == value) pass_config.features = row.type;
      }
    } else {
      throw std::runtime_error(fmt::format("{}: unknown option '{}'", path.string(), key));
    }
  }
  return config;
}

void check_header(const fs::path& path, const std::string& found) {
  CAPTURE(path.string());
  if (const char* update = std::getenv("EMLC_UPDATE_GOLDEN"); update != nullptr && std::string_view(update) == "1") {
    std::ofstream(path, std::ios::binary) << found;
  }
  const std::string expected = read_file(path);
  const auto difference = std::mismatch(expected.begin(), expected.end(), found.begin(), found.end());
  CAPTURE(std::count(expected.begin(), difference.first, '\n') + 1);  // the line that differs
  CHECK(expected == found);
}

void check_blob(const fs::path& folder, const model::Model& model, c::EmitConfig config) {
  config.header_file = config.name + "_blob.h";
  const layout::Artifact blob = c::blob_in_c(formats::write_tmdl(model), model, config);
  check_header(folder / (config.name + "_blob.c"), blob.bytes);
  check_header(folder / config.header_file, blob.beside);
}

}  // namespace

TEST_CASE("golden: the headers of each case are as recorded") {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(fs::path(EMLC_SOURCE_DIR) / "tests/golden")) {
    if (entry.is_directory()) cases.push_back(entry.path());
  }
  REQUIRE(!cases.empty());
  for (const fs::path& folder : cases) {
    CAPTURE(folder.string());
    const std::string content = read_file(folder / "model.json");
    model::Model model = formats::format_called("emlc-json").read(content, (folder / "model.json").string(), {}).model;
    model::replay(model, "model.json");
    passes::PassConfig pass_config;
    c::EmitConfig config = read_options(folder / "options", pass_config);
    passes::run_passes(model, pass_config);
    config.name = model.name;
    config.language = c::Language::c;
    if (!config.header_file.empty()) check_blob(folder, model, config);
    check_header(folder / (model.name + ".h"), c::emit_header(model, config).bytes);
    config.language = c::Language::cpp;
    check_header(folder / (model.name + ".hpp"), c::emit_header(model, config).bytes);
    const fs::path module = folder / (model.name + ".py");
    if (fs::exists(module)) check_header(module, py::emit_module(model, config).bytes);
  }
}
