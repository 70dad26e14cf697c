#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emlc::c {

/// A word, number, string or mark of C text; comments and blanks are none. The text has to outlive it.
struct Token {
  std::string_view text;
  std::size_t line = 0;  ///< from 1
};
std::vector<Token> tokens_of(std::string_view text);

/// Generated text that is not what the emitter writes. `line` is where.
struct Unreadable {
  std::size_t line = 0;
  std::string problem;
};

/// Reads tokens one after the other. Everything that is not as expected throws Unreadable.
class TokenReader {
 public:
  explicit TokenReader(std::span<const Token> tokens) : tokens_(tokens) {}

  [[nodiscard]] bool is_at_end() const { return at_ >= tokens_.size(); }
  /// Token `ahead` places on; empty behind the end.
  [[nodiscard]] std::string_view peek(std::size_t ahead = 0) const;
  /// True, and the words (separated by blanks) are read, if they come next.
  bool accept(std::string_view words);
  void expect(std::string_view words);
  std::string_view take();
  /// A literal with its sign: `-12`, `0x7fu`, `1.5e-3f`, `(-2147483647 - 1)`.
  double take_number();
  /// An integer literal with its sign, of 64 bits: `-12`, `0xbff0000000000000u`, which are the bits of a negative
  /// number.
  std::int64_t take_whole();
  [[noreturn]] void fail(std::string_view expected) const;

 private:
  std::span<const Token> tokens_;
  std::size_t at_ = 0;
};

/// The tokens after the first place where `words` stand; empty when they do not.
std::span<const Token> after(std::span<const Token> tokens, std::string_view words);
/// The numbers of the table `name`. Throws Unreadable when there is none.
std::vector<double> table_of(std::span<const Token> tokens, std::string_view name);
/// The same for integers of 64 bits.
std::vector<std::int64_t> whole_table_of(std::span<const Token> tokens, std::string_view name);

}  // namespace emlc::c
