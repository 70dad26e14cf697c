#include "codegen/c/common/printer.hpp"

#include <doctest/doctest.h>

using emlc::c::Printer;

TEST_CASE("printer: lines carry the indentation of their scope, empty lines carry none") {
  Printer out;
  out.line("if ({}) {{", "x");
  {
    const auto body = out.indent();
    out.line("y();");
    out.line("");
    const auto inner = out.indent();
    out.line("z({});", 1);
  }
  out.line("}}");
  CHECK(out.text() == "if (x) {\n  y();\n\n    z(1);\n}\n");
}
