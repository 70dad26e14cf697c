#include <memory>

#include "cli/commands/command.hpp"
#include "cli/commands/shell/completion_scripts.hpp"
#include "cli/commands/shell/manual.hpp"
#include "cli/compile/options.hpp"
#include "cli/console/files.hpp"

namespace emlc::cli {
namespace {

std::shared_ptr<std::string> add_output(CommandLine& line) {
  auto path = std::make_shared<std::string>(standard_stream);
  add_text(line, "-o,--output", *path, "the file to write; default: stdout")->takes("OUT")->in("Output");
  return path;
}

int write(const std::string& path, const std::string& text) {
  write_files(std::vector<OutputFile>{{path, text}});
  return 0;
}

}  // namespace

Action declare_completions(CommandLine& line) {
  const auto shell = std::make_shared<const Shell*>(nullptr);
  std::vector<Choice<const Shell*>> choices;
  for (const Shell& row : all_shells()) choices.push_back({row.name, &row});
  add_choice(line, "SHELL", *shell, "shell", choices, "the shell that is to complete")->required()->in("Shells");
  const auto path = add_output(line);
  return [shell, path, &line](const Terminal&) { return write(*path, (*shell)->script(command_tree(*line.parent))); };
}

Action declare_manual(CommandLine& line) {
  const auto path = add_output(line);
  return [path, &line](const Terminal&) { return write(*path, manual_page(command_tree(*line.parent))); };
}

}  // namespace emlc::cli
