# How much of a Release build is spent on optimising: what walks models and makes outputs is, the program around that
# waits for files and for compilers; tests take longer to compile than to run.
set(emlc_optimised -O2)
set(emlc_around -O1)
set(emlc_tests -O0)

# emlc_follow(<target>): libFuzzer sees which of its branches an input takes; in long runs, the short ones of every test
# try what is there and what is near to it.
function(emlc_follow target)
  target_compile_options(${target} PRIVATE
    $<$<AND:$<BOOL:${EMLC_FUZZ}>,$<BOOL:${EMLC_SANITIZE_POINTERS}>>:-fsanitize=fuzzer-no-link>)
endfunction()

# emlc_optimise(<target> <level>): of a Release build; and under the sanitizers, which multiply the time that models take.
# What walks models is what a fuzzer follows: in the program around it and in tests that would only take time to compile.
function(emlc_optimise target level)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:${level}>)
  if(EMLC_SANITIZE AND level STREQUAL ${emlc_optimised})
    target_compile_options(${target} PRIVATE -O1)
  endif()
  if(level STREQUAL ${emlc_optimised})
    emlc_follow(${target})
  endif()
endfunction()

# emlc_precompile(<name> HEADER <file> OPTIMISATION <flag> [LINK <target...>]): parses a header once for the targets that
# say emlc_use_precompiled(<target> <name>). A compiler takes it for its own flags alone, so those come with it, and each
# level of optimisation has its own. No target may depend on it: CMAKE_DISABLE_PRECOMPILE_HEADERS=ON leaves it out.
function(emlc_precompile name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "HEADER;OPTIMISATION" "LINK")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "emlc_precompile(${name}): unknown arguments ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  set(target emlc_precompiled_${name})
  add_library(${target} STATIC "${PROJECT_SOURCE_DIR}/cmake/precompiled/source.cpp")
  target_link_libraries(${target} PRIVATE emlc::warnings ${EMLC_FMT} ${ARG_LINK})
  target_precompile_headers(${target} PRIVATE "${PROJECT_SOURCE_DIR}/cmake/precompiled/${ARG_HEADER}")
  emlc_optimise(${target} ${ARG_OPTIMISATION})
  # Without the time of the headers in it, a cache of the compiler's results knows it again.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
  set_property(TARGET ${target} PROPERTY EMLC_OPTIMISATION ${ARG_OPTIMISATION})
endfunction()

function(emlc_use_precompiled target name)
  get_property(optimisation TARGET emlc_precompiled_${name} PROPERTY EMLC_OPTIMISATION)
  emlc_optimise(${target} ${optimisation})
  target_precompile_headers(${target} REUSE_FROM emlc_precompiled_${name})
endfunction()

emlc_precompile(optimised HEADER optimised.hpp OPTIMISATION ${emlc_optimised})
emlc_precompile(around HEADER around.hpp OPTIMISATION ${emlc_around} LINK nlohmann_json::nlohmann_json)

# emlc_add_room(<name> SOURCES <file...> [ALONE <file...>] [PUBLIC <target...>] [PRIVATE <target...>]): a folder of the
# program as the static library emlc::<name>. It links what it may include, so that a call upwards does not link.
# EMLC_PRECOMPILED of its directory says which header it is precompiled with, and with that how much it is optimised.
# Sources that are ALONE are written alike, with the same names inside: in a unity build they stay units of their own.
set(EMLC_PRECOMPILED optimised)
# Rooms that only write text, once per model: under the sanitizers, optimising them takes longer than it saves. The
# fuzzers' long runs do not ask for that.
set(emlc_precompiled_writers optimised)
if(EMLC_SANITIZE AND NOT EMLC_SANITIZE_POINTERS)
  set(emlc_precompiled_writers around)
endif()
function(emlc_add_room name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;ALONE;PUBLIC;PRIVATE")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "emlc_add_room(${name}): unknown arguments ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  add_library(emlc_${name} STATIC ${ARG_SOURCES} ${ARG_ALONE})
  set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  add_library(emlc::${name} ALIAS emlc_${name})
  target_link_libraries(emlc_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} emlc::warnings ${EMLC_FMT})
  emlc_use_precompiled(emlc_${name} ${EMLC_PRECOMPILED})
endfunction()
