"""Scalers of scikit-learn."""

from .outputs import EXACT, Exported
from .values import listed


def _scaler(op, offset, scale, n_features, **more):
    """None stands for an offset of 0 or a scale of 1."""
    offset = [0.0] * n_features if offset is None else listed(offset)
    scale = [1.0] * n_features if scale is None else listed(scale)
    targets = [{"size": n_features}]
    output = {"task": "transform", "n_outputs": n_features, "targets": targets, "decision": {"rule": "none"}}
    model = {"kind": "scaler", "op": op, "offset": offset, "scale": scale, **more}
    return Exported(model, output, "transform", lambda inputs, outputs: EXACT)


def standard_scaler(estimator):
    return _scaler("subtract_divide", estimator.mean_ if estimator.with_mean else None,
                   estimator.scale_ if estimator.with_std else None, estimator.n_features_in_)


def min_max_scaler(estimator):
    clip = {"clip": [float(end) for end in estimator.feature_range]} if getattr(estimator, "clip", False) else {}
    return _scaler("multiply_add", estimator.min_, estimator.scale_, estimator.n_features_in_, **clip)


def robust_scaler(estimator):
    return _scaler("subtract_divide", estimator.center_ if estimator.with_centering else None,
                   estimator.scale_ if estimator.with_scaling else None, estimator.n_features_in_)


def max_abs_scaler(estimator):
    clip = {"clip": [-1.0, 1.0]} if getattr(estimator, "clip", False) else {}  # scikit-learn 1.9
    return _scaler("subtract_divide", None, estimator.scale_, estimator.n_features_in_, **clip)
