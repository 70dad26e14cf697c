#!/usr/bin/env python3
"""Fresh models of XGBoost, LightGBM and CatBoost against emlc: what scripts/agreement holds for files, for models that are
trained now. EMLC is the program; EMLC_BOOSTED is how many of each library (30), EMLC_SEED the seed (the day).

Prints the seed, each refusal once, each difference with its seed, and the counts.
"""

import collections
import datetime
import json
import os
import pathlib
import sys
import tempfile

import catboost
import lightgbm
import numpy as np
import xgboost

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import library_agreement  # noqa: E402

N_FEATURES = 6


def table(random, categorical):
    """Rows, some values missing, and targets for all objectives; the first two columns may be categories."""
    n = int(random.integers(120, 400))
    X = random.normal(size=(n, N_FEATURES)).astype(np.float32)
    X[:, 2] = np.round(X[:, 2] * 3)
    if categorical:
        X[:, 0] = random.integers(0, 5, n)
        X[:, 1] = random.integers(0, 40, n)
    share = random.choice([0.0, 0.0, 0.1, 0.4])
    score = X[:, 3] - X[:, 4] * X[:, 2] + np.isin(X[:, 0], [1, 3]) + (X[:, 1] % 3) + random.normal(size=n) * 0.3
    X[random.uniform(size=X.shape) < share] = np.nan
    return X, score


def rows_at(random, X, splits, above):
    """Rows of the table with cells moved onto thresholds, to the float32 beside it on either side, and to odd values."""
    rows = np.concatenate([X[:80], X[:160].copy()]).astype(np.float32)
    for row in range(80, len(rows)):
        for _ in range(3):
            if splits:
                feature, threshold = splits[random.integers(len(splits))]
                value = np.float32(threshold)
                rows[row, feature] = random.choice([value, np.nextafter(value, np.float32(-np.inf)), np.nextafter(value, np.float32(np.inf))])
        if random.uniform() < 0.2:
            rows[row, random.integers(N_FEATURES)] = random.choice([np.nan, 0.0, -0.0, -0.5, 1e-36, -1e-35, *above])
    return rows


def save(folder, library, version, index, X, sums, predictions, about):
    case = folder / f"{library}-{version}" / f"{index:04d}"
    case.mkdir(parents=True, exist_ok=True)
    np.save(case / "X.npy", X)
    np.save(case / ("margin.npy" if library == "xgboost" else "raw.npy"), sums)
    np.save(case / "pred.npy", predictions)
    (case / "about.json").write_text(json.dumps(about))
    return case


def classes_of(score, n):
    return np.digitize(score, np.quantile(score, np.linspace(0, 1, n + 1)[1:-1]))


def positive(score):
    return np.exp((score - score.mean()) / (3 * score.std()))


XGBOOST = {
    "reg:squarederror": lambda s: s, "reg:absoluteerror": lambda s: s, "reg:pseudohubererror": lambda s: s,
    "reg:squaredlogerror": positive, "reg:logistic": lambda s: classes_of(s, 2), "binary:logistic": lambda s: classes_of(s, 2),
    "binary:logitraw": lambda s: classes_of(s, 2), "binary:hinge": lambda s: classes_of(s, 2), "count:poisson": positive,
    "reg:gamma": positive, "reg:tweedie": positive, "multi:softprob": lambda s: classes_of(s, 4),
    "multi:softmax": lambda s: classes_of(s, 3), "reg:quantileerror": lambda s: s,
}


def xgboost_case(folder, index, random):
    categorical = random.uniform() < 0.3
    objective = random.choice(list(XGBOOST))
    X, score = table(random, categorical)
    y = XGBOOST[objective](score)
    options = {"objective": str(objective), "max_depth": int(random.integers(1, 7)), "eta": float(random.choice([0.1, 0.3, 1.0])),
               "seed": index, "booster": str(random.choice(["gbtree", "gbtree", "gbtree", "dart", "gblinear"])), "nthread": 1}
    if options["booster"] == "gblinear":
        categorical, X = False, np.nan_to_num(X)
        options.pop("max_depth")
    else:
        options["num_parallel_tree"] = int(random.choice([1, 1, 3]))
        options["subsample"] = float(random.choice([1.0, 0.7]))
        options["tree_method"] = "hist" if categorical else str(random.choice(["hist", "exact"]))
        if categorical:
            options["max_cat_to_onehot"] = int(random.choice([2, 50]))
        if options["booster"] == "dart":
            options["rate_drop"] = 0.3
    if objective.startswith("multi"):
        options["num_class"] = int(y.max()) + 1
    if objective == "reg:quantileerror":
        options["quantile_alpha"] = [0.2, 0.8]
    if objective == "reg:squarederror" and options["booster"] == "gbtree" and random.uniform() < 0.5:
        y = np.column_stack([y, -y + X[:, 5].clip(-1, 1)])
        y = np.nan_to_num(y)
        if random.uniform() < 0.5:
            options.update(multi_strategy="multi_output_tree", tree_method="hist", num_parallel_tree=1)
            options.pop("max_cat_to_onehot", None)
            categorical = False
    types = ["c"] * 2 + ["q"] * (N_FEATURES - 2) if categorical else None
    data = xgboost.DMatrix(X, y, feature_types=types, enable_categorical=categorical)
    booster = xgboost.train(options, data, int(random.integers(1, 15)))
    with tempfile.TemporaryDirectory() as scratch:
        booster.save_model(f"{scratch}/model.json")
        document = json.loads(pathlib.Path(scratch, "model.json").read_text().replace("NaN", "null"))
    gradient = document["learner"]["gradient_booster"]
    trees = gradient.get("gbtree", gradient)["model"].get("trees", [])
    splits = [(f, t) for tree in trees for f, t, left, kind in zip(tree["split_indices"], tree["split_conditions"],
              tree["left_children"], tree["split_type"]) if left != -1 and kind == 0 and t is not None]
    rows = X[:200] if options["booster"] == "gblinear" else rows_at(random, X, splits, [1e30])
    if categorical:  # the library refuses other values of categorical columns when it makes its matrix
        rows[:, :2] = np.where(np.isnan(rows[:, :2]), np.nan, np.clip(np.floor(np.abs(rows[:, :2])), 0, 45))
    query = xgboost.DMatrix(rows, feature_types=types, enable_categorical=categorical)
    case = save(folder, "xgboost", xgboost.__version__, index, rows, booster.predict(query, output_margin=True),
                booster.predict(query), {"params": {}, **options})
    booster.save_model(case / "model.json")
    booster.save_model(case / "model.ubj")


LIGHTGBM = {
    "regression": lambda s: s, "regression_l1": lambda s: s, "huber": lambda s: s, "fair": lambda s: s, "quantile": lambda s: s,
    "mape": positive, "poisson": positive, "gamma": positive, "tweedie": positive, "binary": lambda s: classes_of(s, 2),
    "multiclass": lambda s: classes_of(s, 3), "multiclassova": lambda s: classes_of(s, 3),
    "cross_entropy": lambda s: 1 / (1 + np.exp(-s)), "cross_entropy_lambda": lambda s: 1 / (1 + np.exp(-s)),
}


def lightgbm_case(folder, index, random):
    categorical = random.uniform() < 0.3
    objective = random.choice(list(LIGHTGBM))
    X, score = table(random, categorical)
    y = LIGHTGBM[objective](score)
    rounds = int(random.integers(1, 15))
    options = {"objective": str(objective), "num_leaves": int(random.integers(2, 40)), "seed": index, "verbose": -1, "num_threads": 1,
               "min_data_in_leaf": int(random.choice([1, 5, 20])), "boosting": str(random.choice(["gbdt", "gbdt", "dart", "rf"])),
               "use_missing": bool(random.uniform() < 0.8), "zero_as_missing": bool(random.uniform() < 0.2),
               "cat_smooth": 1, "min_data_per_group": 5, "max_cat_to_onehot": int(random.choice([1, 8]))}
    if options["boosting"] == "rf":
        options.update(bagging_freq=1, bagging_fraction=0.6)
    if objective.startswith("multiclass"):
        options["num_class"] = 3
    if objective == "binary" and random.uniform() < 0.5:
        options["sigmoid"] = 1.7
    if objective == "regression" and random.uniform() < 0.3:
        options["reg_sqrt"] = True
    if objective == "regression" and options["boosting"] == "gbdt" and random.uniform() < 0.2:
        options["linear_tree"] = True
    X = X.astype(np.float64)
    data = lightgbm.Dataset(X, y, categorical_feature=[0, 1] if categorical else [], params={"verbose": -1})
    booster = lightgbm.train(options, data, rounds)
    dump = booster.dump_model()
    splits, pending = [], [tree["tree_structure"] for tree in dump["tree_info"]]
    while pending:
        node = pending.pop()
        if "split_feature" in node:
            if node["decision_type"] == "<=":
                splits.append((node["split_feature"], node["threshold"]))
            pending += [node["left_child"], node["right_child"]]
    rows = rows_at(random, X, splits, [1e30, -3.0]).astype(np.float64)
    for row in range(80, len(rows)):  # thresholds are doubles, and rows may be
        if splits:
            feature, threshold = splits[random.integers(len(splits))]
            rows[row, feature] = random.choice([threshold, np.nextafter(threshold, -np.inf), np.nextafter(threshold, np.inf)])
    case = save(folder, "lightgbm", lightgbm.__version__, index, rows, booster.predict(rows, raw_score=True), booster.predict(rows),
                {"params": options, "rounds": booster.num_trees() // booster.num_model_per_iteration()})
    booster.save_model(case / "model.txt")
    (case / "dump.json").write_text(json.dumps(dump))


CATBOOST = {
    "RMSE": lambda s: s, "MAE": lambda s: s, "Quantile": lambda s: s, "Huber:delta=1": lambda s: s, "Poisson": positive,
    "Tweedie:variance_power=1.5": positive, "Logloss": lambda s: classes_of(s, 2), "CrossEntropy": lambda s: 1 / (1 + np.exp(-s)),
    "MultiClass": lambda s: classes_of(s, 3), "MultiClassOneVsAll": lambda s: classes_of(s, 4),
    "MultiRMSE": lambda s: np.column_stack([s, s * s]), "RMSEWithUncertainty": lambda s: s,
}


def catboost_case(folder, index, random):
    X, score = table(random, False)
    loss = str(random.choice(list(CATBOOST)))
    policy = str(random.choice(["SymmetricTree", "SymmetricTree", "Depthwise", "Lossguide"]))
    options = {"loss_function": loss, "iterations": int(random.integers(1, 15)), "depth": int(random.integers(1, 6)), "verbose": 0,
               "random_seed": index, "grow_policy": policy, "nan_mode": str(random.choice(["Min", "Max"])),
               "allow_writing_files": False, "thread_count": 1, "border_count": int(random.choice([5, 60]))}
    if loss == "RMSEWithUncertainty":
        options["grow_policy"] = "SymmetricTree"
    model = catboost.CatBoost(options).fit(X, CATBOOST[loss](score))
    is_probability = loss.split(":")[0] in ("Logloss", "CrossEntropy", "MultiClass", "MultiClassOneVsAll")
    kind = "Probability" if is_probability else "Exponent" if loss.startswith(("Poisson", "Tweedie")) else "RawFormulaVal"
    with tempfile.TemporaryDirectory() as scratch:
        model.save_model(f"{scratch}/model.json", format="json")
        text = pathlib.Path(scratch, "model.json").read_text()
    features = json.loads(text)["features_info"]["float_features"]
    splits = [(feature["flat_feature_index"], border) for feature in features for border in feature["borders"] or []]
    with_nan = [feature["flat_feature_index"] for feature in features if feature["has_nans"]]
    rows = rows_at(random, X, splits, [1e30])
    for feature in set(range(N_FEATURES)) - set(with_nan):  # it refuses NaN where training had none
        rows[:, feature] = np.nan_to_num(rows[:, feature])
    case = save(folder, "catboost", catboost.__version__, index, rows, model.predict(rows, prediction_type="RawFormulaVal"),
                model.predict(rows, prediction_type=kind), options)
    (case / "model.json").write_text(text)
    model.save_model(str(case / "model.cbm"))


LIBRARIES = {"xgboost": xgboost_case, "lightgbm": lightgbm_case, "catboost": catboost_case}


def main():
    emlc = os.environ["EMLC"]
    n = int(os.environ.get("EMLC_BOOSTED", "30"))
    seed = int(os.environ.get("EMLC_SEED", datetime.date.today().strftime("%Y%m%d")))
    print(f"seed {seed}, {n} models of each library")
    outputs = [name for name in os.environ.get("EMLC_OUTPUTS", "csv,tmdl").split(",") if name]
    is_good = True
    for place, (library, make) in enumerate(LIBRARIES.items()):
        counts, refusals = collections.Counter(), collections.Counter()
        for index in range(n):
            random = np.random.default_rng([seed, place, index])
            with tempfile.TemporaryDirectory() as scratch:
                folder = pathlib.Path(scratch)
                try:
                    make(folder, index, random)
                except (xgboost.core.XGBoostError, lightgbm.basic.LightGBMError, catboost.CatBoostError) as problem:
                    counts["not trained"] += 1
                    refusals["not trained: " + str(problem).strip().splitlines()[0][:100]] += 1
                    continue
                for about in folder.glob("*/*/about.json"):
                    for name in library_agreement.FILES:
                        path = about.parent / name
                        if not path.exists():
                            continue
                        verdict, text = library_agreement.compare(emlc, about.parent, path, outputs)
                        counts[verdict] += 1
                        if verdict == "different":
                            print(f"{library} {index} {name}: {text}; {about.read_text()}")
                        elif text:
                            refusals[text.split(f"{name}:")[-1]] += 1
        for sentence, count in refusals.most_common():
            print(f"  {count} x {sentence}")
        print(f"{library}: " + ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())))
        is_good = is_good and counts["different"] == 0 and counts["equal"] > 0
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
