# Answers of a model for the rows of a file: MODEL ROWS CODE. A line each: the class, or the value of a regression, then all
# outputs. A collection before each must not move anything that the model uses.
import gc
import sys
from array import array

import emlc

path, rows, code = sys.argv[1:]
if path.endswith(".csv"):
    with open(path) as file:
        model = emlc.load_csv(file)
else:
    with open(path, "rb") as file:
        model = emlc.open(file.read())
out = array("f", [0] * model.n_outputs)
with open(rows) as lines:
    for line in lines:
        x = array(code, [float(cell or "nan") if code == "f" else int(float(cell)) for cell in line.split(",")])
        gc.collect()
        rubbish = [bytes(64) for _ in range(50)]
        answer = model.predict(x)
        assert model.predict_proba(memoryview(x), out) is out
        assert model.predict(x, 0) == answer
        print(answer, *out)
