#include "cli/compile/reductions/reduction_options.hpp"

#include <limits>

#include "cli/sizes/sizes.hpp"

namespace emlc::cli {

std::vector<Option*> add_reduction_options(CommandLine& line, CompileOptions& options) {
  passes::PassConfig& passes = options.passes;
  const auto prune = [&passes](const std::string& text) {
    passes.prune = parse_accuracy(text, {.file = {}, .line = 0, .field = "--prune"});
  };
  const auto keep_splits = [&passes](const std::string& text) {
    passes.keep_splits = parse_accuracy(text, {.file = {}, .line = 0, .field = "--keep-splits"});
  };
  return {
      add_integer(line, "--keep-trees", passes.keep_trees, {1, std::numeric_limits<std::int32_t>::max()},
                  "the first N trees of each output, of a forest the N that decide best together (approximate)"),
      add_parsed(line, "--prune", prune,
                 "splits become leaves, as long as no more of the decisions about --data change than this share, 0.01 "
                 "or 1% (approximate)")
          ->takes("SHARE"),
      add_parsed(line, "--keep-splits", keep_splits,
                 "this share of the splits stays, 0.8 or 80%, the others become leaves in the same order (approximate)")
          ->takes("SHARE"),
      add_integer(line, "--threshold-clusters", passes.threshold_clusters,
                  {1, std::numeric_limits<std::int32_t>::max()},
                  "at most N distinct thresholds, each the nearest to some (approximate)"),
      add_flag(line, "--refine-leaves", passes.refine_leaves,
               "leaf values are fitted to --data-labels, and again behind --leaf-clusters (approximate)"),
      add_integer(line, "--keep-units", passes.keep_units, {1, std::numeric_limits<std::int32_t>::max()},
                  "N units in the hidden layers of a network; the others go, those first that these can stand in "
                  "for (approximate)"),
      add_text(line, "--data-labels", options.data_labels_path,
               "the true label of each row of --data: --keep-trees and --refine-leaves go by them")
          ->takes("FILE")};
}

std::vector<Option*> add_split_options(CommandLine& line, CompileOptions& options) {
  Option* seed = add_integer(line, "--split-seed", options.split_seed, {0, 4294967295},
                             "passes see the half of the rows of --data that emlc fit searches on")
                     ->takes("N")
                     ->needs(find_option(line, "--data"));
  Option* groups = add_text(line, "--groups", options.groups_path,
                            "the group of each row of --data: --split-seed keeps the rows of one together")
                       ->takes("FILE")
                       ->needs(seed);
  return {seed, groups};
}

RowSplit split_of(const CompileOptions& options, std::size_t n_rows) {
  if (options.split_seed) {
    return split_rows(n_rows, {.seed = *options.split_seed, .groups_path = options.groups_path});
  }
  RowSplit all;
  for (std::size_t row = 0; row < n_rows; ++row) all.search.push_back(row);
  return all;
}

}  // namespace emlc::cli
