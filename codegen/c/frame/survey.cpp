#include "codegen/c/frame/survey.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <vector>

// note [pieces]
// The code of all kinds but trees is put together from few functions, most of which are the same for every model, so
// that the bytes of a header are a sum over the functions that a prediction reaches. What differs in them is how many
// statements they have. Looking at the text instead of at the model counts what is there, also where a target chooses
// one of two texts, and an emitter has nothing to keep in step.

namespace emlc::c {
namespace {

constexpr std::array float_pieces = {FloatPiece{"argmax", ">"},
                                     FloatPiece{"classify", "<>"},
                                     FloatPiece{"compensated", "+-*uz"},
                                     FloatPiece{"delta", "+-*"},
                                     FloatPiece{"divide_by_sum", "+/"},
                                     FloatPiece{"elu", "<*"},
                                     FloatPiece{"exp", "e"},
                                     FloatPiece{"expm", "<>-*/el"},
                                     FloatPiece{"hinge", ">"},
                                     FloatPiece{"isolation", "e*-"},
                                     FloatPiece{"leaky_relu", "<*"},
                                     FloatPiece{"log1p", "+>-*/l"},
                                     FloatPiece{"log_softmax", ">-el+"},
                                     FloatPiece{"multiply", "*"},
                                     FloatPiece{"pairs", "+-*uz"},
                                     FloatPiece{"prelu", "<*"},
                                     FloatPiece{"raw", "iu*"},
                                     FloatPiece{"relu", "<>"},
                                     FloatPiece{"rows", "+*<"},
                                     FloatPiece{"scale", "iu+-*<>"},
                                     FloatPiece{"section.float", "+-*"},
                                     FloatPiece{"sections", "+-*"},
                                     FloatPiece{"sigmoid", "e+/"},
                                     FloatPiece{"signed_square", "<*"},
                                     FloatPiece{"softmax", ">-e"},
                                     FloatPiece{"softplus", "<e+"},
                                     FloatPiece{"tanh", "t"}};

/// Functions of the runtime's headers, which no text shows: all that they compute.
constexpr std::array runtime_pieces = {FloatPiece{"emlc_dense_f32", "+*"}, FloatPiece{"emlc_sos_filter_f32", "+-*"},
                                       FloatPiece{"emlc_sos_filter_structures_f32", "+-*"}};

/// How an operation shows in the text.
struct Mark {
  char operation;
  std::string_view text;
};
constexpr std::array marks = {Mark{'+', " + "},          Mark{'+', " += "},        Mark{'-', " - "},
                              Mark{'-', " -= "},         Mark{'*', " * "},         Mark{'/', " / "},
                              Mark{'/', " /= "},         Mark{'<', " < "},         Mark{'<', " <= "},
                              Mark{'>', " > "},          Mark{'>', " >= "},        Mark{'e', "expf("},
                              Mark{'l', "logf("},        Mark{'t', "tanhf("},      Mark{'z', "(size_t)z["},
                              Mark{'u', "(float)count"}, Mark{'i', "(float)sums["}};
constexpr std::string_view converted_feature = "(float)x[";

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

/// `defined(A) && !defined(B)`; any other condition is about compilers that no target here has.
bool holds(std::string_view condition, const SurveyOptions& options) {
  const auto is_defined = [&](std::string_view macro) {
    if (macro.starts_with(options.macro)) macro.remove_prefix(options.macro.size());
    return macro == "__GNUC__" ||
           std::find(options.defined.begin(), options.defined.end(), macro) != options.defined.end();
  };
  constexpr std::string_view open = "defined(";
  if (condition.starts_with("#ifndef")) return true;  // a guard, the first time
  for (;;) {
    const std::size_t at = condition.find(open);
    if (at == std::string_view::npos) return false;
    const bool is_negative = at > 0 && condition[at - 1] == '!';
    condition.remove_prefix(at + open.size());
    const std::size_t end = condition.find(')');
    if (end == std::string_view::npos || is_defined(condition.substr(0, end)) == is_negative) return false;
    condition.remove_prefix(end + 1);
    if (!has(condition, "&&")) return true;
  }
}

/// The lines that the target compiles.
std::vector<std::string_view> compiled_lines(std::string_view text, const SurveyOptions& options) {
  struct Branch {
    bool is_taken, was_taken;
  };
  std::vector<Branch> branches;
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    const std::string_view line = text.substr(0, text[end] == '\n' ? end : end + 1);
    text.remove_prefix(end + 1);
    if (line.starts_with("#if")) {
      const bool is_taken = holds(line, options);
      branches.push_back({is_taken, is_taken});
    } else if (line.starts_with("#el") && !branches.empty()) {
      Branch& branch = branches.back();
      branch.is_taken = !branch.was_taken && (line.starts_with("#else") || holds(line, options));
      branch.was_taken = branch.was_taken || branch.is_taken;
    } else if (line.starts_with("#endif") && !branches.empty()) {
      branches.pop_back();
    } else if (std::all_of(branches.begin(), branches.end(), [](const Branch& branch) { return branch.is_taken; })) {
      lines.push_back(line);
    }
  }
  return lines;
}

struct Function {
  std::string name;   ///< without the symbol before it and the `_` at its end
  std::string piece;  ///< its key in Survey::pieces
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
  for (const std::string_view line : compiled_lines(text, options)) {
    if (is_inside) {
      is_inside = line != "}";
      if (is_inside) functions.back().body += std::string(line) + "\n";
      continue;
    }
    const std::size_t open = line.find('(');
    if (open == std::string_view::npos || !line.ends_with(") {") || !is_of_name(line.front())) continue;
    std::size_t first = open;
    while (first > 0 && is_of_name(line[first - 1])) --first;
    std::string_view name = line.substr(first, open - first);
    if (!name.starts_with(options.symbol) || !name.ends_with('_')) continue;
    name = name.substr(options.symbol.size(), name.size() - options.symbol.size() - 1);
    functions.push_back({std::string(name), piece_name(name, line.substr(open))});
    is_inside = true;
  }
  for (Function& function : functions) function.body = without(function.body, "/*", "*/");
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

void add(std::string& operations, char operation) {
  if (operations.find(operation) == std::string::npos) operations += operation;
}

void add_operations(std::string& operations, const Function& function, const SurveyOptions& options) {
  const std::string_view plain = std::string_view(function.piece).substr(0, function.piece.find('.'));
  const auto* const row = std::find_if(float_pieces.begin(), float_pieces.end(), [&](const FloatPiece& piece) {
    return piece.name == plain || piece.name == function.piece;
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

}  // namespace

Survey survey(std::string_view text, const SurveyOptions& options) {
  Survey found;
  const std::vector<Function> functions = functions_of(text, options);
  for (const auto& [function, calls] : reached_functions(functions, options.symbol)) {
    PieceCount& piece = found.pieces[function->piece];
    piece.functions += 1;
    piece.statements += n_statements(function->body);
    const bool is_single = has(function->body, "< 1;") || (calls.size() == 1 && is_for_one_value(calls.front()));
    piece.single += is_single ? 1 : 0;
    piece.repeated += calls.size() > 1 ? static_cast<double>(calls.size() - 1) : 0.0;
    add_operations(found.operations, *function, options);
    for (const FloatPiece& runtime : runtime_pieces) {
      const std::size_t n = count(function->body, std::string(runtime.name) + "(");
      if (n == 0) continue;
      found.pieces[std::string(runtime.name)] = {1, static_cast<double>(n), 0};
      for (const char operation : runtime.operations) add(found.operations, operation);
    }
  }
  return found;
}

}  // namespace emlc::c
