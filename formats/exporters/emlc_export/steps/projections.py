"""Transformers of scikit-learn that are a matrix: y = W (x - mean)."""

import math

from ..values import EPSILON, library_version, listed


def _project(front, first, n, mean, rows):
    """The mean is subtracted by a scaler of its own: far from 0 the sums of products would lose digits to it."""
    if mean is not None and any(listed(mean)):
        front.scale(first, n, "subtract_divide", mean)
    return front.add("linear", first, n, len(rows), weights=rows, bias=[0.0] * len(rows))


def principal_components(front, estimator, first, n):
    rows = listed(estimator.components_)
    if estimator.whiten:
        smallest = EPSILON if library_version() >= (1, 5) else 0.0
        spread = [max(math.sqrt(value), smallest) for value in listed(estimator.explained_variance_)]
        if not all(spread):
            raise ValueError("a component of the %s has a variance of 0, which whiten divides by" % type(estimator).__name__)
        rows = [[w / value for w in row] for row, value in zip(rows, spread)]
    return _project(front, first, n, estimator.mean_, rows)


def components(front, estimator, first, n):
    """TruncatedSVD and random projections."""
    return _project(front, first, n, None, listed(estimator.components_))


def independent_components(front, estimator, first, n):
    return _project(front, first, n, getattr(estimator, "mean_", None), listed(estimator.components_))


def factor_analysis(front, estimator, first, n):
    import numpy as np

    loadings = estimator.components_ / estimator.noise_variance_
    covariance = np.linalg.inv(np.eye(len(loadings)) + loadings @ estimator.components_.T)
    return _project(front, first, n, estimator.mean_, (covariance.T @ loadings).tolist())


def discriminant_projection(front, estimator, first, n):
    if estimator.solver == "lsqr":
        raise ValueError("a LinearDiscriminantAnalysis with solver='lsqr' has no transform; train it with solver='svd'")
    rows = listed(estimator.scalings_[:, :estimator._max_components].T)
    return _project(front, first, n, estimator.xbar_ if estimator.solver == "svd" else None, rows)


def partial_least_squares(front, estimator, first, n):
    mean, spread = estimator._x_mean, estimator._x_std
    front.scale(first, n, "subtract_divide", mean, spread)
    rows = listed(estimator.x_rotations_.T)
    return front.add("linear", first, n, len(rows), weights=rows, bias=[0.0] * len(rows))


def feature_agglomeration(front, estimator, first, n):
    if getattr(estimator.pooling_func, "__name__", "") != "mean":
        raise ValueError("the pooling_func of a FeatureAgglomeration cannot be exported unless it is numpy.mean")
    labels = estimator.labels_.tolist()
    rows = [[1.0 / labels.count(cluster) if label == cluster else 0.0 for label in labels]
            for cluster in range(max(labels) + 1)]
    return _project(front, first, n, None, rows)
