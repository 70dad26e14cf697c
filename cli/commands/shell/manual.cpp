#include "cli/commands/shell/manual.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace emlc::cli {
namespace {

struct Entry {
  std::string_view term, text;
};
constexpr std::array exit_codes = {
    Entry{"0", "done"},
    Entry{"1", "a budget is exceeded, a check did not hold, or an artifact is not faithful"},
    Entry{"2", "the command line or an input is wrong"},
    Entry{"3", "a file cannot be read or written"},
    Entry{"70", "a bug of emlc's own"},
    Entry{"130", "interrupted"},
};
constexpr std::array environment = {
    Entry{"CC, CXX", "compilers for headers that run and verify execute on this computer"},
    Entry{"NO_COLOR", "no colour in messages, when it is set to anything"},
    Entry{"CLICOLOR_FORCE", "colour also where messages do not go to a terminal"},
};

/// Text as roff prints it: a hyphen that can be copied, nothing taken for a request.
std::string roff(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
  }
  return result.starts_with('.') || result.starts_with('\'') ? "\\&" + result : result;
}

std::string term(std::string_view name, std::string_view text) {
  return fmt::format(".TP\n{}\n{}\n", name, roff(text));
}

/// `\fB-o\fR, \fB--output\fR \fIOUT\fR`
std::string heading(const Argument& argument) {
  std::string label = fmt::format("\\fI{}\\fR", roff(argument.label));
  if (is_positional(argument)) return label;
  std::vector<std::string> names;
  for (const std::string& name : argument.names) names.push_back(fmt::format("\\fB{}\\fR", roff(name)));
  const std::string text = fmt::format("{}", fmt::join(names, ", "));
  return argument.takes == Takes::nothing ? text : text + " " + label;
}

std::string arguments(const Subcommand& sub) {
  std::string text;
  for (const Argument& row : sub.arguments) {
    if (is_positional(row)) text += term(heading(row), row.description);
  }
  for (const Argument& row : sub.arguments) {
    if (!is_positional(row)) text += term(heading(row), row.description);
  }
  return text;
}

std::string examples(const Subcommand& sub) {
  std::string text = ".PP\n.EX\n";
  for (const std::string& line : sub.examples) text += roff(line) + "\n";
  return text + ".EE\n";
}

std::string synopsis(const Subcommand& sub) {
  std::string line = fmt::format("\\fBemlc {}\\fR", sub.name);
  for (const Argument& row : sub.arguments) {
    if (is_positional(row)) line += " " + heading(row);
  }
  return line + " [\\fIoptions\\fR]\n.br\n";
}

}  // namespace

std::string manual_page(const CommandTree& tree) {
  std::string text = ".\\\" Written by `emlc manual`.\n.TH EMLC 1 \"\" \"emlc " EMLC_VERSION "\" \"User Commands\"\n";
  text += fmt::format(".SH NAME\nemlc \\- {}\n.SH SYNOPSIS\n", roff(tree.program.summary));
  for (const Subcommand& sub : tree.subcommands) text += synopsis(sub);
  text +=
      ".SH DESCRIPTION\nCompiles trained tree ensembles, small dense networks and filters into what a microcontroller\n"
      "runs: a C or C++ header that compiles alone, a CSV, or a blob for a small runtime. Messages go to stderr,\n"
      "the product to stdout or to a file.\n";
  text += examples(tree.program) + arguments(tree.program) + ".SH SUBCOMMANDS\n";
  for (const Subcommand& sub : tree.subcommands) {
    text += fmt::format(".SS emlc {}\n{}\n{}{}", sub.name, roff(sub.summary), examples(sub), arguments(sub));
  }
  text += ".SH EXIT STATUS\n";
  for (const Entry& row : exit_codes) text += term(row.term, row.text);
  text += ".SH ENVIRONMENT\n";
  for (const Entry& row : environment) text += term(fmt::format("\\fB{}\\fR", row.term), row.text);
  return text;
}

}  // namespace emlc::cli
