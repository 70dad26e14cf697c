"""features() and export(signal=...): what the program computes, in Python and inside of a model document."""

import csv
import io
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy as np
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.pipeline import make_pipeline

import common
import schema
from emlc_export import export, features
from emlc_export.signals.decisions import Filter

DATA = common.ROOT / "tests/data/signals"
HAR = DATA / "har.signal.json"
SIGNAL_SCHEMA = json.loads((common.ROOT / "docs/emlc-signal.schema.json").read_text())
SMALL = {"format": "emlc-signal", "version": 1, "input": {"channels": ["a", "b"], "dtype": "int16", "sample_rate": 10},
         "window": {"length": 8, "hop": 4}, "signals": {"d": {"difference": ["a", "b"]}},
         "features": [{"of": ["a", "d"], "take": ["mean", "max", "energy"]}]}
WHOLE = [DATA / name for name in ("2025-06-15T192744_snake.npy", "2025-06-15T192823_updown.npy",
                                  "2025-06-15T192906_wave.npy", "2025-06-15T193704_idle.npy")]


def recordings(n=6, frames=40):
    rng = np.random.default_rng(7)
    return [rng.integers(-3000, 3000, (frames, 2)).astype(np.int16) * (1 + place % 3) for place in range(n)]


def labelled(table):
    return ["abc"[row.recording % 3] for row in table.index]


def forest(table, **options):
    return RandomForestClassifier(n_estimators=7, max_depth=4, random_state=3, **options).fit(table.values, labelled(table))


class Features(unittest.TestCase):
    def test_is_what_the_program_writes(self):
        table = features(HAR, WHOLE, labels=r"_([a-z]+)\.npy$")
        for place, path in enumerate(WHOLE):
            printed = subprocess.run([os.environ["EMLC"], "features", HAR, "-q", "-i", path, "-o", "-"], check=True,
                                     capture_output=True, text=True).stdout
            lines = list(csv.reader(io.StringIO(printed)))
            own = [i for i, row in enumerate(table.index) if row.recording == str(path)]
            self.assertEqual(lines[0], table.names)
            self.assertEqual([[np.float32(cell) for cell in line] for line in lines[1:]],
                             [[np.float32(cell) for cell in table.values[i]] for i in own])
            self.assertEqual([table.index[i].first_frame for i in own], [64 * i for i in range(len(own))])
            self.assertEqual({table.index[i].label for i in own}, {["snake", "updown", "wave", "idle"][place]})

    def test_arrays_documents_and_patterns(self):
        by_path = features(HAR, WHOLE)
        by_array = features(json.loads(HAR.read_text()), [np.load(path).astype(np.int64) for path in WHOLE])
        np.testing.assert_array_equal(by_path.values, by_array.values)
        self.assertEqual([WHOLE.index(pathlib.Path(row.recording)) for row in by_path.index],
                         [row.recording for row in by_array.index])
        np.testing.assert_array_equal(features(HAR, str(DATA / "2025*_wave.npy")).values, features(HAR, [WHOLE[2]]).values)

    def test_of_numpy(self):
        one = recordings(1)[0]
        table = features(SMALL, one)
        self.assertEqual(table.names, ["a_mean", "a_max", "a_energy", "d_a_mean", "d_a_max", "d_a_energy",
                                       "d_b_mean", "d_b_max", "d_b_energy"])
        first = one[:8].astype(int)
        self.assertEqual(table.values[0][1], first[:, 0].max())
        self.assertEqual(table.values[0][2], (first[:, 0]**2).sum())
        self.assertEqual(table.values[0][0], np.float32(first[:, 0].sum()) / np.float32(8))

    def test_refusals(self):
        cut = DATA / "2000-01-01T000302_other.npy"
        for arguments, options, sentence in [
                ((HAR, cut), {}, "is cut short"),
                ((HAR, []), {}, "recordings is empty"),
                ((HAR, [np.zeros((200, 2), np.int16)]), {}, "recordings[0]: byte 0 (header): has 200 x 2 numbers"),
                ((HAR, [np.zeros(200, np.int16)]), {}, "recordings[0] has the shape (200,), expected [frames][channels]"),
                ((HAR, [np.full((200, 3), 40000)]), {}, "recordings[0] is an array of int64 with samples that are no int16"),
                ((HAR, [np.zeros((200, 3))]), {}, "recordings[0] is an array of float64 with samples that are no int16"),
                (({"format": "emlc-signal"}, WHOLE), {}, "the signal document:1: the key 'version' is missing"),
                ((HAR, WHOLE), {"program": "/no/emlc"}, "there is no program '/no/emlc'")]:
            with self.assertRaises(ValueError) as refused:
                features(*arguments, **options)
            self.assertIn(sentence, str(refused.exception))
        self.assertEqual(len(features(HAR, cut, allow_truncated=True, gaps="restart").names), 82)


class Export(unittest.TestCase):
    def test_document(self):
        table = features(SMALL, recordings())
        document = export(forest(table), table.values, name="small", signal=SMALL, recordings=recordings(),
                          decision={"reject_below": 0.25, "majority": 3, "hold_seconds": 0.8})
        self.assertEqual(schema.errors(document, common.SCHEMA), [])
        self.assertEqual(schema.errors(document["signal"], SIGNAL_SCHEMA), [])
        self.assertEqual(document["signal"], SMALL)
        self.assertEqual(document["input"]["feature_names"], table.names)

    def test_raw_windows(self):
        """Their features and answers are those of the frames in the document, taken by themselves."""
        table = features(SMALL, recordings())
        model = forest(table)
        document = export(model, None, signal=SMALL, recordings=recordings())
        vectors = document["test_vectors"]["recordings"]
        self.assertEqual(len(vectors), 4)
        given = [recording.tolist() for recording in recordings()]
        for vector in vectors:
            self.assertEqual(len(vector["frames"]), 16)
            self.assertTrue(any(recording[at:at + 16] == vector["frames"] for recording in given for at in range(25)))
            own = features(SMALL, np.array(vector["frames"], np.int16))
            np.testing.assert_array_equal(np.float32(own.values), np.float32(vector["features"]))
            self.assertEqual(vector["predictions"], list(model.predict(np.float32(own.values))))
        self.assertEqual(len(document["test_vectors"]["inputs"]), 12)  # three windows each, without another X

    def test_files(self):
        table = features(HAR, WHOLE, labels=r"_([a-z]+)\.npy$")
        model = RandomForestClassifier(5, random_state=0).fit(table.values, [row.label for row in table.index])
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "gesture.json"
            export(model, table.values, path, signal=HAR, recordings=WHOLE)
            document = json.loads(path.read_text())
        self.assertEqual(schema.errors(document, common.SCHEMA), [])
        self.assertEqual(document["signal"], json.loads(HAR.read_text()))

    def test_other_models(self):
        table = features(SMALL, recordings())
        for model in [make_pipeline(StandardScaler(), LogisticRegression()), RandomForestRegressor(3, random_state=1)]:
            is_classifier = hasattr(model, "predict_proba")
            target = labelled(table) if is_classifier else table.values[:, 0]
            document = export(model.fit(table.values, target), table.values, signal=SMALL, recordings=recordings())
            self.assertEqual(schema.errors(document, common.SCHEMA), [])
            first = document["test_vectors"]["recordings"][0]
            answers = model.predict(np.float32(first["features"]))
            if is_classifier:
                self.assertEqual(first["predictions"], list(answers))
            else:
                np.testing.assert_allclose([row[0] for row in first["predictions"]], answers)

    def test_refusals(self):
        table = features(SMALL, recordings())
        model, regression = forest(table), RandomForestRegressor(2).fit(table.values, table.values[:, 0])
        short = forest(table._replace(values=table.values[:, :4]))
        names = ["f%d" % i for i in range(9)]
        for estimator, options, sentence in [
                (short, {"signal": SMALL}, "the estimator takes 4 features, the signal document makes 9"),
                (model, {"signal": SMALL, "feature_names": names},
                 "feature 0 is 'f0', in the signal document it is 'a_mean'"),
                (model, {"recordings": recordings()}, "recordings is for a model with a signal document"),
                (model, {"decision": {"majority": 3}}, "decision is for a model with a signal document"),
                (model, {"signal": SMALL, "decision": {"most": 3}}, "decision has the key 'most', expected one of"),
                (regression, {"signal": SMALL, "decision": {"majority": 3}},
                 "decision is for a model that decides between classes, with one target"),
                (model, {"signal": SMALL, "recordings": [np.zeros((7, 2), np.int16)]},
                 "no recording has a complete window, which takes 8 frames")]:
            with self.assertRaises(ValueError) as refused:
                export(estimator, table.values[:, :estimator.n_features_in_], **options)
            self.assertIn(sentence, str(refused.exception))


class Program(unittest.TestCase):
    """What the program says to documents with raw windows."""

    @classmethod
    def setUpClass(cls):
        table = features(SMALL, recordings())
        cls.decision = {"reject_below": 0.25, "majority": 3, "hold_seconds": 0.8}
        cls.document = export(forest(table), table.values, name="small", signal=SMALL, recordings=recordings(),
                              decision=cls.decision)
        cls.regression = export(RandomForestRegressor(2, random_state=1).fit(table.values, table.values[:, 0]),
                                table.values, signal=SMALL, recordings=recordings())

    def said(self, document):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "small.json"
            path.write_text(json.dumps(document))
            done = subprocess.run([os.environ["EMLC"], "inspect", path], capture_output=True, text=True, check=False)
        return done.returncode, done.stderr.strip().split("small.json:1: ")[-1]

    def changed(self, place, value, document=None):
        """The document with one value at a place (a list of keys) replaced, or gone where it is None."""
        document = json.loads(json.dumps(document or self.document))
        at = document
        for key in place[:-1]:
            at = at[key]
        if value is None:
            del at[place[-1]]
        else:
            at[place[-1]] = value
        return document

    def test_what_was_exported_replays(self):
        self.assertEqual(self.said(self.document), (0, ""))
        self.assertEqual(self.said(self.regression), (0, ""))
        for decision in [{"exponential": 4}, {"hold_seconds": 2}, {"reject_below": 0.5}]:
            table = features(SMALL, recordings())
            document = export(forest(table), table.values, signal=SMALL, recordings=recordings(), decision=decision)
            self.assertEqual(self.said(document), (0, ""), decision)

    def test_one_value_that_is_another(self):
        first = ["test_vectors", "recordings", 0]
        vector = self.document["test_vectors"]["recordings"][0]
        mean, largest = vector["features"][0][:2]
        next_mean = float(str(np.nextafter(np.float32(mean), np.float32(np.inf))))
        label, wrong = vector["predictions"][1], next(c for c in "abc" if c != vector["predictions"][1])
        for place, value, sentence in [
                ([*first, "features", 0, 0], next_mean,
                 f"test_vectors.recordings[0].features[0][0]: is {next_mean}, emlc computes {mean} for 'a_mean'"),
                ([*first, "features", 0, 1], largest + 1,
                 f"test_vectors.recordings[0].features[0][1]: is {largest + 1}, emlc computes {largest} for 'a_max'"),
                ([*first, "predictions", 1], wrong,
                 f"test_vectors.recordings[0].predictions[1]: the trainer's label is '{wrong}', the model as read decides '{label}'"),
                ([*first, "frames", 3, 1], 0.5,
                 "test_vectors.recordings[0].frames[3][1]: is 0.5, expected a whole number from -32768 to 32767"),
                ([*first, "frames", 3], [1],
                 "test_vectors.recordings[0].frames[3]: has 1 entries, expected 2, one for each channel"),
                ([*first, "features", 2], None,
                 "test_vectors.recordings[0].features: has 2 entries, expected 3, one for each window"),
                ([*first, "decisions", 0], "q", "test_vectors.recordings[0].decisions[0]: is 'q', emlc decides"),
                (["decision"], {"majority": 3, "exponential": 3},
                 "decision: has the keys 'majority' and 'exponential', expected one of them"),
                (["decision"], {}, "decision: is empty, expected"),
                (["decision"], {"majority": 256}, "decision.majority: expected an integer from 1 to 255, found 256"),
                (["decision"], {"reject_below": 0}, "decision.reject_below: expected a number above 0 that float32 has, found 0"),
                (["decision"], {"hold_seconds": -1}, "decision.hold_seconds: expected a time in seconds, 0 or more, found -1"),
                (["decision"], {"hold_seconds": 1e9},
                 "decision.hold_seconds: 1000000000 seconds are more than 65535 windows"),
                (["decision"], None, "test_vectors.recordings[0].decisions: are there, but the document has no key 'decision'"),
                (["signal"], None, "decision: is for windows of samples, but the document has no key 'signal'")]:
            code, said = self.said(self.changed(place, value))
            self.assertEqual(code, 2, sentence)
            self.assertIn(sentence, said)
        code, said = self.said(self.changed(["decision"], self.decision, self.regression))
        self.assertEqual((code, said), (2, "decision: is for a model that decides between classes, this one has no rule"))


class Decisions(unittest.TestCase):
    """Sequences that are worked out by hand; -1 is none."""

    def settled(self, declared, votes):
        settling = Filter(declared, 3, hop=4, rate=10)
        return [settling.take(vote) for vote in votes]

    def test_majority(self):
        # Of equal counts what is there stays; the two of the last three decide.
        self.assertEqual(self.settled({"majority": 3}, [0, 1, 1, 2, 0, 0, -1, -1]), [0, 0, 1, 1, 1, 0, 0, -1])

    def test_exponential(self):
        # With a step of one half a new vote outweighs all that was before it, but for a rounding.
        self.assertEqual(self.settled({"exponential": 3}, [0, 1, 1, 0]), [0, 1, 1, 0])
        # With a fifth: 0.488 of three votes are 0.312 after two other ones, which have 0.36.
        self.assertEqual(self.settled({"exponential": 9}, [0, 0, 0, 1, 1, 1, 1]), [0, 0, 0, 0, 1, 1, 1])

    def test_hold(self):
        # 0.8 s are two windows of four frames at 10 Hz.
        self.assertEqual(self.settled({"hold_seconds": 0.8}, [0, 1, 1, 2, 0, 0]), [0, 0, 1, 1, 0, 0])
        self.assertEqual(self.settled({"hold_seconds": 0.81}, [0, 1, 1, 2, 0, 0]), [0, 0, 0, 2, 2, 2])


if __name__ == "__main__":
    unittest.main()
