#include "formats/library.hpp"

#include <doctest/doctest.h>

#include "formats/format.hpp"

namespace emlc::formats {
namespace {

constexpr Library shelf{"EMLC_WITH_SHELF", "libshelf-dev shelf-tools", Presence::left_out};
constexpr Library lamp{"EMLC_WITH_LAMP", "liblamp-dev", Presence::built_in};

TEST_CASE("library: what a build lacks is said with the option and the packages") {
  CHECK(refusal_without(shelf) ==
        "this emlc was built without the library that its format needs; build emlc with -DEMLC_WITH_SHELF=ON (Debian: "
        "libshelf-dev shelf-tools)");
}

TEST_CASE("library: the list of formats marks those that a build lacks, and no other") {
  Format format{"book", "pages of text", nullptr, nullptr, nullptr};
  CHECK(summary_here(format) == "pages of text");
  format.library = &lamp;
  CHECK(summary_here(format) == "pages of text");
  format.library = &shelf;
  CHECK(summary_here(format) ==
        "pages of text; not in this build: build emlc with -DEMLC_WITH_SHELF=ON (Debian: libshelf-dev shelf-tools)");
}

}  // namespace
}  // namespace emlc::formats
