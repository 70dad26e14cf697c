"""Gradient boosting over histograms: HistGradientBoosting of scikit-learn."""

from ..outputs import Exported, class_labels, classification, exact, regression, transcendental
from ..values import listed
from .boosting import boosted
from .trees import finite_threshold

HIST_LINKS = {"squared_error": "identity", "least_squares": "identity", "absolute_error": "identity",
              "least_absolute_deviation": "identity", "quantile": "identity", "poisson": "exp", "gamma": "exp"}


def hist_regressor(estimator):
    link = HIST_LINKS.get(estimator.loss) if isinstance(estimator.loss, str) else None
    if link is None:
        raise ValueError("the loss %r of a HistGradientBoostingRegressor cannot be exported" % (estimator.loss,))
    return Exported(_hist_model(estimator, link), regression(1), "predict", exact if link == "identity" else transcendental)


def hist_classifier(estimator):
    if estimator.n_trees_per_iteration_ == 1:
        link, output = "sigmoid", classification(class_labels(estimator), rule="greater", threshold=0.5)
    else:
        link, output = "softmax", classification(class_labels(estimator))
    return Exported(_hist_model(estimator, link), output, "predict_proba", transcendental)


def _hist_model(estimator, link):
    columns, decode = _hist_columns(estimator)
    known = _known_categories(estimator)
    trees = []
    for iteration in estimator._predictors:
        for column, predictor in enumerate(iteration):
            trees.append({"output": column, **_hist_tree(predictor, columns, known, decode)})
    # The splits are compared in double, unlike those of the other trees.
    start = listed(estimator._baseline_prediction.ravel())
    return {**boosted(trees, start, {"name": link}), "feature_dtype": "float64"}


def _hist_tree(predictor, columns, known, decode):
    nodes = predictor.nodes
    is_leaf = [bool(leaf) for leaf in nodes["is_leaf"].tolist()]
    is_categorical = [bool(flag) for flag in nodes["is_categorical"].tolist()]
    features = nodes["feature_idx"].tolist()
    document = {
        "feature": [-1 if leaf else columns[f] for leaf, f in zip(is_leaf, features)],
        "threshold": [0.0 if leaf or categorical else finite_threshold(t)
                      for leaf, categorical, t in zip(is_leaf, is_categorical, nodes["num_threshold"].tolist())],
        "left": [-1 if leaf else child for leaf, child in zip(is_leaf, nodes["left"].tolist())],
        "right": [-1 if leaf else child for leaf, child in zip(is_leaf, nodes["right"].tolist())],
        "value": [value if leaf else None for leaf, value in zip(is_leaf, nodes["value"].tolist())],
        "default_left": [bool(left) for left in nodes["missing_go_to_left"].tolist()],
    }
    sides = {"categories_left": {}, "categories_right": {}}
    for node, feature in enumerate(features):
        if is_leaf[node] or not is_categorical[node]:
            continue
        go_left = set(_bits(predictor.raw_left_cat_bitsets[nodes["bitset_idx"].tolist()[node]]))
        name_of = decode.get(feature, int)
        sides["categories_left"][str(node)] = sorted(name_of(code) for code in go_left)
        # Whatever is in neither list is unknown, which goes the way of a missing value.
        sides["categories_right"][str(node)] = sorted(name_of(code) for code in known[feature] - go_left)
    return {**document, **sides} if sides["categories_left"] else document


def _bits(words):
    """The indices of the bits that are set in a list of 32-bit words."""
    return [32 * index + bit for index, word in enumerate(words.tolist()) for bit in range(32) if word >> bit & 1]


def _known_categories(estimator):
    """Feature -> the category codes seen in training."""
    if getattr(estimator, "is_categorical_", None) is None:
        return {}
    bitsets, rows = estimator._bin_mapper.make_known_categories_bitsets()
    is_categorical = estimator._bin_mapper.is_categorical_.tolist()
    return {feature: set(_bits(bitsets[rows[feature]])) for feature, flag in enumerate(is_categorical) if flag}


def _hist_columns(estimator):
    """The input feature of each column that the trees see, and per column the category that a code stands for.

    Since version 1.4 categorical features come first, as codes of an ordinal encoder.
    """
    if getattr(estimator, "_preprocessor", None) is None:
        return list(range(estimator.n_features_in_)), {}
    flags = estimator.is_categorical_.tolist()
    categorical = [feature for feature, flag in enumerate(flags) if flag]
    decode = {}
    for column, categories in enumerate(estimator._preprocessor.named_transformers_["encoder"].categories_):
        names = [name for name in listed(categories) if name == name]  # without NaN
        for name in names:
            if isinstance(name, str) or name != int(name) or name < 0:
                raise ValueError("category %r of feature %d is no integer from 0 up, which emlc needs; encode it "
                                 "before training" % (name, categorical[column]))
        decode[column] = [int(name) for name in names].__getitem__
    return categorical + [feature for feature, flag in enumerate(flags) if not flag], decode
