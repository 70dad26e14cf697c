# Samples of a sensor through a model with a signal: MODEL SAMPLES N_CHANNELS BLOCK, SAMPLES as int16. Prints what each block
# of BLOCK frames decides, None for no window; then the memory in use before and after 200 more blocks.
import gc
import sys
from array import array

import emlc

path, samples, n_channels, block = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
with open(path, "rb") as file:
    model = emlc.open(file.read())
with open(samples, "rb") as file:
    x = array("h", file.read())
size = n_channels * block
view = memoryview(x)
for at in range(0, len(x), size):
    print(model.push(view[at : at + size]))
model.reset()
first = array("h", view[:size])
gc.collect()
gc.disable()
model.push(first)
before = gc.mem_alloc()
for _ in range(200):
    model.push(first)
print(before, gc.mem_alloc())
