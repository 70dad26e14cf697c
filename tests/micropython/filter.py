# Samples of a file through a filter, in blocks: MODEL SAMPLES CODE. Prints them, a space between two.
import sys
from array import array

import emlc

path, samples, code = sys.argv[1:]
with open(path, "rb") as file:
    model = emlc.open(file.read())
with open(samples) as file:
    x = array(code, [float(word) if code == "f" else int(word) for word in file.read().split()])
first = array(code, x)
view = memoryview(x)
model.filter(view[:1])
model.filter(view[1:100])
model.filter(view[100:])
model.reset()
model.filter(first)
assert list(first) == list(x), "blocks make a difference"
print(*x)
