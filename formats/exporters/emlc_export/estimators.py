"""From an estimator of scikit-learn to its model: the tables of all that can be exported."""

from .models import bayes, linear, vector_machines
from .models.boosting import gradient_boosting_classifier, gradient_boosting_regressor
from .models.dense import mlp_classifier, mlp_regressor
from .models.ensembles import ada_boost_classifier, bagging_classifier, bagging_regressor
from .models.histograms import hist_classifier, hist_regressor
from .models.layers import Layer, exported_layer
from .models.trees import isolation_forest, tree_classifier, tree_regressor
from .networks.network import Network
from .outputs import Exported, transformed
from .refused import reason_of
from .steps import encoders, imputers, projections, scalers, unions
from .steps.front import Front
from .wrappers import around, calibrated, multiclass, stacked, targets

# Estimator: function of it that gives an Exported
MODELS = {
    "DecisionTreeClassifier": tree_classifier,
    "ExtraTreeClassifier": tree_classifier,
    "RandomForestClassifier": tree_classifier,
    "ExtraTreesClassifier": tree_classifier,
    "DecisionTreeRegressor": tree_regressor,
    "ExtraTreeRegressor": tree_regressor,
    "RandomForestRegressor": tree_regressor,
    "ExtraTreesRegressor": tree_regressor,
    "AdaBoostClassifier": ada_boost_classifier,
    "GradientBoostingClassifier": gradient_boosting_classifier,
    "GradientBoostingRegressor": gradient_boosting_regressor,
    "HistGradientBoostingClassifier": hist_classifier,
    "HistGradientBoostingRegressor": hist_regressor,
    "IsolationForest": isolation_forest,
    "MLPClassifier": mlp_classifier,
    "MLPRegressor": mlp_regressor,
}
# Function of the estimator that gives a Layer
LAYERS = {
    **dict.fromkeys((
        "LinearRegression", "Ridge", "RidgeCV", "Lasso", "LassoCV", "LassoLars", "LassoLarsCV", "LassoLarsIC", "Lars", "LarsCV",
        "ElasticNet", "ElasticNetCV", "MultiTaskLasso", "MultiTaskLassoCV", "MultiTaskElasticNet", "MultiTaskElasticNetCV",
        "SGDRegressor", "PassiveAggressiveRegressor", "HuberRegressor", "BayesianRidge", "ARDRegression", "TheilSenRegressor",
        "OrthogonalMatchingPursuit", "OrthogonalMatchingPursuitCV", "QuantileRegressor", "LinearSVR"),
        linear.linear_regressor),
    **dict.fromkeys(("PoissonRegressor", "GammaRegressor", "TweedieRegressor"), linear.generalized_linear_regressor),
    **dict.fromkeys(("PLSRegression", "PLSCanonical", "CCA"), linear.partial_least_squares_regressor),
    **dict.fromkeys(("RidgeClassifier", "RidgeClassifierCV", "Perceptron", "PassiveAggressiveClassifier", "LinearSVC"),
                    linear.sign_classifier),
    "SGDClassifier": linear.gradient_descent_classifier,
    **dict.fromkeys(("LogisticRegression", "LogisticRegressionCV"), linear.logistic_regression),
    "LinearDiscriminantAnalysis": linear.discriminant_analysis,
    "SGDOneClassSVM": linear.linear_outlier_detector,
    **dict.fromkeys(("SVC", "NuSVC"), vector_machines.vector_classifier),
    **dict.fromkeys(("SVR", "NuSVR"), vector_machines.vector_regressor),
    "OneClassSVM": vector_machines.vector_outlier_detector,
}
# Function of the front and the estimator that gives a Layer, with steps of its own before it
LAYERS_WITH_STEPS = {
    "MultinomialNB": bayes.multinomial_bayes,
    "ComplementNB": bayes.complement_bayes,
    "BernoulliNB": bayes.bernoulli_bayes,
    "CategoricalNB": bayes.categorical_bayes,
    "GaussianNB": bayes.gaussian_bayes,
    "QuadraticDiscriminantAnalysis": bayes.quadratic_discriminants,
}
# Function of convert, the front and the estimator
WRAPPERS = {
    **dict.fromkeys(("GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV"),
                    around.best_estimator),
    **dict.fromkeys(("SelfTrainingClassifier", "FrozenEstimator", "RANSACRegressor"), around.inner_estimator),
    **dict.fromkeys(("FixedThresholdClassifier", "TunedThresholdClassifierCV"), targets.decision_threshold),
    **dict.fromkeys(("VotingClassifier", "VotingRegressor"), around.voting),
    "BaggingClassifier": around.bagging(bagging_classifier),
    "BaggingRegressor": around.bagging(bagging_regressor),
    "CalibratedClassifierCV": calibrated.calibrated,
    **dict.fromkeys(("StackingClassifier", "StackingRegressor"), stacked.stacking),
    "OneVsRestClassifier": multiclass.one_against_rest,
    "OneVsOneClassifier": multiclass.one_against_one,
    "OutputCodeClassifier": multiclass.output_codes,
    **dict.fromkeys(("MultiOutputClassifier", "MultiOutputRegressor"), multiclass.several_outputs),
    "RegressorChain": stacked.regressor_chain,
    "ClassifierChain": stacked.classifier_chain,
}
# Function of the front, the transformer and its run of columns
TRANSFORMERS = {
    "StandardScaler": scalers.standard_scaler,
    "MinMaxScaler": scalers.min_max_scaler,
    "RobustScaler": scalers.robust_scaler,
    "MaxAbsScaler": scalers.max_abs_scaler,
    "Binarizer": scalers.binarizer,
    "Normalizer": scalers.normalizer,
    "FunctionTransformer": scalers.function_transformer,
    "PowerTransformer": scalers.power_transformer,
    "QuantileTransformer": scalers.quantile_transformer,
    "PolynomialFeatures": scalers.polynomial_features,
    "OneHotEncoder": encoders.one_hot_encoder,
    "OrdinalEncoder": encoders.ordinal_encoder,
    "TargetEncoder": encoders.target_encoder,
    "KBinsDiscretizer": encoders.bins_discretizer,
    "SimpleImputer": imputers.simple_imputer,
    "MissingIndicator": imputers.missing_indicator,
    **dict.fromkeys(("PCA", "IncrementalPCA"), projections.principal_components),
    **dict.fromkeys(("TruncatedSVD", "GaussianRandomProjection", "SparseRandomProjection",
                     "NeighborhoodComponentsAnalysis"), projections.components),
    "FastICA": projections.independent_components,
    "FactorAnalysis": projections.factor_analysis,
    "LinearDiscriminantAnalysis": projections.discriminant_projection,
    **dict.fromkeys(("PLSRegression", "PLSCanonical", "CCA"), projections.partial_least_squares),
    "FeatureAgglomeration": projections.feature_agglomeration,
    **dict.fromkeys(("SelectKBest", "SelectPercentile", "SelectFpr", "SelectFdr", "SelectFwe", "GenericUnivariateSelect",
                     "SelectFromModel", "RFE", "RFECV", "SequentialFeatureSelector", "VarianceThreshold"), unions.selector),
}
# Function of transform, the front, the transformer and its run of columns
UNIONS = {"ColumnTransformer": unions.column_transformer, "FeatureUnion": unions.feature_union}

PREDICTORS = sorted({*MODELS, *LAYERS, *LAYERS_WITH_STEPS, *WRAPPERS, "TransformedTargetRegressor"})
STEPS = sorted({*TRANSFORMERS, *UNIONS})
SUPPORTED = sorted({*PREDICTORS, *STEPS, "Pipeline"})


def _row(estimator, *tables):
    """The row for the estimator's class or the nearest base class that scikit-learn has a row for."""
    for base in type(estimator).__mro__:
        if base.__module__.split(".")[0] == "sklearn":
            found = next((table[base.__name__] for table in tables if base.__name__ in table), None)
            if found is not None or reason_of(base.__name__):
                return found
    return None


def _steps(pipeline):
    return [member for _, member in pipeline.steps if member is not None and not isinstance(member, str)]


def _check(estimator, *tables):
    """Refuses what no table has, and what was not fitted."""
    if isinstance(estimator, type):
        raise ValueError("%s is a class, expected an estimator that was fitted" % estimator.__name__)
    name = type(estimator).__name__
    if _row(estimator, *tables) is None:
        raise ValueError("cannot export a %s: %s" % (name, _reason(estimator)))
    if not hasattr(estimator, "n_features_in_") and name not in ("FeatureUnion", *WRAPPERS):
        raise ValueError("the %s is not fitted" % name)
    if len(getattr(estimator, "estimators_", [estimator])) == 0:
        raise ValueError("the %s has no tree" % name)


def _reason(estimator):
    for base in type(estimator).__mro__:
        if base.__module__.split(".")[0] in ("xgboost", "lightgbm", "catboost"):
            return "emlc reads the file that its save_model() writes"
        if base.__module__.split(".")[0] == "sklearn" and reason_of(base.__name__):
            return reason_of(base.__name__)
    return "it is no estimator of scikit-learn that emlc knows; docs/exporter.md lists those"


def transform(front, estimator, first, n):
    """The steps of a transformer, or of a pipeline of them, on the n columns from `first` on; how many there are then."""
    if hasattr(estimator, "steps"):
        for step in _steps(estimator):
            n = transform(front, step, first, n)
        return n
    name = type(estimator).__name__
    if _row(estimator, TRANSFORMERS, UNIONS) is None and name in PREDICTORS:
        raise ValueError("a pipeline is steps and then one model, this one has a %s before its last step" % name)
    _check(estimator, TRANSFORMERS, UNIONS)
    union = _row(estimator, UNIONS)
    if union is not None:
        return union(transform, front, estimator, first, n)
    return _row(estimator, TRANSFORMERS)(front, estimator, first, n)


def convert(front, estimator):
    """The model of an estimator behind the front, a Layer or an Exported; what is before it goes into the front."""
    if hasattr(estimator, "steps"):
        *steps, last = _steps(estimator) or [None]
        if last is None:
            raise ValueError("the pipeline has no step that does anything")
        for step in steps:
            transform(front, step, 0, front.width)
        return convert(front, last)
    tables = MODELS, LAYERS, LAYERS_WITH_STEPS, WRAPPERS, TRANSFORMERS, UNIONS, {"TransformedTargetRegressor": True}
    _check(estimator, *tables)
    if _row(estimator, tables[-1]):
        return targets.transformed_target(convert, transform, front, estimator)
    if _row(estimator, WRAPPERS):
        return _row(estimator, WRAPPERS)(convert, front, estimator)
    if _row(estimator, LAYERS_WITH_STEPS):
        return _row(estimator, LAYERS_WITH_STEPS)(front, estimator)
    if _row(estimator, LAYERS, MODELS):
        return _row(estimator, LAYERS, MODELS)(estimator)
    transform(front, estimator, 0, front.width)
    return Exported(None, transformed(front.width), "transform", _tolerance_of_steps)


def _tolerance_of_steps(inputs, errors, outputs):
    return 2 * max(max(row) for row in errors), 0.0


def source_of(estimator):
    """The estimator inside that sees the inputs as they are: it knows how many there are, and their names."""
    if hasattr(estimator, "n_features_in_") or isinstance(estimator, type):
        return estimator
    inner = _steps(estimator)[:1] if hasattr(estimator, "steps") else [
        getattr(estimator, name) for name in ("best_estimator_", "estimator_", "base_estimator_", "regressor_")
        if hasattr(estimator, name)]
    inner += list(getattr(estimator, "estimators_", []))
    inner += [member for _, member in getattr(estimator, "transformer_list", []) if not isinstance(member, str)]
    return next((found for found in map(source_of, inner) if hasattr(found, "n_features_in_")), estimator)


def converted(estimator):
    """(Exported with the whole model of the document, the steps in front of it)."""
    if isinstance(estimator, Network):
        return estimator.exported, []
    front = Front(0 if isinstance(estimator, type) else getattr(source_of(estimator), "n_features_in_", 0))
    result = convert(front, estimator)
    exported = exported_layer(result) if isinstance(result, Layer) else result
    return exported._replace(model=front.model(exported.model)), front.steps
