"""Naive Bayes classifiers of scikit-learn: sums of logarithms, a dense layer with softmax."""

import math

from .layers import layer_of
from .outputs import class_labels, classification
from .values import listed


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
    """-(x - mean)^2 / (2 variance) for each feature, as a polynomial of values that are centred and scaled first, so that
    the squares are small numbers."""
    variances, means = listed(getattr(estimator, "var_", None)), listed(estimator.theta_)
    n = front.width
    centre = [sum(column) / len(column) for column in zip(*means)]
    spread = [math.sqrt(max(column)) for column in zip(*variances)]
    front.scale(0, n, "subtract_divide", centre, spread)
    front.add("polynomial", 0, n, 2 * n, n_columns=n, terms=[[i] for i in range(n)] + [[i, i] for i in range(n)])
    weights, bias, sizes = [], [], []
    for prior, row, variance in zip(listed(estimator.class_prior_), means, variances):
        means_here = [(mean - c) / s for mean, c, s in zip(row, centre, spread)]
        variances_here = [v / s**2 for v, s in zip(variance, spread)]
        weights.append([m / v for m, v in zip(means_here, variances_here)] + [-0.5 / v for v in variances_here])
        addends = [-0.5 * math.log(2 * math.pi * v) for v in variance] + [
            -0.5 * m * m / v for m, v in zip(means_here, variances_here)]
        bias.append(math.log(prior) + math.fsum(addends))
        sizes.append(abs(math.log(prior)) + sum(map(abs, addends)))
    sums = [[abs(w) for w in row] for row in weights], sizes, 4 * n
    return _softmax(estimator, weights, bias, sums)
