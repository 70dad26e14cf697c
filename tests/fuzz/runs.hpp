#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/error.hpp"

/// What the targets do, see Target::run and Target::prepare.
namespace emlc::fuzz {

/// The format called `name` reads, model::check and replay follow; what is small then goes through passes into all
/// outputs. Throws std::logic_error when emlc does not read what it has written itself.
bool run_reader(std::string_view name, std::string_view input);
/// --data, labels and predictions.
bool run_table(std::string_view name, std::string_view content);
/// The integers of a filter for emlearn-micropython.
bool run_sos_q15(std::string_view name, std::string_view content);
/// A signal document; what is small computes the features of a few windows, which stay in their ranges.
bool run_signal_document(std::string_view name, std::string_view content);
/// A recording of two channels, in the types and with the options that the content picks.
bool run_recording(std::string_view name, std::string_view content);
/// A header is read back against models of tests/golden.
bool run_header(std::string_view name, std::string_view content);

/// The runtime opens and runs a blob, in memory of exactly the size that it asks for.
bool run_device_blob(std::string_view name, std::string_view content);
/// The loaders of the runtime, in pieces and with arrays of the sizes that the content makes up; what was loaded runs.
bool run_device_trees(std::string_view name, std::string_view content);
bool run_device_network(std::string_view name, std::string_view content);
bool run_device_sos(std::string_view name, std::string_view content);

/// The file itself.
std::vector<std::string> as_it_is(const std::string& content);
/// What emlc makes of a model document: CSV, which a CSV is already; blobs in float and in integers, of both versions;
/// headers.
std::vector<std::string> as_csv(const std::string& document);
std::vector<std::string> as_blobs(const std::string& document);
std::vector<std::string> as_headers(const std::string& document);

/// A number that the content stands for: picks what varies from input to input.
std::size_t pick(std::string_view content, std::size_t limit);

/// Does `work`; an Error is an answer like any other. Returns whether there was none.
template <class Work>
bool is_accepted(const Work& work) {
  try {
    work();
  } catch (const Error&) {
    return false;
  }
  return true;
}

}  // namespace emlc::fuzz
