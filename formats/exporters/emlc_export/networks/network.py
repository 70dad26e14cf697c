"""Live networks of Keras and PyTorch as the rest of this package knows estimators."""

from ..outputs import Exported, named_targets, regression, transformed
from ..values import listed


class _Answers:
    """Rows of answers, as arrays give them."""

    def __init__(self, rows):
        self._rows = list(rows)

    def tolist(self):
        return self._rows


class Network:
    """A network as the rest of this package knows estimators."""

    def __init__(self, library, model, chain, class_names, answer):
        self.library, self.class_name, self.n_features_in_ = library, type(model).__name__, chain.n_features
        self.row_shape, self._answer = (chain.n_features,), answer
        output = _network_output(chain, class_names)
        self.exported = Exported(chain.model(), output, "outputs", chain.tolerance)

    def outputs(self, rows):
        return _Answers(flattened(row) for row in self._answer(rows, self.row_shape))

    def predict(self, rows):
        outputs, output = self.outputs(rows).tolist(), self.exported.output
        if output["decision"]["rule"] == "none":
            return _Answers(outputs)
        names = [target.get("class_names") for target in output["targets"]]
        if output["decision"]["rule"] == "argmax":
            decided = [[row.index(max(row))] for row in outputs]
        else:
            decided = [[int(value > 0.5) for value in row] for row in outputs]
        labels = [[index if of is None else of[index] for index, of in zip(row, names)] for row in decided]
        return _Answers(row[0] if len(row) == 1 else row for row in labels)


def flattened(row):
    return [value for part in row for value in flattened(part)] if isinstance(row, list) else [row]


def _network_output(chain, class_names):
    last = chain.layers[-1]["activation"] if chain.layers and chain.pending is None else "identity"
    last = "softmax" if chain.is_log_softmax else last
    n = chain.width
    names = None if class_names is None else listed(class_names)
    expected = {"softmax": n, "logistic": 2}.get(last, 0)
    if names is not None and len(names) != expected:
        raise ValueError("class_names has %d entries, the network has %s"
                         % (len(names), "%d classes" % expected if expected else "no decision"))
    more = {} if names is None else {"class_names": names}
    if last == "softmax":
        targets, decision = [{"size": n, **more}], {"rule": "argmax"}
    elif last == "logistic":
        targets, decision = [{"size": 1, **more} for _ in range(n)], {"rule": "greater", "threshold": 0.5}
    elif chain.layers:
        return regression(n)
    else:
        return transformed(n)
    return {"task": "classification", "n_outputs": n, "targets": named_targets(targets), "decision": decision}
