#include "formats/keras/hdf5_file.hpp"

#include <fmt/format.h>

#include <bit>

#include "codegen/model/error.hpp"
#include "formats/keras/weights.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats::keras {
namespace {

using hdf5::Kind;
using hdf5::MessageType;

/// Each of them may be as long as the file, all of them the same bytes in it: so many and no more.
constexpr std::int64_t most_variable_texts = 16;

/// Up to the zero bytes that fill it.
std::string filled_text(std::string_view bytes) { return std::string(bytes.substr(0, bytes.find('\0'))); }

/// Nothing for what are no texts, or more than are read.
std::optional<std::vector<std::string>> texts_of(const hdf5::Image& image, const hdf5::Attribute& attribute) {
  std::int64_t count = 1;
  for (const std::int64_t extent : attribute.extents) {
    if (extent != 0 && count > static_cast<std::int64_t>(attribute.values.size()) / extent) return std::nullopt;
    count *= extent;
  }
  std::vector<std::string> texts;
  if (count == 0) return texts;  // of a layer without weights, whose list is one of numbers
  const bool is_fixed = attribute.type.kind == Kind::fixed_text,
             is_variable = attribute.type.kind == Kind::variable_text;
  if ((!is_fixed && !is_variable) || (is_variable && count > most_variable_texts)) return std::nullopt;
  const std::uint64_t size = attribute.type.size;
  if (static_cast<std::uint64_t>(count) > attribute.values.size() / size) return std::nullopt;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(count); ++i) {
    texts.push_back(is_fixed ? filled_text(attribute.values.substr(i * size, size))
                             : filled_text(hdf5::heap_text(image, attribute.at + i * size)));
  }
  return texts;
}

}  // namespace

Hdf5File::Hdf5File(std::string_view content, std::string_view file)
    : image_{content, file}, root_(hdf5::root_of(image_)) {}

void Hdf5File::fail(std::string_view path, std::string_view problem) const {
  throw Error({.file = std::string(image_.file), .field = printable(path)}, problem);
}

/// What the object at the end of the path says of itself; nothing when something on the way is not there.
std::optional<Hdf5File::Messages> Hdf5File::open(std::string_view path) const {
  Messages messages = hdf5::messages_of(image_, root_);
  for (const std::string_view part : split_fields(path, '/')) {
    if (part.empty()) continue;
    const auto member = hdf5::member_of(image_, messages, part);
    if (!member) return std::nullopt;
    if (member->is_soft_link) fail(path, "is a link to another place, which is not followed");
    messages = hdf5::messages_of(image_, member->object);
  }
  return messages;
}

bool Hdf5File::has(std::string_view path) const { return open(path).has_value(); }

std::optional<std::string> Hdf5File::text(std::string_view path, std::string_view attribute) const {
  const auto object = open(path);
  const auto found = object ? hdf5::attribute_of(image_, *object, attribute) : std::nullopt;
  if (!found) return std::nullopt;
  auto texts = texts_of(image_, *found);
  if (!texts || texts->size() != 1) fail(fmt::format("{}@{}", path, attribute), "is no text");
  return std::move(texts->front());
}

std::vector<std::string> Hdf5File::texts(std::string_view path, std::string_view attribute) const {
  const auto object = open(path);
  const auto found = object ? hdf5::attribute_of(image_, *object, attribute) : std::nullopt;
  if (!found) return {};
  auto texts = texts_of(image_, *found);
  if (!texts) {
    fail(fmt::format("{}@{}", path, attribute),
         fmt::format("is no list of texts, or of more than {}", most_variable_texts));
  }
  return *std::move(texts);
}

/// The bytes of a dataset, which are in one piece in the file.
std::string_view Hdf5File::values_of(const Messages& dataset, std::string_view path) const {
  if (find(dataset, MessageType::external_files) != nullptr) fail(path, "is stored in another file, which is not read");
  if (find(dataset, MessageType::filters) != nullptr) fail(path, "is compressed, as Keras does not write it");
  const hdf5::Message* layout = find(dataset, MessageType::layout);
  if (layout == nullptr || layout->is_shared) fail(path, "does not say where its numbers are");
  constexpr std::uint64_t known_version = 3, compact = 0, contiguous = 1;
  const std::uint64_t version = image_.number(layout->at, 1), kind = image_.number(layout->at + 1, 1);
  if (version != known_version || (kind != compact && kind != contiguous)) {
    fail(path, "is stored in chunks or elsewhere, as Keras does not write it; save the model again with Keras");
  }
  if (kind == compact) return image_.bytes(layout->at + 4, image_.number(layout->at + 2, 2));
  const std::uint64_t at = image_.number(layout->at + 2, 8), size = image_.number(layout->at + 10, 8);
  if (at == ~std::uint64_t{0}) fail(path, "has no numbers, they were never written");
  return image_.bytes(at, size);
}

std::vector<double> Hdf5File::numbers(std::string_view path, const std::vector<std::int64_t>& shape) const {
  const auto dataset = open(path);
  if (!dataset) fail(path, "is not there");
  const hdf5::Message* space = find(*dataset, MessageType::dataspace);
  const hdf5::Message* datatype = find(*dataset, MessageType::datatype);
  if (space == nullptr || datatype == nullptr) fail(path, "is a group, expected a dataset");
  const std::vector<std::int64_t> found = hdf5::extents_of(image_, *space);
  if (found != shape) fail(path, fmt::format("has the shape {}, expected {}", shape_text(found), shape_text(shape)));
  const hdf5::Type type = hdf5::type_of(image_, *datatype);
  if (type.kind != Kind::float32 && type.kind != Kind::float64) fail(path, "is not of float32 or float64");
  const std::string_view bytes = values_of(*dataset, path);
  const auto n = static_cast<std::uint64_t>(n_values(shape));
  if (bytes.size() / type.size != n || bytes.size() % type.size != 0) {
    fail(path, fmt::format("has {} bytes, its shape asks for {} numbers of {}", bytes.size(), n, type.size));
  }
  const auto at = static_cast<std::uint64_t>(bytes.data() - image_.content.data());
  std::vector<double> values;
  values.reserve(n);
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::uint64_t bits = image_.number(at + i * type.size, type.size);
    values.push_back(type.kind == Kind::float32 ? std::bit_cast<float>(static_cast<std::uint32_t>(bits))
                                                : std::bit_cast<double>(bits));
  }
  return values;
}

}  // namespace emlc::formats::keras
