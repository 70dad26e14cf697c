#pragma once

#include <string_view>

#include "codegen/model/model.hpp"
#include "tests/support/header_run.hpp"

namespace emlc::test {

/// The bundled real model tests/data/models/<name>/model.json, as its reader gives it.
model::Model read_model(std::string_view name);
/// A table of numbers beside it: X_test.csv, y_pred.csv (the trainer's own predictions).
Rows read_rows(std::string_view name, std::string_view file);

/// |a - b| / max(1, |b|) at its largest over all rows and columns; infinite when the shapes differ or one is NaN.
double largest_difference(const Rows& a, const Rows& b);

}  // namespace emlc::test
