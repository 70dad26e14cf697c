#!/usr/bin/env python3
"""The zoo of tests/random with the scikit-learn that this Python has: the newest one of PyPI. EMLC is the program."""

import pathlib
import runpy
import sys

RANDOM = pathlib.Path(__file__).resolve().parents[1] / "random"
sys.path.insert(0, str(RANDOM))
runpy.run_path(str(RANDOM / "zoo.py"), run_name="__main__")
