#include <doctest/doctest.h>
#include <emlc/tmdl.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "formats/format.hpp"
#include "tests/fuzz/blob_changes.hpp"
#include "tests/fuzz/target.hpp"

using namespace emlc;
using namespace emlc::fuzz;

namespace {

namespace fs = std::filesystem;

/// What a target failed on once: <target>/<what it was>.
const fs::path folder = fs::path(EMLC_SOURCE_DIR) / "tests/fuzz/found";

/// In the order of their names; none where there is no such folder.
std::vector<fs::path> files_in(const fs::path& path) {
  std::vector<fs::path> files;
  if (!fs::exists(path)) return files;
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// Is its library in this build? Without it a reader refuses everything.
bool is_built_in(const Target& target) {
  for (const formats::Format& format : formats::all_formats()) {
    if (format.name == target.name && format.library != nullptr) {
      return format.library->presence == formats::Presence::built_in;
    }
  }
  return true;
}

emlc_status opened(const std::string& blob) {
  const std::vector<std::uint8_t> bytes(blob.begin(), blob.end());
  emlc_model model;
  return emlc_tmdl_open(bytes.data(), bytes.size(), &model);
}

}  // namespace

TEST_CASE("fuzz targets: all seeds are accepted, so that a fuzzer begins behind the reader") {
  for (const Target& target : all_targets()) {
    CAPTURE(target.name);
    if (!is_built_in(target)) continue;
    const std::vector<std::string> all = seeds(target);
    CHECK_FALSE(all.empty());
    for (std::size_t i = 0; i < all.size(); ++i) {
      CAPTURE(i);
      CHECK(target.run(target.name, all[i]));
    }
  }
}

TEST_CASE("fuzz targets: what was found once stays repaired") {
  for (const Target& target : all_targets()) {
    for (const fs::path& path : files_in(folder / target.name)) {
      CAPTURE(path.string());
      CHECK_NOTHROW(target.run(target.name, source_file(path.string())));
    }
  }
  // What is in a folder that is no target would be overlooked.
  for (const fs::path& path : files_in(folder)) CHECK(target_called(path.filename().string()).name == path.filename());
}

TEST_CASE("fuzz targets: each has a dictionary that exists, or none, and each format has a target") {
  for (const Target& target : all_targets()) {
    if (target.dictionary.empty()) continue;
    CHECK_FALSE(source_file("tests/fuzz/dictionaries/" + std::string(target.dictionary) + ".dict").empty());
  }
  for (const formats::Format& format : formats::all_formats()) CHECK(target_called(format.name).name == format.name);
}

TEST_CASE("fuzz targets: a changed blob is opened or refused for what is in it, not for its checksum") {
  test::Random random(3);
  std::set<emlc_status> answers;
  for (const std::string& seed : seeds(target_called("runtime-tmdl"))) {
    std::string untouched = seed;
    reseal(untouched);
    CHECK(untouched == seed);
    std::string broken = seed;
    broken.back() = static_cast<char>(broken.back() ^ 1);
    CHECK(opened(broken) == EMLC_ERR_CHECKSUM);
    for (int round = 0; round < 200; ++round) {
      std::string blob = seed;
      change_blob(blob, random);
      reseal(blob);
      answers.insert(opened(blob));
    }
  }
  CHECK(answers.count(EMLC_ERR_CHECKSUM) == 0);
  // OK, and refusals of every part.
  CHECK(answers.size() > 5);
}
