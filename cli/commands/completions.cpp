#include <memory>

#include "cli/commands/command.hpp"
#include "cli/commands/completion_scripts.hpp"
#include "cli/commands/manual.hpp"
#include "cli/compile/options.hpp"
#include "cli/console/files.hpp"

namespace emlc::cli {
namespace {

std::shared_ptr<std::string> add_output(CLI::App& app) {
  auto path = std::make_shared<std::string>(standard_stream);
  app.add_option("-o,--output", *path, "the file to write; default: stdout")->type_name("OUT")->group("Output");
  return path;
}

int write(const std::string& path, const std::string& text) {
  write_files(std::vector<OutputFile>{{path, text}});
  return 0;
}

}  // namespace

Action declare_completions(CLI::App& app) {
  const auto shell = std::make_shared<const Shell*>(nullptr);
  std::vector<Choice<const Shell*>> choices;
  for (const Shell& row : all_shells()) choices.push_back({row.name, &row});
  add_choice(app, "SHELL", *shell, "shell", choices, "the shell that is to complete")->required()->group("Shells");
  const auto path = add_output(app);
  return
      [shell, path, &app](const Terminal&) { return write(*path, (*shell)->script(command_tree(*app.get_parent()))); };
}

Action declare_manual(CLI::App& app) {
  const auto path = add_output(app);
  return [path, &app](const Terminal&) { return write(*path, manual_page(command_tree(*app.get_parent()))); };
}

}  // namespace emlc::cli
