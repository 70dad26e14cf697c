"""Sections out of the forms in which scipy designs filters."""

import math
import warnings

from ..values import finite, listed


def sections_of(filter, zi):
    """Rows b0 b1 b2 a0 a1 a2 and the initial state z1 z2 of each, or None."""
    if isinstance(filter, tuple) and len(filter) == 2:
        return _sections_of_ba(filter, zi)
    if isinstance(filter, tuple) and len(filter) == 3 and not _is_row(filter[2]):
        if zi is not None:
            raise ValueError("zi has no meaning for zeros and poles: give it with (b, a) or with sections")
        return _sections_of_zpk(filter), None
    sections = _given_sections(filter)
    return sections, None if zi is None else _given_states(zi, len(sections))


def _is_row(value):
    return len(getattr(value, "shape", ())) > 0 or isinstance(value, (list, tuple))


def _given_sections(sos):
    sections = [[finite(cell, "sos[%d][%d]" % (i, j)) for j, cell in enumerate(listed(row))]
                for i, row in enumerate(listed(sos))]
    if not sections:
        raise ValueError("sos has no section")
    for index, section in enumerate(sections):
        if len(section) != 6:
            raise ValueError("sos[%d] has %d numbers, a section has 6: b0 b1 b2 a0 a1 a2; give b and a, or zeros, "
                             "poles and gain, as a tuple" % (index, len(section)))
        if section[3] == 0:
            raise ValueError("sos[%d]: a0 must not be 0, every coefficient is divided by it" % index)
    return sections


def _given_states(zi, n_sections):
    states = [[finite(cell, "zi[%d][%d]" % (i, j)) for j, cell in enumerate(listed(row))]
              for i, row in enumerate(listed(zi))]
    if len(states) != n_sections or any(len(row) != 2 for row in states):
        raise ValueError("zi has to be [%d][2], two numbers for each section, as sosfilt_zi makes it" % n_sections)
    return states


def _scipy_signal(what):
    try:
        import scipy.signal
    except ImportError:
        raise ImportError("%s is converted by scipy, which is not installed: give sections (output='sos')"
                          % what) from None
    return scipy.signal


def _sections_of_ba(filter, zi):
    b, a = ([finite(cell, "%s[%d]" % (which, i)) for i, cell in enumerate(listed(row))]
            for which, row in zip("ba", filter))
    if not any(b):
        raise ValueError("b has no number but 0: the filter would give nothing")
    if not a or a[0] == 0:
        raise ValueError("a[0] must not be 0, every coefficient is divided by it")
    signal = _scipy_signal("(b, a)")
    n = max(len(a), len(b))
    delays = next(i for i, value in enumerate(b) if value != 0)
    padded = b[delays:] + [0.0] * (n - len(b) + delays)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy's of bad conditions: what comes of them is measured
        zeros, poles, gain = signal.tf2zpk(padded, a + [0.0] * (n - len(a)))
    sections = _delayed(signal.zpk2sos(zeros, poles, gain).tolist(), delays)
    _check_response(sections, lambda delay: _polynomial(b, delay) / _polynomial(a, delay), "(b, a)")
    return sections, None if zi is None else _states_of_ba(a, n, sections, zi)


def _sections_of_zpk(filter):
    def roots(values, which):
        found = [complex(value) for value in listed(values)]
        for value in found:
            if not (math.isfinite(value.real) and math.isfinite(value.imag)):
                raise ValueError("a %s is %r, expected a finite number" % (which, value))
        return found

    zeros, poles, gain = roots(filter[0], "zero"), roots(filter[1], "pole"), finite(filter[2], "the gain")
    if gain == 0:
        raise ValueError("the gain is 0: the filter would give nothing")
    try:
        sections = _scipy_signal("(z, p, k)").zpk2sos(zeros, poles, gain).tolist()
    except ValueError as error:
        raise ValueError("zeros and poles make no real filter: %s" % error) from None

    def response(delay):
        value = gain
        for factors, power in ((zeros, 1), (poles, -1)):
            for root in factors:
                value *= (1 - root * delay) ** power
        return value

    _check_response(sections, response, "(z, p, k)")
    return sections


def _delayed(sections, delays):
    """Sections whose b are moved to the right, by `delays` in all: there are as many zeros at 0, which are b2 = 0."""
    for section in sections:
        while delays and section[2] == 0 and any(section[:2]):
            section[:3] = [0.0] + section[:2]
            delays -= 1
    return sections


def _polynomial(coefficients, delay):
    value = 0.0
    for coefficient in reversed(coefficients):
        value = value * delay + coefficient
    return value


def _check_response(sections, response, what):
    """Refuses sections that are not the filter that they were made of, at 80 frequencies in each decade."""
    found, expected = [], []
    for step in range(401):
        angle = math.pi * 10 ** (step / 80 - 5)
        delay = complex(math.cos(angle), -math.sin(angle))
        value = 1.0
        try:
            for section in sections:
                value *= _polynomial(section[:3], delay) / _polynomial(section[3:], delay)
            expected.append(response(delay))
            found.append(value)
        except ZeroDivisionError:  # a pole
            continue
    peak = max(abs(value) for value in expected)
    off = max(abs(one - other) for one, other in zip(found, expected)) / peak
    if not off <= 1e-6:
        raise ValueError("%s does not hold this filter in double precision: as sections its response is off by %.2g of "
                         "the peak; design it with output='sos'" % (what, off))


def _states_of_ba(a, n, sections, zi):
    """The states of the sections whose answer to silence is that of lfilter with `zi`.

    What the states of a form give to silence is Z(z) / A(z). Behind section i with the states z1 z2 that is
    (z1 + z2/z) times the a of the sections before it and the b of those behind it, over A: a linear system."""
    import numpy as np

    states = [finite(cell, "zi[%d]" % i) for i, cell in enumerate(listed(zi))]
    if len(states) != n - 1:
        raise ValueError("zi has %d numbers, for this (b, a) it has %d, as lfilter_zi makes it" % (len(states), n - 1))
    rows = np.array(sections)
    b, denominators = rows[:, :3] / rows[:, 3:4], rows[:, 3:] / rows[:, 3:4]
    columns = []
    for index in range(len(sections)):
        product = np.ones(1)
        for other in range(len(sections)):
            if other != index:
                product = np.convolve(product, denominators[other] if other < index else b[other])
        columns += [np.append(product, 0.0), np.append(0.0, product)]
    wanted = np.zeros(len(columns[0]))
    wanted[:len(states)] = states
    found = np.linalg.lstsq(np.array(columns).T, wanted, rcond=None)[0]
    off = np.abs(np.array(columns).T @ found - wanted).max()
    if not off <= 1e-9 * max(np.abs(wanted).max(), 1e-300):
        raise ValueError("zi is not a state that these sections can have: off by %.2g" % off)
    return found.reshape(-1, 2).tolist()
