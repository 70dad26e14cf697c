/* A program around parts.h, for its size: linked with the runtime and without, the difference is the runtime's. */
#include <stddef.h>
#include <stdint.h>

/* What a compiler cannot know. */
const void* volatile blob;
volatile size_t size;
void* volatile given;
void* volatile taken;
void* volatile memory;
volatile int32_t answer;

#ifdef WITH_RUNTIME
#include "parts.h"
#endif

int main(void) {
#ifdef WITH_RUNTIME
  call_runtime();
#endif
  return (int)answer;
}
