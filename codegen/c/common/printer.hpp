#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace emlc::c {

/// Collects lines of code with their indentation.
class Printer {
 public:
  template <typename... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    const std::string text = fmt::format(format, std::forward<Args>(args)...);
    if (!text.empty()) text_.append(2 * static_cast<std::size_t>(depth_), ' ');
    text_ += text;
    text_ += '\n';
  }

  /// Text that starts where the line does, as lines of the preprocessor do.
  void unindented(std::string_view text) {
    text_ += text;
    text_ += '\n';
  }

  /// Indents until it goes out of scope.
  class Indent {
   public:
    explicit Indent(Printer& printer) : printer_(printer) { ++printer_.depth_; }
    ~Indent() { --printer_.depth_; }
    Indent(const Indent&) = delete;
    Indent& operator=(const Indent&) = delete;

   private:
    Printer& printer_;
  };
  [[nodiscard]] Indent indent() { return Indent(*this); }

  /// Appends whole lines as they are.
  void text(std::string_view lines) { text_ += lines; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  int depth_ = 0;
};

}  // namespace emlc::c
