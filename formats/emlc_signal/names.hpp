#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/emlc_signal/document.hpp"

namespace emlc::formats::emlc_signal {

/// What a name stands for: one signal, or a group of them.
struct Group {
  bool is_single = true;
  std::vector<std::int32_t> members{};
  std::vector<std::string> suffixes{};  ///< of each member: `x` of `m_x`; of a single signal its own name
};

/// All names of a document so far, in the order in which they came.
class Scope {
 public:
  explicit Scope(const json::Source& source) : source_(source) {}

  /// Throws Error at `path` for a name that is taken, or that would be none in C.
  void add(const std::string& name, Group group, const std::string& path);
  [[nodiscard]] const Group& find(const std::string& name, const std::string& path) const;
  [[nodiscard]] const json::Source& source() const { return source_; }

 private:
  const json::Source& source_;
  std::map<std::string, Group, std::less<>> groups_;
  std::vector<std::string> names_;
};

/// The path of an item of a list of names, of a single name that of its key.
std::string item_path(const Names& names, std::size_t item, const std::string& path);

/// The signals that names without pairs stand for. Of one name that is a group its own suffixes, else the names of the
/// signals. Throws Error for an unknown name, and for a list where a name should be.
Group members_of(const Scope& scope, const signal::Plan& plan, const Names& names, const std::string& path);

}  // namespace emlc::formats::emlc_signal
