#include "formats/text/json_non_finite.hpp"
#include "codegen/model/number_type.hpp"

#include <array>
#include <limits>
#include <stdexcept>

namespace emlc::formats::json {
namespace {

struct NonFinite {
  std::string_view word, mask;
  double value;
};
using model::infinity;
constexpr std::array non_finites = {NonFinite{"NaN", "\"N\"", std::numeric_limits<double>::quiet_NaN()},
                                    NonFinite{"Infinity", "\"Infini\"", infinity},
                                    NonFinite{"-Infinity", "\"-Infini\"", -infinity}};

}  // namespace

bool mask_non_finite(std::string_view text, std::string& masked) {
  if (text.find("NaN") == std::string_view::npos && text.find("Infinity") == std::string_view::npos) return false;
  masked = text;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\' ? 1U : 0U;
      continue;
    }
    for (const NonFinite& row : non_finites) {
      if (!text.substr(at).starts_with(row.word)) continue;
      masked.replace(at, row.word.size(), row.mask);
      at += row.word.size() - 1;
      break;
    }
  }
  return true;
}

double non_finite_value(std::string_view masked) {
  for (const NonFinite& row : non_finites) {
    if (row.mask.substr(1, row.mask.size() - 2) == masked) return row.value;
  }
  throw std::logic_error("a text without its closing quote came out of the parser");
}

}  // namespace emlc::formats::json
