#include "formats/keras/zip_file.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <memory>
#include <utility>

#include "codegen/model/error.hpp"

namespace emlc::formats::keras {
namespace {

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using Entry = std::unique_ptr<zip_file_t, Discard>;
using Source = std::unique_ptr<zip_source_t, Discard>;

Archive open(std::string_view content, const Where& where) {
  zip_error_t error;
  zip_error_init(&error);
  Source source(zip_source_buffer_create(content.data(), content.size(), 0, &error));
  Archive archive(source ? zip_open_from_source(source.get(), ZIP_RDONLY, &error) : nullptr);
  const std::string reason = zip_error_strerror(&error);
  zip_error_fini(&error);
  if (!archive) throw Error(where, fmt::format("is no zip archive that libzip reads: {}", printable(reason)));
  static_cast<void>(source.release());  // the archive has it now
  return archive;
}

/// Two files of one name are read by one tool and passed over by another.
zip_uint64_t only_entry(zip_t* archive, const std::string& name, const Where& where) {
  const zip_int64_t n_entries = zip_get_num_entries(archive, 0);
  zip_int64_t found = -1;
  for (zip_int64_t i = 0; i < n_entries; ++i) {
    const char* const other = zip_get_name(archive, static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
    if (other == nullptr || name != other) continue;
    if (found >= 0) throw Error(where, fmt::format("has two files called '{}'", name));
    found = i;
  }
  if (found < 0) throw Error(where, fmt::format("has no file called '{}'", name));
  return static_cast<zip_uint64_t>(found);
}

}  // namespace

std::string unzipped(std::string_view archive, std::string_view file, const std::string& name) {
  const Where where{.file = std::string(file)};
  const Archive opened = open(archive, where);
  const zip_uint64_t index = only_entry(opened.get(), name, where);
  zip_stat_t stat;
  const bool is_known = zip_stat_index(opened.get(), index, 0, &stat) == 0 && (stat.valid & ZIP_STAT_SIZE) != 0;
  if (!is_known) throw Error(where, fmt::format("does not say how long '{}' is", name));
  if (stat.size / most_growth > archive.size()) {
    throw Error(where, fmt::format("'{}' would have {} bytes, more than {} times as many as the file", name, stat.size,
                                   most_growth));
  }
  const Entry entry(zip_fopen_index(opened.get(), index, 0));
  std::string content(stat.size, '\0');
  // What follows the last byte tells whether the file is as long as it says, and checks its checksum.
  char beyond = 0;
  const bool is_read = entry && std::cmp_equal(zip_fread(entry.get(), content.data(), content.size()), stat.size) &&
                       zip_fread(entry.get(), &beyond, 1) == 0;
  if (!is_read)
    throw Error(where, fmt::format("'{}' cannot be read: it is damaged, encrypted or not as long as it says", name));
  return content;
}

}  // namespace emlc::formats::keras
