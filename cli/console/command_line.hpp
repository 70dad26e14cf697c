#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace emlc::cli {

enum class OptionKind {
  flag,     ///< is given or not
  value,    ///< takes one value
  list,     ///< takes one value each time; as a positional argument all that are left
  help,     ///< a flag that asks for the help
  version,  ///< a flag that asks for the version
};

/// A flag, an option with a value or a positional argument. Made by the add_...() below.
struct Option {
  std::vector<std::string> flags;  ///< `-o`, `--output`; empty for a positional argument
  std::string name;                ///< `--output`; of a positional argument `MODEL`
  std::string description;
  OptionKind kind = OptionKind::flag;
  std::string type = "TEXT";  ///< what the value is: `OUT`, or the words that it may be, `soft|hard`
  std::string group = "Options";
  bool is_required = false;
  std::vector<const Option*> needed;                         ///< have to be given with this one
  std::vector<const Option*> excluded;                       ///< may not be given with this one
  std::vector<const Option*> replaced;                       ///< excluded, and not required when this one is given
  std::function<void(const std::vector<std::string>&)> use;  ///< takes what was given; throws Error for what is wrong
  std::vector<std::string> given;  ///< the values on the command line, of a flag `true`; empty when it was not given

  Option* takes(std::string value_type);
  Option* in(std::string group_title);
  Option* required();
  Option* needs(const Option* other);
  Option* excludes(const Option* other);
};

/// A command line: what it understands, and after parse() what it said. Options and subcommands keep their addresses.
struct CommandLine {
  std::string name;
  std::string summary;
  std::string examples{};  ///< lines of the help, one example each
  std::string version{};   ///< what OptionKind::version prints
  std::deque<Option> options{};
  std::list<CommandLine> subcommands{};
  const CommandLine* parent = nullptr;
  const CommandLine* selected = nullptr;  ///< the subcommand that was given
};

/// Names are flags, `-o,--output`, or of a positional argument its name, `MODEL`. Targets have to outlive the line.
Option* add_flag(CommandLine& line, const std::string& names, bool& target, const std::string& description);
Option* add_flag(CommandLine& line, const std::string& names, std::function<void()> when_given,
                 const std::string& description);
Option* add_text(CommandLine& line, const std::string& names, std::string& target, const std::string& description);
Option* add_text(CommandLine& line, const std::string& names, std::optional<std::string>& target,
                 const std::string& description);
Option* add_texts(CommandLine& line, const std::string& names, std::vector<std::string>& target,
                  const std::string& description);
/// Texts that `use` makes something of; it throws Error for what it does not take.
Option* add_parsed(CommandLine& line, const std::string& names, std::function<void(const std::string&)> use,
                   const std::string& description);
Option* add_parsed_list(CommandLine& line, const std::string& names,
                        std::function<void(const std::vector<std::string>&)> use, const std::string& description);
/// One of `words`: `use` gets its place among them, anything else is an Error. `what` is the noun of it, for the
/// message.
Option* add_word(CommandLine& line, const std::string& names, const std::vector<std::string_view>& words,
                 const std::string& what, std::function<void(std::size_t)> use, const std::string& description);
Option* add_help(CommandLine& line, const std::string& description);     ///< -h, --help
Option* add_version(CommandLine& line, const std::string& description);  ///< --version

/// A subcommand with a help of its own, if the line has one.
CommandLine& add_subcommand(CommandLine& line, std::string name, std::string summary, std::string examples);

/// The option of that name or flag; nullptr when there is none.
const Option* find_option(const CommandLine& line, std::string_view name);

bool is_given(const Option& option);
bool is_positional(const Option& option);
bool takes_value(const Option& option);

/// The subcommand that was given, else the line itself.
const CommandLine& selected_line(const CommandLine& line);

/// `emlc convert`
std::string full_name(const CommandLine& line);

/// The command line is wrong; what() says how in one sentence, with the nearest name when something is misspelt.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Gives every value to its option and notes what was given, also when it throws. Returns the text to print instead of
/// running anything, where help or the version was asked for. Throws UsageError, and what the options throw.
std::optional<std::string> parse(CommandLine& line, std::span<const std::string> arguments);

/// A word that an option takes, and what it stands for.
template <class Value>
struct Choice {
  std::string_view name;
  Value value;
};

/// An option that takes one of the choices. `what` is the noun of it, for the message.
template <class Value, class Target>
Option* add_choice(CommandLine& line, const std::string& names, Target& target, const std::string& what,
                   const std::vector<Choice<Value>>& choices, const std::string& description) {
  std::vector<std::string_view> words;
  words.reserve(choices.size());
  for (const Choice<Value>& choice : choices) words.push_back(choice.name);
  const auto choose = [choices, &target](std::size_t index) { target = choices[index].value; };
  return add_word(line, names, words, what, choose, description);
}

/// What add_integer() accepts, both ends included.
struct IntegerRange {
  std::int64_t lowest, highest;
};
Option* add_parsed_integer(CommandLine& line, const std::string& names, IntegerRange range,
                           std::function<void(std::int64_t)> use, const std::string& description);

/// An option that takes an integer of the range; anything else is an Error.
template <class Value>
Option* add_integer(CommandLine& line, const std::string& names, std::optional<Value>& target, IntegerRange range,
                    const std::string& description) {
  const auto use = [&target](std::int64_t value) { target = static_cast<Value>(value); };
  return add_parsed_integer(line, names, range, use, description);
}

}  // namespace emlc::cli
