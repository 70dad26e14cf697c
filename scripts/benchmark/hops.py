"""Headers with a signal that are fed with int16 samples of one channel, a hop at a time."""

from benchmark import data, measure
from benchmark.pipelines import Labels
from benchmark.subjects import Subject


class Stream:
    """What measure.measure() takes: `rows` [n][hop], and `expected` [n], what `call` makes of each."""

    def __init__(self, name, prelude, folder, call, rows, expected):
        hop = rows.shape[1]
        self.subject = Subject(name, "signals", name, call=call, prelude=prelude)
        self.folder, self.feature, self.n_features = folder, "int16_t", hop
        (folder / "subject.h").write_text(measure.SUBJECT_H.format(prelude=prelude, call=call, feature="int16_t",
                                                                   result="int32_t", n_features=hop))
        self.rows, self.row_bytes = data.pack(rows.tolist(), "int16_t"), 2 * hop
        self.reference = Labels(rows, expected)
