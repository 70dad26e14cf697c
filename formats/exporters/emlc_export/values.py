"""Numbers and lists out of whatever holds them."""

import math
import re
import sys

EPSILON = sys.float_info.epsilon
EPSILON32 = 2.0**-23
LARGEST = sys.float_info.max


def finite(value, where):
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError("%s is %r, expected a number" % (where, value)) from None
    if math.isinf(number) or math.isnan(number):
        raise ValueError("%s is %r, expected a finite number" % (where, number))
    return number


def listed(values):
    if hasattr(values, "toarray"):  # a sparse matrix
        values = values.toarray()
    values = values.tolist() if hasattr(values, "tolist") else values
    is_listed = hasattr(values, "__iter__") and not isinstance(values, (str, bytes, dict, set, frozenset))
    return list(values) if is_listed else [values]


def library_version():
    numbers = re.match(r"(\d+)\.(\d+)", getattr(sys.modules.get("sklearn"), "__version__", ""))
    return tuple(int(number) for number in numbers.groups()) if numbers else (1, 0)
