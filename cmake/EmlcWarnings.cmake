# emlc::warnings carries the compile flags of every target of ours; nothing is set globally.
add_library(emlc_warnings INTERFACE)
add_library(emlc::warnings ALIAS emlc_warnings)
target_compile_options(emlc_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion
  # Sources that are compiled as one do not see each other's names otherwise.
  $<$<NOT:$<BOOL:${CMAKE_UNITY_BUILD}>>:-Wshadow>
  # The interpreter reproduces the trainer's arithmetic, so a product and a sum are never contracted into one rounding.
  -ffp-contract=off
  # gcc 12 warns of overlapping copies inside std::string (its bug 105651) when it optimises.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  # Without its collections of garbage, gcc takes an eighth less time and a twentieth more memory for a source.
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:SHELL:--param ggc-min-expand=300 --param ggc-min-heapsize=400000>
  $<$<BOOL:${EMLC_WERROR}>:-Werror>
  # A target with the property EMLC_DEFINED, see EmlcTests, is not looked at for undefined behaviour.
  $<$<BOOL:${EMLC_SANITIZE}>:-fsanitize=address$<$<NOT:$<BOOL:$<TARGET_PROPERTY:EMLC_DEFINED>>>:,undefined>>
  $<$<BOOL:${EMLC_SANITIZE}>:-fno-sanitize-recover=all;-fno-omit-frame-pointer>
  # A third of what the sanitizers take to compile is for checks of each pointer before its use. In programs of this
  # computer the address sanitizer sees all but misaligned ones; a target with the property EMLC_CHECKS_POINTERS, which
  # has code of devices in it, and the build of the fuzzers' long runs have them.
  $<$<AND:$<BOOL:${EMLC_SANITIZE}>,$<NOT:$<BOOL:${EMLC_SANITIZE_POINTERS}>>,$<NOT:$<BOOL:$<TARGET_PROPERTY:EMLC_CHECKS_POINTERS>>>>:-fno-sanitize=null,alignment,object-size,vptr>
  $<$<BOOL:${EMLC_COVERAGE}>:--coverage>
  # With the sanitizers gcc 12 takes the other alternatives of a std::variant for uninitialised.
  $<$<AND:$<BOOL:${EMLC_SANITIZE}>,$<CXX_COMPILER_ID:GNU>>:-Wno-maybe-uninitialized>)
# What the sanitizers add makes programs of hundreds of megabytes, which LLVM's linker joins in a quarter of the time.
find_program(EMLC_LLD ld.lld)
mark_as_advanced(EMLC_LLD)
target_link_options(emlc_warnings INTERFACE
  $<$<AND:$<BOOL:${EMLC_SANITIZE}>,$<CXX_COMPILER_ID:Clang>,$<BOOL:${EMLC_LLD}>>:-fuse-ld=lld>
  $<$<BOOL:${EMLC_COVERAGE}>:--coverage>
  $<$<BOOL:${EMLC_SANITIZE}>:-fsanitize=address,undefined>)
target_include_directories(emlc_warnings INTERFACE "${PROJECT_SOURCE_DIR}")
