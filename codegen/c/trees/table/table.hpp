#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "codegen/c/trees/code.hpp"
#include "codegen/layout/artifact.hpp"
#include "codegen/layout/trees/levels.hpp"
#include "codegen/layout/trees/links.hpp"
#include "codegen/layout/trees/perfect.hpp"
#include "codegen/layout/trees/scan.hpp"
#include "codegen/layout/trees/table.hpp"

namespace emlc::c {

using TableTrees =
    std::variant<layout::TreeTable, layout::ScanTable, layout::LinkTable, layout::LevelTable, layout::PerfectTable>;

/// The table of an ensemble in the encoding that the options ask for, or that suits config.optimize. An encoding that
/// cannot hold the ensemble gives way to the byte table, which holds all. The leaves of `code` get the numbers that the
/// table calls them by.
TableTrees make_table(TreeCode& code, const EmitConfig& config);

/// The output of a tree is in a table, since it is not counted along (has_rounds).
bool has_columns(const TreeCode& code);

/// Does the table say in moves what the leaf rows hold?
bool has_moves(const TableTrees& table);

/// Prints a table and a sum_ that walks it. Returns the bytes of the tables.
std::vector<layout::Part> print_table_trees(Printer& out, const TreeCode& code, const TableTrees& table);

}  // namespace emlc::c
