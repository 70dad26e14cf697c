// Answers against true labels: accuracy, confusion, errors of regressions, in each command that has them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/texts.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;
using Json = nlohmann::json;

namespace {

std::vector<double> numbers_of(const std::string& file) {
  std::istringstream in(read_file(file));
  std::vector<double> numbers;
  for (double number = 0.0; in >> number;) numbers.push_back(number);
  return numbers;
}

/// What the predictions of the trainer score, by a loop over its files.
double accuracy_of(const std::string& model) {
  const auto labels = numbers_of(model_file(model + "/y_test.csv")),
             found = numbers_of(model_file(model + "/y_pred.csv"));
  REQUIRE(labels.size() == found.size());
  double right = 0.0;
  for (std::size_t i = 0; i < labels.size(); ++i) right += labels[i] == found[i] ? 1.0 : 0.0;
  return right / static_cast<double>(labels.size());
}

/// Decisions 0, 1, 1 for the rows of x.csv, of which the labels say that 0, 1, 0 are right.
Scratch tiny(const std::string& name) {
  Scratch scratch(name);
  put(scratch / "m.json", std::string(tiny_model));
  put(scratch / "x.csv", "2,0\n3,0\n0,1\n");
  put(scratch / "y.csv", "0\n1\n0\n");
  return scratch;
}

constexpr const char* tiny_confusion =
    "  true, decided  0  1\n"
    "  0              1  1\n"
    "  1              0  1\n";

}  // namespace

TEST_CASE("labels: convert says how often the trained model and the device are right") {
  const Scratch scratch("labels_convert");
  const auto finished = run_emlc(
      {"convert", model_file("digits_rf10/model.json"), "-o", "o.h", "--voting", "hard", "--data",
       model_file("digits_rf10/X_test.csv"), "--labels", model_file("digits_rf10/y_test.csv"), "--summary", "-"},
      {}, scratch.path());
  REQUIRE(finished.exit_code == 0);
  const double trained = accuracy_of("digits_rf10");
  CHECK(
      contains(finished.err, fmt::format("labels, 540 rows of --data\n  trained        {:.2f} %\n", 100.0 * trained)));
  const Json labels = Json::parse(finished.out)["labels"];
  CHECK(labels["trained"]["accuracy"].get<double>() == doctest::Approx(trained).epsilon(1e-12));
  std::size_t n = 0;
  for (const auto& row : labels["device"]["targets"][0]["confusion"]) {
    for (const std::size_t count : row) n += count;
  }
  CHECK(n == 540);
}

TEST_CASE("labels: of a regression R2 and errors are said") {
  const Scratch scratch("labels_regression");
  const auto labels = numbers_of(model_file("diabetes_rfr/y_test.csv")),
             found = numbers_of(model_file("diabetes_rfr/y_pred.csv"));
  double squares = 0.0, absolutes = 0.0, largest = 0.0, mean = 0.0, variance = 0.0;
  const auto n = static_cast<double>(labels.size());
  for (const double y : labels) mean += y / n;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double difference = std::abs(found[i] - labels[i]);
    squares += difference * difference;
    absolutes += difference;
    largest = std::max(largest, difference);
    variance += (labels[i] - mean) * (labels[i] - mean);
  }
  const auto finished =
      run_emlc({"run", model_file("diabetes_rfr/model.json"), "-i", model_file("diabetes_rfr/X_test.csv"), "--labels",
                model_file("diabetes_rfr/y_test.csv"), "-o", "y.csv"},
               {}, scratch.path());
  CHECK(contains(finished.err, "R2"));
  CHECK(contains(finished.err, fmt::format("  trained  {:.4f}  {:.4g}  {:.4g} ", 1.0 - squares / variance,
                                           std::sqrt(squares / n), absolutes / n)));
  CHECK(contains(finished.err, fmt::format("{:.4g}\n", largest)));
}

TEST_CASE("labels: run and verify tell them, with the confusion of the classes") {
  const Scratch scratch = tiny("labels_tell");
  const auto told = run_emlc({"run", "m.json", "-i", "x.csv", "--labels", "y.csv"}, {}, scratch.path());
  CHECK(told.out == "label,output_0,output_1\n0,1,0\n1,0,1\n1,0.25,0.75\n");
  CHECK(told.err == fmt::format("labels, 3 rows of x.csv\n  trained  66.67 %\n{}", tiny_confusion));
  REQUIRE(run_emlc({"convert", "m.json", "-o", "o.h", "-q"}, {}, scratch.path()).exit_code == 0);
  const auto verified = run_emlc({"verify", "m.json", "o.h", "-i", "x.csv", "--labels", "y.csv"}, {}, scratch.path());
  CHECK(verified.exit_code == 0);
  CHECK(contains(verified.out, fmt::format("labels of x.csv\n  trained        66.67 %\n  on the device  66.67 %\n{}",
                                           tiny_confusion)));
}

TEST_CASE("labels: check holds a model to an accuracy, from above and from below") {
  const Scratch scratch = tiny("labels_check");
  const auto check = [&](const std::string& share) {
    return run_emlc({"check", "m.json", "--data", "x.csv", "--labels", "y.csv", "--min-accuracy", share}, {},
                    scratch.path());
  };
  CHECK(check("0.66").exit_code == 0);
  CHECK(check("66.6%").exit_code == 0);
  const auto low = check("0.67");
  CHECK(low.exit_code == 1);
  CHECK(contains(low.err, "tiny (c): accuracy is 0.6667, 0.003333 less than --min-accuracy asks for (0.67)\n"));
  const auto unknown = run_emlc({"check", "m.json", "--min-accuracy", "50%"}, {}, scratch.path());
  CHECK(unknown.exit_code == 1);
  CHECK(contains(unknown.err, "accuracy is not known, so --min-accuracy (0.5) is not checked: there are no labels"));
  CHECK(check("2").err.starts_with(
      "emlc: error: --min-accuracy: expected a share from 0 to 1 or a percentage, found '2'"));
}

TEST_CASE("labels: a project has them, with inputs of their own") {
  const Scratch scratch = tiny("labels_project");
  const std::string project = R"({"schema": "emlc.project/1", "models": [{"model": "m.json", "output": "o.h",
 "data": "x.csv", "labels": "y.csv", "min_accuracy": "60%"}]})";
  put(scratch / "emlc.json", project);
  CHECK(run_emlc({"check"}, {}, scratch.path()).exit_code == 0);
  const auto all = run_emlc({"convert", "--all"}, {}, scratch.path());
  CHECK(contains(all.err, "labels, 3 rows of x.csv\n  trained        66.67 %\n"));
  put(scratch / "emlc.json", with(project, "60%", "70%"));
  CHECK(run_emlc({"check"}, {}, scratch.path()).exit_code == 1);
  put(scratch / "emlc.json", with(project, R"("labels": "y.csv", )", ""));
  CHECK(run_emlc({"check"}, {}, scratch.path())
            .err.starts_with("emlc: error: emlc.json:2: models[0].data: needs labels"));
}

TEST_CASE("labels: check writes all formats at once") {
  const Scratch scratch = tiny("labels_also");
  const std::vector<std::string> check = {"check", "m.json"};
  std::vector<std::string> many = check;
  std::vector<std::pair<std::string, std::string>> alone;
  for (const std::string format : {"md", "json", "junit", "github", "openmetrics"}) {
    many.insert(many.end(), {"--also", format + "=out." + format});
    std::vector<std::string> one = check;
    one.insert(one.end(), {"--format", format});
    alone.emplace_back(format, run_emlc(one, {}, scratch.path()).out);
  }
  const auto finished = run_emlc(many, {}, scratch.path());
  CHECK(finished.exit_code == 0);
  CHECK(finished.out == run_emlc(check, {}, scratch.path()).out);
  for (const auto& [format, expected] : alone) CHECK(read_file(scratch / ("out." + format)) == expected);
  const auto refusal = [&](const std::string& also) {
    return run_emlc({"check", "m.json", "--also", also}, {}, scratch.path()).err;
  };
  CHECK(refusal("md").starts_with("emlc: error: --also: expected FORMAT=FILE, found 'md'"));
  CHECK(refusal("mf=x").starts_with("emlc: error: --also: unknown format 'mf'"));
  CHECK(refusal("md=m.json").starts_with("emlc: error: m.json: this file is read and cannot be the output too"));
}

TEST_CASE("data: where nothing is approximate it changes no byte of a header") {
  const Scratch scratch = tiny("data_exact");
  const auto header = [&](const std::vector<std::string>& options) {
    std::vector<std::string> command = {"convert", "m.json", "-o", "-", "--to", "c", "-q"};
    command.insert(command.end(), options.begin(), options.end());
    return run_emlc(command, {}, scratch.path()).out;
  };
  CHECK(header({"--data", "x.csv"}) == header({}));
  CHECK(header({"--data", "x.csv", "--voting", "soft"}) == header({"--voting", "soft"}));
  CHECK(contains(header({"--data", "x.csv", "--voting", "hard"}), " --voting hard --data sha256:"));
}
