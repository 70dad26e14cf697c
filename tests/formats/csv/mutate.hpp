#pragma once

#include <random>
#include <string>
#include <string_view>

namespace emlc::test {

/// The text with up to four changes: bytes replaced, removed or doubled, most of them by what the forms are made of.
inline std::string mutate(std::string text, std::mt19937& random) {
  constexpr std::string_view pieces = "0123456789-+.,;e \n\r\t[]#lrncfbw\\";
  for (unsigned change = 0; change < 1 + random() % 4; ++change) {
    if (text.empty()) return text;
    const std::size_t at = random() % text.size();
    switch (random() % 4) {
      case 0:
        text.erase(at, 1 + random() % 6);
        break;
      case 1:
        text.insert(at, text.substr(random() % text.size(), random() % 12));
        break;
      case 2:
        text[at] = static_cast<char>(random() % 256);
        break;
      default:
        text[at] = pieces[random() % pieces.size()];
    }
  }
  return text;
}

}  // namespace emlc::test
