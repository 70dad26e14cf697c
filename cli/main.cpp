#include "cli/commands/command.hpp"

// What run_program() does not catch is memory running out while it reports an error.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) { return emlc::cli::run_program(argc, argv); }
