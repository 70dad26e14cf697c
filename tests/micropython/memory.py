# What 10 000 calls leave: MODEL CODE, or MODEL CODE filter. Prints the bytes in use before and after.
import gc
import sys
from array import array

import emlc

N_CALLS = 10000
with open(sys.argv[1], "rb") as file:
    model = emlc.open(file.read())
x = array(sys.argv[2], range(max(model.n_features, 32)))
if len(sys.argv) > 3:
    call, argument = model.filter, x
else:
    x = array(sys.argv[2], range(model.n_features))
    out = array("f", [0] * model.n_outputs)

    def call(x):
        model.predict(x)
        model.predict_proba(x, out)


call(x)
gc.collect()
gc.disable()
before = gc.mem_alloc()
for _ in range(N_CALLS):
    call(x)
after = gc.mem_alloc()
print(before, after)
