#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/common/helpers.hpp"
#include "codegen/layout/artifact.hpp"
#include "codegen/layout/tmdl_profile.hpp"
#include "codegen/model/model.hpp"

namespace emlc::signal {
struct DecisionFilter;
struct Folded;
struct Plan;
}  // namespace emlc::signal

namespace emlc::c {

enum class Language { c, cpp };
enum class Optimize { size, speed, balanced };
enum class TreeLayout { automatic, inline_code, table };
/// How a table holds its splits: layout/trees/table.hpp, scan.hpp, links.hpp, perfect.hpp. What cannot hold a model is
/// not used.
enum class TableEncoding { automatic, bytes, scan, jumps, links, perfect };

/// Who compares float features: the FPU, integer code, or the one or the other as the compiler's macros say.
enum class Fpu { automatic, yes, no };

/// How a C header has class names; a C++ header has an array of views in any case.
enum class ClassNameForm {
  function,  ///< NAME_class_name(index)
  array      ///< NAME_class_names[] too, for code that needs them as constants
};

/// What the options ask of a header, or of another output.
struct EmitConfig {
  std::string name{};  ///< C identifier: every symbol and macro starts with it
  std::string part{};  ///< of a model inside a combination, behind the name: `m0_`; empty: the whole model
  Language language = Language::c;
  TreeLayout layout = TreeLayout::automatic;
  TableEncoding encoding = TableEncoding::automatic;  ///< of a table; automatic: what suits `optimize`
  Optimize optimize = Optimize::balanced;
  Fpu fpu = Fpu::automatic;
  layout::TmdlForm tmdl{};
  const signal::Plan* signal = nullptr;  ///< what makes the features of samples, not owned; none: the caller does
  /// What becomes of the answers about windows, not owned; none: nothing. Needs `signal`, and one target with a rule.
  const signal::DecisionFilter* decision = nullptr;
  /// What passes over the signal made of it and of the model, not owned: what decides about windows. None, or without
  /// keys: the model itself decides, of the features.
  const signal::Folded* folded = nullptr;
  bool use_runtime = false;  ///< shared code from <emlc/...> instead of inside the header
  ClassNameForm class_names = ClassNameForm::function;
  std::string section{};  ///< of the linker, that tables are put into; empty: where the compiler puts constants
  /// File names of a header that declares and a source that defines; an empty source: the header does both.
  std::string header_file{}, source_file{};
  std::string version{};     ///< of emlc, for the banner
  std::string model_hash{};  ///< of the model file, for the banner
  std::string options{};     ///< as on the command line, without paths, for the banner
};

/// A number about the model that the header defines for its user: `#define DIGITS_MAX_COMPARISONS 90` in C,
/// `inline constexpr std::size_t max_comparisons = 90;` in C++.
struct Fact {
  std::string name;  ///< lower case: `max_comparisons`
  std::size_t value = 0;
  std::string comment;           ///< what it counts, half a line
  std::optional<double> real{};  ///< instead of value: a float
  std::string code{};            ///< instead of value: as C, when it depends on the target
};

/// The integers behind several outputs of trees: output i is sum i times a positive number that all have in common.
struct IntegerSums {
  std::string type;          ///< in C, of each sum
  std::string call;          ///< of the function that puts the sums of x into an array `part`
  std::int64_t largest = 0;  ///< magnitude of a sum
  std::int64_t bound = 0;    ///< an output passes the model's rule from this sum on
};

/// What one family (trees, dense) adds to a header; frame/header.cpp makes the API around it.
/// `definitions` is C99 that is also C++11, spelled with the prefixes of names.hpp and its tables through tables.hpp.
/// Among them, with the types and prefixes of Names,
///   FUNCTION void raw_(const INPUT *x, float *raw);  raw outputs [n_outputs] before the post-transform
/// and, when `has_decide`, the cheaper
///   FUNCTION int decide_(const INPUT *x);  the class index that the model's rule gives
///   FUNCTION void decide_(const INPUT *x, int *classes);  several targets
/// and, when `has_judge`, where EmitConfig::decision rejects answers,
///   FUNCTION int judge_(const INPUT *x);  the class index, or -1 where the margin is too small
/// An integer network has the same functions for quantised input: raw_q_(const QUANTIZED *x, float *raw), decide_q_.
/// The frame includes <stddef.h> and <stdint.h>, applies scalers that are left in the model, and drops nothing: raw_
/// has to compile without a warning when only decide_ is called.
struct Core {
  std::string definitions;
  bool has_decide = false;
  bool has_judge = false;
  std::set<Helper> helpers{};       ///< that the definitions call; the frame defines them
  std::string prologue{};           ///< preprocessor lines after the includes, outside of any namespace
  std::set<std::string> headers{};  ///< to include: `string.h`, or `emlc/dense.h` with --use-runtime
  std::vector<layout::Part> parts;  ///< flash: tables exactly; of trees also code, as an estimate
  std::size_t ram = 0;              ///< arrays on the stack or the state of a filter, bytes; the most of all targets
  /// What the functions behind one call have on the stack besides these arrays, on a Cortex-M0+: registers, spilled
  /// values, the frame of the caller, without functions of libraries. An estimate: each kind of model has a constant in
  /// the middle of what arm-none-eabi-gcc 12.2 makes of the bundled and of generated models at -Os and -O2.
  std::size_t frames = 0;
  std::string ram_code{};  ///< the same as `ram` as C, when targets differ
  std::vector<Fact> facts;
  std::vector<std::string> notes{};  ///< lines of the banner: what its reader should know
  std::vector<std::string> warnings;
  /// Of if/else code of trees, for each target, with the first one among the parts; the frame estimates all other code.
  std::vector<layout::CodeEstimate> code_estimates{};
  /// What the frame needs for that: which terms the code is a sum of (none: those of networks), what of the model makes
  /// other code of equal functions (`/1`: one section), and the operations in float that no helper shows.
  std::string code_kind{}, code_shape{}, float_operations{};
  /// For each of code_estimates the operations in float whose functions of libraries are in it, see frame/survey.hpp;
  /// empty where they are in the constants of trees.
  std::vector<std::string> library_operations{};
  bool has_unused = false;  ///< functions and tables that nothing calls: the frame drops them, see common/unused.hpp
  bool leaves_code_out = false;  ///< the estimates do not count all of it, see layout::Artifact::calls_library
  std::string sum_type{};        ///< of trees, see layout::Artifact
  std::optional<IntegerSums> integer_sums{};  ///< of trees whose rule compares several outputs with a bound
};

/// The name of the part that estimates the instructions, for a Cortex-M0+ at -Os, so that budgets say the same whatever
/// the target; the bytes of all other parts are exact.
inline constexpr std::string_view code_part = "code (estimate)";
/// Its target, as CodeEstimate calls it.
inline constexpr std::string_view code_part_target = "Cortex-M0+";

/// A trained model as a self-contained header, or as a header and a source. `original` has been through the passes:
/// features have the device's type. Throws Error when the model cannot be said in a header.
layout::Artifact emit_header(const model::Model& original, const EmitConfig& config);

}  // namespace emlc::c
