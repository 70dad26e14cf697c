"""Filters as cascades of second-order sections."""

from ..document import finished
from ..names import c_identifier
from ..values import finite
from ..version import __version__
from .designs import sections_of


def export_sos(sos, sample_rate=None, file=None, *, name=None, zi=None, full_scale=None, unit=None, lowest=None,
               highest=None):
    """Describe a filter as an emlc model document (a dict) and write it to `file` when one is given.

    sos          what scipy.signal designs, in any of its forms:
                   sections     [n_sections][6]: b0 b1 b2 a0 a1 a2 each (output="sos"), an array or a list
                   (b, a)       a tuple of two sequences (output="ba"), in powers of 1/z, as lfilter takes them
                   (z, p, k)    a tuple of zeros, poles and the gain (output="zpk")
                 Sections are taken as they are. The other two are converted by scipy in double precision, and refused
                 where the response of the sections is not theirs within 1e-6 of its peak: b and a of a high order do not
                 hold a filter with a low corner.
    sample_rate  Hz
    file         a path or an object with write()
    name         C identifier that generated symbols start with
    zi           the state that the filter starts from, as sosfilt_zi or lfilter_zi make it for this form of it (of
                 direct form II transposed), times the first sample: [n_sections][2], or for (b, a) a number less than
                 the longer of them has. With zeros and poles it has no meaning.
    full_scale   the value, in the unit of the signal, that the largest sample of an integer filter stands for (2**15 of
                 int16, 2**31 of int32). The document is in full scales: zi, lowest and highest are divided by it, and
                 so has to be what a filter in float gets. Default: 1.
    unit         the unit, a text; for readers of the document
    lowest, highest   the range of the signal, in its unit. A promise about all future samples: emlc leaves out the
                 saturation that it rules out.

    Raises ValueError, with one sentence, for what is no filter, and ImportError where (b, a) or (z, p, k) needs scipy
    and there is none.
    """
    sections, initial_state = sections_of(sos, zi)
    scale = 1.0 if full_scale is None else _above_0(full_scale, "full_scale")
    model = {"kind": "sos", "sections": sections}
    if initial_state is not None:
        model["initial_state"] = [[z / scale for z in row] for row in initial_state]
    if sample_rate is not None:
        model["sample_rate"] = _above_0(sample_rate, "sample_rate")
    signals = [_impulse(256), _noise(256)]
    responses = [_filter(sections, signal) for signal in signals]
    document = {"format": "emlc-model", "version": 1}
    if name is not None:
        document["name"] = c_identifier(name)
    document["producer"] = {"tool": "emlc_export", "tool_version": __version__}
    document["input"] = _signal_input(scale, lowest, highest)
    if full_scale is not None:
        document["input"]["x_full_scale"] = scale
    if unit is not None:
        document["input"]["x_unit"] = str(unit)
    document["output"] = {"task": "filter", "n_outputs": 1}
    document["model"] = model
    peak = max(abs(y) for response in responses for y in response)
    document["test_vectors"] = {"inputs": signals, "outputs": responses, "atol": 1e-12 * peak, "rtol": 1e-9}
    return finished(document, file)


def _signal_input(scale, lowest, highest):
    described = {"n_features": 1, "dtype": "float32"}
    if (lowest is None) != (highest is None):
        raise ValueError("lowest and highest are a range: give both or none")
    if lowest is None:
        return described
    low, high = finite(lowest, "lowest") / scale, finite(highest, "highest") / scale
    if low > high:
        raise ValueError("lowest is %r, above highest, which is %r" % (lowest, highest))
    if max(-low, high) > 1 and scale != 1:
        raise ValueError("the range from %r to %r goes beyond full_scale, which is %r" % (lowest, highest, scale))
    described["feature_min"], described["feature_max"] = [low], [high]
    return described


def _above_0(value, where):
    number = finite(value, where)
    if number <= 0:
        raise ValueError("%s is %r, it must be above 0" % (where, value))
    return number


def _impulse(n):
    return [1.0] + [0.0] * (n - 1)


def _noise(n):
    """Noise in [-1, 1) that float32 and int16 hold exactly: the same on every machine."""
    samples, state = [], 1
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2**31  # a linear congruential generator, high bits used
        samples.append((state >> 15) / 2**15 - 1.0)
    return samples


def _filter(sections, signal):
    """The response from rest; transposed direct form II, section after section."""
    for section in sections:
        b0, b1, b2, a1, a2 = (section[index] / section[3] for index in (0, 1, 2, 4, 5))
        z1 = z2 = 0.0
        response = []
        for x in signal:
            y = b0 * x + z1
            z1, z2 = b1 * x - a1 * y + z2, b2 * x - a2 * y
            response.append(y)
        signal = response
    return signal
