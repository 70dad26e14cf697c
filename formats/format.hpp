#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/error.hpp"
#include "formats/library.hpp"
#include "formats/reading.hpp"

namespace emlc::formats {

/// A file format that emlc reads.
struct Format {
  std::string_view name;     ///< as written in --from
  std::string_view summary;  ///< one line of `emlc list formats`
  bool (*recognise)(std::string_view content);
  /// Parses the whole content. `file` is only for messages. Throws Error for anything that is wrong or unsupported, and
  /// for a supplement that the format does not need.
  Reading (*read)(std::string_view content, std::string_view file, const Supplement& supplement);
  /// The place of a field of the model in a file that was read, or of what is nearest around it, as far as it is known.
  Where (*locate)(std::string_view content, const Where& field);
  /// Names of the files in its folder that belong to it, nullptr where a file is all there is: Supplement::files.
  std::vector<std::string> (*companions)(std::string_view content, std::string_view file) = nullptr;
  const Library* library = nullptr;  ///< that it needs; reading throws Error where the build was made without
};

std::span<const Format> all_formats();

/// Its summary, with what is missing where the build is without the library that it needs.
std::string summary_here(const Format& format);

/// The format called `name`; throws Error with a suggestion when there is none.
const Format& format_called(std::string_view name);
/// What was refused of a model that `format` has read from `content`, with the line if it had none: that of its field,
/// and without a field the last one of a text, where reading has noticed that something is missing.
Error located(const Format& format, std::string_view content, const Error& refused);
/// The format of the content; throws Error naming the file when no format recognises it.
const Format& recognise(std::string_view content, std::string_view file);

}  // namespace emlc::formats
