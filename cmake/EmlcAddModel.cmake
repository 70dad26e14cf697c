# emlc_add_model(<target> MODEL <file> NAME <c_identifier>
#                [FORMAT c|cpp|csv|tmdl|tmdl-c|py] [SOURCE] [OPTIONS <argument>...] [DEPENDS <file>...]
#                [SIZE_REPORT <file>] [MAX_FLASH <bytes>] [MAX_RAM <bytes>])
#
# Compiles a trained model while the project builds. <target> becomes an INTERFACE library that gives what links it the
# directory of the result, <NAME>.h (c, the default), .hpp, .csv, .tmdl or .py, and emlc's runtime headers. With tmdl-c
# it is a STATIC library of <NAME>.c, which has the blob, and <NAME>.h declares it.
#   SOURCE       <target> is a STATIC library of a source with the definitions, and the header declares only: for
#                headers that several sources include
#   MODEL        relative to the current source directory
#   OPTIONS      go to `emlc convert` as they are, for example --voting hard
#   DEPENDS      further files that the result depends on; those that OPTIONS name for emlc to read are known without
#   SIZE_REPORT  the bytes of each part as JSON, relative to the current binary directory
#   MAX_FLASH, MAX_RAM  budgets, 8192 or 8KiB: the build fails when the model takes more
# The conversion runs again when the model, a file that it reads, a listed one, an option or emlc itself changes.
# Properties of <target>: EMLC_OUTPUT, EMLC_SOURCE and EMLC_SIZE_REPORT, the paths of the results; the target <target>_gen
# makes just them.

cmake_policy(PUSH)
cmake_policy(VERSION 3.20) # DEPFILE with every generator

function(emlc_add_model target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SOURCE" "MODEL;NAME;FORMAT;SIZE_REPORT;MAX_FLASH;MAX_RAM" "OPTIONS;DEPENDS")
  _emlc_check_arguments()
  set(extension_c h)
  set(extension_cpp hpp)
  set(extension_csv csv)
  set(extension_tmdl tmdl)
  set(extension_tmdl-c h)
  set(extension_py py)
  # A directory per target, so that models of the same name do not meet.
  set(directory "${CMAKE_CURRENT_BINARY_DIR}/${target}.emlc")
  set(output "${directory}/${arg_NAME}.${extension_${arg_FORMAT}}")
  get_filename_component(model "${arg_MODEL}" ABSOLUTE)
  file(MAKE_DIRECTORY "${directory}")
  _emlc_collect_options()
  # Make compares files only: one that changes with the options makes it see them.
  set(options_file "${directory}/${arg_NAME}.options")
  file(GENERATE OUTPUT "${options_file}" CONTENT "${options}\n")
  # Ninja wants the outputs in the order of the depfile: what -o names comes first.
  set(outputs "${named}" "${output}" ${source})
  list(REMOVE_DUPLICATES outputs)
  add_custom_command(
    OUTPUT ${outputs}
    BYPRODUCTS ${size_report}
    COMMAND emlc::emlc convert "${model}" --to "${arg_FORMAT}" --name "${arg_NAME}" ${options}
            --depfile "${output}.d" -o "${named}"
    DEPENDS emlc::emlc "${model}" "${options_file}" ${arg_DEPENDS}
    DEPFILE "${output}.d"
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
    COMMENT "Compiling model ${arg_NAME}"
    VERBATIM COMMAND_EXPAND_LISTS)
  add_custom_target(${target}_gen DEPENDS "${output}")
  set(visibility INTERFACE)
  if(source)
    set(visibility PUBLIC)
    add_library(${target} STATIC "${source}" "${output}")
  else()
    add_library(${target} INTERFACE)
  endif()
  add_dependencies(${target} ${target}_gen)
  target_include_directories(${target} ${visibility} "${directory}")
  target_link_libraries(${target} ${visibility} emlc::runtime)
  set_target_properties(${target} PROPERTIES
    EMLC_OUTPUT "${output}" EMLC_SOURCE "${source}" EMLC_SIZE_REPORT "${size_report}")
endfunction()

# Sets options, what `emlc convert` takes besides the files, source and size_report, empty or a path, and named, the file
# that -o names: a blob in C is its source, the header comes beside it.
macro(_emlc_collect_options)
  set(options ${arg_OPTIONS})
  set(source "")
  set(named "${output}")
  if(arg_FORMAT STREQUAL "tmdl-c")
    set(source "${directory}/${arg_NAME}.c")
    set(named "${source}")
  elseif(arg_SOURCE)
    set(source "${directory}/${arg_NAME}.${arg_FORMAT}")
    list(APPEND options --source "${source}")
  endif()
  set(size_report "")
  if(DEFINED arg_SIZE_REPORT)
    get_filename_component(size_report "${arg_SIZE_REPORT}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
    get_filename_component(size_report_directory "${size_report}" DIRECTORY)
    file(MAKE_DIRECTORY "${size_report_directory}")
    list(APPEND options --size-report "${size_report}")
  endif()
  if(DEFINED arg_MAX_FLASH)
    list(APPEND options --max-flash "${arg_MAX_FLASH}")
  endif()
  if(DEFINED arg_MAX_RAM)
    list(APPEND options --max-ram "${arg_MAX_RAM}")
  endif()
endmacro()

# Checks what the caller parsed into arg_*, and fills in what was left out.
macro(_emlc_check_arguments)
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "emlc_add_model(${target}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  list(REMOVE_ITEM arg_KEYWORDS_MISSING_VALUES OPTIONS DEPENDS) # a variable may well be empty
  foreach(keyword ${arg_KEYWORDS_MISSING_VALUES})
    message(FATAL_ERROR "emlc_add_model(${target}): ${keyword} has no value")
  endforeach()
  foreach(keyword MODEL NAME)
    if(NOT DEFINED arg_${keyword})
      message(FATAL_ERROR "emlc_add_model(${target}): ${keyword} is missing")
    endif()
  endforeach()
  if(NOT arg_NAME MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
    message(FATAL_ERROR "emlc_add_model(${target}): NAME '${arg_NAME}' is not a C identifier")
  endif()
  # What else emlc refuses, as early; keywords it names itself.
  if(arg_NAME MATCHES "^_|__|_$")
    message(FATAL_ERROR "emlc_add_model(${target}): NAME '${arg_NAME}' would start symbols that C and C++ reserve for "
      "compilers: no underscore may be at an end or next to another")
  endif()
  if(arg_NAME MATCHES "^[Ee][Mm][Ll][Cc](_|$)")
    message(FATAL_ERROR "emlc_add_model(${target}): NAME '${arg_NAME}' would start symbols as emlc's runtime does")
  endif()
  if(NOT DEFINED arg_FORMAT)
    set(arg_FORMAT c)
  endif()
  if(NOT arg_FORMAT MATCHES "^(c|cpp|csv|tmdl|tmdl-c|py)$")
    message(FATAL_ERROR "emlc_add_model(${target}): FORMAT '${arg_FORMAT}' is not one of c, cpp, csv, tmdl, tmdl-c, py")
  endif()
  if(arg_SOURCE AND NOT arg_FORMAT MATCHES "^(c|cpp)$")
    message(FATAL_ERROR "emlc_add_model(${target}): SOURCE is for headers, a ${arg_FORMAT} has none")
  endif()
  foreach(keyword MAX_FLASH MAX_RAM)
    if(DEFINED arg_${keyword} AND NOT arg_${keyword} MATCHES "^[0-9]+ ?(B|kB|MB|KiB|MiB)?$")
      message(FATAL_ERROR "emlc_add_model(${target}): ${keyword} '${arg_${keyword}}' is not a number of bytes")
    endif()
  endforeach()
endmacro()

cmake_policy(POP)
