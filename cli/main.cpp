#include <fmt/format.h>

int main() { fmt::print("emlc {}\n", EMLC_VERSION); }
