#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/fuzz/blob_changes.hpp"
#include "tests/fuzz/target.hpp"

/// libFuzzer's entries for all targets: `--target=NAME` and libFuzzer's own options. `--list` prints the targets, one a
/// line with its dictionary; `--seeds=FOLDER` behind `--target=NAME` writes what to begin with.
namespace {

using namespace emlc::fuzz;

const Target* target = nullptr;

void list() {
  for (const Target& row : all_targets()) {
    std::printf("%s %s\n", std::string(row.name).c_str(), std::string(row.dictionary).c_str());
  }
}

void write_seeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::size_t number = 0;
  for (const std::string& seed : seeds(*target)) {
    std::ofstream(folder / ("seed" + std::to_string(number++)), std::ios::binary) << seed;
  }
}

/// The value of `option=value`, or nullptr.
const char* value_of(const char* argument, std::string_view option) {
  return std::strncmp(argument, option.data(), option.size()) == 0 ? argument + option.size() : nullptr;
}

/// Reads what is ours and leaves the rest to libFuzzer, which overlooks what begins with two hyphens.
void read_arguments(int n, char** arguments) {
  for (int i = 1; i < n; ++i) {
    if (const char* name = value_of(arguments[i], "--target=")) target = &target_called(name);
    if (std::string_view(arguments[i]) == "--list") list();
    if (const char* folder = value_of(arguments[i], "--seeds=")) write_seeds(folder);
    if (std::string_view(arguments[i]).starts_with("--list") || value_of(arguments[i], "--seeds=") != nullptr) {
      std::exit(0);
    }
  }
  if (target == nullptr) throw std::runtime_error("--target is missing");
}

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

// NOLINTNEXTLINE(readability-non-const-parameter): as libFuzzer declares it
extern "C" int LLVMFuzzerInitialize(int* n, char*** arguments) {
  try {
    read_arguments(*n, *arguments);
  } catch (const std::exception& problem) {
    (void)std::fprintf(stderr, "fuzz_targets: %s\n", problem.what());
    std::exit(2);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  target->run(target->name, {reinterpret_cast<const char*>(data), size});
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  if (target->changes == Changes::bytes) return LLVMFuzzerMutate(data, size, most);
  emlc::test::Random random(seed);
  const bool knows_form = random.below(2) == 0;
  if (!knows_form) size = LLVMFuzzerMutate(data, size, most);
  std::string blob(reinterpret_cast<const char*>(data), size);
  if (knows_form) change_blob(blob, random);
  if (random.below(8) != 0) reseal(blob);  // some keep a wrong checksum
  if (blob.size() > most) return LLVMFuzzerMutate(data, size, most);
  std::copy(blob.begin(), blob.end(), data);
  return blob.size();
}
