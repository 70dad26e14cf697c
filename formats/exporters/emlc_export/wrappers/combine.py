"""Documents of the kind "combine": members answer the same row, one rule joins what they say, and a model may follow."""

from functools import partial
from typing import NamedTuple, Optional

from ..outputs import Exported, class_labels, classification, exact, transformed
from ..steps.front import Front
from ..values import listed
from .parts import Part

DEEPEST = 3  # combinations in combinations, as docs/formats.md has it

# The second of two probabilities as it is, and the first one from it.
SAME = {"method": "isotonic", "x": [0.0, 1.0], "y": [0.0, 1.0]}
OTHER = {"method": "isotonic", "x": [0.0, 1.0], "y": [1.0, 0.0]}
NEVER = {"method": "isotonic", "x": [0.0], "y": [0.0]}


class Member(NamedTuple):
    part: Part
    columns: Optional[list] = None  # which of its outputs are taken; None for all
    calibration: Optional[list] = None  # one entry for each of them
    weight: float = 1.0
    result: str = "outputs"  # or "decision"

    def described(self, decides):
        """`decides`: whether the rule asks for its decision."""
        exported = self.part.exported()
        decision = exported.output["decision"] if decides or self.result == "decision" else {"rule": "none"}
        output = {"n_outputs": exported.output["n_outputs"], "decision": decision}
        more = {"columns": self.columns, "calibration": self.calibration,
                "weight": self.weight if self.weight != 1.0 else None,
                "result": self.result if self.result != "outputs" else None}
        return {"model": self.part.front.model(exported.model), "output": output,
                **{key: value for key, value in more.items() if value is not None}}

    def width(self):
        if self.result == "decision":
            return 1
        return self.part.result.output["n_outputs"] if self.columns is None else len(self.columns)


class Combination(NamedTuple):
    """What the errors of a combination follow from."""

    rule: str
    members: list
    n_values: int  # that the rule gives
    output: dict  # the "output" of the document
    chained: bool = False
    transform: Optional[dict] = None
    final: Optional[Part] = None
    passthrough: bool = False


def combined(estimator, rule, members, output, answer, **more):
    """The Exported of members on the row of the estimator; `more` are fields of Combination."""
    if rule == "votes":
        members = [member._replace(part=_in_order(member.part)) for member in members]
    widths = [member.width() for member in members]
    n_values = {"concatenate": sum(widths), "votes": votes_of(members[0].part.result.output)}.get(rule, widths[0])
    if rule == "one_vs_one":
        n_values = output["n_outputs"]
    combination = Combination(rule, members, n_values, output, **more)
    described = [member.described(rule in ("votes", "one_vs_one")) for member in members]
    model = {"kind": "combine", "rule": rule, "members": described}
    if combination.chained:
        model["chained"] = True
    if combination.transform:
        model["post_transform"] = combination.transform
    if combination.final:
        model["final"] = combination.final.front.model(combination.final.exported().model)
        if combination.passthrough:
            model["passthrough"] = True
    if depth(model) > DEEPEST:
        raise ValueError("a %s holds combinations in combinations %d deep, a document takes %d: train the inner ones as models "
                         "of one kind, forests or linear models, or leave one of them out"
                         % (type(estimator).__name__, depth(model), DEEPEST))
    return Exported(model, output, answer, partial(_tolerance, combination), unsure=partial(_unsure, combination))


def _in_order(part):
    """The part such that its decision is the place in classes_."""
    if part.is_in_order():
        return part
    labels, classes = part.labels(), class_labels(part.estimator)
    places = [float(labels.index(label)) for label in classes[0]]
    front = Front(1)
    front.add("one_hot", 0, 1, len(places), categories=[[[place] for place in places]])
    final = Part(Exported(None, transformed(len(places)), partial(_columns_of, places), exact), front, None)
    result = combined(part.estimator, "concatenate", [Member(part, result="decision")], classification(classes), _decided,
                      final=final)
    return part._replace(result=result, front=Front(part.front.n_features))


def _columns_of(places, _, rows):
    return (rows == places).astype(float)


def _decided(estimator, rows):
    """1 for the class that is decided for, else 0."""
    import numpy as np

    classes = class_labels(estimator)[0]
    return np.array([[float(label == decided) for label in classes] for decided in listed(estimator.predict(rows))])


def _tolerance(combination, inputs, errors, outputs):
    from .combine_errors import tolerance_of  # numpy, which is there where an estimator is

    return tolerance_of(combination, inputs, errors, outputs)


def _unsure(combination, inputs, errors):
    from .combine_errors import unsure_rows

    return unsure_rows(combination, inputs, errors)


def votes_of(output):
    """How many classes a member decides between."""
    return output["n_outputs"] if output["decision"]["rule"] == "argmax" else 2


def depth(model):
    """How many combinations lie in one another."""
    if model["kind"] == "pipeline":
        return depth(model["steps"][-1])
    if model["kind"] != "combine":
        return 0
    inner = [member["model"] for member in model["members"]] + ([model["final"]] if "final" in model else [])
    return 1 + max(map(depth, inner))


def of_classes(part, places, n_classes, is_pair):
    """A member whose values are probabilities of all classes, of which it knows those at `places`; `is_pair`: of two
    classes the second alone."""
    n_outputs = part.result.output["n_outputs"]
    knows_all = places == list(range(n_classes))
    if is_pair:
        return Member(part, [1] if n_outputs == 2 else None)
    if knows_all and n_outputs == n_classes:
        return Member(part)
    columns, calibration = [], []
    for label in range(n_classes):
        place = places.index(label) if label in places else None
        columns.append(place if n_outputs == len(places) and place is not None else 0)
        calibration.append(NEVER if place is None else SAME if n_outputs == len(places) or place == 1 else OTHER)
    return Member(part, columns, calibration)
