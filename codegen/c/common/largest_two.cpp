#include "codegen/c/common/largest_two.hpp"

namespace emlc::c {

void print_largest_two(Printer& out, std::string_view values, std::int32_t n) {
  out.line("if ({0}[1] > {0}[0]) {{", values);
  out.line("  best = 1;");
  out.line("  second = 0;");
  out.line("}}");
  if (n == 2) return;
  out.line("for (int i = 2; i < {}; ++i) {{", n);
  out.line("  if ({0}[i] > {0}[best]) {{", values);
  out.line("    second = best;");
  out.line("    best = i;");
  out.line("  }} else if ({0}[i] > {0}[second]) {{", values);
  out.line("    second = i;");
  out.line("  }}");
  out.line("}}");
}

}  // namespace emlc::c
