#include "codegen/c/frame/survey.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <string>
#include <vector>

#include "codegen/c/frame/float_pieces.hpp"

// note [pieces]
// The code of all kinds but trees is put together from few functions, most of which are the same for every model, so
// that the bytes of a header are a sum over the functions that a prediction reaches. What differs in them is how many
// statements they have. Looking at the text instead of at the model counts what is there, also where a target chooses
// one of two texts, and an emitter has nothing to keep in step.

namespace emlc::c {
namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool is_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

/// Without what is between `open` and the next `close`, both included.
std::string without(std::string_view text, std::string_view open, std::string_view close) {
  std::string rest;
  for (;;) {
    const std::size_t from = text.find(open);
    rest += text.substr(0, from);
    if (from == std::string_view::npos) return rest;
    const std::size_t to = text.find(close, from);
    if (to == std::string_view::npos) return rest;
    text.remove_prefix(to + close.size());
  }
}

std::string replaced(std::string text, std::string_view old, std::string_view by) {
  for (std::size_t at = text.find(old); at != std::string::npos; at = text.find(old, at + by.size())) {
    text.replace(at, old.size(), by);
  }
  return text;
}

struct Function {
  std::string name;   ///< without the symbol before it and the `_` at its end
  std::string piece;  ///< its name in Survey::terms
  std::string parameters{};
  std::string body{};
};

/// The name of a piece is that of its functions without a number, and the type of x.
std::string piece_name(std::string_view name, std::string_view parameters) {
  while (!name.empty() && (std::isdigit(static_cast<unsigned char>(name.back())) != 0 || name.back() == '_')) {
    name.remove_suffix(1);
  }
  std::string piece(name);
  for (const std::string_view type : {"float", "int8_t", "uint8_t", "int16_t", "int32_t"}) {
    if (has(parameters, "const " + std::string(type) + " *x,")) piece += "." + std::string(type);
    if (has(parameters, "const " + std::string(type) + " *x)")) piece += "." + std::string(type);
  }
  return piece;
}

std::vector<Function> functions_of(std::string_view text, const SurveyOptions& options) {
  std::vector<Function> functions;
  bool is_inside = false;
  for (const std::string& line : compiled_lines(text, options.predefined)) {
    if (is_inside) {
      is_inside = line != "}";
      if (is_inside) functions.back().body += line + "\n";
      continue;
    }
    const std::size_t open = line.find('(');
    if (open == std::string_view::npos || !line.ends_with(") {") || !is_of_name(line.front())) continue;
    std::size_t first = open;
    while (first > 0 && is_of_name(line[first - 1])) --first;
    const std::string_view head = line;
    std::string_view name = head.substr(first, open - first);
    if (!name.starts_with(options.symbol) || !name.ends_with('_')) continue;
    name = name.substr(options.symbol.size(), name.size() - options.symbol.size() - 1);
    functions.push_back({std::string(name), piece_name(name, head.substr(open)) + std::string(options.shape),
                         std::string(head.substr(open + 1))});
    is_inside = true;
  }
  return functions;
}

const Function* find(const std::vector<Function>& functions, std::string_view name) {
  const auto found =
      std::find_if(functions.begin(), functions.end(), [&](const Function& function) { return function.name == name; });
  return found == functions.end() ? nullptr : &*found;
}

/// The first of the names that there is.
void append_first(std::vector<const Function*>& reached, const std::vector<Function>& functions,
                  std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const Function* function = find(functions, name)) return reached.push_back(function);
  }
}

/// What stands in the brackets of each call, up to the end of the line.
std::vector<std::string_view> calls_of(const Function& callee, const Function& caller, std::string_view symbol) {
  const std::string call = std::string(symbol) + callee.name + "_(";
  std::vector<std::string_view> calls;
  const std::string_view body = caller.body;
  for (std::size_t at = body.find(call); at != std::string_view::npos; at = body.find(call, at + 1)) {
    const std::size_t first = at + call.size();
    if (at == 0 || !is_of_name(body[at - 1])) calls.push_back(body.substr(first, body.find('\n', first) - first));
  }
  return calls;
}

bool is_for_one_value(std::string_view call) {
  return call.starts_with("1, ") || has(call, ", 1, ") || has(call, ", 1)");
}

struct Reached {
  const Function* function;
  std::vector<std::string_view> calls{};
};

/// Functions and their calls, from the one that the API calls on.
std::vector<Reached> reached_functions(const std::vector<Function>& functions, std::string_view symbol) {
  std::vector<const Function*> reached;
  if (find(functions, "filter") != nullptr) {
    append_first(reached, functions, {"filter"});
    append_first(reached, functions, {"init", "reset"});
  } else {
    append_first(reached, functions, {"classify", "outputs", "scale"});
  }
  for (std::size_t i = 0; i < reached.size(); ++i) {
    for (const Function& callee : functions) {
      const bool is_known = std::find(reached.begin(), reached.end(), &callee) != reached.end();
      if (!is_known && !calls_of(callee, *reached[i], symbol).empty()) reached.push_back(&callee);
    }
  }
  std::vector<Reached> found;
  for (const Function* callee : reached) {
    found.push_back({callee});
    for (const Function* caller : reached) {
      const auto calls = calls_of(*callee, *caller, symbol);
      found.back().calls.insert(found.back().calls.end(), calls.begin(), calls.end());
    }
  }
  return found;
}

std::string_view without_shape(std::string_view piece, const SurveyOptions& options) {
  return piece.substr(0, piece.size() - options.shape.size());
}

void add(std::string& operations, char operation) {
  if (operations.find(operation) == std::string::npos) operations += operation;
}

void add_operations(std::string& operations, const Function& function, const SurveyOptions& options) {
  const std::string_view whole = without_shape(function.piece, options);
  const std::string_view plain = whole.substr(0, whole.find('.'));
  const auto* const row = std::find_if(float_pieces.begin(), float_pieces.end(), [&](const FloatPiece& piece) {
    return piece.name == plain || piece.name == whole;
  });
  if (row == float_pieces.end()) return;
  // Loops count integers; a constant that is negative turns a sum into a difference.
  const std::string body = replaced(replaced(without(function.body, "for (", ")"), " + -", " - "), " - -", " + ");
  for (const Mark& mark : marks) {
    if (row->operations.find(mark.operation) != std::string_view::npos && has(body, mark.text)) {
      add(operations, mark.operation);
    }
  }
  if (row->operations.find('i') == std::string_view::npos || !has(body, converted_feature)) return;
  for (const char operation : options.conversion) add(operations, operation);
}

/// The two semicolons of a loop end no statement.
double n_statements(std::string_view body) {
  return static_cast<double>(count(body, ";") + count(body, "\\n\\t")) -
         2.0 * static_cast<double>(count(body, "for ("));
}

/// Pieces that are put together for each model; all others are the same but for a few statements.
constexpr std::array own_pieces = {"raw",     "network",  "tree",   "sum",    "leaf",  "trees",  "vote",
                                   "outputs", "classify", "decide", "encode", "scale", "filter", "init"};

bool is_of_model(std::string_view piece) {
  piece = piece.substr(0, piece.find('.'));
  return std::find(own_pieces.begin(), own_pieces.end(), piece) != own_pieces.end();
}

/// `rows#2` for each argument that is 1.
void count_ones(std::string_view call, const std::string& piece, Terms& terms) {
  int depth = 0, place = 1;
  std::size_t first = 0;
  for (std::size_t at = 0; at < call.size() && depth >= 0; ++at) {
    const char c = call[at];
    depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    if (depth > 0 || (c != ',' && depth == 0)) continue;
    if (call.substr(first, at - first) == "1") terms[piece + '#' + std::to_string(place)] += 1;
    ++place;
    first = at + 2;
  }
}

void count_function(const Function& function, const std::vector<std::string_view>& calls, const SurveyOptions& options,
                    Terms& terms) {
  const std::string& piece = function.piece;
  const double statements = n_statements(function.body);
  terms[piece] += 1;
  terms[piece + ";"] += statements;
  const bool is_single = has(function.body, "< 1;") || (calls.size() == 1 && is_for_one_value(calls.front()));
  if (is_single) terms[piece + "*"] += 1;
  if (calls.size() > 1) {
    const auto repeated = static_cast<double>(calls.size() - 1);
    terms[piece + "+"] += repeated;
    terms[piece + "+;"] += repeated * statements;
  }
  for (const std::string_view call : calls) count_ones(call, piece, terms);
  if (!is_of_model(without_shape(piece, options))) return;
  Types types;
  add_types(types, tokens_in(function.parameters), options.feature);
  add_types(types, tokens_in(function.body), options.feature);
  for (std::string_view rest = function.body; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    count_line(rest.substr(0, end), types, {options.symbol, options.macro}, terms);
    rest.remove_prefix(end + 1);
  }
}

void count_runtime(const Function& function, const SurveyOptions& options, Survey& found) {
  for (const FloatPiece& runtime : runtime_pieces) {
    const std::string open = std::string(runtime.name) + "(",
                      piece = std::string(runtime.name) + std::string(options.shape);
    const std::string_view body = function.body;
    for (std::size_t at = body.find(open); at != std::string_view::npos; at = body.find(open, at + 1)) {
      found.terms[piece] = 1;
      found.terms[piece + ";"] += 1;
      count_ones(body.substr(at + open.size(), body.find('\n', at) - at - open.size()), piece, found.terms);
      for (const char operation : runtime.operations) add(found.operations, operation);
    }
  }
}

}  // namespace

Survey survey(std::string_view text, const SurveyOptions& options) {
  Survey found;
  const std::vector<Function> functions = functions_of(text, options);
  for (const auto& [function, calls] : reached_functions(functions, options.symbol)) {
    count_function(*function, calls, options, found.terms);
    add_operations(found.operations, *function, options);
    count_runtime(*function, options, found);
  }
  return found;
}

}  // namespace emlc::c
