# emlc_add_model and find_package refuse what they do not understand, with a sentence.
# cmake -DEMLC_DIR=... -DWORK=... -P refusals.cmake
function(expect_refusal sentence code)
  file(REMOVE_RECURSE "${WORK}")
  file(WRITE "${WORK}/CMakeLists.txt" "cmake_minimum_required(VERSION 3.20)\nproject(refused LANGUAGES NONE)\n${code}\n")
  execute_process(COMMAND "${CMAKE_COMMAND}" -S "${WORK}" -B "${WORK}/build" "-Demlc_DIR=${EMLC_DIR}" ${ARGN}
    RESULT_VARIABLE result ERROR_VARIABLE text OUTPUT_QUIET)
  string(REGEX REPLACE "[ \n]+" " " text "${text}")
  string(FIND "${text}" "${sentence}" found)
  if(result EQUAL 0 OR found EQUAL -1)
    message(SEND_ERROR "expected '${sentence}', result ${result}: ${text}")
  endif()
endfunction()

set(find "find_package(emlc 0.2 CONFIG REQUIRED)")
foreach(row
    "MODEL m.json NAME m VOTING hard|unknown arguments: VOTING\;hard"
    "MODEL m.json NAME 2m|NAME '2m' is not a C identifier"
    "MODEL m.json NAME __x|NAME '__x' would start symbols that C and C++ reserve for compilers: no underscore may be at an end or next to another"
    "MODEL m.json NAME x_|NAME 'x_' would start symbols that C and C++ reserve"
    "MODEL m.json NAME EMLC_x|NAME 'EMLC_x' would start symbols as emlc's runtime does"
    "MODEL m.json NAME m FORMAT header|FORMAT 'header' is not one of c, cpp, csv, tmdl, tmdl-c, py"
    "MODEL m.json NAME m FORMAT csv SOURCE|SOURCE is for headers, a csv has none"
    "MODEL m.json NAME m FORMAT tmdl-c SOURCE|SOURCE is for headers, a tmdl-c has none"
    "NAME m|MODEL is missing"
    "MODEL m.json|NAME is missing"
    "MODEL m.json NAME|NAME has no value"
    "MODEL m.json NAME m MAX_FLASH 8Kbit|MAX_FLASH '8Kbit' is not a number of bytes")
  string(REPLACE "|" ";" row "${row}")
  list(POP_FRONT row arguments)
  expect_refusal("emlc_add_model(t): ${row}" "${find}\nemlc_add_model(t ${arguments})")
endforeach()
expect_refusal("EMLC_EXECUTABLE is '/nowhere/emlc', which does not exist" "${find}" -DEMLC_EXECUTABLE=/nowhere/emlc)
expect_refusal("Could not find a configuration file for package \"emlc\" that is compatible with requested version \"9.0\""
  "find_package(emlc 9.0 CONFIG REQUIRED)")
