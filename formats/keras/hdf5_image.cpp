#include "formats/keras/hdf5_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "codegen/model/error.hpp"

namespace emlc::formats::keras::hdf5 {
namespace {

constexpr std::uint64_t address_size = 8, undefined_address = ~std::uint64_t{0};
constexpr std::uint64_t padded(std::uint64_t size) { return (size + 7) / 8 * 8; }

/// Of a node of a group's tree.
constexpr std::uint64_t node_header = 24, node_step = 16, table_header = 8, table_entry = 40;

/// Names of a group are in a heap of its own, each with a zero byte behind it.
bool is_name(const Image& image, Address heap, std::uint64_t offset, std::string_view name) {
  image.expect(heap, "HEAP");
  const std::uint64_t size = image.number(heap + 8, 8), segment = image.number(heap + 24, 8);
  if (offset >= size) image.fail(heap, "a name is beyond the end of its heap");
  const std::string_view found = image.bytes(segment, size).substr(offset);
  return found.size() > name.size() && found.starts_with(name) && found[name.size()] == '\0';
}

/// Looks for a name in the tree of a group. Levels go down by one, and a budget of nodes and entries ends what is
/// shared.
struct Search {
  const Image& image;
  Address heap;
  std::string_view name;
  std::uint64_t left;  ///< entries that may still be looked at

  void spend(std::uint64_t at) {
    if (left-- == 0) image.fail(at, "a group refers to the same parts again and again");
  }

  std::optional<Member> in_table(Address table) {
    image.expect(table, "SNOD");
    const std::uint64_t n = image.number(table + 6, 2);
    for (std::uint64_t i = 0; i < n; ++i) {
      const std::uint64_t entry = table + table_header + i * table_entry;
      spend(entry);
      if (!is_name(image, heap, image.number(entry, 8), name)) continue;
      constexpr std::uint64_t soft_link = 2;
      return Member{image.number(entry + 8, 8), image.number(entry + 16, 4) == soft_link};
    }
    return std::nullopt;
  }

  /// Nodes that are still to be looked at, with their level; no recursion, and none is deeper than the file has nodes.
  std::optional<Member> in_tree(Address root) {
    struct Place {
      Address node;
      std::uint64_t level;
    };
    image.expect(root, "TREE");
    std::vector<Place> open = {{root, image.number(root + 5, 1)}};
    while (!open.empty()) {
      const Place place = open.back();
      open.pop_back();
      image.expect(place.node, "TREE");
      if (image.number(place.node + 5, 1) != place.level)
        image.fail(place.node, "a node is of another level than expected");
      const std::uint64_t n = image.number(place.node + 6, 2);
      for (std::uint64_t i = 0; i < n; ++i) {
        spend(place.node);
        const Address child = image.number(place.node + node_header + 8 + i * node_step, 8);
        if (place.level != 0) {
          open.push_back({child, place.level - 1});
        } else if (const auto found = in_table(child)) {
          return found;
        }
      }
    }
    return std::nullopt;
  }
};

/// Messages of one piece of a header; pieces that continue it are appended to `pieces`.
void read_piece(const Image& image, std::uint64_t at, std::uint64_t end, std::uint64_t& n_left,
                std::vector<Message>& messages, std::vector<std::pair<std::uint64_t, std::uint64_t>>& pieces) {
  constexpr std::uint64_t message_header = 8;
  while (n_left != 0 && at + message_header <= end) {
    --n_left;
    const auto type = static_cast<MessageType>(image.number(at, 2));
    const std::uint64_t size = image.number(at + 2, 2), flags = image.number(at + 4, 1);
    const std::uint64_t data = at + message_header;
    if (data + size > end) image.fail(at, "a message is longer than its header");
    if (type == MessageType::continuation) {
      pieces.emplace_back(image.number(data, 8), image.number(data + 8, 8));
    } else {
      messages.push_back({type, (flags & 2U) != 0, data, image.bytes(data, size)});
    }
    at = data + size;
  }
}

bool is_ieee(const Image& image, std::uint64_t at, std::uint64_t precision, std::uint64_t exponent,
             std::uint64_t mantissa, std::uint64_t bias) {
  const bool is_little_endian = (image.number(at + 1, 1) & 0x41U) == 0;
  return is_little_endian && image.number(at + 8, 2) == 0 && image.number(at + 10, 2) == precision &&
         image.number(at + 12, 1) == mantissa && image.number(at + 13, 1) == exponent &&
         image.number(at + 14, 1) == 0 && image.number(at + 15, 1) == mantissa && image.number(at + 16, 4) == bias;
}

std::optional<Attribute> read_attribute(const Image& image, const Message& message, std::string_view name) {
  if (message.is_shared) return std::nullopt;
  const std::uint64_t version = image.number(message.at, 1), end = message.at + message.data.size();
  if (version != 1 && version != 2 && version != 3) image.fail(message.at, "an attribute is of an unknown version");
  const auto size = [&](std::uint64_t stored) { return version == 1 ? padded(stored) : stored; };
  const std::uint64_t name_size = image.number(message.at + 2, 2), type_size = image.number(message.at + 4, 2),
                      space_size = image.number(message.at + 6, 2);
  const std::uint64_t name_at = message.at + (version == 3 ? 9 : 8);
  const std::string_view found = image.bytes(name_at, name_size);
  if (found.substr(0, found.find('\0')) != name) return std::nullopt;
  const std::uint64_t type_at = name_at + size(name_size), space_at = type_at + size(type_size),
                      values_at = space_at + size(space_size);
  if (values_at > end) image.fail(message.at, "an attribute is longer than its message");
  const bool is_type_shared = version != 1 && (image.number(message.at + 1, 1) & 1U) != 0;
  const Message type{MessageType::datatype, is_type_shared, type_at, image.bytes(type_at, type_size)};
  const Message space{MessageType::dataspace, false, space_at, image.bytes(space_at, space_size)};
  return Attribute{type_of(image, type), extents_of(image, space), values_at, image.bytes(values_at, end - values_at)};
}

}  // namespace

void Image::fail(std::uint64_t at, std::string_view problem) const {
  throw Error({.file = std::string(file), .field = fmt::format("byte {}", at)}, problem);
}

std::string_view Image::bytes(std::uint64_t at, std::uint64_t size) const {
  if (at <= content.size() && size <= content.size() - at) return content.substr(at, size);
  fail(at, fmt::format("a part of size {} is expected here, the file has {} bytes", size, content.size()));
}

std::uint64_t Image::number(std::uint64_t at, std::size_t size) const {
  const std::string_view digits = bytes(at, size);
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- != 0;) value = value << 8U | static_cast<unsigned char>(digits[i]);
  return value;
}

void Image::expect(std::uint64_t at, std::string_view mark) const {
  if (bytes(at, mark.size()) != mark) fail(at, fmt::format("expected '{}', the file is damaged", mark));
}

Address root_of(const Image& image) {
  constexpr std::uint64_t at_version = 8, at_sizes = 13, at_base = 24, at_end = 40, at_root = 64;
  if (!image.content.starts_with("\x89HDF\r\n\x1a\n")) image.fail(0, "is no HDF5: it begins otherwise");
  const std::uint64_t version = image.number(at_version, 1);
  if (version != 0) {
    image.fail(at_version,
               fmt::format("the file is of version {} of HDF5, expected 0, as Keras writes it; save the model "
                           "again with Keras",
                           version));
  }
  if (image.number(at_sizes, 2) != 0x0808U) image.fail(at_sizes, "addresses and lengths are not of 8 bytes");
  if (image.number(at_base, 8) != 0) image.fail(at_base, "the file does not begin at its start");
  const std::uint64_t end = image.number(at_end, 8);
  if (end > image.content.size()) {
    image.fail(at_end,
               fmt::format("the file is cut off: it says that it has {} bytes, it has {}", end, image.content.size()));
  }
  return image.number(at_root, 8);
}

std::vector<Message> messages_of(const Image& image, Address object) {
  if (image.number(object, 1) != 1) {
    image.fail(object,
               "the header of an object is not of version 1, as Keras writes it; save the model again with Keras");
  }
  constexpr std::uint64_t prefix = 16;
  std::uint64_t n_left = std::min<std::uint64_t>(image.number(object + 2, 2), image.content.size() / 8);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> pieces = {{object + prefix, image.number(object + 8, 4)}};
  std::vector<Message> messages;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto [at, size] = pieces[i];
    read_piece(image, at, at + image.bytes(at, size).size(), n_left, messages, pieces);
  }
  return messages;
}

const Message* find(const std::vector<Message>& messages, MessageType type) {
  const auto found = std::find_if(messages.begin(), messages.end(), [&](const Message& m) { return m.type == type; });
  return found == messages.end() ? nullptr : &*found;
}

std::optional<Member> member_of(const Image& image, const std::vector<Message>& messages, std::string_view name) {
  const Message* table = find(messages, MessageType::symbol_table);
  if (table == nullptr) {
    const Message* link = find(messages, MessageType::link_info);
    if (link == nullptr) return std::nullopt;
    image.fail(link->at, "a group has links of a newer kind, to other files perhaps; they are not followed");
  }
  Search search{image, image.number(table->at + address_size, 8), name, image.content.size() / table_header};
  return search.in_tree(image.number(table->at, 8));
}

std::vector<std::int64_t> extents_of(const Image& image, const Message& dataspace) {
  const std::uint64_t version = image.number(dataspace.at, 1), rank = image.number(dataspace.at + 1, 1);
  constexpr std::uint64_t null_space = 2;
  const bool is_null = version == 2 && image.number(dataspace.at + 3, 1) == null_space;
  if (dataspace.is_shared || is_null || (version != 1 && version != 2))
    image.fail(dataspace.at, "is no simple dataspace");
  const std::uint64_t first = dataspace.at + (version == 1 ? 8 : 4);
  std::vector<std::int64_t> extents;
  for (std::uint64_t i = 0; i < rank; ++i) {
    const std::uint64_t extent = image.number(first + i * 8, 8);
    if (extent > image.content.size())
      image.fail(first + i * 8, fmt::format("an extent of {} is beyond the file", extent));
    extents.push_back(static_cast<std::int64_t>(extent));
  }
  return extents;
}

Type type_of(const Image& image, const Message& datatype) {
  if (datatype.is_shared) return {};
  constexpr std::uint64_t floating = 1, text = 3, variable = 9, reference_size = 16;
  const std::uint64_t type = image.number(datatype.at, 1) & 0xfU, size = image.number(datatype.at + 4, 4);
  if (type == floating && size == 4 && is_ieee(image, datatype.at, 32, 8, 23, 127)) return {Kind::float32, size};
  if (type == floating && size == 8 && is_ieee(image, datatype.at, 64, 11, 52, 1023)) return {Kind::float64, size};
  if (type == text && size != 0) return {Kind::fixed_text, size};
  const bool is_text = type == variable && (image.number(datatype.at + 1, 1) & 0xfU) == 1;
  return {is_text && size == reference_size ? Kind::variable_text : Kind::other, size};
}

std::optional<Attribute> attribute_of(const Image& image, const std::vector<Message>& messages, std::string_view name) {
  for (const Message& message : messages) {
    if (message.type != MessageType::attribute) continue;
    if (auto attribute = read_attribute(image, message, name)) return attribute;
  }
  return std::nullopt;
}

std::string_view heap_text(const Image& image, std::uint64_t at) {
  constexpr std::uint64_t collection_header = 16, object_header = 16;
  const std::uint64_t length = image.number(at, 4), index = image.number(at + 12, 4);
  const Address collection = image.number(at + 4, 8);
  if (collection == 0 || collection == undefined_address) return {};
  image.expect(collection, "GCOL");
  const std::uint64_t size = image.bytes(collection, image.number(collection + 8, 8)).size();
  std::uint64_t object = collection + collection_header;
  const std::uint64_t end = collection + size;
  while (object + object_header <= end) {
    const std::uint64_t found = image.number(object, 2), found_size = image.number(object + 8, 8);
    if (found_size > end - object - object_header) image.fail(object, "a text is longer than its heap");
    if (found == index && found != 0) {
      if (length > found_size) image.fail(object, "a text is longer than what the heap has of it");
      return image.bytes(object + object_header, length);
    }
    if (found == 0) break;
    object += object_header + padded(found_size);
  }
  image.fail(collection, "a text is not in its heap");
}

}  // namespace emlc::formats::keras::hdf5
