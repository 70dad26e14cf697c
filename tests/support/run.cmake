# As in scripts/lib.sh, for the scripts that build emlc through ccache.
set(ENV{CCACHE_SLOPPINESS} "pch_defines,time_macros")

# run(<what> <command>...): runs a command in ${WORK}, if there is one, and sets `text` to all that it prints. A command
# that fails ends the script, with <what> in the message.
function(run what)
  if(EXISTS "${WORK}")
    set(folder WORKING_DIRECTORY "${WORK}")
  endif()
  execute_process(COMMAND ${ARGN} ${folder} RESULT_VARIABLE result OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed (${result}):\n${text}")
  endif()
  set(text "${text}" PARENT_SCOPE)
endfunction()
