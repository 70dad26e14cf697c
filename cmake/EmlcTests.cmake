# emlc_add_test(<name> SOURCES <file...> LINK <target...>): a doctest program `<name>_test` that is one ctest entry.
# Tests find files of the source tree through EMLC_SOURCE_DIR and put files into EMLC_BINARY_DIR.
function(emlc_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LINK")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "emlc_add_test(${name}): unknown arguments ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  add_executable(${name}_test ${ARG_SOURCES} "${PROJECT_SOURCE_DIR}/tests/main.cpp")
  target_link_libraries(${name}_test PRIVATE ${ARG_LINK} emlc::warnings doctest::doctest fmt::fmt)
  target_compile_definitions(${name}_test PRIVATE
    EMLC_SOURCE_DIR="${PROJECT_SOURCE_DIR}" EMLC_BINARY_DIR="${CMAKE_CURRENT_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name}_test)
endfunction()
