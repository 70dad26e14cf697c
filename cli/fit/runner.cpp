#include "cli/fit/runner.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <exception>
#include <mutex>
#include <thread>

#include "cli/console/signals.hpp"

namespace emlc::cli::fit {
namespace {

bool is_interrupted() {
  try {
    throw_if_interrupted();
  } catch (const Interrupted&) {
    return true;
  }
  return false;
}

}  // namespace

double Patience::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

std::optional<Ending> Patience::end() const {
  if (is_interrupted()) return Ending::interrupted;
  if (seconds_ && seconds() >= *seconds_) return Ending::seconds;
  return std::nullopt;
}

void run_parallel(std::size_t n, std::size_t jobs, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr first;
  const auto run = [&] {
    for (std::size_t i = next++; i < n; i = next++) {
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!first) first = std::current_exception();
        next = n;
      }
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < std::min(jobs, n); ++i) threads.emplace_back(run);
  run();
  for (std::thread& thread : threads) thread.join();
  if (first) std::rethrow_exception(first);
}

std::vector<Trial> evaluate_all(const Problem& problem, std::span<const Choice> choices, std::size_t jobs,
                                const Patience& patience, const std::function<void(std::size_t)>& done) {
  std::vector<Trial> trials(choices.size());
  std::mutex mutex;
  std::size_t n_begun = 0, n_done = 0;
  bool is_over = false;
  run_parallel(choices.size(), jobs, [&](std::size_t) {
    std::size_t mine = 0;
    {
      const std::lock_guard lock(mutex);
      is_over = is_over || patience.end().has_value();
      if (is_over) return;
      mine = n_begun++;
    }
    trials[mine] = evaluate(problem, choices[mine]);
    const std::lock_guard lock(mutex);
    done(++n_done);
  });
  trials.resize(n_begun);
  return trials;
}

}  // namespace emlc::cli::fit
