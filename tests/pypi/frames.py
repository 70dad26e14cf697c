#!/usr/bin/env python3
"""Data frames of pandas: columns by name, and what emlc (the variable EMLC) says to the documents that come of them."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "formats" / "exporters"), str(ROOT / "tests" / "random")]

import truth  # noqa: E402

from emlc_export import export  # noqa: E402

RANDOM = np.random.default_rng(5)
N = 200
FRAME = pd.DataFrame({
    "height": RANDOM.normal(170, 10, N).astype("float32"), "room": RANDOM.integers(1, 5, N),
    "weight": np.where(RANDOM.random(N) < 0.1, np.nan, RANDOM.normal(70, 9, N)).astype("float32"),
    "age": RANDOM.integers(20, 80, N)})
CLASSES = np.where(FRAME["height"] / 10 + (FRAME["room"] == 2) * 2 + RANDOM.normal(size=N) > 17.5, "tall", "small")


def numbers():
    return make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())


PIPELINES = {
    "by name": ColumnTransformer([("numbers", numbers(), ["weight", "height"]), ("room", OneHotEncoder(), ["room"])]),
    "remainder": ColumnTransformer([("room", OneHotEncoder(handle_unknown="ignore"), ["room"]), ("filled", numbers(), ["weight"])],
                                   remainder="passthrough"),
    "selectors": ColumnTransformer([("floats", numbers(), make_column_selector(dtype_include="float32")),
                                    ("age", FunctionTransformer(np.log1p), ["age"])]),
    "slice of names": ColumnTransformer([("some", SimpleImputer(), slice("room", "weight"))]),
}


class Frames(unittest.TestCase):
    def answers(self, document, rows):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "model.json").write_text(json.dumps(document))
            np.save(path / "x.npy", rows)
            done = subprocess.run([os.environ["EMLC"], "run", "model.json", "-i", "x.npy"], cwd=path, capture_output=True,
                                  text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            return [line.split(",")[0] for line in done.stdout.splitlines()[1:]]

    def test_columns_by_name(self):
        for name, step in PIPELINES.items():
            for model in (LogisticRegression(max_iter=500), RandomForestClassifier(5, random_state=0)):
                with self.subTest(name, model=type(model).__name__):
                    pipeline = make_pipeline(step, model).fit(FRAME, CLASSES)
                    document = json.loads(json.dumps(export(pipeline, FRAME)))
                    self.assertEqual(document["input"]["feature_names"], list(FRAME.columns))
                    self.assertEqual(len(document["test_vectors"]["inputs"]), 40)
                    rows = FRAME.to_numpy(float)
                    names = document["output"]["targets"][0]["class_names"]
                    decided = [names[index] for index, in truth.decisions(document, truth.outputs(document, rows))]
                    self.assertEqual(decided, pipeline.predict(FRAME).tolist())
                    self.assertEqual(self.answers(document, rows), decided)

    def test_a_frame_in_another_order_is_refused(self):
        pipeline = make_pipeline(PIPELINES["by name"], LogisticRegression(max_iter=500)).fit(FRAME, CLASSES)
        with self.assertRaisesRegex(ValueError, "^X has its columns in another order than the training data: column 0 is "
                                                "'age', expected 'height'$"):
            export(pipeline, FRAME[["age", "room", "weight", "height"]])

    def test_results_that_are_frames(self):
        pipeline = make_pipeline(StandardScaler()).set_output(transform="pandas").fit(FRAME[["height", "age"]])
        vectors = export(pipeline, FRAME[["height", "age"]])["test_vectors"]
        self.assertEqual(len(vectors["outputs"][0]), 2)

    def test_text_is_refused_with_the_way_out(self):
        frame = FRAME.assign(room=np.where(FRAME["room"] > 2, "big", "tiny"))
        step = ColumnTransformer([("room", OneHotEncoder(), ["room"])]).fit(frame)
        with self.assertRaisesRegex(ValueError, r"^category 'big' in column 0 of the OneHotEncoder is text, a device gets numbers: "
                                                r"give each category a number before training, X\['colour'\]\.map\(\{'red': 0, 'green': 1\}\)$"):
            export(step)


if __name__ == "__main__":
    unittest.main()
