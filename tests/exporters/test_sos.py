"""emlc_export: filters."""

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

    def test_every_form_of_a_design_gives_its_response(self):
        signal = np.random.default_rng(1).uniform(-1, 1, 500)
        for order in range(1, 7):
            for kind, corners in (("lowpass", 0.1), ("highpass", 0.05), ("bandpass", [0.1, 0.3]),
                                  ("bandstop", [0.2, 0.4])):
                with self.subTest(order=order, kind=kind):
                    expected = scipy.signal.sosfilt(scipy.signal.butter(order, corners, kind, output="sos"), signal)
                    for form in ("ba", "zpk", "sos"):
                        design = scipy.signal.butter(order, corners, kind, output=form)
                        sections = export_sos(design)["model"]["sections"]
                        np.testing.assert_allclose(scipy.signal.sosfilt(sections, signal), expected, atol=1e-8)

    def test_b_and_a_of_any_length(self):
        signal = np.random.default_rng(2).uniform(-1, 1, 60)
        for b, a in (([1], [1, -0.5]), ([0, 1], [1, -0.5]), ([0, 0, 1], [1]), ([1, 2, 3, 4], [1]), (2.0, [4, 2]),
                     ([0, 1, 2], [2, -1, 0.3, 0.1]), ([0, 0, 0, 0.5, 1], [1, 0, 0.25])):
            with self.subTest(b=b, a=a):
                sections = export_sos((b, a))["model"]["sections"]
                np.testing.assert_allclose(scipy.signal.sosfilt(sections, signal),
                                           scipy.signal.lfilter(np.atleast_1d(b), a, signal), atol=1e-12)

    def test_initial_states_go_to_the_sections(self):
        signal = np.random.default_rng(3).uniform(-1, 1, 300)
        for order in range(1, 6):
            for kind, corners in (("lowpass", 0.1), ("highpass", 0.05), ("bandpass", [0.1, 0.3])):
                with self.subTest(order=order, kind=kind):
                    b, a = (3 * row for row in scipy.signal.butter(order, corners, kind))
                    zi = 0.7 * scipy.signal.lfilter_zi(b, a)
                    model = export_sos((b, a), zi=zi)["model"]
                    found, _ = scipy.signal.sosfilt(model["sections"], signal, zi=np.array(model["initial_state"]))
                    expected, _ = scipy.signal.lfilter(b, a, signal, zi=zi)
                    np.testing.assert_allclose(found, expected, atol=1e-9)
        sos = scipy.signal.cheby1(4, 1, 0.2, output="sos")
        zi = scipy.signal.sosfilt_zi(sos)
        self.assertEqual(export_sos(sos, zi=zi)["model"]["initial_state"], zi.tolist())

    def test_units_of_integers(self):
        sos = scipy.signal.butter(2, 0.1, output="sos")
        zi = scipy.signal.sosfilt_zi(sos) * 9.81
        document = export_sos(sos, 100, zi=zi, full_scale=40, unit="m/s^2", lowest=-20, highest=30)
        self.assertEqual(schema.errors(document, SCHEMA), [])
        self.assertEqual(document["input"], {"n_features": 1, "dtype": "float32", "feature_min": [-0.5],
                                             "feature_max": [0.75], "x_full_scale": 40, "x_unit": "m/s^2"})
        self.assertEqual(document["model"]["initial_state"], (zi / 40).tolist())

    def test_noise_fills_the_range(self):
        noise = export_sos([[1, 0, 0, 1, 0, 0]])["test_vectors"]["inputs"][1]
        self.assertLess(abs(sum(noise) / len(noise)), 0.1)
        self.assertTrue(-1 <= min(noise) < -0.95 and 0.95 < max(noise) < 1)
