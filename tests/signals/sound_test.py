#!/usr/bin/env python3
"""Sound files as recordings of `emlc features` (the variable EMLC): WAV files that this file writes byte by byte, FLAC that
libsndfile writes. Features have to be those of the same samples as NPY; what is wrong is refused by name."""

import ctypes
import ctypes.util
import json
import os
import pathlib
import struct
import subprocess
import tempfile
import unittest

import numpy as np

EMLC = os.path.abspath(os.environ["EMLC"])
RATE = 8000
KINDS = {"int16": (1, 16), "int32": (1, 32), "uint8": (1, 8), "float32": (3, 32)}


def document(channels, dtype):
    return {"format": "emlc-signal", "version": 1, "name": "sound",
            "input": {"channels": channels, "dtype": dtype, "sample_rate": RATE}, "window": {"length": 16, "hop": 8},
            "features": [{"of": channels, "take": ["mean", "min", "max"]}]}


def samples(dtype, n_channels, n=100):
    rng = np.random.default_rng(7)
    if dtype == "float32":
        return rng.normal(0, 0.3, (n, n_channels)).astype(np.float32)
    info = np.iinfo(dtype)
    values = rng.integers(info.min, info.max, (n, n_channels), endpoint=True).astype(dtype)
    values[0], values[1] = info.min, info.max
    return values


def wav(frames, rate=RATE, data_bytes=None, frame_bytes=None, per_second=None, kind=None, before=b"", riff=b"WAVE"):
    code, bits = KINDS[str(frames.dtype)]
    n, body = frames.shape[1], frames.astype(frames.dtype.newbyteorder("<")).tobytes()
    size = frame_bytes if frame_bytes is not None else n * bits // 8
    second = per_second if per_second is not None else rate * n * bits // 8
    form = struct.pack("<HHIIHH", kind or code, n, rate, second, size, bits)
    chunks = b"fmt " + struct.pack("<I", 16) + form + before
    chunks += b"data" + struct.pack("<I", len(body) if data_bytes is None else data_bytes) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + riff + chunks


class SfInfo(ctypes.Structure):
    _fields_ = [("frames", ctypes.c_int64), ("samplerate", ctypes.c_int), ("channels", ctypes.c_int),
                ("format", ctypes.c_int), ("sections", ctypes.c_int), ("seekable", ctypes.c_int)]


def write_flac(path, frames, bits=2):
    """By libsndfile: 2 is 16 bits, 1 is 8, 3 is 24."""
    library = ctypes.CDLL(ctypes.util.find_library("sndfile"))
    library.sf_open.restype = ctypes.c_void_p
    library.sf_writef_int.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
    library.sf_close.argtypes = [ctypes.c_void_p]
    info = SfInfo(samplerate=RATE, channels=frames.shape[1], format=0x170000 | bits)
    file = library.sf_open(str(path).encode(), 0x20, ctypes.byref(info))
    wide = np.ascontiguousarray(frames.astype(np.int64) << (32 - 8 * frames.itemsize)).astype(np.int32)
    assert library.sf_writef_int(file, wide.ctypes.data, len(wide)) == len(wide)
    library.sf_close(file)


class Sound(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def emlc(self, name, dtype="int16", n_channels=1, *options):
        channels = ["left", "right", "third"][:n_channels]
        (self.folder / "doc.json").write_text(json.dumps(document(channels, dtype)))
        return subprocess.run([EMLC, "features", "doc.json", "-q", "-i", name, "-o", "-", *options], cwd=self.folder,
                              capture_output=True, text=True, check=False)

    def same(self, name, frames):
        np.save(self.folder / "same.npy", frames)
        expected = self.emlc("same.npy", str(frames.dtype), frames.shape[1])
        found = self.emlc(name, str(frames.dtype), frames.shape[1])
        self.assertEqual((found.stdout, found.stderr), (expected.stdout, ""))
        self.assertGreater(len(found.stdout.splitlines()), 2)

    def refused(self, content, sentence, dtype="int16", n_channels=1):
        name = "a.wav" if content[:4] == b"RIFF" else "a.flac"
        (self.folder / name).write_bytes(content)
        done = self.emlc(name, dtype, n_channels)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr, f"emlc: error: {name}{sentence}\n")

    def test_wav(self):
        for dtype in KINDS:
            for n_channels in (1, 2, 3):
                frames = samples(dtype, n_channels)
                (self.folder / "a.wav").write_bytes(wav(frames))
                self.same("a.wav", frames)
        frames = samples("int16", 1)
        (self.folder / "list.wav").write_bytes(wav(frames, before=b"LIST" + struct.pack("<I", 5) + b"INFO!\0"))
        self.same("list.wav", frames)

    def test_flac(self):
        for n_channels in (1, 2):
            frames = samples("int16", n_channels, 10000)
            write_flac(self.folder / "a.flac", frames)
            self.same("a.flac", frames)
        frames = samples("int8", 1)
        write_flac(self.folder / "b.flac", frames, bits=1)
        self.same("b.flac", frames)

    def test_refusals(self):
        frames = samples("int16", 1)
        good = wav(frames)
        self.refused(wav(frames, rate=44100), ": has 44100 frames a second, expected 8000: emlc does not resample")
        self.refused(wav(samples("int16", 2)), ": has 2 channels, expected 1")
        self.refused(wav(samples("float32", 1)), ": has samples of float32, expected int16")
        self.refused(wav(samples("uint8", 1)), ": has samples of 8 bits without a sign, expected int16")
        self.refused(good[:-51], ": byte 36 (data): is cut short: the header says 100 frames, 74 are there")
        self.refused(good[:40], ": byte 40 (header): is cut short: the file ends before the samples")
        self.refused(good[:9], ": byte 9 (header): is cut short: the file ends before the samples")
        self.refused(wav(frames, riff=b"AVI "), ": byte 8 (header): is a RIFF file of another kind, expected WAVE")

    def test_lying_headers(self):
        frames = samples("int16", 1)
        self.refused(wav(frames, data_bytes=2**32 - 1),
                     ": byte 36 (data): is cut short: the header says 2147483647 frames, 100 are there")
        self.refused(wav(frames, data_bytes=199), ": byte 36 (data): has 199 bytes, which are no whole frames of 2")
        self.refused(wav(frames, frame_bytes=4),
                     ": byte 12 (fmt): says 4 bytes for a frame of 1 channels of 16 bits, expected 2")
        self.refused(wav(frames, frame_bytes=0),
                     ": byte 12 (fmt): says 0 bytes for a frame of 1 channels of 16 bits, expected 2")
        self.refused(wav(frames, per_second=8000), ": byte 12 (fmt): says 8000 bytes a second, expected 16000: 8000 frames of 2 bytes")
        self.refused(wav(samples("uint8", 1), kind=7), ": has samples of another coding, expected int16")  # mu-law

    def test_cut_flac(self):
        frames = samples("int16", 1, 20000)
        write_flac(self.folder / "whole.flac", frames)
        content = (self.folder / "whole.flac").read_bytes()
        (self.folder / "cut.flac").write_bytes(content[:len(content) // 2])
        done = self.emlc("cut.flac")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"cut\.flac: is cut short: the header says 20000 frames, \d+ are there")
        write_flac(self.folder / "deep.flac", samples("int16", 1), bits=3)
        self.assertIn("has samples of 24 bits, expected int16", self.emlc("deep.flac").stderr)

    def test_allowed_to_be_cut(self):
        frames = samples("int16", 2)
        (self.folder / "cut.wav").write_bytes(wav(frames)[:-4 * 7 - 1])
        np.save(self.folder / "part.npy", frames[:92])
        found, expected = self.emlc("cut.wav", "int16", 2, "--allow-truncated"), self.emlc("part.npy", "int16", 2)
        self.assertEqual(found.stdout, expected.stdout)


if __name__ == "__main__":
    unittest.main()
