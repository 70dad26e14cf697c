"""What features of spectra mean, from docs/signals.md alone, in float64 with numpy. A value comes with how far float32 may
be off: an amplitude by STEPS steps of float32 of all amplitudes together, and what is computed of amplitudes by what that
makes of it.
"""

import math

import numpy as np

STEP = 2.0**-24
STEPS = 32
NAMED = ("dominant_frequency", "centroid", "rolloff", "flatness", "spectral_entropy")


SLANEY = math.log(6.4) / 27
SCALES = {"htk": (lambda f: 2595 * math.log10(1 + f / 700), lambda m: 700 * (10**(m / 2595) - 1)),
          "slaney": (lambda f: 3 * f / 200 if f < 1000 else 15 + math.log(f / 1000) / SLANEY,
                     lambda m: 200 * m / 3 if m < 15 else 1000 * math.exp((m - 15) * SLANEY))}


class Allowed:
    """How far from the value, and other values that it may be: where two bins are as large as each other."""

    def __init__(self, off, also=()):
        self.off, self.also = float(off), list(also)

    def __call__(self, found, value):
        return any(abs(found - one) <= self.off + 1e-6 * abs(one) for one in [value, *self.also])


def taper(name, n):
    turns = np.cos(2 * np.pi * np.arange(n) / n)
    return {"hann": 0.5 - 0.5 * turns, "hamming": 0.54 - 0.46 * turns, "rectangular": np.ones(n)}[name]


def digits(number):
    return f"{number:.6g}".replace(".", "_").replace("-", "m").replace("+", "")


class Spectrum:
    """Of one window: `power[k]` and its `low[k]` and `high[k]`, between which float32 has it."""

    def __init__(self, settings, x, rate):
        self.x = np.array([float(v) for v in x])
        n = len(x)
        self.rate, self.n_fft = rate, settings.get("n_fft") or max(16, 2**math.ceil(math.log2(n)))
        self.w = taper(settings.get("window", "hann"), n)
        self.floor = settings.get("floor", 1e-10)
        one_sided = np.full(self.n_fft // 2 + 1, 2.0)
        one_sided[0] = one_sided[-1] = 1.0
        transform = np.fft.rfft(self.x * self.w, self.n_fft)
        self.power = one_sided * abs(transform)**2 / (self.n_fft * np.sum(self.w**2))
        self.off = STEPS * STEP * math.sqrt(np.sum(self.power))
        self.low, self.high = self.around(self.power, self.off)
        self.hertz = np.arange(self.n_fft // 2 + 1) * rate / self.n_fft
        self.mel_range = settings.get("range_hz", (0, rate / 2))
        self.bins = self.between(*self.mel_range)

    @staticmethod
    def around(power, off):
        amplitude = np.sqrt(power)
        return np.maximum(amplitude - off, 0)**2, (amplitude + off)**2

    def between(self, low, high):
        top = self.rate / 2
        return np.flatnonzero((self.hertz >= low) & ((self.hertz < high) | ((high == top) & (self.hertz == top))))

    def scaled(self, scale, power, low, high):
        """A power, or its logarithm, with what it may be off by."""
        if scale == "power":
            return power, Allowed(max(high - power, power - low))
        factor = 1.0 if scale == "log" else 10 / math.log(10)
        value, low, high = (factor * math.log(max(one, self.floor)) for one in (power, low, high))
        return value, Allowed(max(high - value, value - low) + 4 * STEP * abs(value) + 1e-6)

    def band(self, low, high, scale):
        bins = self.between(low, high)
        rounding = len(bins) * STEP
        return self.scaled(scale, *(float(np.sum(part[bins])) * (1 + factor * rounding)
                                    for part, factor in ((self.power, 0), (self.low, -1), (self.high, 1))))

    def tone(self, hertz, scale):
        turns = np.exp(-2j * np.pi * hertz / self.rate * np.arange(len(self.x)))
        sides = 1.0 if hertz in (0, self.rate / 2) else 2.0
        per_square = sides / np.sum(self.w)**2
        power = per_square * abs(np.sum(self.x * self.w * turns))**2
        off = STEPS * STEP * math.sqrt(per_square * self.n_fft * np.sum((self.x * self.w)**2))
        low, high = self.around(power, off)
        return self.scaled(scale, float(power), float(low), float(high))

    def dominant_frequency(self):
        best = self.bins[np.argmax(self.power[self.bins])]
        also = [self.hertz[k] for k in self.bins if self.high[k] >= self.low[best]]
        return self.hertz[best], Allowed(0, also)

    def mel(self, what):
        """Bands as they go out, with what each may be off by."""
        low, high = self.mel_range
        to_mel, to_hertz = SCALES[what.get("formula", "htk")]
        edges = [to_hertz(mel) for mel in np.linspace(to_mel(low), to_mel(high), what["mel"] + 2)]
        bands = []
        for left, top, right in zip(edges, edges[1:], edges[2:]):
            weights = np.maximum(0, np.minimum((self.hertz - left) / (top - left), (right - self.hertz) / (right - top)))
            weights *= 2 / (right - left) if what.get("norm") == "area" else 1
            # What falls is what is there less what rises: off by steps of both.
            near = (self.hertz >= left) & (self.hertz < right)
            rounding = 4 * len(weights) * STEP * np.max(weights) * np.sum(self.power[near])
            power, low, high = (float(np.sum(weights * part)) for part in (self.power, self.low, self.high))
            bands.append(self.scaled(what["scale"], power, max(low - rounding, 0), high + rounding))
        return bands

    def mfcc(self, what):
        bands = self.mel({"scale": "log"} | what)
        n = len(bands)
        for index in range(what["mfcc"]):
            cosines = np.cos(np.pi * index * (np.arange(n) + 0.5) / n) * math.sqrt((2 if index else 1) / n)
            values = np.array([value for value, _ in bands])
            off = np.sum(abs(cosines) * [allowed.off for _, allowed in bands]) + 4 * n * STEP * np.sum(abs(cosines * values))
            yield float(np.sum(cosines * values)), Allowed(off + 1e-6)

    def errors(self):
        return np.maximum(self.high - self.power, self.power - self.low)[self.bins]

    def centroid(self):
        power, total = self.power[self.bins], np.sum(self.power[self.bins])
        if total <= np.sum(self.errors()):
            return 0.0, Allowed(self.rate)
        value = np.sum(self.hertz[self.bins] * power) / total
        off = np.sum(abs(self.hertz[self.bins] - value) * self.errors()) / (total - np.sum(self.errors()))
        return value, Allowed(off + 2 * len(power) * STEP * self.hertz[self.bins[-1]])

    def rolloff(self, share):
        power = self.power[self.bins]
        sums, off = np.cumsum(power), np.sum(self.errors()) + len(power) * STEP * np.sum(power)
        limit = share * sums[-1]
        first, last = np.argmax(sums + 2 * off >= limit), int(np.argmax(sums - 2 * off >= limit))
        if sums[-1] - 2 * off < limit:
            last = len(sums) - 1
        hertz = self.hertz[self.bins]
        return hertz[np.argmax(sums >= limit)] if sums[-1] > 0 else hertz[0], Allowed(0, hertz[first:last + 1])

    def flatness(self):
        power, low, high = (np.maximum(part[self.bins], self.floor) for part in (self.power, self.low, self.high))
        logs = np.log(power)
        off = np.mean(np.maximum(np.log(high) - logs, logs - np.log(low)))
        mean = np.mean(power)
        off += math.log(np.mean(high) / mean) + 4 * STEP * (np.mean(abs(logs)) * len(power) + abs(math.log(mean)))
        value = math.exp(np.mean(logs) - math.log(mean))
        return value, Allowed(value * math.expm1(min(off, 700)) + 1e-30)

    def spectral_entropy(self):
        power, total = self.power[self.bins], np.sum(self.power[self.bins])
        missing = np.sum(self.errors())
        if total <= 2 * missing:
            return 0.0, Allowed(math.log(len(power)) + 1e-6)
        plain = lambda shares: -np.where(shares > 0, shares * np.log(np.where(shares > 0, shares, 1)), 0)
        shares = power / total
        off = 0.0
        for part in (np.maximum(self.power[self.bins] - self.errors(), 0) / (total + missing),
                     np.minimum((power + self.errors()) / (total - missing), 1)):
            off = max(off, np.sum(abs(plain(part) - plain(shares))))
        # Between a share and what it may be lies the top of -p ln p, or where it is steepest.
        off += np.sum(self.errors() / total * (1 + abs(np.log(np.maximum(shares, STEP)))))
        return float(np.sum(plain(shares))), Allowed(off + 8 * STEP * len(power))


def entry(spectrum, what):
    """(name, (value, Allowed)) of what an entry of `take` says."""
    if isinstance(what, str):
        yield what, spectrum.rolloff(0.85) if what == "rolloff" else getattr(spectrum, what)()
        return
    scale = what.get("scale", "power")
    suffix = "" if scale == "power" else f"_{scale}"
    for low, high in what.get("bands_hz", []):
        yield f"{digits(low)}_{digits(high)}hz{suffix}", spectrum.band(low, high, scale)
    for hertz in what.get("goertzel_hz", []):
        yield f"{digits(hertz)}hz{suffix}", spectrum.tone(hertz, scale)
    if "mfcc" in what:
        suffix = f"_{what.get('scale', 'log')}" if what.get("scale", "log") != "power" else ""
        for index, value in enumerate(spectrum.mfcc(what)):
            yield f"mfcc_{index}{suffix}", value
    elif "mel" in what:
        for index, value in enumerate(spectrum.mel(what | {"scale": scale})):
            yield f"mel_{index}{suffix}", value
    if "rolloff" in what:
        yield f"rolloff_{digits(100 * what['rolloff'])}", spectrum.rolloff(what["rolloff"])


import truth_fixed  # noqa: E402 - it has windows and scales from here


def features(settings, taken, x, rate):
    spectrum = (truth_fixed.Spectrum if settings.get("arithmetic") == "q15" else Spectrum)(settings, x, rate)
    for what in taken:
        yield from entry(spectrum, what)
