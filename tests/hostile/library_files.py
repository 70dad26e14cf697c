"""Files of XGBoost, LightGBM and CatBoost with something wrong in each: (name, content) pairs."""

import copy
import json
import struct

TREE = {"left_children": [1, -1, 3, -1, -1], "right_children": [2, -1, 4, -1, -1], "split_indices": [0, 0, 1, 0, 0],
        "split_conditions": [0.5, 10, 0, 20, 30], "default_left": [1, 0, 0, 0, 0], "split_type": [0, 0, 1, 0, 0],
        "categories": [1, 3], "categories_nodes": [2], "categories_segments": [0], "categories_sizes": [2],
        "tree_param": {"size_leaf_vector": "1"}}
XGBOOST = {"version": [2, 1, 4],
           "learner": {"gradient_booster": {"name": "gbtree", "model": {
               "gbtree_model_param": {"num_parallel_tree": "1"}, "tree_info": [0], "trees": [TREE]}},
               "learner_model_param": {"base_score": "5E-1", "num_class": "0", "num_feature": "2", "num_target": "1"},
               "objective": {"name": "reg:squarederror"}}}
NODE = '{"nodeid":0,"split":"f0","split_condition":0.5,"yes":1,"no":2,"missing":1,"children":['
LEAVES = '{"nodeid":1,"leaf":1},{"nodeid":2,"leaf":2}'

LIGHTGBM = """tree
version=v4
num_class=1
num_tree_per_iteration=1
max_feature_idx=1
objective=binary sigmoid:1
feature_names=a b

Tree=0
num_leaves=3
num_cat=1
split_feature=0 1
threshold=0.5 0
decision_type=10 1
left_child=-1 -2
right_child=1 -3
leaf_value=1 2 3
cat_boundaries=0 2
cat_threshold=1 2
is_linear=0


end of trees
"""
LIGHTGBM_SPLIT = {"split_feature": 0, "threshold": 0.5, "decision_type": "<=", "default_left": True, "missing_type": "NaN",
                  "left_child": {"leaf_value": 1}, "right_child": {"leaf_value": 2}}
LIGHTGBM_JSON = {"version": "v4", "num_class": 1, "num_tree_per_iteration": 1, "max_feature_idx": 1, "objective": "regression",
                 "tree_info": [{"tree_structure": LIGHTGBM_SPLIT}]}

CATBOOST = {"features_info": {"float_features": [{"feature_index": 0, "flat_feature_index": 0, "has_nans": False,
                                                  "nan_value_treatment": "AsIs"}]},
            "model_info": {"params": {"loss_function": {"type": "RMSE"}}},
            "oblivious_trees": [{"splits": [{"split_type": "FloatFeature", "float_feature_index": 0, "border": 0.5}],
                                 "leaf_values": [1, 2]}],
            "scale_and_bias": [1, [0]]}


def changed(document, path, value):
    """A copy with another value at a path such as `learner.trees.0`; nothing takes the key away."""
    document = copy.deepcopy(document)
    *above, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = document
    for step in above:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return document


def ubjson(value):
    """As XGBoost writes it: lengths of 8 bytes, lists of one type with their type and length."""
    length = lambda n: b"L" + struct.pack(">q", n)
    if isinstance(value, dict):
        return b"{" + b"".join(length(len(key)) + key.encode() + ubjson(item) for key, item in value.items()) + b"}"
    if isinstance(value, list) and value and all(isinstance(item, (int, float)) for item in value):
        return b"[$d#" + length(len(value)) + b"".join(struct.pack(">f", item) for item in value)
    if isinstance(value, list):
        return b"[" + b"".join(map(ubjson, value)) + b"]"
    return b"S" + length(len(value)) + value.encode() if isinstance(value, str) else b"d" + struct.pack(">f", value)


MODEL = "learner.gradient_booster.model"
PARAMETERS = "learner.learner_model_param"
XGBOOST_CHANGES = {
    "child-beyond": (f"{MODEL}.trees.0.left_children.0", 9), "child-negative": (f"{MODEL}.trees.0.left_children.0", -2),
    "cycle": (f"{MODEL}.trees.0.right_children.2", 0), "two-parents": (f"{MODEL}.trees.0.right_children.0", 1),
    "feature-beyond": (f"{MODEL}.trees.0.split_indices.0", 2), "short-list": (f"{MODEL}.trees.0.default_left", [1, 0, 0, 0]),
    "no-node": (f"{MODEL}.trees.0.left_children", []), "no-tree": (f"{MODEL}.trees", []),
    "output-beyond": (f"{MODEL}.tree_info.0", 1), "categories-beyond": (f"{MODEL}.trees.0.categories_sizes.0", 3),
    "categories-negative": (f"{MODEL}.trees.0.categories_sizes.0", -1), "category-huge": (f"{MODEL}.trees.0.categories.0", 2**31 - 1),
    "categories-of-nobody": (f"{MODEL}.trees.0.categories_nodes.0", 0), "no-categories": (f"{MODEL}.trees.0.categories_nodes", []),
    "split-type": (f"{MODEL}.trees.0.split_type.0", 7), "leaf-vector": (f"{MODEL}.trees.0.tree_param.size_leaf_vector", "3"),
    "leaf-vector-huge": (f"{MODEL}.trees.0.tree_param.size_leaf_vector", "99999999999"), "leaf-beyond-float32": (f"{MODEL}.trees.0.split_conditions.1", 1e39),
    "features-none": (f"{PARAMETERS}.num_feature", "0"), "features-huge": (f"{PARAMETERS}.num_feature", "4294967296"),
    "classes-negative": (f"{PARAMETERS}.num_class", "-1"), "base-score-words": (f"{PARAMETERS}.base_score", "half"),
    "base-score-two": (f"{PARAMETERS}.base_score", "[1,2]"), "objective": ("learner.objective.name", "reg:squarederrors"),
    "booster": ("learner.gradient_booster.name", "gbforest"), "no-parameters": (PARAMETERS, None), "no-trees": (f"{MODEL}.trees", None),
}
LIGHTGBM_CHANGES = {
    "version": ("v4", "v5"), "no-version": ("version=v4\n", ""), "classes": ("num_class=1", "num_class=9"),
    "rounds": ("iteration=1", "iteration=2"), "features-huge": ("idx=1", "idx=2147483647"), "no-features": ("max_feature_idx=1\n", ""),
    "objective": ("binary", "binari"), "sigmoid": ("sigmoid:1", "sigmoid:-1"), "leaves-negative": ("leaves=3", "leaves=-3"),
    "leaves-huge": ("leaves=3", "leaves=1073741823"), "no-leaves": ("num_leaves=3\n", ""), "doubled-key": ("num_cat=1", "num_cat=1\nnum_cat=1"),
    "feature-beyond": ("feature=0 1", "feature=0 2"), "threshold-nan": ("old=0.5", "old=nan"), "list-short": ("old=0.5 0", "old=0.5"),
    "category-list-beyond": ("old=0.5 0", "old=0.5 1"), "decision": ("type=10", "type=64"), "child-beyond": ("child=-1 -2", "child=-1 2"),
    "leaf-beyond": ("child=-1 -2", "child=-9 -2"), "cycle": ("child=1 -3", "child=0 -3"), "boundaries-down": ("boundaries=0 2", "boundaries=2 0"),
    "bits-short": ("cat_threshold=1 2", "cat_threshold=1"), "linear": ("linear=0", "linear=1"), "cut": ("end of trees\n", ""),
}
DUMP_CHANGES = {
    "feature-beyond": ("split_feature", 7), "threshold-text": ("threshold", "0||3"), "decision": ("decision_type", "<"),
    "missing": ("missing_type", "Nan"), "no-child": ("left_child", None), "empty-leaf": ("left_child", {}), "linear": ("left_child", {"leaf_value": 1, "leaf_const": 2}),
}
CATBOOST_CHANGES = {
    "loss": ("model_info.params.loss_function.type", "RMSEWithUncertainty"), "no-loss": ("model_info", None),
    "feature-beyond": ("oblivious_trees.0.splits.0.float_feature_index", 1), "one-hot": ("oblivious_trees.0.splits.0.split_type", "OneHotFeature"),
    "leaves-odd": ("oblivious_trees.0.leaf_values", [1, 2, 3]), "no-tree": ("oblivious_trees", []), "biases": ("scale_and_bias", [1, [0, 0]]),
    "categories": ("features_info.categorical_features", [{"feature_index": 0}]), "column-negative": ("features_info.float_features.0.flat_feature_index", -1),
    "depth": ("oblivious_trees.0.splits", [{"split_type": "FloatFeature", "float_feature_index": 0, "border": 0}] * 64),
    "both-forms": ("trees", [{"value": 1}]),
}


def models():
    for name, (path, value) in XGBOOST_CHANGES.items():
        yield f"xgboost-{name}.json", json.dumps(changed(XGBOOST, path, value), indent=1)
    for name in ("child-beyond", "categories-beyond", "features-huge", "leaf-vector"):
        yield f"xgboost-{name}.ubj", ubjson(changed(XGBOOST, *XGBOOST_CHANGES[name]))
    good = ubjson(XGBOOST)
    yield "xgboost-cut.ubj", good[:-40]
    yield "xgboost-behind.ubj", good + b"\0"
    yield "xgboost-text-huge.ubj", good.replace(b"S" + b"L" + struct.pack(">q", 4), b"S" + b"L" + struct.pack(">q", 2**62), 1)
    yield "xgboost-many-nothings.ubj", b"{L" + struct.pack(">q", 16) + b"gradient_booster[$Z#L" + struct.pack(">q", 2**40)
    for name, (old, new) in LIGHTGBM_CHANGES.items():
        yield f"lightgbm-{name}.txt", LIGHTGBM.replace(old, new)
    for name, (key, value) in DUMP_CHANGES.items():
        yield f"lightgbm-{name}.json", json.dumps(changed(LIGHTGBM_JSON, f"tree_info.0.tree_structure.{key}", value), indent=1)
    yield "lightgbm-no-trees.json", json.dumps(changed(LIGHTGBM_JSON, "tree_info", []))
    for name, (path, value) in CATBOOST_CHANGES.items():
        yield f"catboost-{name}.json", json.dumps(changed(CATBOOST, path, value), indent=1)


def dumps():
    """For --objective and --base-score."""
    yield "dump-no-child.json", f"[{NODE}{LEAVES.replace('1', '3', 1)}]}}]"
    yield "dump-three-children.json", f'[{NODE}{LEAVES},{{"nodeid":3,"leaf":3}}]}}]'
    yield "dump-name.json", f"[{NODE}{LEAVES}]}}]".replace("f0", "age")
    yield "dump-feature-huge.json", f"[{NODE}{LEAVES}]}}]".replace("f0", "f999999")
    yield "dump-no-leaf.json", f"[{NODE}{LEAVES}]}}]".replace('"leaf":1', '"depth":1')
    yield "dump-cut.json", f"[{NODE}{LEAVES}"
    yield "dump-deep.json", "[" + NODE * 70000
