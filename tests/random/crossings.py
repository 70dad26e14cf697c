"""Where something happens in front of a model: values at which a column behind the steps crosses a threshold."""

import numpy as np
import truth
import truth_steps

MOST_FEATURES, MOST_THRESHOLDS = 12, 40
HALVINGS = 70


def around_steps(document, dtype, around):
    """(feature, value) around the numbers of the steps, and around what the steps take to the thresholds of trees."""
    *steps, model = truth.steps_of(document["model"])
    if model["kind"] in truth_steps.KINDS:
        steps.append(model)
    n_features = document["input"]["n_features"]
    numbers = sorted(set(_numbers(steps)))
    generator = np.random.default_rng(len(numbers))
    values = [(int(generator.integers(n_features)), float(generator.choice(numbers))) for _ in range(60) if numbers]
    if model["kind"] == "tree_ensemble":
        values += _crossings(steps, model, n_features, numbers)
    # Functions of libm may differ in the last digit of a double: their crossings are tried beside it.
    rounds = any(step["kind"] in ("function", "power", "quantile") for step in steps)
    cast = (lambda value: float(np.float32(value))) if rounds else float
    return [(feature, near) for feature, value in values for near in _spread(around(cast(value)), dtype, rounds)]


def _spread(values, dtype, rounds):
    """Neighbours in float32 in the place of those in float64."""
    if dtype != "float64" or not rounds:
        return values
    middle = np.float32(values[1])
    return [float(np.nextafter(middle, np.float32(end))) for end in (-np.inf, np.inf)]


def _numbers(steps):
    """All numbers that the steps compare with."""
    for step in steps:
        for key in ("categories", "from", "edges", "thresholds", "quantiles", "missing"):
            yield from _flat(step.get(key))


def _flat(value):
    if isinstance(value, list):
        for part in value:
            yield from _flat(part)
    elif value is not None:
        yield float(value)


def _crossings(steps, model, n_features, numbers):
    """Found by halving, all at once, between values of a grid that lie on different sides."""
    thresholds = sorted({(feature, float(value)) for tree in model["trees"]
                         for feature, value in zip(tree["feature"], tree["threshold"]) if feature >= 0})[:MOST_THRESHOLDS]
    size = np.geomspace(1e-3, 1e6, 60)
    grid = np.unique(np.concatenate([-size, [0.0], size, np.arange(-5.0, 13.0), numbers]))
    places = []  # feature, column, threshold, low, high
    for feature in range(min(n_features, MOST_FEATURES)):
        rows = np.full((len(grid), n_features), 0.5)
        rows[:, feature] = grid
        columns = _behind(steps, rows)
        for column, threshold in thresholds:
            below = columns[:, column] < threshold
            for index in np.flatnonzero(below[1:] != below[:-1])[:3]:
                places.append((feature, column, threshold, grid[index], grid[index + 1]))
    if not places:
        return []
    features, columns, limits, low, high = (np.array(part) for part in zip(*places))
    each = np.arange(len(places))
    side = _below(steps, n_features, features, columns, limits, low)
    for _ in range(HALVINGS):
        middle = low + (high - low) / 2
        same = _below(steps, n_features, features, columns, limits, middle) == side
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return [(int(features[i]), float(high[i])) for i in each]


def _below(steps, n_features, features, columns, limits, values):
    each = np.arange(len(values))
    rows = np.full((len(values), n_features), 0.5)
    rows[each, features] = values
    return _behind(steps, rows)[each, columns] < limits


def _behind(steps, rows):
    for step in steps:
        rows = truth_steps.stepped(step, rows)
    return rows
