#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

/// The parts of an HDF5 file, as libver="earliest" of h5py writes it and Keras does: superblock 0, object headers 1,
/// groups as symbol tables. Every address and size is checked before it is used, and no walk is longer than the file
/// has parts.
namespace emlc::formats::keras::hdf5 {

/// The bytes of a file.
struct Image {
  std::string_view content, file;

  /// A little-endian number of 1 to 8 bytes. Throws Error where the file ends before.
  [[nodiscard]] std::uint64_t number(std::uint64_t at, std::size_t size) const;
  /// Throws Error where the file ends before.
  [[nodiscard]] std::string_view bytes(std::uint64_t at, std::uint64_t size) const;
  /// Throws Error unless the bytes of `mark` are there.
  void expect(std::uint64_t at, std::string_view mark) const;
  [[noreturn]] void fail(std::uint64_t at, std::string_view problem) const;
};

using Address = std::uint64_t;

/// Where the header of the root group is. Throws Error for another version of the file, and one that is cut off.
Address root_of(const Image& image);

enum class MessageType : std::uint16_t {
  dataspace = 1,
  link_info = 2,
  datatype = 3,
  link = 6,
  external_files = 7,
  layout = 8,
  filters = 11,
  attribute = 12,
  continuation = 16,
  symbol_table = 17,
};

/// What a header says of its object.
struct Message {
  MessageType type;
  bool is_shared;    ///< its content is somewhere else
  std::uint64_t at;  ///< of its content in the file
  std::string_view data;
};
std::vector<Message> messages_of(const Image& image, Address object);
/// The first message of a type, or nullptr.
const Message* find(const std::vector<Message>& messages, MessageType type);

/// A member of a group.
struct Member {
  Address object;
  bool is_soft_link;
};
/// The member called `name` of a group with these messages; nothing when there is none.
std::optional<Member> member_of(const Image& image, const std::vector<Message>& messages, std::string_view name);

/// Of a dataspace: the extents. Throws Error.
std::vector<std::int64_t> extents_of(const Image& image, const Message& dataspace);

enum class Kind { float32, float64, fixed_text, variable_text, other };
struct Type {
  Kind kind = Kind::other;
  std::uint64_t size = 0;  ///< bytes of a value
};
Type type_of(const Image& image, const Message& datatype);

struct Attribute {
  Type type;
  std::vector<std::int64_t> extents;
  std::uint64_t at;  ///< of its values in the file
  std::string_view values;
};
std::optional<Attribute> attribute_of(const Image& image, const std::vector<Message>& messages, std::string_view name);

/// A text of variable length, by its reference [16] at `at`.
std::string_view heap_text(const Image& image, std::uint64_t at);

}  // namespace emlc::formats::keras::hdf5
