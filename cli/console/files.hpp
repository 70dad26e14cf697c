#pragma once

#include <span>
#include <string>
#include <string_view>

namespace emlc::cli {

constexpr std::string_view standard_stream = "-";  ///< as a path: stdin or stdout

/// The whole content of a file, or of stdin. Throws std::system_error when it cannot be read, Error above 1 GiB.
std::string read_file(const std::string& path);

struct OutputFile {
  std::string path;
  std::string bytes;
};

/// Writes all of the files or none: each goes to a temporary file beside its place, synced, and only when all are
/// complete they are renamed. Symbolic links are followed, permissions of an existing file stay. Pipes, devices and
/// stdout are written to directly, before anything else is touched.
/// Throws std::system_error; Interrupted, with the temporaries removed.
void write_files(std::span<const OutputFile> files);

/// Adds to the end of a file, which is made when it is not there. Throws std::system_error.
void append_to_file(const std::string& path, std::string_view bytes);

void write_stdout(std::string_view bytes);

bool is_same_file(const std::string& a, const std::string& b);

/// The last component of a path without its extension: `models/digits.json` is `digits`.
std::string stem(const std::string& path);
/// `.json`, or nothing.
std::string extension(const std::string& path);

}  // namespace emlc::cli
