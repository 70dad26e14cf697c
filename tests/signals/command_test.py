#!/usr/bin/env python3
"""What the options of `emlc features` (the variable EMLC) do, on recordings whose features are compared with each other."""

import csv
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy as np

EMLC = os.path.abspath(os.environ["EMLC"])
DATA = pathlib.Path(__file__).resolve().parents[1] / "data/signals"
DOCUMENT = {
    "format": "emlc-signal", "version": 1, "name": "small",
    "input": {"channels": ["x", "y"], "dtype": "int16", "sample_rate": 100},
    "window": {"length": 8, "hop": 4},
    "signals": {"d": {"difference": ["x", "y"]}, "e": {"norm2_squared": ["x", "y"]}},
    "features": [{"of": "d", "take": ["min", "median", "std"]}, {"of": "e", "take": ["max", "energy"]}],
}


class Command(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.write("doc.json", json.dumps(DOCUMENT))
        self.frames = np.random.default_rng(5).integers(-32768, 32768, (40, 2)).astype(np.int16)
        np.save(self.folder / "whole.npy", self.frames)

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def features(self, *arguments, document="doc.json"):
        done = subprocess.run([EMLC, "features", document, *map(str, arguments)], cwd=self.folder, capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.said = done.stderr
        return list(csv.reader(done.stdout.splitlines()))

    def of(self, frames):
        np.save(self.folder / "part.npy", frames)
        return self.features("-i", "part.npy", "-o", "-")[1:]

    def test_table(self):
        rows = self.features("-i", "whole.npy", "-o", "-")
        self.assertEqual(rows[0], ["d_x_min", "d_x_median", "d_x_std", "d_y_min", "d_y_median", "d_y_std", "e_max", "e_energy"])
        self.assertEqual(len(rows), 1 + 9)
        self.assertIn("9 windows of 1 recording, 8 features", self.said)
        self.features("-i", "whole.npy", "-o", "X.npy")
        table = np.load(self.folder / "X.npy")
        self.assertEqual(table.dtype, np.float64)
        # A CSV has the shortest text of a float32, a float64 is that number exactly.
        exact = [[int(cell) if name.endswith(("min", "median", "max")) else float(np.float32(cell)) for name, cell in zip(rows[0], row)]
                 for row in rows[1:]]
        self.assertEqual(table.tolist(), exact)

    def test_types_of_tables(self):
        for take, kind in [(["min"], np.int32), (["min", "std"], np.float32), (["sum", "std"], np.float32)]:
            self.write("typed.json", json.dumps({**DOCUMENT, "signals": {}, "features": [{"of": "x", "take": take}]}))
            self.features("-i", "whole.npy", "-o", "X.npy", document="typed.json")
            self.assertEqual(np.load(self.folder / "X.npy").dtype, kind)

    def test_forms_of_recordings(self):
        rows = self.features("-i", "whole.npy", "-o", "-")
        np.save(self.folder / "fortran.npy", np.asfortranarray(self.frames))
        self.write("plain.csv", "".join(f"{x},{y}\n" for x, y in self.frames))
        self.write("named.csv", "y;time;x\n" + "".join(f"{y};{i / 100};{x}\n" for i, (x, y) in enumerate(self.frames)))
        for name in ("fortran.npy", "plain.csv", "named.csv"):
            self.assertEqual(self.features("-i", name, "-o", "-"), rows, name)

    def test_gaps(self):
        cells = [[str(v) for v in row] for row in self.frames]
        cells[17][1] = ""
        self.write("gap.csv", "x,y\n" + "".join(",".join(row) + "\n" for row in cells))
        rows = self.features("-i", "gap.csv", "-o", "-", "--gaps", "restart", "--index", "rows.csv")[1:]
        self.assertEqual(rows, self.of(self.frames[:17]) + self.of(self.frames[18:]))
        index = (self.folder / "rows.csv").read_text().splitlines()
        self.assertEqual(index, ["file,first_frame", *(f"gap.csv,{first}" for first in [0, 4, 8, 18, 22, 26, 30])])
        times = "".join(f"{(i + 3 * (i >= 20)) / 100},{x},{y}\n" for i, (x, y) in enumerate(self.frames))
        self.write("time.csv", "time,x,y\n" + times)
        rows = self.features("-i", "time.csv", "-o", "-", "--gaps", "restart")[1:]
        self.assertEqual(rows, self.of(self.frames[:20]) + self.of(self.frames[20:]))

    def test_truncated(self):
        content = (self.folder / "whole.npy").read_bytes()
        (self.folder / "cut.npy").write_bytes(content[:-4 * 7 - 1])
        (self.folder / "empty.npy").write_bytes(b"")
        rows = self.features("-i", "cut.npy", "-i", "empty.npy", "-o", "-", "--allow-truncated")[1:]
        self.assertEqual(rows, self.of(self.frames[:32]))
        refused = subprocess.run([EMLC, "features", "doc.json", "-i", "*.npy", "-o", "out.csv"], cwd=self.folder,
                                 capture_output=True, text=True, check=False)
        self.assertEqual(refused.returncode, 2)
        self.assertEqual(refused.stderr.splitlines()[0],
                         "emlc: error: cut.npy: byte 128 (data): is cut short: the header says 40 frames, 32 are there; "
                         "1 more is refused: empty.npy")
        self.assertFalse((self.folder / "out.csv").exists())

    def test_labels_and_patterns(self):
        self.features("-i", DATA / "2025*_[uw]*.npy", "-o", "X.npy", "--index", "rows.csv", "--labels-from-name",
                      r"_([a-z]+)\.npy$", document=DATA / "har.signal.json")
        rows = list(csv.DictReader((self.folder / "rows.csv").read_text().splitlines()))
        self.assertEqual({row["label"] for row in rows}, {"updown", "wave"})
        self.assertTrue(all(row["label"] in row["file"] for row in rows))
        self.assertEqual(np.load(self.folder / "X.npy").shape, (len(rows), 82))

    def test_float_recordings(self):
        document = {**DOCUMENT, "input": {**DOCUMENT["input"], "dtype": "float32"}}
        self.write("float.json", json.dumps(document))
        frames = self.frames.astype(np.float32)
        frames[11, 0] = np.nan
        np.save(self.folder / "nan.npy", frames)
        rows = self.features("-i", "nan.npy", "-o", "-", "--gaps", "restart", document="float.json")[1:]
        self.assertEqual(len(rows), 1 + 6)  # of 11 and of 28 frames


if __name__ == "__main__":
    unittest.main()
