#pragma once

#include <vector>

/// Rows of two features from -8 to 8 steps of 1 / `steps`, each with each.
inline std::vector<std::vector<double>> grid(double steps) {
  std::vector<std::vector<double>> rows;
  for (int i = -8; i <= 8; ++i) {
    for (int j = -8; j <= 8; ++j) rows.push_back({i / steps, j / steps});
  }
  return rows;
}
