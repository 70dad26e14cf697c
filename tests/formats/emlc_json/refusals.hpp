#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/error.hpp"
#include "tests/formats/emlc_json/documents.hpp"

/// Documents that are refused, and why.
namespace emlc::formats::documents {

/// What the reader says; empty when it is content.
inline std::string refusal(std::string_view document) {
  try {
    read_emlc_json(document, "m.json");
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

/// The smallest document with one piece of it replaced.
inline std::string changed(std::string_view from, std::string_view to) {
  std::string document(smallest);
  const std::size_t at = document.find(from);
  REQUIRE(at != std::string::npos);
  return document.replace(at, from.size(), to);
}

struct Row {
  std::string_view from, to, problem;
};

inline void check_refusals(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.from);
    CAPTURE(row.to);
    CHECK(refusal(changed(row.from, row.to)) == std::string("m.json:") + std::string(row.problem));
  }
}

}  // namespace emlc::formats::documents
