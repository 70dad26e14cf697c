#include "cli/console/command_line.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "cli/console/words.hpp"
#include "formats/text/text.hpp"

namespace emlc::cli {
namespace {

Option* add(CommandLine& line, const std::string& names, OptionKind kind, const std::string& description) {
  Option& option = line.options.emplace_back();
  for (const std::string_view name : formats::split_fields(names, ',')) option.name = name;
  if (option.name.starts_with('-')) {
    for (const std::string_view flag : formats::split_fields(names, ',')) option.flags.emplace_back(flag);
  }
  option.kind = kind;
  option.description = description;
  return &option;
}

}  // namespace

Option* Option::takes(std::string value_type) {
  type = std::move(value_type);
  return this;
}

Option* Option::in(std::string group_title) {
  group = std::move(group_title);
  return this;
}

Option* Option::required() {
  is_required = true;
  return this;
}

Option* Option::needs(const Option* other) {
  needed.push_back(other);
  return this;
}

Option* Option::excludes(const Option* other) {
  excluded.push_back(other);
  return this;
}

Option* add_flag(CommandLine& line, const std::string& names, std::function<void()> when_given,
                 const std::string& description) {
  Option* option = add(line, names, OptionKind::flag, description);
  option->use = [when_given = std::move(when_given)](const std::vector<std::string>& /*values*/) { when_given(); };
  return option;
}

Option* add_flag(CommandLine& line, const std::string& names, bool& target, const std::string& description) {
  return add_flag(
      line, names, [&target] { target = true; }, description);
}

Option* add_parsed(CommandLine& line, const std::string& names, std::function<void(const std::string&)> use,
                   const std::string& description) {
  Option* option = add(line, names, OptionKind::value, description);
  option->use = [use = std::move(use)](const std::vector<std::string>& values) { use(values.front()); };
  return option;
}

Option* add_parsed_list(CommandLine& line, const std::string& names,
                        std::function<void(const std::vector<std::string>&)> use, const std::string& description) {
  Option* option = add(line, names, OptionKind::list, description);
  option->use = std::move(use);
  return option;
}

Option* add_text(CommandLine& line, const std::string& names, std::string& target, const std::string& description) {
  return add_parsed(
      line, names, [&target](const std::string& text) { target = text; }, description);
}

Option* add_text(CommandLine& line, const std::string& names, std::optional<std::string>& target,
                 const std::string& description) {
  return add_parsed(
      line, names, [&target](const std::string& text) { target = text; }, description);
}

Option* add_texts(CommandLine& line, const std::string& names, std::vector<std::string>& target,
                  const std::string& description) {
  return add_parsed_list(
      line, names, [&target](const std::vector<std::string>& texts) { target = texts; }, description);
}

Option* add_word(CommandLine& line, const std::string& names, const std::vector<std::string_view>& words,
                 const std::string& what, std::function<void(std::size_t)> use, const std::string& description) {
  const auto choose = [words, what, use = std::move(use)](const std::string& word) {
    use(index_of(word, words, what));
  };
  return add_parsed(line, names, choose, description)->takes(joined(words));
}

Option* add_parsed_integer(CommandLine& line, const std::string& names, IntegerRange range,
                           std::function<void(std::int64_t)> use, const std::string& description) {
  const auto parse_text = [names, range, use = std::move(use)](const std::string& text) {
    use(formats::parse_integer(text, range.lowest, range.highest, {.file = {}, .line = 0, .field = names}));
  };
  return add_parsed(line, names, parse_text, description)->takes("N");
}

Option* add_help(CommandLine& line, const std::string& description) {
  return add(line, "-h,--help", OptionKind::help, description);
}

Option* add_version(CommandLine& line, const std::string& description) {
  return add(line, "--version", OptionKind::version, description);
}

CommandLine& add_subcommand(CommandLine& line, std::string name, std::string summary, std::string examples) {
  CommandLine& sub = line.subcommands.emplace_back(CommandLine{
      .name = std::move(name), .summary = std::move(summary), .examples = std::move(examples), .parent = &line});
  if (const Option* help = find_option(line, "--help")) add_help(sub, help->description);
  return sub;
}

const Option* find_option(const CommandLine& line, std::string_view name) {
  const auto found = std::find_if(line.options.begin(), line.options.end(), [name](const Option& option) {
    return option.name == name || std::find(option.flags.begin(), option.flags.end(), name) != option.flags.end();
  });
  return found == line.options.end() ? nullptr : &*found;
}

bool is_given(const Option& option) { return !option.given.empty(); }

bool is_positional(const Option& option) { return option.flags.empty(); }

bool takes_value(const Option& option) { return option.kind == OptionKind::value || option.kind == OptionKind::list; }

const CommandLine& selected_line(const CommandLine& line) { return line.selected == nullptr ? line : *line.selected; }

std::string full_name(const CommandLine& line) {
  return line.parent == nullptr ? line.name : fmt::format("{} {}", line.parent->name, line.name);
}

}  // namespace emlc::cli
