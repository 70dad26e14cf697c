#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/error.hpp"
#include "codegen/model/model.hpp"

namespace emlc::formats {

/// One line `kind,field,field` of the forms that emlc defines itself (extended trees, MLP); docs/formats.md.
struct Record {
  std::string_view file;
  std::size_t line = 0;
  std::string_view kind;
  std::vector<std::string_view> fields{};  ///< without the kind, and without the blanks around them
  std::string_view text{};                 ///< the whole line

  [[nodiscard]] Where at(std::string_view field) const {
    return {.file = std::string(file), .line = line, .field = std::string(field)};
  }
  /// Throws Error unless there are `least` to `most` fields.
  void expect_fields(std::size_t least, std::size_t most) const;
  void expect_some_fields() const;  ///< the same for one or more
};

/// Does the content begin with the record `emlc,<form>`?
bool is_form(std::string_view content, std::string_view form);
/// The records between `emlc,<form>,1` and `end`, blank lines left out. Throws Error for another version, for a text
/// that ends without `end` (it was cut off) and for one that goes on after it.
std::vector<Record> split_records(std::string_view content, std::string_view form, std::string_view file);

/// How often a kind of record may come.
enum class Occurs { once, often };

/// What a form does with one kind of record.
template <typename State>
struct RecordKind {
  std::string_view name;
  void (*read)(State&, const Record&);
  Occurs occurs = Occurs::once;
};

/// The text of a record behind field `first - 1`, blanks included: names, and rows of numbers.
std::string_view text_from(const Record& record, std::size_t first);
/// Throws Error for the second record of a kind that comes once. `seen` are the kinds that have come.
void note_kind(std::vector<std::string_view>& seen, Occurs occurs, const Record& record);

/// A model that no record has filled yet: neither features nor outputs.
model::Model blank_model();
/// The records that every form begins with: name, input, output, target, class, decision.
std::span<const RecordKind<model::Model>> head_kinds();
/// Throws Error when a record of the head is missing, or when the targets do not add up.
void check_head(const model::Model& model, std::string_view file);
/// `emlc,<form>,1` and the head of the model, with features of `type`.
std::string head_text(const model::Model& model, std::string_view form, model::NumberType type);

/// `post,<name>[,scale,denominator,offset]`, computed in float32; nothing at all for the identity.
model::PostTransform parse_post_transform(const Record& record);
std::string post_transform_text(const model::PostTransform& transform);

std::vector<double> parse_floats(std::span<const std::string_view> cells, const Record& record);
/// The values as fields, each preceded by `separator`.
std::string float_fields(std::span<const double> values, char separator, std::string_view what);

/// The enumerator called `text`; throws Error with a suggestion.
template <typename Enum>
Enum parse_enum(std::string_view text, std::span<const Enum> all, std::string_view (*name_of)(Enum),
                std::string_view what, const Where& where) {
  std::vector<std::string_view> names;
  for (const Enum value : all) {
    if (name_of(value) == text) return value;
    names.push_back(name_of(value));
  }
  throw Error(where, unknown_name(what, text, names));
}

template <typename State>
bool read_with(State& state, std::span<const RecordKind<State>> kinds, const Record& record,
               std::vector<std::string_view>& seen) {
  const auto kind = std::ranges::find(kinds, record.kind, &RecordKind<State>::name);
  if (kind == kinds.end()) return false;
  note_kind(seen, kind->occurs, record);
  kind->read(state, record);
  return true;
}

/// Reads the record with the form's own table or with the head's; throws Error with a suggestion for an unknown kind.
/// `state.model` is the model that the head fills, `state.seen` for note_kind.
template <typename State>
void read_record(State& state, std::span<const RecordKind<State>> kinds, const Record& record) {
  if (read_with(state, kinds, record, state.seen) || read_with(state.model, head_kinds(), record, state.seen)) return;
  std::vector<std::string_view> known;
  for (const auto& kind : head_kinds()) known.push_back(kind.name);
  for (const auto& kind : kinds) known.push_back(kind.name);
  throw Error(record.at(""), unknown_name("record", record.kind, known));
}

}  // namespace emlc::formats
