# emlc without its optional libraries: configuring and the list of formats say what is off, a file of such a format names
# what is missing, all else is read as ever, and the tests of formats and commands pass.
# cmake -DSOURCE=... -DWORK=... -P without_libraries.cmake
include("${CMAKE_CURRENT_LIST_DIR}/../support/run.cmake")

# expect(<what> <text> <sentence that is in it>)
function(expect what text sentence)
  string(FIND "${text}" "${sentence}" found)
  if(found EQUAL -1)
    message(SEND_ERROR "${what}: expected '${sentence}', found: ${text}")
  endif()
endfunction()

run("configuring" "${CMAKE_COMMAND}" -S "${SOURCE}" -B "${WORK}/build" -DCMAKE_BUILD_TYPE=Release
  -DEMLC_BUILD_TESTS=ON -DEMLC_WITH_ONNX=OFF -DEMLC_WITH_ZIP=OFF -DEMLC_WITH_SNDFILE=OFF -DCMAKE_UNITY_BUILD=ON
  -DCMAKE_UNITY_BUILD_BATCH_SIZE=6)
foreach(option EMLC_WITH_ONNX EMLC_WITH_ZIP EMLC_WITH_SNDFILE)
  expect("configuring" "${text}" "${option}: left out, as it is OFF")
endforeach()
run("building" "${CMAKE_COMMAND}" --build "${WORK}/build" --parallel 2 --target emlc matrix_test keras_test boosted_test
  cli_test)
run("the tests" "${CMAKE_CTEST_COMMAND}" --test-dir "${WORK}/build" --output-on-failure
  --tests-regex "^(matrix|keras|boosted|cli)$")

set(emlc "${WORK}/build/cli/emlc")
set(way_onnx "build emlc with -DEMLC_WITH_ONNX=ON (Debian: libprotobuf-dev protobuf-compiler)")
set(way_keras "build emlc with -DEMLC_WITH_ZIP=ON (Debian: libzip-dev)")
run("list formats" "${emlc}" list formats)
expect("list formats" "${text}" "; not in this build: ${way_onnx}")
expect("list formats" "${text}" "; not in this build: ${way_keras}")
set(data "${SOURCE}/tests/data")
set(onnx "${data}/graphs/onnx-1.23.2/skl_ridge/model.onnx")
set(keras "${data}/networks/keras-3.15.1/softplus_linear/model.keras")
foreach(format onnx keras)
  execute_process(COMMAND "${emlc}" inspect "${${format}}" RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE text)
  expect("inspect ${format}" "${result} ${text}" "2 emlc: error: ${${format}}: this emlc was built without the library \
that its format needs; ${way_${format}}")
endforeach()
file(WRITE "${WORK}/a.wav" "RIFF")
execute_process(COMMAND "${emlc}" features "${data}/signals/har.signal.json" -i "${WORK}/a.wav" -o "${WORK}/a.csv"
  RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE text)
expect("features of sound" "${result} ${text}" "2 emlc: error: ${WORK}/a.wav: this emlc was built without the library \
that its format needs; build emlc with -DEMLC_WITH_SNDFILE=ON (Debian: libsndfile1-dev)")
run("inspect .h5" "${emlc}" inspect "${data}/networks/keras-3.15.1/softplus_linear/model.h5")
run("inspect tfjs" "${emlc}" inspect "${data}/networks/tfjs-4.22.0/relu_softmax/model.json")
