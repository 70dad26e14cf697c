"""Classifiers of scikit-learn by Bayes' rule: sums of logarithms, a dense layer with softmax."""

import math

from ..outputs import class_labels, classification
from ..values import listed
from .layers import layer_of


def _softmax(estimator, weights, bias, sums=None):
    return layer_of(weights, bias, "softmax", classification(class_labels(estimator)), "predict_proba", sums)


def multinomial_bayes(front, estimator):
    return _softmax(estimator, listed(estimator.feature_log_prob_), listed(estimator.class_log_prior_))


def complement_bayes(front, estimator):
    weights = listed(estimator.feature_log_prob_)
    alone = len(weights) == 1
    return _softmax(estimator, weights, listed(estimator.class_log_prior_) if alone else [0.0] * len(weights))


def bernoulli_bayes(front, estimator):
    """What is there counts with log p, what is not with log(1 - p)."""
    if estimator.binarize is not None:
        front.add("binarize", 0, front.width, front.width, thresholds=[float(estimator.binarize)] * front.width)
    there = listed(estimator.feature_log_prob_)
    absent = [[math.log1p(-math.exp(value)) for value in row] for row in there]
    weights = [[one - other for one, other in zip(*rows)] for rows in zip(there, absent)]
    bias = [prior + math.fsum(row) for prior, row in zip(listed(estimator.class_log_prior_), absent)]
    # The library takes log(1 - p), which has lost digits of a small p.
    sizes = [[abs(value) + math.exp(-value) for value in row] for row in absent]
    sums = sizes, [sum(row) for row in sizes], 8
    return _softmax(estimator, weights, bias, sums)


def categorical_bayes(front, estimator):
    """A logarithm for each category; unlisted ones, which the library refuses, count as none."""
    tables = [table.tolist() for table in estimator.feature_log_prob_]
    groups = [[[float(code)] for code in range(len(table[0]))] for table in tables]
    front.add("one_hot", 0, front.width, sum(map(len, groups)), categories=groups)
    weights = [[value for table in tables for value in table[label]] for label in range(len(tables[0]))]
    return _softmax(estimator, weights, listed(estimator.class_log_prior_))


def gaussian_bayes(front, estimator):
    """-(x - mean)^2 / (2 variance) for each feature."""
    import numpy as np

    variances = estimator.var_ if hasattr(estimator, "var_") else estimator.sigma_  # up to scikit-learn 0.24
    constants = np.log(estimator.class_prior_) - 0.5 * np.log(2 * np.pi * variances).sum(axis=1)
    return _quadratic(front, estimator, estimator.theta_, [np.diag(1 / row) for row in variances], constants)


def quadratic_discriminants(front, estimator):
    """-(x - mean)' inverse covariance (x - mean) / 2, from the axes of each class and the variances along them."""
    import numpy as np

    inverses = [(axes / variances) @ axes.T for axes, variances in zip(estimator.rotations_, estimator.scalings_)]
    constants = np.log(estimator.priors_) - 0.5 * np.array([np.log(variances).sum() for variances in estimator.scalings_])
    return _quadratic(front, estimator, estimator.means_, inverses, constants)


def _quadratic(front, estimator, means, inverses, constants):
    """constant - (x - mean)' inverse (x - mean) / 2 of each class, as a polynomial of values that are centred and scaled
    first, so that their squares are small numbers."""
    import numpy as np

    if not np.isfinite(constants).all():
        raise ValueError("a class of the %s has a prior of 0, whose logarithm is no number: train it without that class"
                         % type(estimator).__name__)
    n = front.width
    centre = means.mean(axis=0)
    spread = np.sqrt(np.max([1 / np.diag(inverse) for inverse in inverses], axis=0))
    pairs = [(i, j) for i in range(n) for j in range(i, n) if i == j or any(inverse[i, j] for inverse in inverses)]
    front.scale(0, n, "subtract_divide", centre, spread)
    front.add("polynomial", 0, n, n + len(pairs), n_columns=n, terms=[[i] for i in range(n)] + [[i, j] for i, j in pairs])
    weights, bias, sizes = [], [], []
    for mean, inverse, constant in zip(means, inverses, constants):
        matrix, away = inverse * np.outer(spread, spread), (mean - centre) / spread
        squares = [-(0.5 if i == j else 1.0) * matrix[i, j] for i, j in pairs]
        weights.append([*(matrix @ away).tolist(), *(float(value) for value in squares)])
        bias.append(float(constant - 0.5 * away @ matrix @ away))
        sizes.append(float(abs(constant) + abs(away) @ abs(matrix) @ abs(away)))
    # The library squares sums of differences: as large as all products that they have.
    sums = [[abs(w) for w in row] for row in weights], sizes, 4 * (n + len(pairs))
    return _softmax(estimator, weights, bias, sums)
