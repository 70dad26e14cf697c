emlc_precompile(tests HEADER tests.hpp OPTIMISATION ${emlc_around} LINK doctest::doctest nlohmann_json::nlohmann_json)

# doctest itself and main(), for all test programs.
add_library(emlc_test_main OBJECT "${PROJECT_SOURCE_DIR}/tests/main.cpp")
target_link_libraries(emlc_test_main PUBLIC doctest::doctest PRIVATE emlc::warnings)
target_compile_options(emlc_test_main PRIVATE $<$<CONFIG:Release>:${emlc_around}>)

# emlc_add_test(<name> SOURCES <file...> LINK <target...>): a doctest program `<name>_test` that is one ctest entry.
# Tests find files of the source tree through EMLC_SOURCE_DIR and put files into EMLC_BINARY_DIR.
function(emlc_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LINK")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "emlc_add_test(${name}): unknown arguments ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  add_executable(${name}_test ${ARG_SOURCES})
  target_link_libraries(${name}_test PRIVATE ${ARG_LINK} emlc_test_main emlc::warnings fmt::fmt)
  emlc_use_precompiled(${name}_test tests)
  target_compile_definitions(${name}_test PRIVATE
    EMLC_SOURCE_DIR="${PROJECT_SOURCE_DIR}" EMLC_BINARY_DIR="${CMAKE_CURRENT_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name}_test)
endfunction()
