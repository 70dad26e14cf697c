#include "cli/compile/reductions/reduction_options.hpp"

#include <limits>

#include "cli/sizes/sizes.hpp"

namespace emlc::cli {

std::vector<Option*> add_reduction_options(CommandLine& line, CompileOptions& options) {
  passes::PassConfig& passes = options.passes;
  const auto prune = [&passes](const std::string& text) {
    passes.prune = parse_accuracy(text, {.file = {}, .line = 0, .field = "--prune"});
  };
  return {
      add_integer(line, "--keep-trees", passes.keep_trees, {1, std::numeric_limits<std::int32_t>::max()},
                  "the first N trees of each output, of a forest the N that decide best together (approximate)"),
      add_parsed(line, "--prune", prune,
                 "splits become leaves, as long as no more of the decisions about --data change than this share, 0.01 "
                 "or 1% (approximate)")
          ->takes("SHARE"),
      add_flag(line, "--refine-leaves", passes.refine_leaves,
               "leaf values are fitted to --data-labels, and again behind --leaf-clusters (approximate)"),
      add_integer(line, "--keep-units", passes.keep_units, {1, std::numeric_limits<std::int32_t>::max()},
                  "N units in the hidden layers of a network; the others go, those first that these can stand in "
                  "for (approximate)"),
      add_text(line, "--data-labels", options.data_labels_path,
               "the true label of each row of --data: --keep-trees and --refine-leaves go by them")
          ->takes("FILE")};
}

}  // namespace emlc::cli
