#pragma once

#include <map>
#include <span>
#include <vector>

#include "codegen/c/trees/code.hpp"
#include "codegen/c/trees/readback/tokens.hpp"
#include "codegen/c/trees/readback/tree_builder.hpp"
#include "codegen/c/trees/table/table.hpp"

namespace emlc::c {

/// A tree of a table: its splits by record or offset, and where it starts. Leaves have their codes.
struct EncodedTree {
  std::map<std::uint32_t, ReadSplit> splits;
  Child root;
};

/// The numbers of a header's tables, as encoded; `shape` says what is the same for all splits and stands in the
/// walker. All throw Unreadable for tables that no walk ends in.
std::vector<EncodedTree> read_links(std::span<const Token> tokens, const TreeCode& code,
                                    const layout::LinkTable& shape);
std::vector<EncodedTree> read_scan(std::span<const Token> tokens, const TreeCode& code, const layout::ScanTable& shape);
std::vector<EncodedTree> read_levels(std::span<const Token> tokens, const TreeCode& code,
                                     const layout::LevelTable& shape);
std::vector<EncodedTree> read_perfect(std::span<const Token> tokens, const TreeCode& code,
                                      const layout::PerfectTable& shape);
std::vector<EncodedTree> read_bytes(std::span<const Token> tokens, const TreeCode& code,
                                    const layout::TreeTable& shape);

}  // namespace emlc::c
