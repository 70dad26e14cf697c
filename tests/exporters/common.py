"""What the tests of emlc_export share."""

import json
import pathlib
import sys

import numpy as np
from sklearn.tree import DecisionTreeClassifier

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "formats" / "exporters"), str(ROOT / "tests" / "random")]

SCHEMA = json.loads((ROOT / "docs" / "emlc-model.schema.json").read_text())
GRID = np.array([[x, y] for x in range(8) for y in range(8)])
XOR = (GRID[:, 0] > 3) ^ (GRID[:, 1] > 3)


def grid_tree(**options):
    return DecisionTreeClassifier(random_state=0, **options).fit(GRID, XOR)
