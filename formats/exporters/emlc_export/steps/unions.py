"""Transformers of scikit-learn that choose columns or join the columns of others."""

from ..values import listed


def selector(front, estimator, first, n):
    """SelectKBest and its kin: columns, by get_support."""
    return front.choose(first, n, listed(estimator.get_support(indices=True)))


def _places(columns, names, n):
    """The columns of a ColumnTransformer's member, in any form in which it may name them, as indices."""
    if isinstance(columns, slice):
        ends = [_place(end, names) if isinstance(end, str) else end for end in (columns.start, columns.stop)]
        if isinstance(columns.stop, str):  # of names both ends belong to it
            ends[1] += 1
        return list(range(n))[slice(*ends, columns.step)]
    columns = listed(columns)
    if columns and all(isinstance(column, bool) for column in columns):
        return [index for index, flag in enumerate(columns) if flag]
    return [_place(column, names) if isinstance(column, str) else range(n)[column] for column in columns]


def _place(name, names):
    if names is None or name not in names:
        raise ValueError("the ColumnTransformer was trained on columns with names, and knows no %r" % (name,))
    return names.index(name)


def column_transformer(transform, front, estimator, first, n):
    names = getattr(estimator, "feature_names_in_", None)
    names = None if names is None else listed(names)
    members = []
    for name, member, columns in estimator.transformers_:
        places = [] if isinstance(member, str) and member == "drop" else _places(columns, names, n)
        if places:
            members.append((member, places, (estimator.transformer_weights or {}).get(name)))
    return _joined(transform, front, members, first, n)


def feature_union(transform, front, estimator, first, n):
    members = [(member, range(n), (estimator.transformer_weights or {}).get(name))
               for name, member in estimator.transformer_list if member != "drop" and member is not None]
    return _joined(transform, front, members, first, n)


def _joined(transform, front, members, first, n):
    """The results of the members side by side: their columns first, then the steps of each on its own run."""
    front.choose(first, n, [place for _, places, _ in members for place in places])
    total = 0
    for member, places, weight in members:
        is_same = isinstance(member, str)  # "passthrough"
        width = len(places) if is_same else transform(front, member, first + total, len(places))
        if weight is not None and weight != 1:
            front.scale(first + total, width, "multiply_add", None, [float(weight)] * width)
        total += width
    return total
