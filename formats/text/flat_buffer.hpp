#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// FlatBuffers, as far as models are stored in them: tables whose fields are numbers, strings, tables and vectors.
/// https://flatbuffers.dev/internals: numbers are little-endian; a table begins with the distance back to its vtable,
/// which has the size of the vtable, that of the table, and for each field where it is in the table, 0 for one that is
/// left out; strings, vectors and tables are stored as the distance to them; a vector begins with its length.
namespace emlc::formats::flat {

/// The bytes that a file has, from `first` on: places in messages are those in the file.
struct Buffer {
  std::string_view bytes, file;
  std::size_t first = 0;

  [[noreturn]] void fail(std::size_t at, std::string_view field, std::string_view problem) const;
  /// `size` bytes at `at`, or an Error that names the field.
  [[nodiscard]] std::string_view part(std::size_t at, std::size_t size, std::string_view field) const;
  [[nodiscard]] std::uint32_t word(std::size_t at, std::string_view field) const;
};

/// A table. Fields are asked for by their number in the schema; names are for messages. Throws Error with the byte in
/// the file and the name for what lies beyond the buffer.
class Table {
 public:
  Table(const Buffer& buffer, std::size_t at, std::string_view name);

  [[nodiscard]] bool flag(int field, std::string_view name) const;
  [[nodiscard]] std::uint8_t byte(int field, std::string_view name) const;     ///< 0 when it is left out
  [[nodiscard]] std::int32_t integer(int field, std::string_view name) const;  ///< 0 when it is left out
  [[nodiscard]] std::optional<double> real(int field, std::string_view name) const;
  [[nodiscard]] std::string_view text(int field, std::string_view name) const;  ///< empty when it is left out
  /// The table that the field points to; an Error when it is left out.
  [[nodiscard]] Table table(int field, std::string_view name) const;
  [[nodiscard]] std::vector<Table> tables(int field, std::string_view name) const;
  /// Elements of a vector: none when it is left out.
  [[nodiscard]] std::size_t length(int field, std::string_view name) const;
  [[nodiscard]] std::vector<std::int32_t> integers(int field, std::string_view name) const;
  [[nodiscard]] std::vector<float> floats(int field, std::string_view name) const;
  [[nodiscard]] std::vector<double> doubles(int field, std::string_view name) const;

  [[nodiscard]] std::size_t position() const { return at_; }
  [[nodiscard]] const Buffer& buffer() const { return *buffer_; }

 private:
  /// Where the field is, `size` bytes of it; nothing when it is left out.
  [[nodiscard]] std::optional<std::size_t> find(int field, std::size_t size, std::string_view name) const;
  /// Where what the field points to begins.
  [[nodiscard]] std::optional<std::size_t> follow(int field, std::string_view name) const;
  /// The elements of a vector, `size` bytes each.
  [[nodiscard]] std::string_view elements(int field, std::size_t size, std::string_view name) const;

  const Buffer* buffer_;
  std::size_t at_, vtable_ = 0, vtable_size_ = 0;
};

/// The table at the root of a buffer.
Table root(const Buffer& buffer, std::string_view name);

}  // namespace emlc::formats::flat
