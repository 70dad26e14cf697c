#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace emlc::test {

struct SourceFile {
  std::string path;  ///< inside the folder of the program; .c and .cpp files are compiled
  std::string text;
};

/// A program in a folder of its own, which goes away with the object.
class Program {
 public:
  /// Compiles with the host compiler under the flags that docs/headers.md promises for `standard` (c99, c11, c++11,
  /// c++17); <emlc/...> is found. Throws std::runtime_error with the compiler's messages, also for a warning.
  Program(std::string_view standard, const std::vector<SourceFile>& files);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// What the program writes to stdout with `input` on its stdin. Throws std::runtime_error when it fails.
  [[nodiscard]] std::string run(std::string_view input) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace emlc::test
