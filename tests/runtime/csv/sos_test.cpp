#include <doctest/doctest.h>
#include <emlc/csv.h>

#include <string>
#include <string_view>
#include <vector>

using Row = std::vector<float>;

TEST_CASE("csv sos: rows become what the filter takes, divided by a0") {
  float sos[2 * EMLC_SOS_COEFFICIENTS];
  std::size_t n = 0;
  const std::string text = "# scipy\nb0,b1,b2,a0,a1,a2\n1.000e+00,2,-3,2,0.5,-0.25\n\n4;5;6;1;7;8";
  REQUIRE(emlc_csv_sos_load(sos, 2, &n, text.data(), text.size()) == EMLC_OK);
  CHECK(n == 2);
  CHECK(Row(sos, sos + 10) == Row{0.5, 1, -1.5, 0.25, -0.125, 4, 5, 6, 7, 8});
  struct Bad {
    const char* text;
    emlc_status status;
  };
  for (const Bad& bad : {Bad{"", EMLC_ERR_SIZE}, Bad{"1,0,0,1,0\n", EMLC_ERR_SIZE},
                         Bad{"1,0,0,1,0,0,0\n", EMLC_ERR_SIZE}, Bad{"1,0,0,0,0,0\n", EMLC_ERR_RANGE},
                         Bad{"1,0,0,1,x,0\n", EMLC_ERR_FORMAT}, Bad{"1,0,0,1,0,0\nb0,0,0,1,0,0\n", EMLC_ERR_FORMAT},
                         Bad{"1,0,0,1,0,0\n1,0,0,1,0,0\n1,0,0,1,0,0\n", EMLC_ERR_MEMORY}}) {
    CAPTURE(bad.text);
    CHECK(emlc_csv_sos_load(sos, 2, &n, bad.text, std::string_view(bad.text).size()) == bad.status);
  }
  CHECK(emlc_csv_sos_load(nullptr, 2, &n, "", 0) == EMLC_ERR_NULL);
}
