emlc_precompile(tests HEADER tests.hpp OPTIMISATION ${emlc_tests} LINK doctest::doctest nlohmann_json::nlohmann_json)
# What is tested is instrumented in full. In the tests themselves undefined behaviour is not looked for: that would be a
# tenth of the time that they take to compile. Where tests include what runs on devices (EMLC_TESTS_ARE_DEVICES of a
# folder) it is.
set_target_properties(emlc_precompiled_tests PROPERTIES EMLC_DEFINED ON)

# doctest itself and main(), for all test programs.
add_library(emlc_test_main OBJECT "${PROJECT_SOURCE_DIR}/tests/main.cpp")
target_link_libraries(emlc_test_main PUBLIC doctest::doctest PRIVATE emlc::warnings)
target_compile_options(emlc_test_main PRIVATE $<$<CONFIG:Release>:${emlc_tests}>)

# emlc_join_tests(<variable> <name> <file...>): what to compile for the sources of a test: where units of several sources are
# wanted (CMAKE_UNITY_BUILD) ten at a time, since most of the time goes into what they include.
function(emlc_join_tests variable name)
  if(NOT CMAKE_UNITY_BUILD OR ARGC LESS 4)
    set(${variable} ${ARGN} PARENT_SCOPE)
    return()
  endif()
  set(script "${PROJECT_SOURCE_DIR}/cmake/JoinTests.cmake")
  file(RELATIVE_PATH folder "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
  set(left ${ARGN})
  set(joined "")
  while(left)
    list(SUBLIST left 0 10 files)
    list(REMOVE_ITEM left ${files})
    list(LENGTH left number)
    set(out "${CMAKE_CURRENT_BINARY_DIR}/joined/${name}_${number}.cpp")
    list(TRANSFORM files PREPEND "${folder}/" OUTPUT_VARIABLE below)
    add_custom_command(OUTPUT "${out}"
      COMMAND ${CMAKE_COMMAND} "-DOUT=${out}" "-DROOT=${PROJECT_SOURCE_DIR}" "-DFILES=${below}" -P "${script}"
      DEPENDS ${files} "${script}" VERBATIM)
    list(APPEND joined "${out}")
  endwhile()
  set(${variable} ${joined} PARENT_SCOPE)
endfunction()

# emlc_add_test(<name> [SANITIZED] SOURCES <file...> [ALONE <file...>] LINK <target...>): a doctest program `<name>_test`
# that is one ctest entry. Sources that are ALONE are units of their own: those that define something, or open a namespace.
# With SANITIZED the test has the sanitizers in every build, and no precompiled header, which is for other flags; its label
# is `sanitized`.
# Tests find files of the source tree through EMLC_SOURCE_DIR and put files into EMLC_BINARY_DIR.
function(emlc_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "SANITIZED" "" "SOURCES;ALONE;LINK")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "emlc_add_test(${name}): unknown arguments ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  emlc_join_tests(sources ${name} ${ARG_SOURCES})
  add_executable(${name}_test ${sources} ${ARG_ALONE})
  set_target_properties(${name}_test PROPERTIES UNITY_BUILD OFF)
  target_link_libraries(${name}_test PRIVATE ${ARG_LINK} emlc_test_main emlc::warnings ${EMLC_FMT})
  emlc_use_precompiled(${name}_test tests)
  # Where a test is optimised, gcc 12 follows neither a status that is not EMLC_OK nor a std::string that was moved from.
  target_compile_options(${name}_test PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-array-bounds>)
  target_compile_definitions(${name}_test PRIVATE
    EMLC_SOURCE_DIR="${PROJECT_SOURCE_DIR}" EMLC_BINARY_DIR="${CMAKE_CURRENT_BINARY_DIR}")
  if(NOT EMLC_TESTS_ARE_DEVICES)
    set_target_properties(${name}_test PROPERTIES EMLC_DEFINED ON)
  elseif(EMLC_SANITIZE) # a precompiled header is for the flags of the others
    set_target_properties(${name}_test PROPERTIES DISABLE_PRECOMPILE_HEADERS ON EMLC_CHECKS_POINTERS ON)
  endif()
  if(ARG_SANITIZED)
    set(sanitizers -fsanitize=address,undefined)
    set_target_properties(${name}_test PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)
    target_compile_options(${name}_test PRIVATE ${sanitizers} -fno-sanitize-recover=all)
    target_link_options(${name}_test PRIVATE ${sanitizers})
  endif()
  add_test(NAME ${name} COMMAND ${name}_test)
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
  if(ARG_SANITIZED)
    set_tests_properties(${name} PROPERTIES LABELS sanitized)
  endif()
endfunction()

# emlc_limit_tests(): the last line of a folder of tests. Those without a limit of their own get one that is far above what
# they take anywhere: a test that hangs fails.
function(emlc_limit_tests)
  get_property(tests DIRECTORY PROPERTY TESTS)
  foreach(test IN LISTS tests)
    get_test_property(${test} TIMEOUT limit)
    if(NOT limit)
      set_tests_properties(${test} PROPERTIES TIMEOUT 1800)
    endif()
  endforeach()
endfunction()
