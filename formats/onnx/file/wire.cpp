#include "formats/onnx/file/wire.hpp"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>

#include <array>
#include <cstdint>
#include <utility>

#include "codegen/model/error.hpp"

namespace emlc::formats::onnx {
namespace {

using google::protobuf::io::CodedInputStream;

enum class Message { model, graph, node, attribute, tensor, port, type, tensor_type, shape, leaf };

/// A field that holds messages, or texts (leaf), one after the other.
struct Field {
  Message of;
  std::uint32_t number;
  Message holds;
};

/// All fields of the schema that repeat something with a cost of its own.
constexpr std::array fields = {
    Field{Message::model, 7, Message::graph},       Field{Message::model, 8, Message::leaf},
    Field{Message::model, 25, Message::leaf},       Field{Message::graph, 1, Message::node},
    Field{Message::graph, 5, Message::tensor},      Field{Message::graph, 11, Message::port},
    Field{Message::graph, 12, Message::port},       Field{Message::graph, 15, Message::leaf},
    Field{Message::node, 1, Message::leaf},         Field{Message::node, 2, Message::leaf},
    Field{Message::node, 5, Message::attribute},    Field{Message::attribute, 5, Message::tensor},
    Field{Message::attribute, 9, Message::leaf},    Field{Message::attribute, 10, Message::leaf},
    Field{Message::attribute, 11, Message::leaf},   Field{Message::attribute, 23, Message::leaf},
    Field{Message::tensor, 6, Message::leaf},       Field{Message::tensor, 13, Message::leaf},
    Field{Message::port, 2, Message::type},         Field{Message::type, 1, Message::tensor_type},
    Field{Message::tensor_type, 2, Message::shape}, Field{Message::shape, 1, Message::leaf},
};

/// Bytes of memory for one, with what it becomes after the parser.
std::size_t cost(Message message) { return message == Message::leaf ? 96 : 768; }

const Field* field_of(Message message, std::uint32_t number) {
  for (const Field& field : fields) {
    if (field.of == message && field.number == number) return &field;
  }
  return nullptr;
}

/// Skips a value that is no message; false where the bytes end or mean nothing.
bool skip(CodedInputStream& in, std::uint32_t wire_type) {
  constexpr std::uint32_t varint = 0, eight_bytes = 1, four_bytes = 5;
  std::uint64_t ignored = 0;
  switch (wire_type) {
    case varint:
      return in.ReadVarint64(&ignored);
    case eight_bytes:
      return in.Skip(8);
    case four_bytes:
      return in.Skip(4);
    default:
      return false;
  }
}

/// Adds the memory of all messages up to the end of the one that is open; false where its bytes end or mean nothing.
/// Recursive to the depth of the table of fields.
bool add_costs(CodedInputStream& in, Message message, std::size_t& sum) {
  while (const std::uint32_t tag = in.ReadTag()) {
    constexpr std::uint32_t wire_type_bits = 7, length_delimited = 2;
    if ((tag & wire_type_bits) != length_delimited) {
      if (!skip(in, tag & wire_type_bits)) return false;
      continue;
    }
    std::uint32_t size = 0;
    if (!in.ReadVarint32(&size) || std::cmp_greater(size, in.BytesUntilLimit())) return false;
    const Field* field = field_of(message, tag >> 3U);
    if (field != nullptr) sum += cost(field->holds);
    if (field == nullptr || field->holds == Message::leaf) {
      if (!in.Skip(static_cast<int>(size))) return false;
      continue;
    }
    const CodedInputStream::Limit limit = in.PushLimit(static_cast<int>(size));
    if (!add_costs(in, field->holds, sum)) return false;
    in.PopLimit(limit);
  }
  return in.ConsumedEntireMessage();
}

}  // namespace

void check_wire(std::string_view content, std::string_view file) {
  constexpr std::size_t times = 16, free_bytes = std::size_t{32} << 20U;
  const auto size = static_cast<int>(content.size());
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(content.data()), size);
  in.PushLimit(size);
  std::size_t sum = 0;
  if (!add_costs(in, Message::model, sum)) {
    throw Error({.file = std::string(file), .field = fmt::format("byte {}", in.CurrentPosition())},
                fmt::format("expected a field that ends in its message, the file has {} bytes", content.size()));
  }
  if (sum <= times * content.size() + free_bytes) return;
  throw Error({.file = std::string(file), .field = "model"},
              fmt::format("its parts would need {} MiB of memory, far more than {} bytes should: most are empty",
                          sum >> 20U, content.size()));
}

}  // namespace emlc::formats::onnx
