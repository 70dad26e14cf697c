# emlc_add_model(<target> MODEL <file> NAME <c_identifier>
#                [FORMAT c|cpp|csv|tmdl] [OPTIONS <argument>...] [DEPENDS <file>...])
#
# Compiles a trained model while the project builds. <target> becomes an INTERFACE library that gives what links it the
# directory of the result, <NAME>.h (c, the default), .hpp, .csv or .tmdl, and emlc's runtime headers.
#   MODEL    relative to the current source directory
#   OPTIONS  go to `emlc convert` as they are, for example --voting hard --max-flash 8KiB
#   DEPENDS  further files that OPTIONS name, such as that of --data
# The conversion runs again when the model, a listed file, an option or emlc itself changes. Properties of <target>:
# EMLC_OUTPUT, the path of the result; the target <target>_gen makes just that.

cmake_policy(PUSH)
cmake_policy(VERSION 3.20) # DEPFILE with every generator

function(emlc_add_model target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "MODEL;NAME;FORMAT" "OPTIONS;DEPENDS")
  _emlc_check_arguments()
  set(extension_c h)
  set(extension_cpp hpp)
  set(extension_csv csv)
  set(extension_tmdl tmdl)
  # A directory per target, so that models of the same name do not meet.
  set(directory "${CMAKE_CURRENT_BINARY_DIR}/${target}.emlc")
  set(output "${directory}/${arg_NAME}.${extension_${arg_FORMAT}}")
  get_filename_component(model "${arg_MODEL}" ABSOLUTE)
  file(MAKE_DIRECTORY "${directory}")
  # Make compares files only: one that changes with the options makes it see them.
  set(options_file "${directory}/${arg_NAME}.options")
  file(GENERATE OUTPUT "${options_file}" CONTENT "${arg_OPTIONS}\n")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND emlc::emlc convert "${model}" --to "${arg_FORMAT}" --name "${arg_NAME}" ${arg_OPTIONS}
            --depfile "${output}.d" -o "${output}"
    DEPENDS emlc::emlc "${model}" "${options_file}" ${arg_DEPENDS}
    DEPFILE "${output}.d"
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
    COMMENT "Compiling model ${arg_NAME}"
    VERBATIM COMMAND_EXPAND_LISTS)
  add_custom_target(${target}_gen DEPENDS "${output}")
  add_library(${target} INTERFACE)
  add_dependencies(${target} ${target}_gen)
  target_include_directories(${target} INTERFACE "${directory}")
  target_link_libraries(${target} INTERFACE emlc::runtime)
  set_target_properties(${target} PROPERTIES EMLC_OUTPUT "${output}")
endfunction()

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
  if(NOT DEFINED arg_FORMAT)
    set(arg_FORMAT c)
  endif()
  if(NOT arg_FORMAT MATCHES "^(c|cpp|csv|tmdl)$")
    message(FATAL_ERROR "emlc_add_model(${target}): FORMAT '${arg_FORMAT}' is not one of c, cpp, csv, tmdl")
  endif()
endmacro()

cmake_policy(POP)
