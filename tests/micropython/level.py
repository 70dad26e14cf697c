# The level of samples of a file after each tenth of them: SAMPLES CODE RATE WEIGHTING TIME.
import sys
from array import array

import emlc

samples, code, rate, weighting, time = sys.argv[1:]
with open(samples) as file:
    x = array(code, [float(word) if code == "f" else int(word) for word in file.read().split()])
level = emlc.Level(int(rate), weighting, float(time))
n = len(x) // 10
for i in range(10):
    level.add(memoryview(x)[i * n : (i + 1) * n])
    print(level.decibel())
level.reset()
assert level.decibel() < -199
