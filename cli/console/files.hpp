#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace emlc::cli {

constexpr std::string_view standard_stream = "-";  ///< as a path: stdin or stdout

/// Bytes of the largest file that emlc reads.
constexpr std::size_t largest_file = std::size_t{256} << 20;

/// Standard streams that the caller closed are occupied, so that no file gets their number. Using them fails as before.
void occupy_standard_streams();

/// The whole content of a file, or of stdin. Throws std::system_error when it cannot be read; Error above largest_file,
/// of a file before it is read, of a pipe or a device as soon as that much has come.
std::string read_file(const std::string& path);

struct OutputFile {
  std::string path;
  std::string bytes;
};

/// Writes all of the files or none: each goes to a temporary file beside its place, synced, and only when all are
/// complete they are renamed; where one of several cannot be, those before it are put back. Symbolic links are
/// followed, permissions of an existing file stay. Pipes, devices and stdout are written to directly, before anything
/// else is touched. Throws std::system_error; Interrupted, with the temporaries removed.
void write_files(std::span<const OutputFile> files);

/// Adds to the end of a file, which is made when it is not there. Throws std::system_error.
void append_to_file(const std::string& path, std::string_view bytes);

void write_stdout(std::string_view bytes);

/// Throws the std::system_error that writing would end with, as far as that is known before.
void check_writable(const std::string& path);

/// What is the same for all paths that name one file, links included, whether it is there or not. Nothing for a source
/// that writing does not change (a pipe, a terminal); `-` is stdin.
std::optional<std::string> source_place(const std::string& path);
std::string output_place(const std::string& path);  ///< the same for an output; `-` is stdout

/// The last component of a path, and the path of another file in the same directory; an absolute `name` is that path.
/// As text: libstdc++ 12 frees what it did not allocate when memory runs out while a path grows.
std::string file_name(const std::string& path);
std::string beside(const std::string& path, const std::string& name);

/// The last component of a path without its extension: `models/digits.json` is `digits`.
std::string stem(const std::string& path);
/// `.json`, or nothing.
std::string extension(const std::string& path);

}  // namespace emlc::cli
