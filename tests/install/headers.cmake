# What is installed in include are the headers of the runtime's list, no more and no fewer.
# cmake -DEMLC_DIR=... -DLIST=... -P headers.cmake
cmake_minimum_required(VERSION 3.25)
file(STRINGS "${LIST}" expected REGEX "^src/")
list(TRANSFORM expected REPLACE "^src/" "")
cmake_path(NORMAL_PATH EMLC_DIR)
file(GLOB_RECURSE found RELATIVE "${EMLC_DIR}/../../../include" "${EMLC_DIR}/../../../include/*")
list(SORT expected)
list(SORT found)
list(LENGTH found n_found)
if(NOT found STREQUAL expected OR n_found LESS 30)
  message(FATAL_ERROR "installed are ${found}, the list has ${expected}")
endif()
message("${n_found} headers")
