#include "codegen/c/common/tables.hpp"

#include <array>
#include <stdexcept>

namespace emlc::c {
namespace {

struct ReadMacro {
  std::string_view suffix;
  std::string_view on_avr;
};

constexpr std::array read_macros = {
    ReadMacro{"READ_U8", "pgm_read_byte(p)"},
    ReadMacro{"READ_I8", "((int8_t)pgm_read_byte(p))"},
    ReadMacro{"READ_U16", "pgm_read_word(p)"},
    ReadMacro{"READ_I16", "((int16_t)pgm_read_word(p))"},
    ReadMacro{"READ_U32", "pgm_read_dword(p)"},
    ReadMacro{"READ_I32", "((int32_t)pgm_read_dword(p))"},
    ReadMacro{"READ_U64", "((uint64_t)pgm_read_dword(p) | (uint64_t)pgm_read_dword((const uint32_t *)(p) + 1) << 32)"},
    ReadMacro{"READ_I64",
              "((int64_t)((uint64_t)pgm_read_dword(p) | (uint64_t)pgm_read_dword((const uint32_t *)(p) + 1) << 32))"},
    ReadMacro{"READ_F32", "pgm_read_float(p)"},
};

constexpr std::size_t line_width = 100;

/// How a table is declared where constants are in the address space of data. In a section of its own each source has
/// its own copy in C++ too: gcc takes inline variables apart, which one section cannot hold.
std::string plain_table(const Names& names) {
  const bool is_c = names.function != "inline";
  if (names.section.empty()) return is_c ? "static const" : "inline constexpr";
  return fmt::format("{} {}SECTION", is_c ? "static const" : "static constexpr", names.macro);
}

}  // namespace

std::string section_macro(const Names& names) {
  if (names.section.empty()) return "";
  return fmt::format(
      "#if !defined({0}SECTION)\n"
      "#if defined(__GNUC__)\n"
      "#define {0}SECTION __attribute__((section(\"{1}\")))\n"
      "#else\n"
      "#error \"define {0}SECTION as what puts a constant into the section {1}\"\n"
      "#endif\n"
      "#endif\n",
      names.macro, names.section);
}

std::string table_macros(const Names& names, std::string_view code) {
  const bool has_shared = code.find(names.macro + "SHARED_TABLE") != std::string_view::npos;
  if (!has_shared && code.find(names.macro + "TABLE") == std::string_view::npos) return "";
  Printer avr, plain;
  avr.line("#define {}TABLE static const PROGMEM", names.macro);
  plain.text(section_macro(names));
  plain.line("#define {}TABLE {}", names.macro, plain_table(names));
  if (has_shared) {
    avr.line("#define {}SHARED_TABLE const PROGMEM", names.macro);
    plain.line("#define {0}SHARED_TABLE const{1}", names.macro,
               names.section.empty() ? "" : fmt::format(" {}SECTION", names.macro));
  }
  for (const ReadMacro& row : read_macros) {
    const std::string macro = fmt::format("{}{}(", names.macro, row.suffix);
    if (code.find(macro) == std::string_view::npos) continue;
    avr.line("#define {}p) {}", macro, row.on_avr);
    plain.line("#define {}p) (*(p))", macro);
  }
  if (names.tables == Tables::in_memory) return plain.text();
  return fmt::format(
      "#if defined(__AVR__) /* flash is an address space of its own */\n#include <avr/pgmspace.h>\n{}#else\n{}#endif\n",
      avr.text(), plain.text());
}

void print_table(Printer& out, const Names& names, std::string_view type, std::string_view name, std::size_t n,
                 const std::function<std::string(std::size_t)>& literal) {
  if (n == 0) throw std::logic_error(fmt::format("the table {} has no element", name));
  out.line("{}TABLE {} {}[{}] = {{", names.macro, type, name, n);
  const auto body = out.indent();
  std::string row;
  for (std::size_t index = 0; index < n; ++index) {
    const std::string text = literal(index);
    if (!row.empty() && row.size() + text.size() + 4 > line_width) {
      out.line("{}", row);
      row.clear();
    }
    row += (row.empty() ? "" : " ") + text + ",";
  }
  row.pop_back();  // the comma after the last literal
  out.line("{}}};", row);
}

void print_table(Printer& out, const Names& names, std::string_view type, std::string_view name,
                 std::span<const std::string> literals) {
  print_table(out, names, type, name, literals.size(), [&](std::size_t index) { return literals[index]; });
}

}  // namespace emlc::c
