#include "cli/sizes/measured_sizes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <system_error>

#include "cli/console/files.hpp"
#include "cli/console/process.hpp"
#include "cli/console/temporary_directory.hpp"
#include "cli/sizes/stack_usage.hpp"
#include "cli/trial/compiler.hpp"
#include "codegen/c/frame/size_program.hpp"
#include "codegen/model/error.hpp"
#include "formats/text/text.hpp"

namespace emlc::cli {
namespace {

/// How a header of one language is compiled for a device.
struct Compilation {
  c::Language language;
  std::string_view extension, compiler, flags, header, program, source;
};
constexpr std::array compilations = {
    Compilation{c::Language::c, "c", "gcc", "", "model.h", "size.c", "source.c"},
    Compilation{c::Language::cpp, "cpp", "g++", "-std=gnu++17 -fno-exceptions -fno-rtti -fno-threadsafe-statics",
                "model.hpp", "size.cpp", "source.cpp"}};

constexpr std::string_view common_flags = "-w -ffunction-sections -fdata-sections -fstack-usage";
constexpr std::string_view call_graph_flag = "-fcallgraph-info=su";  // gcc 10

const Compilation& compilation_of(c::Language language) {
  return *std::find_if(compilations.begin(), compilations.end(),
                       [&](const Compilation& row) { return row.language == language; });
}

/// A tool of the compiler that did not do what it was asked to: `avr-gcc: model.h:3:1: error: ...`.
class ToolFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A compiler at work in a directory of its own.
struct Workshop {
  const Target& target;
  const Compilation& compilation;
  std::string_view optimisation;
  std::vector<std::string> include_flags;
  std::string directory;
  std::vector<std::string> with = {"with"};  ///< the objects of the program that calls the model

  [[nodiscard]] std::string tool(std::string_view name) const { return fmt::format("{}{}", target.prefix, name); }
  [[nodiscard]] std::string compiler() const { return tool(compilation.compiler); }
  [[nodiscard]] std::string path(std::string_view name) const { return fmt::format("{}/{}", directory, name); }
  [[nodiscard]] Finished run(std::vector<std::string> arguments) const {
    return run_process({.arguments = std::move(arguments), .directory = directory, .environment = {"LC_ALL=C"}});
  }
  [[noreturn]] void fail(std::string_view program, const Finished& finished) const {
    const std::string said = first_error(finished.err);
    throw ToolFailed(
        fmt::format("{}: {}", program, said.empty() ? fmt::format("exit code {}", finished.exit_code) : said));
  }
};

/// What a tool of the compiler prints.
std::string told(const Workshop& shop, std::string_view tool, const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {shop.tool(tool)};
  command.insert(command.end(), arguments.begin(), arguments.end());
  Finished finished = shop.run(command);
  if (finished.exit_code == exit_not_started) {
    throw std::system_error(ENOENT, std::generic_category(), fmt::format("cannot run '{}'", command.front()));
  }
  if (finished.exit_code != 0) shop.fail(command.front(), finished);
  return std::move(finished.out);
}

/// `avr-gcc 5.4.0 -Os`; nothing when it is not there.
std::optional<std::string> compiler_text(const Workshop& shop) {
  const Finished finished = shop.run({shop.compiler(), "-dumpfullversion", "-dumpversion"});
  if (finished.exit_code == exit_not_started) return std::nullopt;
  const std::string_view version = formats::trim(std::string_view(finished.out).substr(0, finished.out.find('\n')));
  return fmt::format("{} {} {}", shop.compiler(), printable(version), shop.optimisation);
}

void append(std::vector<std::string>& command, std::string_view text) {
  for (std::string& word : words(text)) command.push_back(std::move(word));
}

/// Compiles a file to NAME.o, with NAME.su and, from gcc 10 on, NAME.ci.
void compile(const Workshop& shop, std::string_view file, const std::string& name, std::string_view definition) {
  std::vector<std::string> command = {shop.compiler()};
  for (const std::string_view flags : {shop.optimisation, shop.target.flags, shop.compilation.flags, common_flags}) {
    append(command, flags);
  }
  command.insert(command.end(), shop.include_flags.begin(), shop.include_flags.end());
  append(command, definition);
  append(command, fmt::format("-c {} -o {}.o", file, name));
  std::vector<std::string> with_graph = command;
  with_graph.emplace_back(call_graph_flag);
  if (shop.run(with_graph).exit_code == 0) return;
  const Finished finished = shop.run(command);
  if (finished.exit_code != 0) shop.fail(command.front(), finished);
}

/// @param objects  the program is called like the first of them
void link(const Workshop& shop, const std::vector<std::string>& objects) {
  std::vector<std::string> command = {shop.compiler()};
  for (const std::string_view flags : {shop.optimisation, shop.target.flags}) append(command, flags);
  append(command, fmt::format("-o {} {}.o", objects.front(), fmt::join(objects, ".o ")));
  append(command, shop.target.link);
  append(command, "-Wl,--gc-sections -lm");
  const Finished finished = shop.run(command);
  if (finished.exit_code != 0) shop.fail(command.front(), finished);
}

struct Sections {
  std::size_t text = 0, data = 0, bss = 0;
};

/// The line of `size` for the first program.
Sections sections(const Workshop& shop, const std::string& name) {
  const std::string listing = told(shop, "size", {name});
  const auto lines = formats::split_lines(listing);
  std::vector<std::size_t> numbers;
  if (lines.size() > 1) {
    std::string cells(lines[1].text);
    std::replace(cells.begin(), cells.end(), '\t', ' ');
    for (const std::string& word : words(cells)) {
      if (numbers.size() == 3) break;
      constexpr std::int64_t highest = 0xFFFFFFFF;
      numbers.push_back(
          static_cast<std::size_t>(formats::parse_integer(word, 0, highest, {.file = shop.tool("size")})));
    }
  }
  if (numbers.size() != 3) throw Error({.file = shop.tool("size")}, "expected text, data and bss of a program");
  return {numbers[0], numbers[1], numbers[2]};
}

/// The names that nm lists with this option.
std::set<std::string> symbols_of(const Workshop& shop, const char* option, const std::string& object) {
  std::set<std::string> symbols;
  const std::string listing = told(shop, "nm", {option, object});
  for (const formats::Line& line : formats::split_lines(listing)) {
    const std::vector<std::string> cells = words(line.text);
    if (!cells.empty()) symbols.insert(printable(cells.back()));
  }
  return symbols;
}

std::set<std::string> undefined_symbols(const Workshop& shop, const std::vector<std::string>& objects) {
  std::set<std::string> symbols;
  for (const std::string& object : objects) symbols.merge(symbols_of(shop, "-u", object + ".o"));
  if (objects.size() == 1) return symbols;
  for (const std::string& object : objects) {  // what one has for the other
    for (const std::string& symbol : symbols_of(shop, "--defined-only", object + ".o")) symbols.erase(symbol);
  }
  return symbols;
}

/// What the compiler wrote about the objects of the program, one text after the other; nothing if it did not.
std::optional<std::string> told_of_objects(const Workshop& shop, const char* extension) {
  std::string all;
  for (const std::string& object : shop.with) {
    const std::string file = shop.path(object + extension);
    if (!std::filesystem::exists(file)) return std::nullopt;
    all += read_file(file);
  }
  return all;
}

std::optional<std::size_t> stack_bytes(const Workshop& shop) {
  if (const auto graph = told_of_objects(shop, ".ci")) return deepest_path(*graph, c::size_program_call);
  const auto frames = told_of_objects(shop, ".su");
  return frames ? sum_of_frames(*frames) : std::nullopt;
}

/// A call costs more than no call, but for a model that is a constant.
std::size_t more(std::size_t with, std::size_t without) { return with > without ? with - without : 0; }

TargetSizes measure(const Workshop& shop) {
  compile(shop, shop.compilation.program, "without", "");
  compile(shop, shop.compilation.program, "with", fmt::format("-D{}", c::size_program_macro));
  if (shop.with.size() > 1) compile(shop, shop.compilation.source, shop.with.back(), "");
  link(shop, shop.with);
  link(shop, {"without"});
  const Sections with = sections(shop, "with"), without = sections(shop, "without");
  TargetSizes sizes{.target = std::string(shop.target.name), .source = SizeSource::measured};
  sizes.text = more(with.text, without.text);
  sizes.data = more(with.data, without.data);
  sizes.bss = more(with.bss, without.bss);
  sizes.stack = stack_bytes(shop);
  sizes.flash = *sizes.text + *sizes.data;
  if (sizes.stack) {
    sizes.ram = *sizes.data + *sizes.bss + *sizes.stack;
  } else {
    sizes.problem = fmt::format("{} does not tell how much stack it takes", shop.compiler());
  }
  std::set<std::string> called = undefined_symbols(shop, shop.with);
  for (const std::string& symbol : undefined_symbols(shop, {"without"})) called.erase(symbol);
  sizes.library_functions.assign(called.begin(), called.end());
  return sizes;
}

/// Throws Error when not even an empty program can be made: then it is not the model's fault.
void check_tools(const Workshop& shop) {
  const std::string empty = "empty";
  const std::string file = fmt::format("{}.{}", empty, shop.compilation.extension);
  write_files(std::vector<OutputFile>{{shop.path(file), "int main(void) { return 0; }\n"}});
  try {
    compile(shop, file, empty, "");
    link(shop, {empty});
    static_cast<void>(sections(shop, empty));
    static_cast<void>(undefined_symbols(shop, {empty}));
  } catch (const ToolFailed& failed) {
    throw Error({}, fmt::format("nothing can be measured for {}, not even an empty program: {}", shop.target.name,
                                failed.what()));
  }
}

}  // namespace

std::optional<TargetSizes> measure_on(const Target& target, const HeaderText& header,
                                      const std::vector<std::string>& includes) {
  const TemporaryDirectory directory;
  const Compilation& compilation = compilation_of(header.language);
  const Workshop shop{
      .target = target,
      .compilation = compilation,
      .optimisation = header.optimize == c::Optimize::speed ? "-O2" : "-Os",
      .include_flags = include_flags(includes),
      .directory = directory.path(),
      .with = header.source.empty() ? std::vector<std::string>{"with"} : std::vector<std::string>{"with", "source"}};
  const auto compiler = compiler_text(shop);
  if (!compiler) return std::nullopt;
  const std::string file = header.source.empty() ? std::string(compilation.header) : header.header_file;
  const std::string program = c::make_size_program(header.model, header.name, header.language, file);
  write_files(std::vector<OutputFile>{{shop.path(file), std::string(header.text)},
                                      {shop.path(compilation.source), std::string(header.source)},
                                      {shop.path(compilation.program), program}});
  try {
    TargetSizes sizes = measure(shop);
    sizes.compiler = *compiler;
    return sizes;
  } catch (const ToolFailed& failed) {
    check_tools(shop);
    return TargetSizes{.target = std::string(target.name),
                       .problem = fmt::format("cannot be measured: {}", failed.what())};
  }
}

std::string_view compiler_name(c::Language language) { return compilation_of(language).compiler; }

}  // namespace emlc::cli
