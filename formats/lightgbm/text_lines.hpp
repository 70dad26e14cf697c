#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "codegen/model/error.hpp"

/// The lines of a model in text form, `key=value` each.
namespace emlc::formats::lightgbm {

struct KeyLine {
  std::string_view key, value;  ///< a line without `=` is a key alone
  std::size_t number = 0;       ///< 1-based
};

/// Goes over the lines of a text without keeping them; blank ones are skipped.
class Lines {
 public:
  Lines(std::string_view content, std::string_view file) : rest_(content), file_(file) {}

  /// False at the end of the text.
  bool next();
  [[nodiscard]] const KeyLine& line() const { return line_; }
  /// The place of a line and its key.
  [[nodiscard]] Where where(const KeyLine& line) const {
    return {std::string(file_), line.number, std::string(line.key)};
  }
  [[nodiscard]] std::string_view file() const { return file_; }

 private:
  std::string_view rest_, file_;
  KeyLine line_;
  std::size_t n_lines_ = 0;
};

/// The numbers of a line, separated by blanks. Throws Error at `where` with the entry, for one that is none, out of
/// range, or not finite, and for another count than `expected`.
std::vector<double> numbers_of(std::string_view value, std::size_t expected, const Where& where);
/// Here infinite numbers are allowed.
std::vector<double> thresholds_of(std::string_view value, std::size_t expected, const Where& where);
std::vector<std::int32_t> integers_of(std::string_view value, std::size_t expected, const Where& where);
std::vector<std::uint32_t> words_of(std::string_view value, std::size_t expected, const Where& where);

}  // namespace emlc::formats::lightgbm
