# emlc inside another project that is built for a device (FetchContent, add_subdirectory): the runtime comes from here,
# the model compiler is built for this computer. EMLC_EXECUTABLE names one that exists already; without it, emlc is
# configured and built once more in ${CMAKE_CURRENT_BINARY_DIR}/host with this computer's compiler.
# EMLC_HOST_CMAKE_ARGS are further arguments for that, such as -DCMAKE_CXX_COMPILER=clang++.

if(TARGET emlc::emlc)
  return()
endif()
add_executable(emlc::emlc IMPORTED GLOBAL)
if(EMLC_EXECUTABLE)
  set_target_properties(emlc::emlc PROPERTIES IMPORTED_LOCATION "${EMLC_EXECUTABLE}")
  return()
endif()

include(ExternalProject)
set(emlc_host_dir "${CMAKE_CURRENT_BINARY_DIR}/host")
set(emlc_host_executable "${emlc_host_dir}/cli/emlc${CMAKE_HOST_EXECUTABLE_SUFFIX}")
# The environment of a cross build may name the device's compiler, and CMake would listen.
set(emlc_host_environment "${CMAKE_COMMAND}" -E env)
foreach(variable CC CXX CFLAGS CXXFLAGS LDFLAGS CMAKE_TOOLCHAIN_FILE)
  list(APPEND emlc_host_environment --unset=${variable})
endforeach()
ExternalProject_Add(emlc_host
  SOURCE_DIR "${PROJECT_SOURCE_DIR}"
  BINARY_DIR "${emlc_host_dir}"
  PREFIX "${CMAKE_CURRENT_BINARY_DIR}/host-steps"
  CONFIGURE_COMMAND ${emlc_host_environment} "${CMAKE_COMMAND}" -S <SOURCE_DIR> -B <BINARY_DIR>
    -G "${CMAKE_GENERATOR}" "-DCMAKE_MAKE_PROGRAM=${CMAKE_MAKE_PROGRAM}" -DCMAKE_BUILD_TYPE=Release
    -DEMLC_BUILD_TESTS=OFF -DEMLC_INSTALL=OFF ${EMLC_HOST_CMAKE_ARGS}
  BUILD_COMMAND ${emlc_host_environment} "${CMAKE_COMMAND}" --build <BINARY_DIR> --target emlc
  BUILD_ALWAYS TRUE # another version of the source rebuilds it; else it does nothing, and nothing after it runs
  BUILD_BYPRODUCTS "${emlc_host_executable}"
  INSTALL_COMMAND "")
set_target_properties(emlc::emlc PROPERTIES IMPORTED_LOCATION "${emlc_host_executable}")
add_dependencies(emlc::emlc emlc_host)
