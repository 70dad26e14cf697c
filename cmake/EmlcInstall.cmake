# `cmake --install`: the program, the runtime's headers, the CMake package, the file of pkg-config, the
# exporter and the docs.
include(CMakePackageConfigHelpers)

set(emlc_package_dir "${CMAKE_INSTALL_DATADIR}/cmake/emlc")
set_target_properties(emlc_runtime PROPERTIES EXPORT_NAME runtime)

# Two export sets: a device build needs the headers only, and its find_package must not depend on the host's program.
install(TARGETS emlc_runtime EXPORT emlcRuntimeTargets)
install(TARGETS emlc EXPORT emlcToolTargets RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
# The runtime's headers, of the list that all packages of it share.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/runtime/files.txt")
file(STRINGS runtime/files.txt emlc_headers REGEX "^src/")
foreach(header IN LISTS emlc_headers)
  cmake_path(GET header PARENT_PATH folder)
  cmake_path(RELATIVE_PATH folder BASE_DIRECTORY src)
  install(FILES "runtime/${header}" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/${folder}")
endforeach()
install(EXPORT emlcRuntimeTargets NAMESPACE emlc:: DESTINATION "${emlc_package_dir}")
install(EXPORT emlcToolTargets NAMESPACE emlc:: DESTINATION "${emlc_package_dir}")

configure_package_config_file(cmake/emlcConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/emlcConfig.cmake"
  INSTALL_DESTINATION "${emlc_package_dir}")
# ARCH_INDEPENDENT: a package made on a 64-bit machine serves 32-bit devices.
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/emlcConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/emlcConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/emlcConfigVersion.cmake"
  cmake/EmlcAddModel.cmake
  DESTINATION "${emlc_package_dir}")

# For pkg-config; relative to itself, so that the prefix may move.
set(emlc_pc_dir "${CMAKE_INSTALL_DATADIR}/pkgconfig")
string(REGEX REPLACE "[^/]+" ".." emlc_pc_to_prefix "${emlc_pc_dir}")
configure_file(cmake/emlc-runtime.pc.in "${CMAKE_CURRENT_BINARY_DIR}/emlc-runtime.pc" @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/emlc-runtime.pc" DESTINATION "${emlc_pc_dir}")

install(DIRECTORY formats/exporters/emlc_export DESTINATION "${CMAKE_INSTALL_DATADIR}/emlc"
  FILES_MATCHING PATTERN "*.py" PATTERN __pycache__ EXCLUDE)
install(FILES README.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY docs DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# In a wheel the program lies beside the module that calls it (pyproject.toml).
if(SKBUILD)
  install(TARGETS emlc RUNTIME DESTINATION emlc/bin COMPONENT wheel)
endif()
