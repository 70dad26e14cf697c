#include <doctest/doctest.h>
#include <emlc/status.h>

#include <set>
#include <string>

TEST_CASE("status: errors are negative and every code has its own sentence") {
  std::set<std::string> sentences;
  for (int code = EMLC_ERR_ALIGN; code <= EMLC_OK; ++code) {
    CAPTURE(code);
    const char* text = emlc_status_text(static_cast<emlc_status>(code));
    REQUIRE(text != nullptr);
    sentences.insert(text);
  }
  CHECK(sentences.size() == 10);
  CHECK(sentences.count("an unknown status") == 0);
  CHECK(EMLC_ERR_NULL == -1);
  CHECK(EMLC_OK == 0);
}
