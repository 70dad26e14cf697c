"""What a document's post-transform makes of the outputs, computed from the words of docs/formats.md with numpy alone. Each
operation is rounded to the type of the transform."""

import numpy as np

from truth_steps import rounded


def post_transformed(transform, raw):
    dtype = transform.get("dtype", "float64")
    with np.errstate(all="ignore"):
        z = rounded(raw * transform.get("scale", 1.0), dtype)
        return rounded(POST[transform["name"]](z, transform, lambda values: rounded(values, dtype)), dtype)


def _normalized(z, r):
    """The sum is taken from left to right."""
    total = np.zeros(len(z))
    for column in z.T:
        total = total + column
    return r(z / r(total)[:, None])


def _shares(z, r):
    """As normalize, and equal shares of a sum of 0."""
    shares = _normalized(z, r)
    return np.where((z.sum(axis=1) == 0.0)[:, None], 1.0 / z.shape[1], shares)


def _log_softmax(z, r):
    total = np.zeros(len(z))
    for column in r(np.exp(z)).T:
        total = total + column
    return z - r(np.log(r(total)))[:, None]


def _isolation(z, transform, r):
    return r(-np.exp2(r(-z / transform["denominator"]))) - transform.get("offset", 0.0)


POST = {
    "identity": lambda z, t, r: z,
    "sigmoid": lambda z, t, r: 1.0 / r(1.0 + r(np.exp(-z))),
    "softmax": lambda z, t, r: _normalized(r(np.exp(r(z - z.max(axis=1, keepdims=True)))), r),
    "exp": lambda z, t, r: np.exp(z),
    "hinge": lambda z, t, r: (z > 0.0).astype(float),
    "signed_square": lambda z, t, r: np.copysign(z * z, z),
    "log1p_exp": lambda z, t, r: np.logaddexp(0.0, z),
    "log_softmax": lambda z, t, r: _log_softmax(r(z - z.max(axis=1, keepdims=True)), r),
    "normalize": lambda z, t, r: _normalized(z, r),
    "normalize_or_uniform": lambda z, t, r: _shares(z, r),
    "isolation": _isolation,
}
