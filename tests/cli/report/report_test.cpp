#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/report/report_pages.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

TEST_CASE("report: the confusion matrix counts the predictions of the trainer") {
  const Scratch scratch("report_confusion");
  const std::string model = "digits_rf10";
  REQUIRE(convert(scratch, {data_of(model, "model.json"), "--report", "r.json", "--data", data_of(model, "X_test.csv"),
                            "--labels", data_of(model, "y_test.csv")})
              .exit_code == 0);
  std::vector<std::vector<int>> counts(10, std::vector<int>(10, 0));
  std::istringstream labels(read_file(data_of(model, "y_test.csv"))),
      predictions(read_file(data_of(model, "y_pred.csv")));
  for (std::size_t label = 0, predicted = 0; labels >> label && predictions >> predicted;) ++counts[label][predicted];
  const Json report = Json::parse(read_file(scratch / "r.json"));
  CHECK(report["schema"] == "emlc.report/1");
  CHECK(block(report, "Against the labels", "confusion")["counts"] == Json(counts));
}

TEST_CASE("report: bars are the parts, histograms count every split once") {
  const Scratch scratch("report_counts");
  put(scratch / "m.json", std::string(tiny_model));
  REQUIRE(convert(scratch, {"m.json", "--report", "r.json"}).exit_code == 0);
  const Json report = Json::parse(read_file(scratch / "r.json"));
  const auto checked = Json::parse(run_emlc({"check", "m.json", "--format", "json"}, {}, scratch.path()).out);
  CHECK(block(report, "Flash and RAM", "bars")["values"] == checked["models"][0]["now"]["parts"]);
  CHECK(block(report, "Trees", "histogram")["heights"] == Json({2.0}));
  CHECK(block(report, "To reproduce", "commands")["lines"][0] == "emlc convert m.json -o o.h --to c --report r.json");
}

TEST_CASE("report: the response of a filter goes through the points that inspect prints") {
  const Scratch scratch("report_filter");
  const std::string model = data_of("aweight_16k", "model.json");
  REQUIRE(convert(scratch, {model, "--report", "r.json"}).exit_code == 0);
  const Json curve = block(Json::parse(read_file(scratch / "r.json")), "Frequency response", "curve");
  REQUIRE(curve["points"].size() > 100);
  const Json inspected = Json::parse(run_emlc({"inspect", model, "--json"}).out);
  for (const Json& point : inspected["sos_filter"]["response"]) {
    if (point["frequency"] < 10.0 || point["frequency"] > 5000.0) continue;
    for (std::size_t index = 1; index < curve["points"].size(); ++index) {
      const auto before = curve["points"][index - 1].get<std::pair<double, double>>();
      const auto after = curve["points"][index].get<std::pair<double, double>>();
      if (before.first > point["frequency"] || after.first < point["frequency"]) continue;
      const double gain = point["gain_db"];
      CHECK(gain >= std::min(before.second, after.second) - 0.01);
      CHECK(gain <= std::max(before.second, after.second) + 0.01);
    }
  }
}

TEST_CASE("report: a filter in integers stands beside its design, with its poles and zeros and what rounding did") {
  const Scratch scratch("report_filter_integers");
  const std::string model = data_of("aweight_16k", "model.json");
  REQUIRE(convert(scratch, {model, "--report", "r.json", "--arithmetic", "q31"}).exit_code == 0);
  const Json report = Json::parse(read_file(scratch / "r.json"));
  const Json curve = block(report, "Frequency response", "curve");
  REQUIRE(curve["before"].size() == curve["points"].size());
  for (std::size_t index = 0; index < curve["points"].size(); ++index) {
    const double gain = curve["before"][index][1];
    if (gain > -80.0) CHECK(std::abs(curve["points"][index][1].get<double>() - gain) <= 0.002);  // the pass says 2e-5
  }
  const Json roots = block(report, "Frequency response", "roots");
  CHECK(roots["poles"].size() == 6);
  CHECK(roots["zeros"].size() == 6);
  for (const Json& pole : roots["poles"]) CHECK(std::hypot(pole[0].get<double>(), pole[1].get<double>()) < 1.0);
  CHECK(block(report, "Passes", "notes")["lines"].size() == 5);
}

TEST_CASE("report: the layers of a network in integers are those that inspect prints") {
  const Scratch scratch("report_integers");
  const std::string model = data_of("digits_mlp", "model.json");
  REQUIRE(convert(scratch, {model, "--report", "r.json", "--weights", "int8"}).exit_code == 0);
  const Json table = block(Json::parse(read_file(scratch / "r.json")), "Weights", "table");
  const Json facts = Json::parse(run_emlc({"inspect", model, "--json", "--weights", "int8"}).out);
  const Json layers = facts["dense_network"]["integers"]["layers"];
  REQUIRE(table["rows"].size() == layers.size());
  for (std::size_t index = 0; index < layers.size(); ++index) {
    CHECK(table["rows"][index][1] == std::to_string(layers[index]["shift"].get<int>()));
    CHECK(table["rows"][index][2] == fmt::format("{} to {}", layers[index]["smallest_weight"].get<int>(),
                                                 layers[index]["largest_weight"].get<int>()));
  }
  // No layer has a curve, so nothing is said of curves.
  CHECK(std::find(table["header"].begin(), table["header"].end(), "error of the curve") == table["header"].end());
}

namespace {

/// On the device, from the table of the structure; empty where there is no such row.
std::string on_device(const Json& report, const std::string& name) {
  const Json table = block(report, "Structure", "table");
  for (const Json& row : table["rows"]) {
    if (row[0] == name) return row[2];
  }
  return {};
}

Json report_of(const Scratch& scratch, std::vector<std::string> options) {
  options.insert(options.end(), {"--report", "r.json"});
  REQUIRE(convert(scratch, options).exit_code == 0);
  return Json::parse(read_file(scratch / "r.json"));
}

}  // namespace

TEST_CASE("report: types on the device are those of the header") {
  const Scratch scratch("report_types");
  struct Example {
    std::string model;
    std::vector<std::string> options;
    bool counts_votes = false;
  };
  for (const Example& example : {
           Example{"iris_dt", {}},
           Example{"digits_rf10", {}},
           Example{"digits_rf10", {"--voting", "hard"}},
           Example{"digits_rf10", {"--voting", "hard", "--layout", "inline"}, true},
           Example{"cancer_rf", {"--voting", "hard", "--layout", "table"}},
           Example{"cancer_rf_i16", {"--leaf-bits", "4"}},
           Example{"diabetes_rfr", {}},
           Example{"cancer_gbc", {}},
           Example{"cancer_gbc", {"--layout", "table", "--leaf-bits", "8"}},
       }) {
    CAPTURE(example.model);
    std::vector<std::string> options = example.options;
    options.push_back(data_of(example.model, "model.json"));
    const Json report = report_of(scratch, options);
    const std::string header = read_file(scratch / "o.h"), features = on_device(report, "type of the features"),
                      sums = on_device(report, "type of the sums");
    CHECK(header.find(fmt::format("typedef {} {}_feature;", features, example.model)) != std::string::npos);
    const bool has_counters = header.find(example.model + "_vote_(") != std::string::npos;
    CHECK(has_counters == example.counts_votes);
    if (has_counters) {
      CHECK(sums == "votes in bit fields");
      continue;
    }
    const std::string one = fmt::format(" {} {}_sum_(", sums, example.model), many = fmt::format(", {} *sum) {{", sums);
    CHECK((header.find(one) != std::string::npos || header.find(many) != std::string::npos));
  }
}

TEST_CASE("report: types on the device of filters and blobs") {
  const Scratch scratch("report_types_of_others");
  const std::string filter = data_of("butter4_1k_16k", "model.json"), trees = data_of("cancer_rf_i16", "model.json");
  struct Row {
    std::string arithmetic, type;
  };
  for (const Row& row :
       {Row{"float", "float"}, Row{"q15", "int16_t"}, Row{"mixed", "int32_t"}, Row{"q31", "int32_t"}}) {
    const std::string &arithmetic = row.arithmetic, &type = row.type;
    CAPTURE(arithmetic);
    CHECK(on_device(report_of(scratch, {filter, "--arithmetic", arithmetic}), "type of the samples") == type);
    CHECK(read_file(scratch / "o.h").find(fmt::format("_filter(butter4_1k_16k_state *state, const {} *x", type)) !=
          std::string::npos);
  }
  const Json blob = report_of(scratch, {trees, "--to", "tmdl"});  // emlc_run takes and gives float
  CHECK(on_device(blob, "type of the features") == "float");
  CHECK(on_device(blob, "type of the sums") == "float");
  const Json text = report_of(scratch, {trees, "--to", "csv"});  // what loads it decides
  CHECK(on_device(text, "type of the features").empty());
  CHECK(on_device(text, "type of the sums").empty());
}

TEST_CASE("report: trees and whole numbers are at whole numbers, other bins have two ends") {
  const Scratch scratch("report_bins");
  const std::string trees = data_of("digits_rf10", "model.json"), network = data_of("digits_mlp", "model.json");
  const Json splits = blocks(report_of(scratch, {trees}), "Trees", "histogram").front();
  CHECK(splits["from"] == Json({0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0}));
  CHECK(splits["to"] == splits["from"]);
  const Json weights = blocks(report_of(scratch, {network, "--weights", "int8"}), "Weights", "histogram").front();
  for (std::size_t bin = 0; bin < weights["heights"].size(); ++bin) {
    const double from = weights["from"][bin], to = weights["to"][bin];
    CHECK(from == std::floor(from));
    CHECK(to == std::floor(to));
    CHECK(to >= from);
    if (bin > 0) CHECK(from == weights["to"][bin - 1].get<double>() + 1.0);
  }
  CHECK(weights["from"][0] == -127.0);
}

TEST_CASE("report: as Markdown the tables have ends of bins, no -0 and no words about lines") {
  const Scratch scratch("report_markdown");
  const auto page = [&](std::vector<std::string> options) {
    options.insert(options.end(), {"--report", "page.md"});
    REQUIRE(convert(scratch, options).exit_code == 0);
    std::string text = read_file(scratch / "page.md");
    CHECK(text.find("| -0 |") == std::string::npos);
    CHECK(text.find("dotted") == std::string::npos);
    return text;
  };
  const std::string trees = page({data_of("digits_rf10", "model.json"), "--leaf-clusters", "16"});
  CHECK(trees.find("| tree | depth |\n| --- | ---: |\n| 0 | ") != std::string::npos);
  CHECK(trees.find(": from | to | entries of the leaf table |\n") != std::string::npos);
  CHECK(trees.find("What was chosen, 16, is marked.") != std::string::npos);
  CHECK(trees.find("| 16, chosen |") != std::string::npos);
  CHECK(trees.find(" --leaf-clusters 16 --report page.md\n") != std::string::npos);
  const std::string filter = page({data_of("butter4_1k_16k", "model.json"), "--arithmetic", "q15"});
  CHECK(filter.find("    emlc inspect model.json --arithmetic q15\n") != std::string::npos);
  const std::string network =
      page({data_of("digits_mlp", "model.json"), "--weights", "int8", "--data", data_of("digits_mlp", "X_test.csv")});
  CHECK(network.find("    emlc inspect model.json --weights int8 --data X_test.csv\n") != std::string::npos);
}

TEST_CASE("report: it begins with how good the model is and what it takes, on each target too, then the front") {
  const Scratch scratch("report_in_short");
  REQUIRE(convert(scratch, {data_of("digits_rf10", "model.json"), "--data", data_of("digits_rf10", "X_test.csv"),
                            "--labels", data_of("digits_rf10", "y_test.csv"), "--voting", "hard", "--target",
                            "cortex-m0plus,atmega328p", "--report", "r.json"})
              .exit_code == 0);
  const Json report = Json::parse(read_file(scratch / "r.json"));
  std::vector<std::string> titles;
  for (const Json& found : report["sections"]) titles.push_back(found["title"]);
  CHECK(titles == std::vector<std::string>{"In short", "Against the labels", "Flash and RAM", "Structure", "Trees",
                                           "Passes", "Clusters of leaves", "To reproduce"});
  const Json figures = block(report, "In short", "figures")["figures"];
  REQUIRE(figures.size() == 4);
  CHECK(figures[0] == Json({{"name", "accuracy on the device"}, {"value", "92.78 %"}, {"note", "trained 94.07 %"}}));
  CHECK(figures[1]["name"] == "changed decisions");
  const Json parts = block(report, "Flash and RAM", "bars")["values"];
  std::size_t bytes = 0;
  for (const Json& part : parts) bytes += part.get<std::size_t>();
  CHECK(figures[2]["value"] == std::to_string(bytes));
  const Json targets = block(report, "In short", "table")["rows"];
  REQUIRE(targets.size() == 2);
  CHECK(targets[0][0] == "cortex-m0plus");
  CHECK(targets[1][0] == "atmega328p");
  CHECK(block(report, "To reproduce", "commands")["lines"][0] ==
        "emlc convert model.json -o o.h --to c --voting hard --data X_test.csv --labels y_test.csv "
        "--target cortex-m0plus,atmega328p --report r.json");
  REQUIRE(convert(scratch, {data_of("digits_rf10", "model.json"), "--report", "r.json"}).exit_code == 0);
  CHECK(Json::parse(read_file(scratch / "r.json"))["sections"][1]["title"] == "Clusters of leaves");
}

TEST_CASE("report: bars that are all equal are a sentence, others a picture") {
  const Scratch scratch("report_equal");
  const std::string model = data_of("digits_rf10", "model.json");  // ten trees of 99 splits, of various depths
  for (const std::string page : {"r.html", "r.md"}) {
    REQUIRE(convert(scratch, {model, "--report", page}).exit_code == 0);
    const std::string text = read_file(scratch / page);
    CHECK(text.find("splits by tree: 99 everywhere, from 0 to 9") != std::string::npos);
    CHECK(text.find("depth by tree:") == std::string::npos);
  }
  CHECK(read_file(scratch / "r.html").find("<title>depth over tree</title>") != std::string::npos);
  put(scratch / "m.json", std::string(tiny_model));
  REQUIRE(convert(scratch, {"m.json", "--report", "r.html", "--layout", "inline"}).exit_code == 0);
  CHECK(read_file(scratch / "r.html").find("bytes of each part") == std::string::npos);  // there is one part
}

TEST_CASE("report: leaf values that are mostly 0 are counted, the others drawn") {
  const Scratch scratch("report_leaf_values");
  REQUIRE(convert(scratch, {data_of("digits_rf10", "model.json"), "--report", "r.json"}).exit_code == 0);
  const Json chart = blocks(Json::parse(read_file(scratch / "r.json")), "Trees", "histogram").back();
  double n = 0.0;
  for (const Json& height : chart["heights"]) n += height.get<double>();
  const std::string title = chart["x"];
  CHECK(title == fmt::format("leaf value, without {} that are 0", 2950.0 - n));  // 295 rows of 10
  CHECK(n < 2950.0 / 2.0);
}

TEST_CASE("report: tables name their rows and columns for who does not see them") {
  const Scratch scratch("report_heads");
  REQUIRE(convert(scratch, {data_of("digits_rf10", "model.json"), "--data", data_of("digits_rf10", "X_test.csv"),
                            "--labels", data_of("digits_rf10", "y_test.csv"), "--report", "r.html"})
              .exit_code == 0);
  const std::string page = read_file(scratch / "r.html");
  CHECK(page.find("<td></td><th scope=\"col\">trained</th><th scope=\"col\">on the device</th>") != std::string::npos);
  CHECK(page.find("<tr><th scope=\"row\">features</th><td>64</td><td>64</td></tr>") != std::string::npos);
  CHECK(page.find("<tr><td></td><th scope=\"col\">0</th><th scope=\"col\">1</th>") != std::string::npos);
  CHECK_FALSE(std::regex_search(page, std::regex("<th[^>]*></th>")));
}

TEST_CASE("report: every bundled model, in every format, twice the same and nothing from outside") {
  const Scratch scratch("report_all"), other("report_all_too");
  const std::regex outside("https?://|<script|@import|url\\(|src=|href=");
  for (const auto& entry : std::filesystem::directory_iterator(model_file(""))) {
    const std::string model = entry.path() / "model.json";
    CAPTURE(model);
    for (const std::string format : {"html", "md", "json"}) {
      REQUIRE(convert(scratch, {model, "--report", "r." + format}).exit_code == 0);
      REQUIRE(convert(other, {model, "--report", other / ("r." + format)}).exit_code == 0);
      const std::string page = read_file(scratch / ("r." + format));
      CHECK(page == read_file(other / ("r." + format)));
      CHECK(page.find(EMLC_SOURCE_DIR) == std::string::npos);
      CHECK_FALSE(std::regex_search(page, outside));
      CHECK(page.find("nan") == std::string::npos);
      CHECK(page.find("inf\"") == std::string::npos);
    }
  }
}

TEST_CASE("report: labels may be names, have a header or another form of number") {
  const Scratch scratch("report_labels");
  const std::string named = with(with(tiny_model, R"({"size": 2})", R"({"size": 2, "class_names": ["no", "yes"]})"),
                                 R"([0, 1, 1], "atol")", R"(["no", "yes", "yes"], "atol")");
  put(scratch / "m.json", named);
  put(scratch / "n.json", std::string(tiny_model));
  put(scratch / "x.csv", "2,0\n3,0\n0,1\n");
  const Json expected = {{1, 1}, {0, 1}};  // decisions 0, 1, 1
  const auto counts = [&](const std::string& model, const std::string& labels) {
    put(scratch / "y.csv", labels);
    const auto finished = convert(scratch, {model, "--report", "r.json", "--data", "x.csv", "--labels", "y.csv"});
    CHECK(finished.err.empty());
    return block(Json::parse(read_file(scratch / "r.json")), "Against the labels", "confusion")["counts"];
  };
  CHECK(counts("n.json", "0\n1\n1\n") == Json({{1, 0}, {0, 2}}));
  CHECK(counts("m.json", "no\n\"no\"\nyes\r\n") == expected);
  CHECK(counts("n.json", "y\n0.0\n0\n1\n") == expected);
  CHECK(counts("n.json", "# labels\n0\n\n0\n1e0\n") == expected);
}

TEST_CASE("report: what is wrong with it is refused before anything is written") {
  const Scratch scratch("report_wrong");
  put(scratch / "m.json", std::string(tiny_model));
  put(scratch / "x.csv", "2,0\n3,0\n");
  put(scratch / "y1.csv", "0\n");
  put(scratch / "y2.csv", "0\nseven\n");
  put(scratch / "y3.csv", "0\n1,1\n");
  struct Bad {
    std::vector<std::string> options;
    std::string message;
  };
  const auto labels = [](const char* file) {
    return std::vector<std::string>{"--report", "r.md", "--data", "x.csv", "--labels", file};
  };
  for (const Bad& bad : {
           Bad{{"--report", "r.pdf"}, "--report: expected a name that ends in .html, .md or .json, found 'r.pdf'"},
           Bad{{"--report", "m.json"}, "m.json: this file is read and cannot be the output too"},
           Bad{{"--report", "r.md", "--depfile", "r.md"}, "--report and --depfile name the same file"},
           Bad{{"--labels", "y1.csv"}, "--labels requires --data"},
           Bad{labels("y1.csv"), "y1.csv: 1 labels, --data has 2 rows"},
           Bad{labels("y2.csv"), "y2.csv:2: the model has no class 'seven'"},
           Bad{labels("y3.csv"), "y3.csv:2: expected 1 labels, found 2"},
       }) {
    CAPTURE(bad.message);
    std::vector<std::string> options = {"m.json"};
    options.insert(options.end(), bad.options.begin(), bad.options.end());
    const auto finished = convert(scratch, options);
    CHECK(finished.exit_code == 2);
    CHECK(finished.err.starts_with("emlc: error: " + bad.message));
    CHECK(scratch.names() == std::vector<std::string>{"m.json", "x.csv", "y1.csv", "y2.csv", "y3.csv"});
  }
}
