#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/keras/hdf5_image.hpp"

/// What is read of HDF5, from memory: no other file is opened, whatever the content says. Only links to objects of the
/// same file by their place are followed, and only along paths that the caller names. Nothing is asked for that is
/// larger than the content. libhdf5 is not used: it crashes and hangs on damaged files.
namespace emlc::formats::keras {

class Hdf5File {
 public:
  /// Throws Error for content that is no HDF5 of version 0. `content` has to outlive the object.
  Hdf5File(std::string_view content, std::string_view file);

  /// Paths are names of groups and at last of a group or dataset, with slashes between them; empty is the root.
  [[nodiscard]] bool has(std::string_view path) const;
  /// A text that is an attribute; nothing when there is none of the name.
  [[nodiscard]] std::optional<std::string> text(std::string_view path, std::string_view attribute) const;
  /// A list of texts; none when there is no attribute of the name.
  [[nodiscard]] std::vector<std::string> texts(std::string_view path, std::string_view attribute) const;
  /// A dataset of floating-point numbers. Throws Error when its shape is another one.
  [[nodiscard]] std::vector<double> numbers(std::string_view path, const std::vector<std::int64_t>& shape) const;

 private:
  using Messages = std::vector<hdf5::Message>;
  [[nodiscard]] std::optional<Messages> open(std::string_view path) const;
  [[nodiscard]] std::string_view values_of(const Messages& dataset, std::string_view path) const;
  [[noreturn]] void fail(std::string_view path, std::string_view problem) const;

  hdf5::Image image_;
  hdf5::Address root_;
};

}  // namespace emlc::formats::keras
