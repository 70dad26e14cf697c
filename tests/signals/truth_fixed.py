"""What features of spectra in integers mean, from docs/signals.md ("Spectra in integers") alone: Python's and numpy's
integers, a transform that calls itself, and float64 behind the integers. Values come with what a step of float32 may do.
"""

import math

import numpy as np

import truth_spectra

STEP = 2.0**-24
NAMED = ("dominant_frequency", "centroid", "rolloff")


def q15(values, one=32768):
    return np.minimum(np.floor(np.asarray(values) * one + 0.5), one - 1).astype(np.int64)


def turned_half(re, im, angle):
    """Half of the numbers turned back by angles in turns, to nearest."""
    c, s = q15(np.cos(2 * np.pi * angle)), q15(np.sin(2 * np.pi * angle))
    turned = (re * c + im * s + 2**15) >> 16, (im * c - re * s + 2**15) >> 16
    return tuple(np.where(angle == 0, (part + 1) >> 1, new) for part, new in zip((re, im), turned))


def half_of_four(parts):
    (r0, i0), (r1, i1), (r2, i2), (r3, i3) = parts
    even, odd = (r0 + r2, i0 + i2), (r1 + r3, i1 + i3)
    across, beside = (r0 - r2, i0 - i2), (r1 - r3, i1 - i3)
    made = [(even[0] + odd[0], even[1] + odd[1]), (across[0] + beside[1], across[1] - beside[0]),
            (even[0] - odd[0], even[1] - odd[1]), (across[0] - beside[1], across[1] + beside[0])]
    return [(re >> 1, im >> 1) for re, im in made]


def transform(re, im):
    n = len(re)
    if n == 2:
        return tuple(np.array([part[0] + part[1], part[0] - part[1]]) for part in (re, im))
    if n == 4:
        parts = half_of_four([(re[i:i + 1], im[i:i + 1]) for i in range(4)])
    else:
        k = np.arange(n // 4)
        parts = half_of_four([turned_half(*transform(re[i::4], im[i::4]), i * k / n) for i in range(4)])
    return tuple(np.concatenate([part[which] for part in parts]) for which in (0, 1))


def powers(x, window, n_fft):
    """P in integers, and by how many bits the samples were shifted."""
    n = len(x)
    spare = 15 - max((int(v) if v >= 0 else -int(v) - 1).bit_length() for v in x)
    room = 1 if window != "rectangular" and n == n_fft else 2
    if window == "rectangular":
        x = (x << spare) >> room
    else:
        x = ((x * q15(truth_spectra.taper(window, n)) + (2**(14 + room) >> spare)) << spare) >> (15 + room)
    x = np.concatenate([x, np.zeros(n_fft - n, np.int64)])
    re, im = transform(x[::2], x[1::2])
    half = n_fft // 2
    found = np.zeros(half + 1, np.int64)
    found[0], found[half] = 2 * (re[0] + im[0])**2, 2 * (re[0] - im[0])**2
    k = np.arange(1, half)
    mirror = half - k
    for low in (True, False):
        # Of the pair k and half - k the lower one gives the angle.
        a, b = (k, mirror) if low else (mirror, k)
        own = k <= half // 2 if low else k > half // 2
        c, s = q15(np.cos(2 * np.pi * a / n_fft)), q15(np.sin(2 * np.pi * a / n_fft))
        even, odd = (re[a] + re[b], im[a] - im[b]), (re[a] - re[b], im[a] + im[b])
        u, v = (odd[1] * c - odd[0] * s + 2**14) >> 15, (odd[0] * c + odd[1] * s + 2**14) >> 15
        sign = 1 if low else -1
        value = (even[0] + sign * u)**2 + (even[1] - sign * v)**2
        found[1:half][own] = value[own]
    found[half // 2] = 4 * (re[half // 2]**2 + im[half // 2]**2)
    return found, spare, room


class Spectrum:
    """Of one window, with the names of truth_spectra.Spectrum."""

    def __init__(self, settings, x, rate):
        x = np.array([int(v) for v in x], np.int64)
        self.rate, self.n_fft = rate, settings.get("n_fft") or max(16, 2**math.ceil(math.log2(len(x))))
        window, self.floor = settings.get("window", "hann"), settings.get("floor", 1e-10)
        self.power, spare, room = powers(x, window, self.n_fft)
        self.w = truth_spectra.taper(window, len(x))
        # From the integers to 4 |X|^2, halved at both ends.
        self.unit = (self.n_fft / 2)**2 * 4.0**(room - 1 - spare)
        self.hertz = np.arange(self.n_fft // 2 + 1) * rate / self.n_fft
        self.mel_range = settings.get("range_hz", (0, rate / 2))
        self.bins = self.between(*self.mel_range)

    between = truth_spectra.Spectrum.between

    def factor(self, is_tone=False):
        return self.unit / 2 / (np.sum(self.w)**2 if is_tone else self.n_fft * np.sum(self.w**2))

    def log2(self, power):
        """In 1 / 65536, between 64 numbers of a table straight."""
        mantissa, exponent = math.frexp(max(power, self.floor))
        place = (2 * mantissa - 1) * 64
        low, high = (math.floor(65536 * math.log2(1 + i / 64) + 0.5) for i in (int(place), int(place) + 1))
        return (exponent - 1) * 65536 + low + math.floor((high - low) * (place - int(place)) + 1e-9)

    def scaled(self, scale, power):
        if scale == "power":
            return power, truth_spectra.Allowed(8 * STEP * power)
        unit = self.log_unit(scale)
        return self.log2(power) * unit, truth_spectra.Allowed(2 * unit)

    @staticmethod
    def log_unit(scale):
        return {"log": math.log(2), "db": 10 * math.log10(2)}[scale] / 65536

    def band(self, low, high, scale):
        return self.scaled(scale, float(np.sum(self.power[self.between(low, high)])) * self.factor())

    def tone(self, hertz, scale):
        bin = round(hertz * self.n_fft / self.rate)
        return self.scaled(scale, float(self.power[bin]) * self.factor(is_tone=True))

    def dominant_frequency(self):
        return self.hertz[self.bins[np.argmax(self.power[self.bins])]], truth_spectra.Allowed(0)

    def centroid(self):
        total, moment = int(np.sum(self.power[self.bins])), int(np.sum(self.power[self.bins] * self.bins))
        if total == 0:
            return 0.0, truth_spectra.Allowed(0)
        more = max(moment.bit_length() - 32, 0)
        value = (moment >> more) / (total >> more) * self.rate / self.n_fft
        return value, truth_spectra.Allowed(8 * STEP * value)

    def rolloff(self, share):
        power = self.power[self.bins]
        limit = (int(np.sum(power)) * math.floor(65536 * share + 0.5)) >> 16
        return self.hertz[self.bins[np.argmax(np.cumsum(power) >= limit)]], truth_spectra.Allowed(0)

    def sums(self, what):
        low, high = self.mel_range
        to_mel, to_hertz = truth_spectra.SCALES[what.get("formula", "htk")]
        edges = [to_hertz(mel) for mel in np.linspace(to_mel(low), to_mel(high), what["mel"] + 2)]
        before = None
        for index, (left, right) in enumerate(zip(edges, edges[1:])):
            bins = np.flatnonzero((self.hertz >= left) & (self.hertz < right))
            weights = q15((self.hertz[bins] - left) / (right - left), 65536)
            risen = int(np.sum(self.power[bins] * weights)) >> 16
            if before is not None:
                area = 2 / (right - edges[index - 1]) if what.get("norm") == "area" else 1
                yield (before + int(np.sum(self.power[bins])) - risen) * area * self.factor()
            before = risen

    def mel(self, what):
        return [self.scaled(what["scale"], power) for power in self.sums(what)]

    def mfcc(self, what):
        logs, unit = [self.log2(power) for power in self.sums(what)], self.log_unit(what.get("scale", "log"))
        n = len(logs)
        for index in range(what["mfcc"]):
            cosines = q15(np.cos(np.pi * (index * (2 * np.arange(n) + 1) % (4 * n)) / (2 * n)))
            factor = unit * math.sqrt((2 if index else 1) / n)
            value = (sum(log * int(cosine) for log, cosine in zip(logs, cosines)) >> 15) * factor
            yield value, truth_spectra.Allowed(2 * n * factor + 8 * STEP * abs(value))
