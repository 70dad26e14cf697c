#pragma once

#include <array>
#include <string_view>

#include "codegen/c/frame/survey.hpp"

namespace emlc::c {

/// Functions of headers that compute in float, by the names of their pieces: what they compute.
inline constexpr std::array float_pieces = {FloatPiece{"argmax", ">"},
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
inline constexpr std::array runtime_pieces = {FloatPiece{"emlc_dense_f32", "+*"},
                                              FloatPiece{"emlc_sos_filter_f32", "+-*"},
                                              FloatPiece{"emlc_sos_filter_structures_f32", "+-*"}};

/// How an operation shows in the text.
struct Mark {
  char operation;
  std::string_view text;
};
inline constexpr std::array marks = {Mark{'+', " + "},          Mark{'+', " += "},        Mark{'-', " - "},
                                     Mark{'-', " -= "},         Mark{'*', " * "},         Mark{'/', " / "},
                                     Mark{'/', " /= "},         Mark{'<', " < "},         Mark{'<', " <= "},
                                     Mark{'>', " > "},          Mark{'>', " >= "},        Mark{'e', "expf("},
                                     Mark{'l', "logf("},        Mark{'t', "tanhf("},      Mark{'z', "(size_t)z["},
                                     Mark{'u', "(float)count"}, Mark{'i', "(float)sums["}};
inline constexpr std::string_view converted_feature = "(float)x[";

}  // namespace emlc::c
