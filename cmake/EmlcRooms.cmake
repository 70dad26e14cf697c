# The header that is parsed once for all targets of the same compiler flags.
add_library(emlc_precompiled STATIC "${CMAKE_CURRENT_LIST_DIR}/precompiled.cpp")
target_link_libraries(emlc_precompiled PRIVATE emlc::warnings fmt::fmt)
target_precompile_headers(emlc_precompiled PRIVATE "${CMAKE_CURRENT_LIST_DIR}/precompiled.hpp")

# emlc_add_room(<name> SOURCES <file...> [PUBLIC <target...>] [PRIVATE <target...>]): a folder of the program as the static
# library emlc::<name>. It links what it may include, so that a call upwards does not link.
function(emlc_add_room name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;PUBLIC;PRIVATE")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "emlc_add_room(${name}): unknown arguments ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  add_library(emlc_${name} STATIC ${ARG_SOURCES})
  add_library(emlc::${name} ALIAS emlc_${name})
  target_link_libraries(emlc_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} emlc::warnings fmt::fmt)
  target_precompile_headers(emlc_${name} REUSE_FROM emlc_precompiled)
endfunction()
