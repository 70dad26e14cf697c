#pragma once

#include <span>
#include <string_view>

namespace emlc::formats {

/// A kind of file that emlc does not read as a model. A reader for it takes its row out of the table.
struct ForeignFile {
  std::string_view name;  ///< what the file is: `a pickle of Python`
  bool (*recognise)(std::string_view content);
  std::string_view way_in;  ///< what to do to get the model in it into emlc
};

/// The first one that recognises a content names it. None recognises what emlc reads.
std::span<const ForeignFile> all_foreign_files();

/// The row of the content; nullptr when it is of none of these kinds. Looks at the first bytes, of JSON and XML at
/// names anywhere.
const ForeignFile* foreign_file(std::string_view content);

}  // namespace emlc::formats
