# emlc_optional_library(<NAME> FIND <package> [<argument>...] TARGETS <target...> DEBIAN <package...>): a library that only
# some formats need, by the option EMLC_WITH_<NAME>: AUTO, the default, takes it where it is installed, ON stops without it,
# OFF leaves it out. FIND goes to find_package (a Find<package>.cmake of our own may stand in cmake/); the library is there
# when all TARGETS are. EMLC_HAS_<NAME> is then true or false for the caller, and emlc::formats has it as the constant
# `with_<name>` of built_with.hpp, which says what its refusals say of the option and of Debian's packages.
function(emlc_optional_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "FIND;TARGETS;DEBIAN")
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_FIND OR NOT ARG_TARGETS OR NOT ARG_DEBIAN)
    message(FATAL_ERROR "emlc_optional_library(${name}): takes FIND, TARGETS and DEBIAN")
  endif()
  set(option EMLC_WITH_${name})
  set(${option} AUTO CACHE STRING "Read the formats that need it: AUTO takes it where it is installed, ON, OFF")
  set_property(CACHE ${option} PROPERTY STRINGS AUTO ON OFF)
  if(NOT ${option} MATCHES "^(AUTO|ON|OFF|TRUE|FALSE|1|0)$")
    message(FATAL_ERROR "${option} is '${${option}}', expected AUTO, ON or OFF")
  endif()
  list(GET ARG_FIND 0 package)
  string(JOIN " " debian ${ARG_DEBIAN})
  set(has FALSE)
  if(${option} STREQUAL "AUTO" OR ${option})
    _emlc_find_targets(has)
  endif()
  if(has)
    message(STATUS "${option}: with ${package}")
  elseif(${option} STREQUAL "AUTO")
    message(STATUS "${option}: left out, ${package} is not installed (Debian: ${debian})")
  elseif(${option})
    message(FATAL_ERROR "${option} is ${${option}}, but ${package} is not installed: install it (Debian: ${debian}), "
      "or give -D${option}=OFF for an emlc without the formats that need it")
  else()
    message(STATUS "${option}: left out, as it is ${${option}}")
  endif()
  _emlc_note_library()
  set(EMLC_HAS_${name} ${has} PARENT_SCOPE)
endfunction()

# Sets the variable `found` of the caller: are all targets there, perhaps after looking for them?
macro(_emlc_find_targets found)
  set(CMAKE_FIND_PACKAGE_PREFER_CONFIG ON) # what a library says of itself knows what it links
  find_package(${ARG_FIND} QUIET)
  set(${found} TRUE)
  foreach(target ${ARG_TARGETS})
    if(NOT TARGET ${target})
      set(${found} FALSE)
    endif()
  endforeach()
endmacro()

# Adds the row of the library to built_with.hpp.
macro(_emlc_note_library)
  string(TOLOWER ${name} constant)
  set(presence left_out)
  if(has)
    set(presence built_in)
  endif()
  set_property(GLOBAL APPEND_STRING PROPERTY EMLC_BUILT_WITH
    "inline constexpr Library with_${constant}{\"${option}\", \"${debian}\", Presence::${presence}};\n")
endmacro()

# emlc_write_built_with(<file>): the constants of all optional libraries that were asked for.
function(emlc_write_built_with file)
  get_property(libraries GLOBAL PROPERTY EMLC_BUILT_WITH)
  file(CONFIGURE OUTPUT "${file}" @ONLY CONTENT [[// Written by CMake: what this build of emlc has of the libraries that it may be without.
#pragma once

#include "formats/library.hpp"

namespace emlc::formats {

@libraries@
}  // namespace emlc::formats
]])
endfunction()
