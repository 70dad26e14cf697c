"""From an estimator of scikit-learn to its model."""

from .boosting import gradient_boosting_classifier, gradient_boosting_regressor
from .dense import mlp_classifier, mlp_regressor
from .ensembles import ada_boost_classifier, bagging_classifier, bagging_regressor
from .histograms import hist_classifier, hist_regressor
from .linear import linear_regressor, logistic_regression
from .networks import Network
from .scalers import max_abs_scaler, min_max_scaler, robust_scaler, standard_scaler
from .trees import isolation_forest, tree_classifier, tree_regressor

SCALERS = {
    "StandardScaler": standard_scaler,
    "MinMaxScaler": min_max_scaler,
    "RobustScaler": robust_scaler,
    "MaxAbsScaler": max_abs_scaler,
}

PREDICTORS = {
    "DecisionTreeClassifier": tree_classifier,
    "ExtraTreeClassifier": tree_classifier,
    "RandomForestClassifier": tree_classifier,
    "ExtraTreesClassifier": tree_classifier,
    "DecisionTreeRegressor": tree_regressor,
    "ExtraTreeRegressor": tree_regressor,
    "RandomForestRegressor": tree_regressor,
    "ExtraTreesRegressor": tree_regressor,
    "BaggingClassifier": bagging_classifier,
    "BaggingRegressor": bagging_regressor,
    "AdaBoostClassifier": ada_boost_classifier,
    "GradientBoostingClassifier": gradient_boosting_classifier,
    "GradientBoostingRegressor": gradient_boosting_regressor,
    "HistGradientBoostingClassifier": hist_classifier,
    "HistGradientBoostingRegressor": hist_regressor,
    "IsolationForest": isolation_forest,
    "MLPClassifier": mlp_classifier,
    "MLPRegressor": mlp_regressor,
    "LogisticRegression": logistic_regression,
    "LinearRegression": linear_regressor,
    "Ridge": linear_regressor,
    "Lasso": linear_regressor,
    "ElasticNet": linear_regressor,
    "SGDRegressor": linear_regressor,
}

SUPPORTED = sorted([*SCALERS, *PREDICTORS, "Pipeline"])


def steps_of(estimator):
    """The estimators of a pipeline in order, without those that do nothing; of anything else the estimator itself."""
    if not hasattr(estimator, "steps"):
        steps = [estimator]
    else:
        members = [member for _, member in estimator.steps if member is not None and not isinstance(member, str)]
        steps = [step for member in members for step in steps_of(member)]
    if not steps:
        raise ValueError("the pipeline has no step that does anything")
    return steps


def _converter(estimator, table):
    """The row for the estimator's class or the nearest base class that scikit-learn has a row for."""
    for base in type(estimator).__mro__:
        if base.__name__ in table and base.__module__.split(".")[0] == "sklearn":
            return table[base.__name__]
    return None


def converted(steps):
    if isinstance(steps[0], Network):
        return steps[0].exported
    for step in steps:
        if isinstance(step, type):
            raise ValueError("%s is a class, expected an estimator that was fitted" % step.__name__)
        if _converter(step, {**SCALERS, **PREDICTORS}) is None:
            hint = "; export its best_estimator_" if hasattr(step, "best_estimator_") else ""
            raise ValueError("cannot export a %s%s; supported: %s" % (type(step).__name__, hint, ", ".join(SUPPORTED)))
        if not hasattr(step, "n_features_in_"):
            raise ValueError("the %s is not fitted" % type(step).__name__)
        if len(getattr(step, "estimators_", [step])) == 0:
            raise ValueError("the %s has no tree" % type(step).__name__)
    for step in steps[:-1]:
        if _converter(step, SCALERS) is None:
            raise ValueError("a pipeline is scalers and then one model, this one has a %s before its last step"
                             % type(step).__name__)
    exported = [_converter(step, {**SCALERS, **PREDICTORS})(step) for step in steps]
    if len(steps) == 1:
        return exported[0]
    return exported[-1]._replace(model={"kind": "pipeline", "steps": [step.model for step in exported]})
