#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace emlc {

/// A place in an input: the file, the line (1-based, 0 when the file has no lines) and the field.
/// In JSON the field is a path such as `model.trees[3].threshold[7]`.
struct Where {
  std::string file{};
  std::size_t line = 0;
  std::string field{};

  /// `file:line: field`, leaving out what is unknown.
  [[nodiscard]] std::string text() const;
};

/// The input is wrong or not supported. `problem` is one lower-case sentence that says what was found and what was
/// expected; what() is `file:line: field: problem`, with control characters escaped.
class Error : public std::runtime_error {
 public:
  Error(const Where& where, std::string_view problem);

  [[nodiscard]] const Where& where() const { return parts_->where; }
  [[nodiscard]] const std::string& problem() const { return parts_->problem; }

 private:
  struct Parts {
    Where where;
    std::string problem;
  };
  std::shared_ptr<const Parts> parts_;  ///< shared, as copies of an exception may not throw
};

/// `text` with control characters and bytes above 0x7e as \xNN, cut after `limit` bytes: safe to echo on a terminal.
std::string printable(std::string_view text, std::size_t limit = 60);

/// `unknown pass 'merge-leafs', did you mean 'merge-equal-leaves'?`: the only name that goes on like it, else the
/// nearest one, or the list of `known` names when none is near.
std::string unknown_name(std::string_view what, std::string_view name, std::span<const std::string_view> known);

}  // namespace emlc
