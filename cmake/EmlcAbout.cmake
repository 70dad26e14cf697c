# What the program writes about itself when it is built, to be installed: its manual page and the completions of shells.
# Included where the target is made.
function(emlc_install_output file destination)
  set(output "${PROJECT_BINARY_DIR}/about/${destination}/${file}")
  cmake_path(GET output PARENT_PATH directory)
  file(MAKE_DIRECTORY "${directory}")
  add_custom_command(TARGET emlc POST_BUILD COMMAND emlc ${ARGN} -o "${output}" BYPRODUCTS "${output}" VERBATIM)
  install(FILES "${output}" DESTINATION "${destination}")
endfunction()
emlc_install_output(emlc.1 "${CMAKE_INSTALL_MANDIR}/man1" manual)
emlc_install_output(emlc "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" completions bash)
emlc_install_output(_emlc "${CMAKE_INSTALL_DATADIR}/zsh/site-functions" completions zsh)
emlc_install_output(emlc.fish "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" completions fish)
