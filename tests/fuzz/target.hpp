#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What is fuzzed: every reader of a file that somebody else may have made, on this computer and on the device.
namespace emlc::fuzz {

/// How a fuzzer changes an input.
enum class Changes {
  bytes,  ///< anything anywhere
  blob,   ///< fields and layers of a .tmdl too, mostly under a checksum that is right: see change_blob()
};

struct Target {
  std::string_view name;
  std::string_view seeds;       ///< files of the source tree with a blank between them
  std::string_view dictionary;  ///< tests/fuzz/dictionaries/<dictionary>.dict
  Changes changes;
  /// The inputs to begin with that a file of `seeds` stands for. Throws Error.
  std::vector<std::string> (*prepare)(const std::string& content);
  /// Reads the content and does with it what emlc or a device would go on to do. Returns whether it was accepted; a
  /// refusal is none of the exceptions that leave it. `name` is that of the target.
  bool (*run)(std::string_view name, std::string_view content);
};

std::span<const Target> all_targets();

/// Throws Error that lists the targets when there is none of that name.
const Target& target_called(std::string_view name);

/// All inputs to begin with, in the order of the row. Throws std::runtime_error for a file that is not there.
std::vector<std::string> seeds(const Target& target);

/// The content of a file of the source tree. Throws std::runtime_error.
std::string source_file(std::string_view path);

}  // namespace emlc::fuzz
