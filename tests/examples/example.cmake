# Configures, builds and runs one example against the installed package.
# cmake -DSOURCE=... -DEMLC_DIR=... -DWORK=... [-DTOOLCHAIN=... -DCORE=...] -P example.cmake
#   TOOLCHAIN  a file of the example, for a device in a simulator, and CORE the one of that
include("${CMAKE_CURRENT_LIST_DIR}/../support/run.cmake")

file(REMOVE_RECURSE "${WORK}")
set(arguments)
if(TOOLCHAIN)
  set(arguments "-DCMAKE_TOOLCHAIN_FILE=${SOURCE}/${TOOLCHAIN}" "-DCORE=${CORE}")
endif()
set(ENV{CFLAGS} -Werror)
run("configuring" "${CMAKE_COMMAND}" -S "${SOURCE}" -B "${WORK}" "-Demlc_DIR=${EMLC_DIR}" ${arguments})
run("building" "${CMAKE_COMMAND}" --build "${WORK}")
get_filename_component(program "${SOURCE}" NAME)
if(TOOLCHAIN)
  get_filename_component(bin "${CMAKE_COMMAND}" DIRECTORY)
  run("the program" "${bin}/ctest" --test-dir "${WORK}" -V)
else()
  run("the program" "${WORK}/${program}")
endif()
message("${text}")
