#include "cli/console/escape.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cli/console/process.hpp"

using namespace emlc::cli;

namespace {

const std::vector<std::string> hostile = {
    "plain.json", "two words", "it's",   "a\"b",        "$(id)`id`",         "a\\b", "line\nend", "\x1b[31mred",
    "-rf",        "*?[a]",     "tab\tx", "; touch x #", "\xc3\xa9t\xc3\xa9", "",     "!!",        "~/x",
    "a'\nb\\'"};

}  // namespace

TEST_CASE("shell_word: a shell gives back what was put in, from one line") {
  for (const std::string& text : hostile) {
    CAPTURE(text);
    const std::string word = shell_word(text);
    CHECK(word.find('\n') == std::string::npos);
    const Finished finished = run_process({.arguments = {"bash", "-c", "printf %s " + word}});
    CHECK(finished.out == text);
    CHECK(finished.err.empty());
  }
  CHECK(shell_word("models/digits-rf_10.json") == "models/digits-rf_10.json");
  CHECK(shell_file("-o.json") == "./-o.json");
  CHECK(shell_file("-") == "./-");
  CHECK(shell_file("a b") == "'a b'");
}

TEST_CASE("for_terminal: nothing that a terminal would obey") {
  CHECK(for_terminal("a\nb\x1b[2J\r\t\x7f\xc2\x9b") == "a\nb\\x1b[2J\\x0d\\x09\\x7f\\xc2\\x9b");
}

TEST_CASE("xml_escaped: what XML cannot hold is replaced") {
  CHECK(xml_escaped("<a href=\"x\">&\x01\x1b</a>") == "&lt;a href=&quot;x&quot;&gt;&amp;  &lt;/a&gt;");
  CHECK(xml_escaped("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80") == "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
  const std::string replacement = "\xEF\xBF\xBD";
  CHECK(xml_escaped("\xff") == replacement);
  CHECK(xml_escaped("a\xc3") == "a" + replacement);                      // cut off
  CHECK(xml_escaped("\xc0\xaf") == replacement + replacement);           // longer than it has to be
  CHECK(xml_escaped("\xed\xa0\x80").find('\xed') == std::string::npos);  // half a surrogate
  CHECK(xml_escaped("\xef\xbf\xbf").find("\xef\xbf\xbf") == std::string::npos);
  CHECK(xml_escaped("\xf4\x90\x80\x80").find('\xf4') == std::string::npos);  // beyond the last character
}

TEST_CASE("xml_escaped: a parser of XML reads every name") {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  const Finished finished = run_process(
      {.arguments = {"python3", "-c", "import sys, xml.dom.minidom as d; d.parseString(sys.stdin.buffer.read())"},
       .input =
           "<?xml version=\"1.0\" encoding=\"UTF-8\"?><t a=\"" + xml_escaped(all) + "\">" + xml_escaped(all) + "</t>"});
  CHECK(finished.exit_code == 0);
  CHECK(finished.err == "");
}

TEST_CASE("markdown_escaped: nothing is markup, a line stays a line") {
  CHECK(markdown_escaped("a_b *c* <d> `e` |f| #g [h] &lt; ~~i~~ $j$") ==
        "a\\_b \\*c\\* \\<d\\> \\`e\\` \\|f\\| \\#g \\[h\\] \\&lt; \\~\\~i\\~\\~ \\$j\\$");
  CHECK(markdown_escaped("two\nlines\x1b") == "two lines ");
  CHECK(markdown_escaped("\xff") == "\xEF\xBF\xBD");
}
