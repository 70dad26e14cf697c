#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/csv/csv.hpp"
#include "formats/format.hpp"
#include "formats/writers.hpp"

namespace {

using emlc::model::SosCascade;
using emlc::model::SosSection;

std::string file_text(const std::string& path) {
  std::ifstream in(EMLC_SOURCE_DIR "/tests/data/" + path, std::ios::binary);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<SosSection> sections(std::string_view text) {
  const emlc::model::Model model = emlc::formats::read_sos_csv(text, "f.csv");
  CHECK(emlc::model::check(model, "f.csv").empty());
  return std::get<SosCascade>(model.predictor).sections;
}

emlc::model::Model filter_of(std::vector<SosSection> cascade) {
  emlc::model::Model model;
  model.input.n_features = 1;
  model.output.task = emlc::model::Task::filter;
  model.predictor = SosCascade{.sections = std::move(cascade), .sample_rate = {}, .initial_state = {}};
  return model;
}

}  // namespace

TEST_CASE("sos-csv: what numpy.savetxt wrote filters as scipy's published responses") {
  const emlc::model::Model model = emlc::formats::read_sos_csv(file_text("models/butter4_1k_16k/sos.csv"), "sos.csv");
  std::vector<double> impulse(12, 0.0);
  impulse[0] = 1.0;
  const std::vector<double> response = emlc::model::predict(model, impulse);
  const std::vector<double> published = {0.000933498613, 0.00651287451, 0.0217940841, 0.0479898456,
                                         0.0805064542,   0.112029803,   0.135942774,  0.148008822,
                                         0.146831866,    0.133536631,   0.111035024,  0.0831590752};
  for (std::size_t i = 0; i < published.size(); ++i) {
    CAPTURE(i);
    CHECK(std::abs(response[i] - published[i]) <= 5e-9 * published[i]);
  }
  CHECK(model.output.task == emlc::model::Task::filter);
}

TEST_CASE("sos-csv: header, comments, separators and line ends") {
  for (const char* text : {
           "1,2,3,4,-5,1.5\n",
           "b0,b1,b2,a0,a1,a2\r\n1,2,3,4,-5,1.5",
           "# scipy.signal.butter\n\n1e0;2;+3;4;-5;1.5\n",
           "1.000e+00 2.000e+00  3.000e+00 4.000e+00 -5.000e+00 1.500e+00\n",
           "1\t2\t3\t4\t-5\t1.5\n\n",
       }) {
    CAPTURE(text);
    CHECK(emlc::formats::is_sos_csv(text));
    const std::vector<SosSection> read = sections(text);
    REQUIRE(read.size() == 1);
    const SosSection& s = read[0];
    CHECK(std::vector{s.b0, s.b1, s.b2, s.a0, s.a1, s.a2} == std::vector{1.0, 2.0, 3.0, 4.0, -5.0, 1.5});
  }
}

TEST_CASE("sos-csv: a bad file is refused with file, line and field") {
  struct Bad {
    const char* text;
    const char* message;
  };
  for (const Bad& bad : {
           Bad{"1,0,0,1,0\n", "f.csv:1: a section has 6 coefficients, this line has 5"},
           Bad{"1,0,0,1,0,0\n1,0,0,1,0,0,0\n", "f.csv:2: a section has 6 coefficients, this line has 7"},
           Bad{"1,x,0,1,0,0\n", "f.csv:1: b1: not a finite float32: 'x'"},
           Bad{"1,0,0,1,0,inf\n", "f.csv:1: a2: not a finite float32: 'inf'"},
           Bad{"1,0,,1,0,0\n", "f.csv:1: b2: not a finite float32: ''"},
           Bad{"b0,b1,b2,a0,a1,a2\n1,0,0,0,0,0\n", "f.csv:2: a0: must not be 0, every coefficient is divided by it"},
           Bad{"", "f.csv: no second-order section found"},
           Bad{"b0,b1,b2,a0,a1,a2\n", "f.csv: no second-order section found"},
       }) {
    CAPTURE(bad.text);
    CHECK_THROWS_WITH_AS(emlc::formats::read_sos_csv(bad.text, "f.csv"), bad.message, emlc::Error);
  }
}

TEST_CASE("sos-csv: is recognised by its numbers, also when a count is wrong") {
  CHECK(emlc::formats::recognise("1,0,0,1,0\n", "f.csv").name == "sos-csv");
  for (const char* text : {"", "f,4\nc,3\n", "r,0\nn,0,0.5,1,2\n", "{\"format\": [1,2,3]}", "tree\nversion=v3\n"}) {
    CAPTURE(text);
    CHECK_FALSE(emlc::formats::is_sos_csv(text));
  }
}

TEST_CASE("sos-csv: measurements under a header are no filter, unless --from says so") {
  const char* const measured = "ax;ay;az;gx;gy;gz\n0.5;1;2;1;-0.5;0.25\n1;0;0;1;0;0\n";
  CHECK_FALSE(emlc::formats::is_sos_csv(measured));
  CHECK_THROWS_WITH_AS(emlc::formats::recognise(measured, "f.csv"),
                       "f.csv: a table whose columns are called 'ax' and so on is no model; a filter's are "
                       "b0,b1,b2,a0,a1,a2 (--from sos-csv reads it as one)",
                       emlc::Error);
  CHECK(emlc::formats::format_called("sos-csv").read(measured, "f.csv", {}).model.input.n_features == 1);
  for (const char* text : {"ax,ay\n", "ax,ay\n1\n", "ax,ay\n1,x\n", "ax,1\n2,3\n"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(emlc::formats::recognise(text, "f.csv"),
                         "f.csv: the format is not recognised; name it with --from (emlc list formats)", emlc::Error);
  }
}

TEST_CASE("sos-csv: rows are divided by a0 and have the shortest digits of float32") {
  const std::vector<SosSection> halved = {{0.2, -1.0, 3.0, 2.0, 1e-7, 0.5}, {}};
  const emlc::layout::Artifact artifact = emlc::formats::write_csv(filter_of(halved));
  CHECK(artifact.bytes == "0.1,-0.5,1.5,1,5e-08,0.25\n1,0,0,1,0,0\n");
  CHECK(artifact.warnings.empty());
  CHECK(artifact.ram == 2 * 7 * 4);
  CHECK(emlc::layout::flash(artifact) == artifact.bytes.size());
}

TEST_CASE("sos-csv: what was written reads back to the float32 filter") {
  for (const char* name : {"aweight_16k", "butter4_1k_16k"}) {
    const auto exact = sections(file_text(std::string("models/") + name + "/sos.csv"));
    const auto read = sections(emlc::formats::write_csv(filter_of(exact)).bytes);
    REQUIRE(read.size() == exact.size());
    for (std::size_t i = 0; i < read.size(); ++i) {
      CHECK(static_cast<float>(read[i].b0) == static_cast<float>(exact[i].b0));
      CHECK(static_cast<float>(read[i].b1) == static_cast<float>(exact[i].b1));
      CHECK(static_cast<float>(read[i].b2) == static_cast<float>(exact[i].b2));
      CHECK(static_cast<float>(read[i].a1) == static_cast<float>(exact[i].a1));
      CHECK(static_cast<float>(read[i].a2) == static_cast<float>(exact[i].a2));
    }
  }
}

TEST_CASE("sos-csv: what the form cannot hold is refused, what rounding breaks is a warning") {
  emlc::model::Model model = filter_of({{}});
  std::get<SosCascade>(model.predictor).initial_state = {{0.0, 0.5}};
  CHECK_THROWS_WITH_AS(emlc::formats::write_csv(model),
                       "model.initial_state: a SOS CSV holds no initial state; write c, cpp or tmdl", emlc::Error);
  CHECK_THROWS_WITH_AS(emlc::formats::write_csv(filter_of({{.b0 = 1e39}})), "sections[0]: 1e+39 does not fit float32",
                       emlc::Error);
  const std::vector<SosSection> marginal = {{.a1 = -2.0 * (1 - 1e-9), .a2 = (1 - 1e-9) * (1 - 1e-9)}};
  CHECK(emlc::formats::write_csv(filter_of(marginal)).warnings ==
        std::vector<std::string>{"sections[0]: rounded to float32 the section is unstable"});
}

TEST_CASE("sos-csv: integers for emlearn_iir_q15 are in the order of CMSIS-DSP, feedback negated") {
  using emlc::model::Arithmetic;
  emlc::model::Model model = filter_of({{.b0 = 1.0, .b1 = -2.0, .b2 = 0.5, .a1 = -1.5, .a2 = 0.25}, {.b0 = 0.125}});
  auto& cascade = std::get<SosCascade>(model.predictor);
  cascade.fixed = emlc::model::FixedPoint{.arithmetic = Arithmetic::q15_cmsis, .fraction_bits = 13};
  const emlc::layout::Artifact artifact = emlc::formats::write_csv(model);
  CHECK(artifact.bytes ==
        "# emlearn_iir_q15, times 8192: b0,0,b1,b2,-a1,-a2\n8192,0,-16384,4096,12288,-2048\n1024,0,0,0,0,0\n");
  CHECK(artifact.ram == 2 * (6 + 4) * 2);
  CHECK(emlc::formats::read_sos_q15_csv(artifact.bytes, "f.csv") == integers(cascade));
  CHECK(emlc::formats::is_sos_q15_csv(artifact.bytes));
  CHECK(!emlc::formats::is_sos_q15_csv("1,0,0,1,0,0\n"));
  CHECK_THROWS_WITH_AS(emlc::formats::read_sos_csv(artifact.bytes, "f.csv"),
                       "f.csv: holds the integers of emlearn_iir_q15; give the filter they were made of", emlc::Error);
  cascade.fixed->arithmetic = Arithmetic::q15;
  CHECK_THROWS_WITH_AS(emlc::formats::write_csv(model),
                       "--arithmetic: a CSV holds filters in float, or with q15-cmsis those of emlearn_iir_q15",
                       emlc::Error);
}

TEST_CASE("sos-csv: bad integers are refused with file and line") {
  struct Bad {
    const char *text, *message;
  };
  for (const Bad& bad : {
           Bad{"# x\n1,0,2,3,4\n", "f.csv:2: a section has 6 numbers, this line has 5"},
           Bad{"1,7,2,3,4,5\n", "f.csv:1: the second number has to be 0, found 7"},
       }) {
    CAPTURE(bad.text);
    CHECK_THROWS_WITH_AS(emlc::formats::read_sos_q15_csv(bad.text, "f.csv"), bad.message, emlc::Error);
  }
}
