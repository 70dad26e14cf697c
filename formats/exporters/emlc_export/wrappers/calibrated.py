"""CalibratedClassifierCV of scikit-learn: scores of members through sigmoids or isotonic steps, averaged."""

from ..outputs import class_labels, classification
from ..steps.front import Front
from ..values import finite, listed
from .answers import has_scores, one_column
from .combine import NEVER, Member, combined
from .members import averaged, not_supported
from .parts import Part, layers_of, part_of

UNIFORM = {"name": "normalize_or_uniform"}


def calibrated(convert, front, estimator):
    if not hasattr(estimator, "calibrated_classifiers_"):
        raise ValueError("the %s is not fitted" % type(estimator).__name__)
    if estimator.method not in ("sigmoid", "isotonic"):
        raise ValueError("a %s with method=%r cannot be exported; train it with method='sigmoid' or 'isotonic'"
                         % (type(estimator).__name__, estimator.method))
    folds = estimator.calibrated_classifiers_
    members = [_fold(convert, estimator, front.width, fold) for fold in folds]
    classes = class_labels(estimator)
    if len(classes[0]) == 2:
        found = _sigmoids_of_layers(estimator, members)
        output = classification(classes, rule="greater", threshold=0.5)
        return found or _mean(estimator, members, output)
    output = classification(classes)
    if len(folds) == 1:
        return combined(estimator, "concatenate", members, output, "predict_proba", transform=UNIFORM)
    members = [_of_its_own(estimator, front.width, fold, member) for fold, member in zip(folds, members)]
    return _mean(estimator, members, output)


def _mean(estimator, members, output):
    return combined(estimator, "mean" if len(members) > 1 else "concatenate", members, output, "predict_proba")


def _sigmoids_of_layers(estimator, members):
    """Sigmoids of linear scores are layers with a sigmoid: one, or a network of their mean. None where there is more."""
    layers = layers_of([member.part for member in members])
    if not layers or any(layer.link != "identity" or member.columns or "slope" not in member.calibration[0]
                         for layer, member in zip(layers, members)):
        return None
    sloped = [_sloped(layer, **member.calibration[0]) for layer, member in zip(layers, members)]
    return averaged(estimator, sloped, [1.0 / len(sloped)] * len(sloped))


def _sloped(layer, method, slope, offset):
    sizes, addends, n_terms = layer.sums or ([[abs(w) for w in row] for row in layer.weights],
                                             [abs(b) for b in layer.bias], len(layer.weights[0]))
    sums = [[abs(slope) * w for w in row] for row in sizes], [abs(slope) * b + abs(offset) for b in addends], n_terms + 2
    weights, bias = [[-slope * w for w in row] for row in layer.weights], [-slope * b - offset for b in layer.bias]
    return layer._replace(weights=weights, bias=bias, link="logistic", answer="predict_proba", sums=sums)


def _of_its_own(estimator, width, fold, member):
    """The member of a fold, normalized by itself."""
    output = classification([list(range(member.width()))])
    exported = combined(estimator, "concatenate", [member], output, "predict_proba", transform=UNIFORM)
    return Member(Part(exported, Front(width), fold))


def _fold(convert, estimator, width, fold):
    """The probabilities of all classes, or of the second of two, before they are normalized."""
    inner = fold.estimator if hasattr(fold, "estimator") else fold.base_estimator
    part = part_of(convert, estimator, inner, width, "decision_function" if has_scores(inner) else "predict_proba")
    entries = [_entry(calibrator) for calibrator in fold.calibrators]
    n_classes = len(estimator.classes_)
    if n_classes == 2:
        found = one_column(part.result)
        if found is not None:
            return Member(part._replace(result=found), calibration=entries)
        return Member(part, [1], entries)
    labels = listed(estimator.classes_)
    # Of two classes that a fold has seen, scores (and later probabilities) are one column, that of the second class, with
    # which the library calibrates the first.
    places = [labels.index(label) for label in listed(inner.classes_)][:len(entries)]
    n_outputs = part.result.output["n_outputs"]
    if len(entries) == 1 and n_outputs == 2:
        return Member(part, [1] * n_classes, [entries[0] if [label] == places else NEVER for label in range(n_classes)])
    if n_outputs < len(entries):
        raise not_supported(estimator, "of a %s of which a fold has seen two of %d classes" % (type(inner).__name__, n_classes))
    if places == list(range(n_classes)):
        return Member(part, calibration=entries)
    columns = [places.index(label) if label in places else 0 for label in range(n_classes)]
    return Member(part, columns, [entries[column] if label in places else NEVER for label, column in enumerate(columns)])


def _entry(calibrator):
    if hasattr(calibrator, "a_"):
        return {"method": "sigmoid", "slope": finite(calibrator.a_, "a_"), "offset": finite(calibrator.b_, "b_")}
    return {"method": "isotonic", "x": listed(calibrator.X_thresholds_), "y": listed(calibrator.y_thresholds_)}
