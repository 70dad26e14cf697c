# The module in a firmware whose port builds with CMake: USER_C_MODULES=/path/to/runtime/micropython/micropython.cmake
add_library(usermod_emlc INTERFACE)
target_sources(usermod_emlc INTERFACE ${CMAKE_CURRENT_LIST_DIR}/emlc.c)
target_include_directories(usermod_emlc INTERFACE ${CMAKE_CURRENT_LIST_DIR} ${CMAKE_CURRENT_LIST_DIR}/../src)
target_compile_definitions(usermod_emlc INTERFACE ${EMLC_DEFINITIONS})
target_link_libraries(usermod INTERFACE usermod_emlc)
