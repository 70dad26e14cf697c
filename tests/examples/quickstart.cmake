# Runs the shell block of the README's quickstart in an empty folder, with emlc on the PATH and the exporter in place.
# cmake -DREADME=... -DPYTHON=... -DEXPORTER=... -DBIN=... -DWORK=... -P quickstart.cmake
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}/bin")
file(COPY "${EXPORTER}" DESTINATION "${WORK}" PATTERN __pycache__ EXCLUDE)
find_program(python "${PYTHON}" REQUIRED)
file(CREATE_LINK "${python}" "${WORK}/bin/python3" SYMBOLIC)

file(READ "${README}" text)
string(REGEX MATCH "## Quickstart.*" text "${text}")
string(FIND "${text}" "```sh\n" begin)
string(SUBSTRING "${text}" ${begin} -1 text)
string(SUBSTRING "${text}" 6 -1 text)
string(FIND "${text}" "```" end)
string(SUBSTRING "${text}" 0 ${end} script)
file(WRITE "${WORK}/quickstart.sh" "${script}")

set(ENV{PATH} "${WORK}/bin:${BIN}:$ENV{PATH}")
execute_process(COMMAND sh -eu quickstart.sh WORKING_DIRECTORY "${WORK}"
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE messages)
if(NOT result EQUAL 0 OR NOT output STREQUAL "this is a 5\n")
  message(FATAL_ERROR "result ${result}, printed '${output}':\n${messages}")
endif()
