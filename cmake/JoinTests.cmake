# cmake -DOUT=FILE -DROOT=FOLDER "-DFILES=a_test.cpp;..." -P JoinTests.cmake
# Writes one source that includes FILES, paths below ROOT, each in a namespace of its own: tests are written alike, with the
# same names inside. What they include comes first, outside of the namespaces, and is there once.
set(includes "")
set(bodies "")
set(number 0)
foreach(file IN LISTS FILES)
  file(READ "${ROOT}/${file}" text)
  string(REGEX MATCH "^((#include|//)[^\n]*\n|\n)+" head "${text}")
  string(REGEX MATCHALL "#include [^\n]*\n" lines "${head}")
  list(APPEND includes ${lines})
  string(APPEND bodies "namespace unit_${number} {\n#include \"${file}\"\n}\n")
  math(EXPR number "${number} + 1")
endforeach()
list(REMOVE_DUPLICATES includes)
list(JOIN includes "" includes)
file(WRITE "${OUT}" "${includes}${bodies}")
