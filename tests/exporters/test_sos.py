"""emlc_export.py: filters."""

import unittest

import numpy as np
import scipy.signal
from common import SCHEMA

import schema
from emlc_export import export_sos


class SosTest(unittest.TestCase):
    def test_responses_are_those_of_scipy(self):
        for name, sos in {
                "low-pass": scipy.signal.butter(4, 1000, fs=16000, output="sos"),
                "odd order": scipy.signal.cheby1(5, 1, 300, "highpass", fs=8000, output="sos"),
                "near the unit circle": scipy.signal.butter(2, 0.5, fs=16000, output="sos"),
        }.items():
            with self.subTest(name):
                document = export_sos(sos, 16000, name="filter")
                self.assertEqual(schema.errors(document, SCHEMA), [])
                self.assertEqual(document["model"]["sections"], sos.tolist())
                vectors = document["test_vectors"]
                self.assertEqual([len(signal) for signal in vectors["inputs"]], [256, 256])
                for signal, response in zip(vectors["inputs"], vectors["outputs"]):
                    self.assertEqual(signal, np.float32(signal).tolist())
                    np.testing.assert_allclose(response, scipy.signal.sosfilt(sos, signal), vectors["rtol"],
                                               vectors["atol"])

    def test_a0_divides_every_coefficient(self):
        plain, doubled = export_sos([[1, 2, 1, 1, -0.5, 0.25]]), export_sos([[2, 4, 2, 2, -1, 0.5]])
        self.assertEqual(plain["test_vectors"], doubled["test_vectors"])
        self.assertNotIn("sample_rate", plain["model"])

    def test_noise_fills_the_range(self):
        noise = export_sos([[1, 0, 0, 1, 0, 0]])["test_vectors"]["inputs"][1]
        self.assertLess(abs(sum(noise) / len(noise)), 0.1)
        self.assertTrue(-1 <= min(noise) < -0.95 and 0.95 < max(noise) < 1)
