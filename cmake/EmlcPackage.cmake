# `cpack`: a Debian package. With SOURCE_DATE_EPOCH set, the same source gives the same bytes (scripts/package).
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The emlc authors <emlc@example.org>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, python3")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "model compiler for microcontrollers")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Compiles trained tree ensembles, small dense networks and filters into what a
microcontroller runs: a C or C++ header that compiles alone, a CSV, or a .tmdl
blob for a small C99 runtime, whose headers are part of this package.")
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/EmlcDebianFiles.cmake")
set(CPACK_EMLC_DEBIAN_DIR "${PROJECT_SOURCE_DIR}/cmake/debian")
set(CPACK_EMLC_CHANGELOG "${PROJECT_BINARY_DIR}/debian/changelog")

string(TIMESTAMP emlc_date "%a, %d %b %Y %H:%M:%S +0000" UTC) # of SOURCE_DATE_EPOCH when it is set
configure_file(cmake/debian/changelog.in "${CPACK_EMLC_CHANGELOG}" @ONLY)
include(CPack)
