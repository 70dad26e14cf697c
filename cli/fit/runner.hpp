#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "cli/fit/search.hpp"

namespace emlc::cli::fit {

/// When to stop before all is done: a time that is up, or a signal that SignalsHeld holds back.
class Patience {
 public:
  explicit Patience(std::optional<double> seconds) : seconds_(seconds) {}

  [[nodiscard]] std::optional<Ending> end() const;  ///< why, once it has
  [[nodiscard]] double seconds() const;             ///< since the beginning

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::optional<double> seconds_;
};

/// Evaluates the choices, up to `jobs` at a time. What has begun is finished, and begun in order: after a stop there
/// are the first ones of all, fewer than asked for. `done` is told how many there are, one thread at a time.
std::vector<Trial> evaluate_all(const Problem& problem, std::span<const Choice> choices, std::size_t jobs,
                                const Patience& patience, const std::function<void(std::size_t)>& done);

/// Calls `work` for 0 to n - 1, up to `jobs` at a time. What one of them throws is thrown when all have ended.
void run_parallel(std::size_t n, std::size_t jobs, const std::function<void(std::size_t)>& work);

}  // namespace emlc::cli::fit
