# Writes the template files as raw string literals of one C++ header. Raw strings hold at most 64 kB each, which no
# template comes near; `)emlc"` ends one, so a template must not contain it.
set(text "#pragma once\n\n#include <string_view>\n\nnamespace emlc::templates {\n\n")
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME)
  string(REGEX REPLACE "\\.in$" "" name "${name}")
  string(MAKE_C_IDENTIFIER "${name}" name)
  file(READ "${file}" content)
  string(APPEND text "inline constexpr std::string_view ${name} = R\"emlc(${content})emlc\";\n\n")
endforeach()
string(APPEND text "}  // namespace emlc::templates\n")
file(WRITE "${OUTPUT}" "${text}")
