"""Encoders of scikit-learn: categories, which have to be numbers, and bins.

A missing value that an encoder knows as a category, or has to take for an unknown one, becomes a number first that no
input has: the largest of float32."""

import math

from ..values import finite, library_version, listed
from .front import category

MISSING = 3.4028234663852886e38


def _grouped(estimator, column):
    """A list of categories for each code: one each, the infrequent ones together in the last; None without infrequent."""
    known = [category(estimator, value, column) for value in listed(estimator.categories_[column])]
    infrequent = getattr(estimator, "infrequent_categories_", None)
    if infrequent is None or infrequent[column] is None:
        return [[value] for value in known], None
    rare = [category(estimator, value, column) for value in listed(infrequent[column])]
    groups = [[value] for value in known if not _is_in(value, rare)]
    return [*groups, rare], len(groups)


def _is_in(value, values):
    return value in values or (value != value and any(other != other for other in values))


def _impute(front, first, lists, columns):
    """Missing values of `columns` become MISSING; so do NaN among the categories in `lists`."""
    if not any(columns):
        return
    front.add("impute", first, len(columns), len(columns), values=[MISSING if flag else None for flag in columns])
    for groups in lists:
        for group in groups:
            group[:] = [MISSING if value != value else value for value in group]


def _has_missing(groups):
    return any(value != value for group in groups for value in group)


def _lookup(front, first, lists, codes, otherwise):
    """`lists` as _grouped makes them, one code for each of their categories."""
    flat = [[value for group in groups for value in group] for groups in lists]
    return front.add("lookup", first, len(flat), len(flat), **{"from": flat}, to=codes, otherwise=otherwise)


def one_hot_encoder(front, estimator, first, n):
    columns = [_grouped(estimator, column) for column in range(n)]
    lists = [groups for groups, _ in columns]
    dropped = getattr(estimator, "_drop_idx_after_grouping", estimator.drop_idx_)
    kept = [[code for code in range(len(groups)) if dropped is None or dropped[column] != code]
            for column, groups in enumerate(lists)]
    if estimator.handle_unknown in ("infrequent_if_exist", "warn") and any(rare is not None for _, rare in columns):
        # Unknown categories count as infrequent: a table has a code for them, lists of categories have not.
        _impute(front, first, lists, [rare is not None or _has_missing(groups) for groups, rare in columns])
        codes = [[float(code) for code, group in enumerate(groups) for _ in group] for groups in lists]
        _lookup(front, first, lists, codes, [None if rare is None else float(rare) for _, rare in columns])
        lists = [[[float(code)] for code in range(len(groups))] for groups in lists]
    else:
        _impute(front, first, lists, [_has_missing(groups) for groups in lists])
    chosen = [[groups[code] for code in codes] for groups, codes in zip(lists, kept)]
    return front.add("one_hot", first, n, sum(map(len, chosen)), categories=chosen)


def ordinal_encoder(front, estimator, first, n):
    encoded_missing = float(getattr(estimator, "encoded_missing_value", math.nan))
    knows_unknown = estimator.handle_unknown == "use_encoded_value"
    unknown = float(estimator.unknown_value) if knows_unknown else math.nan
    lists, codes, otherwise, imputed = [], [], [], []
    for column in range(n):
        groups, rare = _grouped(estimator, column)
        has_missing = _has_missing(groups)
        if has_missing and rare is not None:  # behind the missing ones, which have no code
            groups, rare = [group for group in groups if group[0] == group[0]], rare - 1
        coded = [(value, float(code)) for code, group in enumerate(groups) for value in group if value == value]
        coded += [(math.nan, encoded_missing)] if has_missing else []
        stays_missing = has_missing and encoded_missing != encoded_missing
        imputed.append(not stays_missing and (has_missing or unknown == unknown))
        coded = [(value, code) for value, code in coded if code == code]
        lists.append([[value] for value, _ in coded])
        codes.append([code for _, code in coded])
        is_rare = rare is not None and not knows_unknown
        otherwise.append(float(rare) if is_rare else None if unknown != unknown else unknown)
    _impute(front, first, lists, imputed)
    return _lookup(front, first, lists, codes, otherwise)


def target_encoder(front, estimator, first, n):
    """From scikit-learn 1.3 on: per category the mean of the target, of each class where there are several."""
    n_columns = len(estimator.encodings_)
    features = [column // (n_columns // n) for column in range(n_columns)]
    if n_columns > n:
        front.choose(first, n, features)
    lists = [_grouped(estimator, feature)[0] for feature in features]
    means = [finite(value, "target_mean_") for value in listed(estimator.target_mean_)]
    _impute(front, first, lists, [True] * n_columns)
    return _lookup(front, first, lists, [listed(encodings) for encodings in estimator.encodings_],
                   [means[column % len(means)] for column in range(n_columns)])


def bins_discretizer(front, estimator, first, n):
    if library_version() < (1, 1):
        raise ValueError("a KBinsDiscretizer of a scikit-learn before 1.1 cannot be exported: it moves values that are near an "
                         "edge into the next bin")
    front.add("bins", first, n, n, edges=[listed(edges[1:-1]) for edges in estimator.bin_edges_])
    if estimator.encode == "ordinal":
        return n
    groups = [[[float(code)] for code in range(n_bins)] for n_bins in estimator.n_bins_.tolist()]
    return front.add("one_hot", first, n, sum(map(len, groups)), categories=groups)
