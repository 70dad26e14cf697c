# scripts/package in two folders gives the same bytes; the package, installed in an empty root, does what scripts/demo
# shows.
# cmake -DSOURCE=... -DWORK=... -DVERSION=... -P package.cmake
include("${CMAKE_CURRENT_LIST_DIR}/../support/run.cmake")
file(REMOVE_RECURSE "${WORK}")
foreach(folder one two)
  file(MAKE_DIRECTORY "${WORK}/${folder}")
  run("scripts/package" "${SOURCE}/scripts/package" "${WORK}/${folder}" deb)
  file(GLOB package "${WORK}/${folder}/emlc_${VERSION}_*.deb")
  file(SHA256 "${package}" hash_${folder})
  message("${hash_${folder}} ${folder}")
endforeach()
if(NOT hash_one STREQUAL hash_two)
  message(FATAL_ERROR "two packages of one source differ")
endif()

# A root in which nothing was ever installed: what the package depends on is this computer's.
set(root "${WORK}/root")
file(MAKE_DIRECTORY "${root}/var/lib/dpkg/info" "${root}/var/lib/dpkg/updates" "${root}/var/log")
file(TOUCH "${root}/var/lib/dpkg/status" "${root}/var/lib/dpkg/available")
run("dpkg" dpkg "--root=${root}" --force-not-root --force-depends --log=/dev/null --install "${package}")
run("dpkg" dpkg-query "--admindir=${root}/var/lib/dpkg" -W "-f=\${Status} \${Version} \${Depends}" emlc)
message("${text}")
if(NOT text MATCHES "^install ok installed ${VERSION} .*libc6")
  message(FATAL_ERROR "the state of the package is ${text}")
endif()
foreach(file share/man/man1/emlc.1.gz share/doc/emlc/copyright share/doc/emlc/changelog.gz include/emlc.h
    share/cmake/emlc/emlcConfig.cmake share/bash-completion/completions/emlc)
  if(NOT EXISTS "${root}/usr/${file}")
    message(SEND_ERROR "the package lacks ${file}")
  endif()
endforeach()
run("scripts/demo" "${SOURCE}/scripts/demo" "${root}/usr/bin/emlc")
message("${text}")
run("configuring" "${CMAKE_COMMAND}" -S "${SOURCE}/tests/install/consumer" -B "${WORK}/consumer"
  "-Demlc_DIR=${root}/usr/share/cmake/emlc")
run("building" "${CMAKE_COMMAND}" --build "${WORK}/consumer")
run("the program" "${WORK}/consumer/consumer")

find_program(lintian lintian)
if(lintian)
  run("lintian" "${lintian}" --allow-root --fail-on error,warning "${package}")
  message("lintian: clean\n${text}")
endif()
