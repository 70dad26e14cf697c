#include "cli/commands/command.hpp"

int main(int argc, char** argv) { return emlc::cli::run_program(argc, argv); }
