# Configures, builds and runs one example against the installed package.
# cmake -DSOURCE=... -DEMLC_DIR=... -DWORK=... -P example.cmake
function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed (${result}):\n${text}")
  endif()
  set(text "${text}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${WORK}")
run("configuring" "${CMAKE_COMMAND}" -S "${SOURCE}" -B "${WORK}" "-Demlc_DIR=${EMLC_DIR}" -DCMAKE_C_FLAGS=-Werror)
run("building" "${CMAKE_COMMAND}" --build "${WORK}")
get_filename_component(program "${SOURCE}" NAME)
run("the program" "${WORK}/${program}")
message("${text}")
