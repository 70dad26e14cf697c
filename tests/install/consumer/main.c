#include "emlc.h"
#include "first.h"
#include "second.h"

int main(void) { return FIRST + SECOND == 2 ? 0 : 1; }
