# Run by cpack between the installation and the packing: what Debian wants besides what is installed everywhere.
set(share "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share")
file(COPY "${CPACK_EMLC_DEBIAN_DIR}/copyright" "${CPACK_EMLC_CHANGELOG}" DESTINATION "${share}/doc/emlc")
file(MAKE_DIRECTORY "${share}/lintian/overrides")
file(COPY_FILE "${CPACK_EMLC_DEBIAN_DIR}/lintian-overrides" "${share}/lintian/overrides/emlc")
foreach(file man/man1/emlc.1 doc/emlc/changelog)
  execute_process(COMMAND gzip -9n "${share}/${file}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()
# Debian's zsh looks elsewhere for what packages bring.
file(RENAME "${share}/zsh/site-functions" "${share}/zsh/vendor-completions")
