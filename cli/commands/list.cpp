#include <array>
#include <memory>

#include "cli/commands/command.hpp"
#include "cli/compile/options.hpp"
#include "cli/compile/output.hpp"
#include "cli/console/files.hpp"
#include "cli/sizes/targets.hpp"
#include "codegen/passes/pass.hpp"
#include "formats/format.hpp"

namespace emlc::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

template <class Item>
Rows rows_of(std::span<const Item> items) {
  Rows rows;
  for (const Item& item : items) rows.push_back({std::string(item.name), std::string(item.summary)});
  return rows;
}

Rows list_formats() {
  Rows rows;
  for (const formats::Format& format : formats::all_formats()) {
    rows.push_back({std::string(format.name), summary_here(format)});
  }
  return rows;
}

Rows list_outputs() { return rows_of(all_outputs()); }

Rows list_passes() {
  Rows rows;
  for (const passes::Pass& pass : passes::all_passes()) {
    const bool is_exact = pass.effect == passes::Effect::exact;
    rows.push_back({std::string(pass.name), is_exact ? "exact" : "approximate", std::string(pass.summary)});
  }
  return rows;
}

Rows list_targets() {
  Rows rows;
  for (const Target& target : all_targets()) {
    rows.push_back({std::string(target.name), std::string(target.prefix) + "gcc", std::string(target.title)});
  }
  return rows;
}

/// Something that can be listed.
struct Listing {
  std::string_view name;
  Rows (*rows)();
};
constexpr std::array listings = {Listing{"formats", list_formats}, Listing{"passes", list_passes},
                                 Listing{"outputs", list_outputs}, Listing{"targets", list_targets}};

}  // namespace

Action declare_list(CommandLine& line) {
  std::vector<Choice<Rows (*)()>> choices;
  choices.reserve(listings.size());
  for (const Listing& listing : listings) choices.push_back({listing.name, listing.rows});
  const auto rows = std::make_shared<Rows (*)()>(nullptr);
  add_choice(line, "WHAT", *rows, "list", choices,
             "formats: what emlc reads; passes: what it does to a model; outputs: what it writes; "
             "targets: devices that check measures for")
      ->required()
      ->in("Lists");
  return [rows](const Terminal&) {
    write_stdout(table((*rows)(), {}, 0));
    return 0;
  };
}

}  // namespace emlc::cli
