# Configures, builds and runs one example against the installed package.
# cmake -DSOURCE=... -DEMLC_DIR=... -DWORK=... -P example.cmake
include("${CMAKE_CURRENT_LIST_DIR}/../support/run.cmake")

file(REMOVE_RECURSE "${WORK}")
run("configuring" "${CMAKE_COMMAND}" -S "${SOURCE}" -B "${WORK}" "-Demlc_DIR=${EMLC_DIR}" -DCMAKE_C_FLAGS=-Werror)
run("building" "${CMAKE_COMMAND}" --build "${WORK}")
get_filename_component(program "${SOURCE}" NAME)
run("the program" "${WORK}/${program}")
message("${text}")
