#include <doctest/doctest.h>

#include <fmt/format.h>
#include <algorithm>

#include <regex>

#include "tests/cli/program.hpp"
#include "tests/cli/report/report_pages.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

namespace {

constexpr const char* title = "Clusters of leaves";

/// What the report says at one number of clusters.
struct Point {
  double largest, mean, changed_percent, flash;
};

Point point_at(const Json& report, double n) {
  const std::vector<Json> lines = blocks(report, title, "lines");
  REQUIRE(lines.size() == 3);
  const auto xs = lines[0]["x_values"].get<std::vector<double>>();
  const auto at = static_cast<std::size_t>(std::find(xs.begin(), xs.end(), n) - xs.begin());
  REQUIRE(at < xs.size());
  return {lines[0]["series"][0]["values"][at], lines[0]["series"][1]["values"][at], lines[1]["series"][0]["values"][at],
          lines[2]["series"][0]["values"][at]};
}

Json report_of(const Scratch& scratch, std::vector<std::string> options) {
  options.insert(options.end(), {"--report", "r.json"});
  const auto finished = convert(scratch, options);
  CAPTURE(finished.err);
  REQUIRE(finished.exit_code == 0);
  return Json::parse(read_file(scratch / "r.json"));
}

}  // namespace

TEST_CASE("report: at each number of clusters stands what a conversion with that number says") {
  const Scratch scratch("report_clusters");
  const std::vector<std::string> model = {data_of("digits_rf10", "model.json"), "--data",
                                          data_of("digits_rf10", "X_test.csv"), "--leaf-bits", "12"};
  std::vector<std::string> chosen = model;
  chosen.insert(chosen.end(), {"--leaf-clusters", "20"});
  const Json report = report_of(scratch, chosen);
  CHECK(blocks(report, title, "lines")[0]["chosen"] == 20);
  for (const int n : {2, 16, 20, 128, 295}) {
    CAPTURE(n);
    std::vector<std::string> options = {
        "convert", "-o", "o.h", "--size-report", "s.json", "-v", "--leaf-clusters", std::to_string(n)};
    options.insert(options.end(), model.begin(), model.end());
    const auto finished = run_emlc(options, {}, scratch.path());
    REQUIRE(finished.exit_code == 0);
    const Point point = point_at(report, n);
    const std::string expected =
        fmt::format("error largest {:.3g}, mean {:.3g}; {:.3g} % of decisions changed, on 540 vectors", point.largest,
                    point.mean, point.changed_percent);
    std::smatch line;
    REQUIRE(std::regex_search(finished.err, line,
                              std::regex("cluster-leaves +approximate +[0-9]+ changes? +[0-9.]+ ms +(.*)")));
    CHECK(line[1] == expected);
    CHECK(Json::parse(read_file(scratch / "s.json"))["flash"] == point.flash);
  }
}

TEST_CASE("report: the numbers of clusters rise to all leaves, with which nothing changes") {
  const Scratch scratch("report_clusters_rising");
  for (const std::string model : {"digits_rf10", "diabetes_rfr", "cancer_rf", "cancer_gbc"}) {
    CAPTURE(model);
    const Json report = report_of(scratch, {data_of(model, "model.json")});
    const std::vector<Json> all = blocks(report, title, "lines");
    CHECK(all.size() == (model == "diabetes_rfr" ? 2 : 3));  // a regression decides nothing
    for (const Json& lines : all) {
      const auto xs = lines["x_values"].get<std::vector<double>>();
      CHECK(xs.size() >= 5);
      CHECK(xs.size() <= 10);
      CHECK(std::is_sorted(xs.begin(), xs.end(), std::less_equal<>()));
      CHECK(lines["chosen"].is_null());
      for (const Json& series : lines["series"]) CHECK(series["values"].size() == xs.size());
    }
    for (const Json& series : all[0]["series"]) CHECK(series["values"].back() == 0.0);
    CHECK(all.back()["series"][0]["values"].back() ==
          Json::parse(
              run_emlc({"check", data_of(model, "model.json"), "--format", "json"}).out)["models"][0]["now"]["flash"]);
  }
}

TEST_CASE("report: the clusters are drawn, what was chosen is marked") {
  const Scratch scratch("report_clusters_page");
  put(scratch / "m.json", std::string(tiny_model));
  REQUIRE(convert(scratch, {"m.json", "--report", "r.html", "--leaf-clusters", "9"}).exit_code == 0);
  const std::string page = read_file(scratch / "r.html");
  CHECK(page.find("<title>error of an output over clusters of leaves</title>") != std::string::npos);
  CHECK(page.find("; chosen: 3</desc>") != std::string::npos);  // the tiny model has no more
  CHECK(page.find("class=\"chosen\"") != std::string::npos);
  CHECK(page.find("<th scope=\"row\">3, all leaves, chosen</th>") != std::string::npos);
}

TEST_CASE("report: where there is nothing to cluster it says why, or says nothing") {
  const Scratch scratch("report_no_clusters");
  const auto why = [&](const std::vector<std::string>& options) {
    const Json found = section(report_of(scratch, options), title);
    CHECK(found["blocks"].empty());
    return found["text"].get<std::string>();
  };
  const std::size_t vectors_at = tiny_model.find(",\n \"test_vectors\"");
  put(scratch / "blind.json", std::string(tiny_model.substr(0, vectors_at)) + "}");
  const std::string two = with(tiny_model, "[0.25, 0.75]]}", "[0, 1]]}");
  put(scratch / "two.json", with(two, "[0.25, 0.75]]", "[0, 1]]"));
  CHECK(why({"blind.json"}) == "Not shown: the model has no test vectors to measure errors on; give --data.");
  CHECK(why({"two.json"}) == "Not shown: the trees have only 2 distinct leaf rows.");
  CHECK(why({data_of("digits_rf10", "model.json"), "--voting", "hard"}) ==
        "Not shown: with --voting hard a leaf is a class, there is nothing to cluster.");
  for (const char* model : {"digits_mlp", "aweight_16k"}) {
    CHECK(section(report_of(scratch, {data_of(model, "model.json")}), title).is_null());
  }
}
