#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace emlc::cli {

/// Help as a user reads it: what it is for, examples, usage, then the options in groups. The examples are the footer of
/// the app, one a line.
class ExamplesFirst : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
};

/// What is wrong with the command line, in one sentence, with the nearest name when something is misspelt.
std::string usage_problem(const CLI::App& app, const CLI::ParseError& error);

/// The subcommand that was given, else the program itself.
const CLI::App& selected_app(const CLI::App& app);

/// `emlc convert`
std::string full_name(const CLI::App& app);

}  // namespace emlc::cli
