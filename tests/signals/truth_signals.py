"""What a signal document means, from docs/signals.md alone: signals and features by their definitions, in Python's
integers where samples are integers and in numpy where they are real. Knows nothing of emlc but what `emlc inspect --json`
says of filters in integers, which a document does not settle.

A feature is (value, scale): an integer with scale None, or a float with the size of what was added up to get it, which
tells how far float32 may be off; of a spectrum with what truth_spectra.Allowed says.
"""

import math

import numpy as np

import truth_levels
import truth_spectra

F = np.float32
WINDOW = ("remove_mean", "cumulative_sum")
OPERATIONS = ("difference", "abs", "square", "norm1", "norm2", "norm2_squared", "dot", "scale", "clip", "median3",
              "median5", "moving_average", "moving_sum", "sos", "decimate", *truth_levels.OPERATIONS, *WINDOW)


class Signal:
    """`samples`: a list of ints, or an array of float32. `of`: of a signal of the window its operand. `unit`: samples are
    that many times what they are in the unit of the channels; of a power `power` is what 1 stands for, in its squares."""

    def __init__(self, samples, stride=1, operation=None, of=None, unit=1, power=None):
        self.samples, self.stride, self.operation, self.of = samples, stride, operation, of
        self.unit, self.power = unit, power

    @property
    def is_integer(self):
        return isinstance(self.samples, list)


def as_reals(signal):
    return np.array([F(x) for x in signal.samples], F) if signal.is_integer else signal.samples


def joined(signals):
    """All as lists of ints, or all as arrays."""
    if all(s.is_integer for s in signals):
        return [s.samples for s in signals]
    return [as_reals(s) for s in signals]


def keep(samples, like):
    return list(samples) if isinstance(like, list) else np.array(samples, F)


def before(x, i):
    return x[max(i, 0)]


def filtered_reals(x, sections):
    """Transposed direct form II in float32; its state is what it would be after x[0] for ever."""
    level, y = 1.0, x
    for b0, b1, b2, a0, a1, a2 in sections:
        b0, b1, b2, a1, a2 = (c / a0 for c in (b0, b1, b2, a1, a2))
        gain = (b0 + b1 + b2) / (1 + a1 + a2)
        settled = gain * level
        z2 = b2 * level - a2 * settled
        z1 = b1 * level - a1 * settled + z2
        level = settled
        s1, s2 = F(F(z1) * x[0]), F(F(z2) * x[0])
        b0, b1, b2, a1, a2 = (F(c) for c in (b0, b1, b2, a1, a2))
        out = []
        for v in y:
            r = F(F(b0 * v) + s1)
            s1 = F(F(F(b1 * v) + s2) - F(a1 * r))
            s2 = F(F(b2 * v) - F(a2 * r))
            out.append(r)
        y = np.array(out, F)
    return y


def filtered_integers(x, facts):
    bits, shift, rounding = facts["fraction_bits"], facts["shift"], facts["rounding"]
    guard, full = shift - bits, 1 << (15 if facts["arithmetic"] == "q15" else 31)
    limit, unused = full >> guard, facts["unused_input_bits"]
    y = [v << facts["input_shift"] >> unused << unused for v in x]
    for b0, b1, b2, a1, a2 in facts["sections"]:
        divisor = ((1 << bits) + a1 + a2) << guard
        settled = (2 * (b0 + b1 + b2) * y[0] + divisor) // (2 * divisor) if divisor > 0 else 0
        x1 = x2 = y[0]
        y1 = y2 = min(max(settled, -limit), limit - 1) << guard
        rest = 0 if rounding == "rounding down" else 1 << (shift - 1)
        out = []
        for v in y:
            total = rest + b0 * v + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
            if rounding == "error feedback":
                rest = total & ((1 << shift) - 1)
            x2, x1, y2 = x1, v, y1
            y1 = min(max(total >> shift, -limit), limit - 1) << guard
            out.append(y1)
        y = out
    if facts["lift"]:
        most = full >> facts["lift"]
        y = [min(max(v, -most), most - 1) << facts["lift"] for v in y]
    return y


def whole(value):
    return float(value).is_integer()


def apply(operation, part, signals, facts):
    """One signal of its operands."""
    columns = joined(signals)
    x, n = columns[0], len(columns[0])
    is_integer = isinstance(x, list)
    stride = signals[0].stride
    if operation == "difference":
        y = keep([x[i] - before(x, i - 1) for i in range(n)], x)
    elif operation in ("abs", "norm1"):
        y = keep([total([abs(c[i]) for c in columns], is_integer) for i in range(n)], x)
    elif operation in ("square", "norm2_squared", "norm2"):
        y = keep([total([c[i] * c[i] for c in columns], is_integer) for i in range(n)], x)
        if operation == "norm2":
            y = np.array([np.sqrt(F(v)) for v in y], F)
    elif operation == "dot":
        half = len(columns) // 2
        y = keep([total([a[i] * b[i] for a, b in zip(columns[:half], columns[half:])], is_integer) for i in range(n)], x)
    elif operation == "scale":
        gain, offset = part.get("gain", 1), part.get("offset", 0)
        if is_integer and whole(gain) and whole(offset):
            y = [v * int(gain) + int(offset) for v in x]
        else:
            y = np.array([F(F(F(v) * F(gain)) + F(offset)) for v in x], F)
    elif operation == "clip":
        kind = int if is_integer else F
        low, high = part.get("min", -math.inf), part.get("max", math.inf)
        y = keep([kind(low) if v < kind_of(low, kind) else kind(high) if v > kind_of(high, kind) else v for v in x], x)
    elif operation in ("median3", "median5"):
        m = int(operation[-1])
        y = keep([sorted(before(x, i - k) for k in range(m))[m // 2] for i in range(n)], x)
    elif operation in ("moving_sum", "moving_average"):
        m = part["length"]
        y = keep([total([before(x, i - k) for k in range(m - 1, -1, -1)], is_integer) for i in range(n)], x)
        if operation == "moving_average":
            y = np.array([F(F(v) / F(m)) for v in y], F)
    elif operation == "sos":
        if part.get("arithmetic", "float") == "float":
            y = filtered_reals(as_reals(signals[0]), part["sections"])
        else:
            y = filtered_integers(x, facts)
    elif operation == "decimate":
        return Signal(x[::part["by"]], stride * part["by"], unit=signals[0].unit, power=signals[0].power)
    else:
        raise ValueError(operation)
    return Signal(y, stride)


def kind_of(bound, kind):
    return bound if math.isinf(bound) else kind(bound)


def total(terms, is_integer):
    """Of floats one after the other."""
    sum_ = terms[0]
    for term in terms[1:]:
        sum_ = sum_ + term if is_integer else F(sum_ + term)
    return sum_


class Names:
    """Signals by name, and groups as lists of (suffix, name)."""

    def __init__(self, document, frames, filters):
        self.signals, self.groups = {}, {}
        self.rate = document["input"]["sample_rate"]
        integers = document["input"]["dtype"].startswith(("int", "uint"))
        for index, channel in enumerate(document["input"]["channels"]):
            name = channel if isinstance(channel, str) else channel["name"]
            column = frames[:, index]
            self.signals[name] = Signal([int(v) for v in column] if integers else column.astype(F))
        for name, part in document.get("signals", {}).items():
            operation = next(key for key in part if key in OPERATIONS)
            self.add(name, operation, part, filters)

    def members(self, names):
        if isinstance(names, str):
            return self.groups.get(names) or [(names, names)]
        return [(name, name) for item in names for _, name in self.members(item)]

    def add(self, name, operation, part, filters):
        names = part[operation]
        if operation == "dot":
            both = [self.signals[n] for side in names for _, n in self.members(side)]
            self.signals[name] = apply(operation, part, both, None)
        elif operation.startswith("norm"):
            self.signals[name] = apply(operation, part, [self.signals[n] for _, n in self.members(names)], None)
        else:
            is_single = isinstance(names, str) and names not in self.groups
            if not is_single:
                self.groups[name] = []
            for suffix, operand in self.members(names):
                own = name if is_single else f"{name}_{suffix}"
                if not is_single:
                    self.groups[name].append((suffix, own))
                of = self.signals[operand]
                self.signals[own] = (Signal(None, of.stride, operation, of) if operation in WINDOW else
                                     self.of_levels(operation, part, operand, filters, own)
                                     if operation in truth_levels.OPERATIONS else
                                     apply(operation, part, [of], filters.get(own)))

    def of_levels(self, operation, part, operand, filters, own):
        """Ranges are those that `emlc inspect` says, since these decide which bits are rounded off."""
        of, facts = self.signals[operand], filters.get(own, {})
        if operation == "weighting":
            if part["curve"] == "Z":
                return Signal(of.samples, of.stride, unit=of.unit)
            if part.get("arithmetic", "float") == "float":
                return Signal(filtered_reals(as_reals(of), facts["sections"]), of.stride)
            integers = facts["integers"]
            return Signal(truth_levels.weighted_integers(of.samples, integers), of.stride,
                          unit=of.unit << integers["input_shift"])
        if operation == "mean_square":
            n, stride = part["by"], of.stride * part["by"]
            if not of.is_integer:
                return Signal(truth_levels.mean_squares(of.samples, n), stride, power=1.0)
            dropped = truth_levels.dropped_bits(*filters[operand]["range"], n)
            return Signal(truth_levels.square_sums(of.samples, n, dropped), stride,
                          power=(2.0**dropped / of.unit)**2 / n)
        y = truth_levels.followed(of.samples, self.rate / of.stride, part["seconds"], filters[operand]["range"][1])
        return Signal(y, of.stride, power=of.power)


def window_samples(signal, first, length):
    """Of a window that begins at a frame: a list of ints, or an array of float64."""
    if signal.of is not None:
        x = window_samples(signal.of, first, length)
        if signal.operation == "cumulative_sum":
            if isinstance(x, list):
                return [sum(x[:i + 1]) for i in range(len(x))]
            return np.cumsum(x.astype(F), dtype=F).astype(float)
        if isinstance(x, list):
            return np.array([float(F(F(len(x) * v - sum(x)) / F(len(x)))) for v in x])
        mean = F(np.cumsum(x.astype(F), dtype=F)[-1]) / F(len(x))
        return (x.astype(F) - mean).astype(float)
    begin, n = first // signal.stride, length // signal.stride
    x = signal.samples[begin:begin + n]
    return x if isinstance(x, list) else x.astype(float)


def exact_mean(values):
    """Of ints with one rounding at the end."""
    return math.fsum(values) / len(values) if not isinstance(values[0], int) else sum(values) / len(values)


def moment(x, power):
    """The mean of (x - mean)^power and of its size."""
    n = len(x)
    if isinstance(x, list):
        s = sum(x)
        deviations = [n * v - s for v in x]
        return (sum(d**power for d in deviations) / n**(power + 1), sum(abs(d)**power for d in deviations) / n**(power + 1))
    d = x - math.fsum(x) / n
    return math.fsum(d**power) / n, math.fsum(abs(d)**power) / n


def quantile(x, q):
    s = sorted(x)
    return s[min(math.floor(q * len(s)), len(s) - 1)]


def differences(x):
    return [b - a for a, b in zip(x, x[1:])] if isinstance(x, list) else np.diff(x)


def variance(x):
    return moment(x, 2)[0] if len(x) else 0.0


def mobility(x):
    return math.sqrt(variance(differences(x)) / variance(x)) if variance(x) > 0 else 0.0


def number(value, x):
    """An element of x, or a sum of elements."""
    return (value, None) if isinstance(x, list) else (float(value), max(abs(float(value)), abs(x).max()))


def moments_ratio(x, power):
    m2 = variance(x)
    if m2 <= 0:
        return 0.0, 1.0
    value, size = moment(x, power)
    return value / m2**(power / 2) - (3.0 if power == 4 else 0.0), size / m2**(power / 2) + 3.0


def correlation(x, y):
    if variance(x) <= 0 or variance(y) <= 0:
        return 0.0, 1.0
    n = len(x)
    if isinstance(x, list):
        covariance = (n * sum(a * b for a, b in zip(x, y)) - sum(x) * sum(y)) / n**2
    else:
        covariance = math.fsum((x - math.fsum(x) / n) * (y - math.fsum(y) / n)) / n
    return covariance / math.sqrt(variance(x)) / math.sqrt(variance(y)), 1.0


def autocorrelation(x, lag):
    if variance(x) <= 0:
        return 0.0, 1.0
    n = len(x)
    mean = sum(x) / n if isinstance(x, list) else math.fsum(x) / n
    d = [v - mean for v in x]
    return math.fsum(a * b for a, b in zip(d[lag:], d)) / math.fsum(v * v for v in d), 1.0


def entropy(x, edges):
    edges = [float(F(e)) for e in edges]
    counts = [0] * (len(edges) + 1)
    for v in x:
        counts[sum(e <= v for e in edges)] += 1
    return -math.fsum(c / len(x) * math.log(c / len(x)) for c in counts if c), math.log(len(x)) + 1.0


def crossings(x, level):
    low = [v < level for v in x]
    return sum(a != b for a, b in zip(low, low[1:]))


def real(value):
    return float(value), abs(float(value))


def sized(value, size):
    return float(value), float(size)


def take(what, x):
    """(name, (value, scale)) of a statistic of one signal."""
    n = len(x)
    if isinstance(what, dict):
        if "entropy" in what:
            return "entropy", entropy(x, what["entropy"])
        if "autocorrelation" in what:
            return f"autocorrelation_{what['autocorrelation']}", autocorrelation(x, what["autocorrelation"])
        q, is_linear = what["quantile"], what.get("method") == "linear"
        name = f"q{q * 100:.6g}".replace(".", "_") + ("_linear" if is_linear else "")
        if is_linear:
            exact = np.quantile(np.array([float(v) for v in x]), q)
            return name, sized(exact, max(abs(float(v)) for v in x))
        return name, number(quantile(x, q), x)
    if what[0] == "q" and what[1:].isdigit():
        return what, number(quantile(x, int(what[1:]) / 100), x)
    energy = sum(v * v for v in x) if isinstance(x, list) else math.fsum(x * x)
    absolutes = sum(abs(v) for v in x) if isinstance(x, list) else math.fsum(abs(x))
    sum_ = sum(x) if isinstance(x, list) else math.fsum(x)
    median = quantile(x, 0.5)
    rms = math.sqrt(energy / n)
    jumps = differences(x)
    of_x = {
        "mean": lambda: sized(sum_ / n, absolutes / n),
        "sum": lambda: (sum_, None) if isinstance(x, list) else sized(sum_, absolutes),
        "min": lambda: number(min(x), x),
        "max": lambda: number(max(x), x),
        "range": lambda: number(max(x) - min(x), x),
        "median": lambda: number(median, x),
        "iqr": lambda: number(quantile(x, 0.75) - quantile(x, 0.25), x),
        "variance": lambda: sized(variance(x), variance(x) + spread(x)),
        "std": lambda: sized(math.sqrt(variance(x)), math.sqrt(variance(x) + spread(x))),
        "rms": lambda: real(rms),
        "energy": lambda: (energy, None) if isinstance(x, list) else real(energy),
        "mean_abs": lambda: real(absolutes / n),
        "mad": lambda: number(sorted(abs(v - median) for v in x)[n // 2], x),
        "skewness": lambda: moments_ratio(x, 3),
        "kurtosis": lambda: moments_ratio(x, 4),
        "zero_crossings": lambda: (crossings(x, 0), None),
        "mean_crossings": lambda: (crossings([n * v for v in x], sum_) if isinstance(x, list) else None, None),
        "slope_sign_changes": lambda: (sum((b > a and b > c) or (b < a and b < c) for a, b, c in zip(x, x[1:], x[2:])), None),
        "waveform_length": lambda: ((sum(abs(d) for d in jumps), None) if isinstance(x, list)
                                    else sized(math.fsum(abs(jumps)), math.fsum(abs(x)))),
        "crest_factor": lambda: real(max(abs(v) for v in x) / rms if rms > 0 else 0.0),
        "argmax": lambda: (list(x).index(max(x)), None),
        "mobility": lambda: of_differences(mobility(x), x, jumps),
        "complexity": lambda: of_differences(mobility(jumps) / mobility(x) if mobility(x) > 0 else 0.0, x, jumps,
                                             differences(jumps)),
    }
    return what, of_x[what]()


def of_differences(value, *levels):
    """Differences of reals are off by a step of what they are differences of, which counts as much as it is larger than
    their own deviation."""
    if isinstance(levels[0], list):
        return real(value)
    sizes = [abs(level - level[0] if index == 0 else level).max(initial=0.0) for index, level in enumerate(levels)]
    deviations = [math.sqrt(variance(level)) for level in levels]
    worst = max((size / own for size, own in zip([sizes[0], *sizes], [deviations[0], *deviations[1:], deviations[-1]])
                 if own > 0), default=0.0)
    return value, abs(value) * (1.0 + 2.0 * worst)


def spread(x):
    """What a mean of reals that is off by a step adds to their variance, in steps."""
    return 0.0 if isinstance(x, list) else 1e-6 * float(np.mean(x))**2


def subjects(names, of):
    for item in [of] if isinstance(of, str) else of:
        if isinstance(item, list):
            yield [names.members(side)[0][1] for side in item]
        else:
            for _, name in names.members(item):
                yield [name]


def filters_of(facts):
    """What `emlc inspect --json` says of signals that the document does not settle, by name."""
    by_name = {row["name"]: {"range": (row["lowest"], row["highest"])} for row in facts["signals"]}
    for row in facts.get("filters", []) + facts.get("weightings", []):
        by_name[row["signal"]] |= row
    return by_name


def features(document, frames, filters=None):
    """Rows of {name: (value, scale)}, one for each complete window. `filters`: as filters_of() gives them."""
    names = Names(document, frames, filters or {})
    length, hop = document["window"]["length"], document["window"]["hop"]
    rows = []
    for first in range(0, len(frames) - length + 1, hop):
        row = {}
        for part in document["features"]:
            taken = part["take"] if isinstance(part["take"], list) else [part["take"]]
            for subject in subjects(names, part["of"]):
                windows = [window_samples(names.signals[name], first, length) for name in subject]
                if "spectrum" in part:
                    rate = document["input"]["sample_rate"] / names.signals[subject[0]].stride
                    for name, value in truth_spectra.features(part["spectrum"], taken, windows[0], rate):
                        row[f"{subject[0]}_{name}"] = value
                    continue
                for what in taken:
                    if isinstance(what, str) and what in truth_levels.STATISTICS:
                        power = names.signals[subject[0]].power
                        row[f"{subject[0]}_{what}"] = truth_levels.take(what, windows[0], power, document)
                        continue
                    if what == "correlation":
                        row["_".join(subject) + "_correlation"] = correlation(*windows)
                        continue
                    name, value = take(what, windows[0])
                    row[f"{subject[0]}_{name}"] = value
        rows.append(row)
    return rows
