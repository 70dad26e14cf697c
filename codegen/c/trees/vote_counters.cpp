#include "codegen/c/trees/vote_counters.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace emlc::c {
namespace {

constexpr int word_bits = 32;
constexpr int smallest_word_bits = 8;

/// The counters in words of one size.
class Packing {
 public:
  Packing(const VoteCounters& counters, int bits_of_word)
      : counters_(counters),
        field_bits_(counters.field_bits()),
        word_bits_(bits_of_word),
        per_word_(static_cast<std::uint32_t>(bits_of_word / field_bits_)) {}

  [[nodiscard]] std::uint32_t n_words() const { return (counters_.n_classes + per_word_ - 1) / per_word_; }
  [[nodiscard]] std::string type() const { return fmt::format("uint{}_t", word_bits_); }
  [[nodiscard]] std::uint32_t word_of(std::uint32_t index) const { return index / per_word_; }
  [[nodiscard]] int shift_of(std::uint32_t index) const { return static_cast<int>(index % per_word_) * field_bits_; }
  /// A word with `value` in the field of each class from `first` to `last` - 1 that is in word `word`.
  [[nodiscard]] std::uint64_t repeated(std::uint32_t word, std::uint64_t value, std::uint32_t first,
                                       std::uint32_t last) const;
  [[nodiscard]] std::uint64_t top() const { return std::uint64_t{1} << (field_bits_ - 1); }
  [[nodiscard]] std::uint32_t first_of(std::uint32_t word) const { return word * per_word_; }
  [[nodiscard]] std::string rival(std::uint32_t index) const;
  void print(Printer& out, const Names& names) const;

 private:
  void print_class(Printer& out, const Names& names, std::uint32_t index) const;
  void print_step(Printer& out, const Names& names) const;
  [[nodiscard]] std::string all_fields(std::uint32_t word, std::uint64_t value) const {
    return literal(repeated(word, value, 0, counters_.n_classes));
  }
  [[nodiscard]] static std::string literal(std::uint64_t value) { return fmt::format("0x{:x}u", value); }

  VoteCounters counters_;
  int field_bits_, word_bits_;
  std::uint32_t per_word_;
};

std::uint64_t Packing::repeated(std::uint32_t word, std::uint64_t value, std::uint32_t first,
                                std::uint32_t last) const {
  std::uint64_t result = 0;
  const std::uint32_t end = std::min({last, first_of(word) + per_word_, counters_.n_classes});
  for (std::uint32_t index = std::max(first, first_of(word)); index < end; ++index) result |= value << shift_of(index);
  return result;
}

/// True when a class before `index` is `left` votes short of its top bit, or less. With a word for every class or two
/// it costs more to look than to ask another tree.
std::string Packing::rival(std::uint32_t index) const {
  if (per_word_ <= 2) return "1";
  std::vector<std::string> words;
  for (std::uint32_t word = 0; word <= word_of(index); ++word) {
    const std::uint64_t tops = repeated(word, top(), 0, index);
    if (tops == 0) continue;
    const std::string ones = literal(repeated(word, 1, 0, index));
    words.push_back(fmt::format("((c{} + {} * (left)) & {})", word, ones, literal(tops)));
  }
  return words.empty() ? "0" : fmt::format("({})", fmt::join(words, " | "));
}

void Packing::print_class(Printer& out, const Names& names, std::uint32_t index) const {
  const std::string word = fmt::format("c{}", word_of(index));
  const int shift = shift_of(index);
  const std::string top_bit = literal(top() << shift);
  out.line("#define {}ADD_{} {} = ({})({} + {})", names.macro, index, word, type(), word,
           literal(std::uint64_t{1} << shift));
  out.line("#define {}HAS_{} ({} & {})", names.macro, index, word, top_bit);
  out.line("#define {}HAS_MORE_{} ({} & {})", names.macro, index, word, literal((top() - 1) << shift));
  out.line("#define {}RIVAL_{}(left) {}", names.macro, index, rival(index));
  // int may have 16 bits, and a word fewer.
  const std::string_view widened = word_bits_ < 32 ? "(unsigned)" : "";
  out.line("#define {}COUNT_{} (({}{} >> {}) & {})", names.macro, index, widened, word, shift, literal(2 * top() - 1));
}

/// Of nibbles: all get one more until one has its top bit. Fields without a class stay 0.
void Packing::print_step(Printer& out, const Names& names) const {
  std::vector<std::string> words, steps;
  for (std::uint32_t word = 0; word < n_words(); ++word) {
    words.push_back(fmt::format("c{}", word));
    steps.push_back(fmt::format("c{0} = ({1})(c{0} + {2})", word, type(), all_fields(word, 1)));
  }
  out.line("#define {}NONE_HAS (!(({}) & {}))", names.macro, fmt::join(words, " | "), all_fields(0, top()));
  out.line("#define {}ADD_ALL {}", names.macro, fmt::join(steps, ", "));
}

void Packing::print(Printer& out, const Names& names) const {
  std::vector<std::string> words;
  for (std::uint32_t word = 0; word < n_words(); ++word) {
    words.push_back(fmt::format("c{} = {}", word, all_fields(word, counters_.start())));
  }
  out.line("#define {}COUNTERS {} {}", names.macro, type(), fmt::join(words, ", "));
  for (std::uint32_t index = 0; index < counters_.n_classes; ++index) print_class(out, names, index);
  if (field_bits_ == 4) print_step(out, names);
}

}  // namespace

int VoteCounters::field_bits() const {
  if (n_trees <= 0xfU) return 4;
  if (n_trees <= 0xffU) return 8;
  return n_trees <= 0xffffU ? 16 : 32;
}

std::uint32_t VoteCounters::start() const {
  return static_cast<std::uint32_t>((std::uint64_t{1} << (field_bits() - 1)) - trigger());
}

void print_counter_macros(Printer& out, const Names& names, const VoteCounters& counters) {
  const Packing wide(counters, word_bits);
  const int small_bits = std::max(smallest_word_bits, counters.field_bits());
  if (small_bits == word_bits) return wide.print(out, names);
  out.line("#if defined(__AVR__) /* registers of 8 bits */");
  Packing(counters, small_bits).print(out, names);
  out.line("#else");
  wide.print(out, names);
  out.line("#endif");
}

std::string winning_condition(const Names& names, const VoteCounters& counters, std::uint32_t index,
                              std::uint32_t n_seen) {
  // The last tree needs no test: the winner is looked for anyway.
  if (n_seen >= counters.n_trees || n_seen < counters.trigger()) return "";
  std::string has = fmt::format("{}HAS_{}", names.macro, index);
  const bool has_majority = counters.trigger() * 2 > counters.n_trees;
  if (has_majority || index == 0) return has;
  if (n_seen == counters.trigger()) return "";  // all others may still go to one class before it
  return fmt::format("{0} && ({1}HAS_MORE_{2} || !{1}RIVAL_{2}({3}u))", has, names.macro, index,
                     counters.n_trees - n_seen);
}

void print_winner(Printer& out, const Names& names, const VoteCounters& counters) {
  const std::uint32_t last = counters.n_classes - 1;
  if (counters.field_bits() == 4) {
    out.line("while ({0}NONE_HAS) {0}ADD_ALL;", names.macro);
    for (std::uint32_t index = 0; index < last; ++index) {
      out.line("if ({0}HAS_{1}) return {1};", names.macro, index);
    }
    return out.line("return {};", last);
  }
  out.line("{{");
  {
    const auto body = out.indent();
    out.line("int best = 0;");
    out.line("{} most = {}COUNT_0;", counters.field_bits() > 16 ? "uint32_t" : "unsigned", names.macro);
    for (std::uint32_t index = 1; index <= last; ++index) {
      out.line("if ({0}COUNT_{1} > most) most = {0}COUNT_{1}, best = {1};", names.macro, index);
    }
    out.line("return best;");
  }
  out.line("}}");
}

}  // namespace emlc::c
