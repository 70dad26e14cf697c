#include "cli/commands/check_baseline.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/gate/baseline.hpp"

namespace emlc::cli {

std::vector<std::string> unused(const Project& project, std::span<const Sizes> before, std::span<const Sizes> now) {
  std::vector<std::string> titles;
  if (project.file.empty()) return titles;  // the command line names just the models of interest
  for (const Sizes& sizes : before) {
    if (find_entry(now, sizes) == nullptr) titles.push_back(sizes.title());
  }
  return titles;
}

Sizes with_recorded_targets(const Sizes& now, const Sizes* before, const Terminal& terminal) {
  Sizes sizes = now;
  if (before == nullptr) return sizes;
  std::vector<std::string> dropped;
  for (const TargetSizes& recorded : before->targets) {
    if (find_target(now.targets, recorded.target) != nullptr) continue;
    if (before->model_sha256 == now.model_sha256 && before->options == now.options) {
      sizes.targets.push_back(recorded);
    } else {
      dropped.push_back(recorded.target);
    }
  }
  if (!dropped.empty()) {
    warning(terminal, fmt::format("{}: the sizes on {} are of another model or other options: no longer recorded",
                                  now.title(), fmt::join(dropped, ", ")));
  }
  return sizes;
}

std::vector<Sizes> updated(const Project& project, std::span<const Sizes> before, std::span<const Sizes> now) {
  std::vector<Sizes> models;
  if (project.file.empty()) {
    for (const Sizes& sizes : before) {
      const Sizes* newer = find_entry(now, sizes);
      models.push_back(newer == nullptr ? sizes : *newer);
    }
  }
  for (const Sizes& sizes : now) {
    if (find_entry(models, sizes) == nullptr) models.push_back(sizes);
  }
  return models;
}

}  // namespace emlc::cli
