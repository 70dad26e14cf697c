"""The row of values in front of a model, and the steps of the document that change it."""

from ..values import finite, listed
from .jumps import near_jumps, settle

MOST_COLUMNS = 65536  # behind a step of a document
# Steps whose results are near those of the library: what is one number there may be its neighbour behind them.
NEAR = {"function", "power", "quantile", "linear", "polynomial", "normalize"}


class Front:
    """Steps in order. A converter of a transformer is called with the front, the transformer, and the run of columns that
    it takes, as its first column and their number; it adds steps and returns how many columns stand there then."""

    def __init__(self, n_features):
        self.n_features = self.width = n_features
        self.steps = []
        self.is_settled = False
        self.is_near = [False] * n_features  # of each column: is it near the library's, or equal in every bit?

    def add(self, kind, first, n_in, n_out, **keys):
        """A step on the columns from `first` on."""
        place = {"first": first} if first else {}
        self.steps.append({"kind": kind, **place, **keys})
        before = self.is_near[first:first + n_in]
        self.is_near[first:first + n_in] = [kind in NEAR or any(before)] * n_out
        self.width += n_out - n_in
        if self.width > MOST_COLUMNS:
            raise ValueError("%d columns stand behind the step %r, a document has at most %d: choose fewer in front of it"
                             % (self.width, kind, MOST_COLUMNS))
        return n_out

    def choose(self, first, n_in, chosen):
        """Columns of a run, by their places in it, in place of the run."""
        chosen = [int(column) for column in chosen]
        if not chosen:
            raise ValueError("no column is left in front of the model")
        behind = range(first + n_in, self.width)
        indices = [*range(first), *(first + column for column in chosen), *behind]
        self.is_near = [self.is_near[index] for index in indices]
        if indices == list(range(self.width)):
            return n_in
        if self.steps and self.steps[-1]["kind"] == "columns":
            before = self.steps.pop()["indices"]
            indices = [before[index] for index in indices]
        self.steps.append({"kind": "columns", "indices": indices})
        self.width = len(indices)
        return len(chosen)

    def scale(self, first, n, op, offset=None, scale=None, **more):
        """A scaler; None stands for an offset of 0 or a scale of 1."""
        offset = [0.0] * n if offset is None else listed(offset)
        scale = [1.0] * n if scale is None else listed(scale)
        place = {"first": first} if first else {}
        self.steps.append({"kind": "scaler", **place, "op": op, "offset": offset, "scale": scale, **more})
        return n

    def append(self, other):
        """The steps of another front, which begins with the columns of this one."""
        self.steps += other.steps
        self.width = other.width
        self.is_near = other.is_near

    def near_jumps(self, rows, errors):
        """Of a member: settles its jumps once, and says which rows are near them, as jumps.near_jumps() does."""
        if not self.is_settled:
            self.is_settled = True
            settle(self.steps, rows, errors)
        return near_jumps(self.steps, rows, errors)

    def model(self, last=None):
        """The "model" of the document: the steps, and what comes behind them."""
        steps = self.steps + ([] if last is None else [last])
        if not steps:
            raise ValueError("the pipeline has no step that does anything")
        return steps[0] if len(steps) == 1 else {"kind": "pipeline", "steps": steps}


def category(estimator, value, column):
    """A category as the number that it is; NaN for a missing one."""
    where = "column %d of the %s" % (column, type(estimator).__name__)
    if isinstance(value, (str, bytes)):
        raise ValueError("category %r in %s is text, a device gets numbers: give each category a number before training, "
                         "X['colour'].map({'red': 0, 'green': 1})" % (value, where))
    return float("nan") if value is None or value != value else finite(value, "a category in " + where)
