"""Faults that somebody could have made, for scripts/seeded-faults: each is planted alone, and one of its tests has to fail.

A row: what it is; file; the exact text, once in the file; what stands there instead; the tests that are tried, in order.
"""

from typing import NamedTuple


class Fault(NamedTuple):
    what: str
    file: str
    text: str
    replacement: str
    tests: tuple  # names of ctest


FAULTS = (
    # Readers
    Fault("x <= t read as x < t", "formats/emlc_json/node.cpp",
          "compare == Compare::less_equal ?", "compare != Compare::less_equal ?", ("emlc_json",)),
    Fault("a feature beyond the last one", "formats/xgboost/trees.cpp",
          "if (tree.feature[node] >= p.all.n_features) {", "if (tree.feature[node] > p.all.n_features) {", ("boosted",)),
    Fault("missing values on the other side", "formats/xgboost/trees.cpp",
          "tree.default_left[node] != 0 ? to_left", "tree.default_left[node] == 0 ? to_left", ("boosted",)),
    Fault("the sign of a logit", "formats/xgboost/objective.cpp",
          "return -std::log(1.0F / score - 1.0F);", "return std::log(1.0F / score - 1.0F);", ("boosted",)),
    Fault("bits of categories from the top", "formats/lightgbm/text_tree.cpp",
          ">> bit % bits_of_word & 1U", ">> (bits_of_word - 1 - bit % bits_of_word) & 1U", ("boosted",)),
    Fault("oblivious splits from the other end", "formats/catboost/trees.cpp",
          "const std::size_t split = depth - 1 - level;", "const std::size_t split = level;", ("boosted",)),
    Fault("integers of a table without their sign", "formats/text/npy.cpp",
          "static_cast<std::int64_t>(bits << unused) >> unused", "static_cast<std::int64_t>((bits << unused) >> unused)",
          ("matrix",)),
    Fault("half of a checksum compared", "formats/tmdl/tmdl.cpp",
          "if (crc == expected) return;", "if ((crc & 0xFFFFU) == (expected & 0xFFFFU)) return;", ("tmdl",)),
    Fault("a kernel as it lies in the file", "formats/keras/layers.cpp",
          "weights[out * n_in + in] = kernel[in * n_out + out];", "weights[in * n_out + out] = kernel[in * n_out + out];",
          ("keras",)),
    Fault("what is behind an activation scaled before it", "formats/chain/chain.cpp",
          "} else if (chain.layers.back().activation == Activation::identity) {", "} else if (true) {", ("keras",)),
    Fault("soft links followed", "formats/keras/hdf5_file.cpp",
          "if (member->is_soft_link) fail(", "if (member->is_soft_link && path.empty()) fail(", ("hostile",)),
    Fault("a tree of a group whose levels are not looked at", "formats/keras/hdf5_image.cpp",
          "open.push_back({child, place.level - 1});", "open.push_back({child, image.number(child + 5, 1)});", ("keras",)),
    Fault("an archive that may grow without an end", "formats/keras/zip_file.cpp",
          "if (stat.size / most_growth > archive.size()) {", "if (stat.size / most_growth > archive.size() << 20U) {",
          ("hostile",)),
    # Passes
    Fault("a branch lost at the end of a range", "codegen/passes/trees/prune_unreachable.cpp",
          "x.high >= split.threshold)", "x.high > split.threshold)", ("passes",)),
    Fault("a step that is taken to rise", "codegen/passes/trees/column_chain.cpp",
          "const bool rises = at_first < at_last;", "const bool rises = true;", ("passes",)),
    Fault("a missing value that no step fills in", "codegen/passes/trees/column_chain.cpp",
          ".missing = side_of(model::no_value)}", ".missing = missing}", ("passes",)),
    Fault("a category without its end", "codegen/model/steps/column_functions.cpp",
          "breaks.push_back(next_above(NumberType::float64, number));", "", ("passes",)),
    Fault("the columns behind the run lost", "codegen/model/steps/column_functions.cpp",
          "for (std::size_t column = first + run.n_in; column < width; ++column)",
          "for (std::size_t column = first + run.n_in + 1; column < width; ++column)", ("model",)),
    Fault("a scaler of a product twice", "codegen/passes/steps.cpp",
          "linear->bias = std::move(layer.bias);", "", ("passes",)),
    Fault("a level too few", "codegen/passes/trees/quantize_leaves.cpp",
          "0.0, top); }", "0.0, top - 1.0); }", ("passes",)),
    Fault("thresholds rounded down", "codegen/passes/narrow_features.cpp",
          "model::smallest_rounded_at_least(type, ensemble.feature_type, split->threshold)",
          "model::largest_at_most(type, split->threshold)", ("passes",)),
    Fault("codes of features cut off", "codegen/passes/dense/quantize_dense.cpp",
          "step(range.low) > span ||", "step(range.low) > 2 * span ||", ("passes", "c_integers")),
    # Layouts
    Fault("starts of 16 bits up to 0x1ffff", "codegen/layout/trees/layer.cpp",
          "table_.splits.size() > 0xffffU ? 4", "table_.splits.size() > 0x1ffffU ? 4", ("layout", "runtime_tmdl")),
    Fault("a leaf that is the longest jump", "codegen/layout/trees/links.cpp",
          "static_cast<std::uint32_t>(longest + 1);", "static_cast<std::uint32_t>(longest);", ("layout",)),
    Fault("a bit of a jump", "codegen/layout/trees/table.cpp",
          "(jump >> (7 * digit) & 0x7fU)", "(jump >> (7 * digit) & 0x3fU)", ("layout",)),
    # Emitters
    Fault("a backslash left raw", "codegen/c/common/literal.cpp",
          "if (c == '\"' || c == '\\\\' || c == '?') {", "if (c == '\"' || c == '?') {", ("c",)),
    Fault("the smallest integer as it is written", "codegen/c/common/literal.cpp",
          "if (value == -2147483648LL)", "if (value == -2147483649LL)", ("c",)),
    Fault("a clamp that lets through", "codegen/c/common/helpers.cpp",
          "(z > 6.0f ? 6.0f : z)", "(z > 6.0f ? z : 6.0f)", ("c_agreement",)),
    Fault("a sign of the feedback", "codegen/c/sos/fixed.cpp",
          "sections.push_back({b0, b1, b2, -a1, -a2});", "sections.push_back({b0, b1, b2, -a1, a2});", ("c_golden",)),
    Fault("a plane too few to the right", "codegen/c/trees/table/perfect.cpp",
          "is_last ? n : 2 * ahead", "is_last ? n : 2 * ahead - n", ("c_trees",)),
    Fault("NaN of perfect trees on the other side", "codegen/c/trees/table/key_text.cpp",
          "if (missing_ == Missing::left)", "if (missing_ != Missing::left)", ("c_trees",)),
    Fault("float keys without the sign", "codegen/c/trees/float_keys.cpp",
          "if (threshold < sign_bit) {", "if (threshold <= infinity_bits - 0x00800000u) {", ("c_trees",)),
    # Runtime
    Fault("half of a checksum compared on the device", "runtime/src/emlc/tmdl_open.h",
          "if (emlc_tmdl_checksum(blob, (size_t)total_size, version) != emlc_read_u32(blob + EMLC_AT_CRC))",
          "if (((emlc_tmdl_checksum(blob, (size_t)total_size, version) ^ emlc_read_u32(blob + EMLC_AT_CRC)) & 0xFFFFU) != 0)",
          ("runtime_hostile",)),
    Fault("sections behind the end of a layer", "runtime/src/emlc/tmdl_check.h",
          "if (count > (layer->size - EMLC_SOS_AT_DATA) / sizes.section) return EMLC_ERR_RANGE;", "",
          ("runtime_hostile",)),
    Fault("NaN on the side of numbers", "runtime/src/emlc/trees.h",
          "return nan_goes_left ? !(value >= threshold)", "return nan_goes_left ? value < threshold", ("runtime", "layout")),
    Fault("rounding towards zero", "runtime/src/emlc/csv_trees.h",
          "return (float)whole > value ? whole - 1 : whole;", "return whole;", ("runtime",)),
    Fault("a clamp at the wrong end", "runtime/src/emlc/sos_fixed.h",
          "(floor < INT16_MIN ? INT16_MIN : floor)", "(floor < INT16_MIN ? INT16_MAX : floor)", ("runtime",)),
    Fault("room for four times the energy", "runtime/src/emlc/level.h",
          "- level->sum_of_squares) >> 38)", "- level->sum_of_squares) >> 36)", ("runtime",)),
    # The program
    Fault("a file that is not on the disk", "cli/console/replacement.cpp",
          "if (fsync(fresh_.descriptor()) != 0) fail_on(\"write\", asked_);\n", "\n", ("cli_faults",)),
    Fault("a table of Markdown broken by a name", "cli/console/escape.cpp",
          "special = \"\\\\`*_[]<>|#&~$\";", "special = \"\\\\`*_[]<>#&~$\";", ("cli",)),
    Fault("a unit of a budget", "cli/sizes/byte_count.cpp",
          "Unit{\"KiB\", 1024}", "Unit{\"KiB\", 1000}", ("cli",)),
    Fault("a model that just fits", "cli/compile/job.cpp",
          "if (!limit || bytes <= *limit) return true;", "if (!limit || bytes < *limit) return true;", ("cli",)),
    # The exporter
    Fault("x < t written for x <= t", "formats/exporters/emlc_export.py",
          "\"compare\": \"<=\", \"feature_dtype\": \"float32\", \"accumulate_dtype\": \"float64\",\n            \"leaf\": leaf",
          "\"compare\": \"<\", \"feature_dtype\": \"float32\", \"accumulate_dtype\": \"float64\",\n            \"leaf\": leaf",
          ("exporter",)),
    Fault("an infinite threshold left as it is", "formats/exporters/emlc_export.py",
          "return max(-LARGEST, min(LARGEST, threshold))", "return threshold", ("exporter",)),
)
