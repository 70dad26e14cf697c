"""What the exporter says when float32 is too coarse for the rows that it is given."""

import unittest
import warnings

import numpy as np
from common import GRID, XOR
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LinearRegression

from emlc_export import export

# The third of these is no neighbour of the first in float32, whose step is 64 here; the second is rounded to it.
X = np.array([[1e9 + 8.0 * step] for step in range(40)])
LABELS = np.arange(40) % 2


class Rounding(unittest.TestCase):
    def warnings_of(self, estimator, X, **options):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            export(estimator, X, **options)
        return [str(warning.message) for warning in caught]

    def test_decisions(self):
        model = HistGradientBoostingClassifier(max_iter=30, min_samples_leaf=1, max_leaf_nodes=None).fit(X, LABELS)
        rounded = X.astype(np.float32).astype(float)
        changed = int((model.predict(X) != model.predict(rounded)).sum())
        self.assertGreater(changed, 5)
        self.assertEqual(self.warnings_of(model, X), [
            "rounding X to float32 changes the answers of %d of 40 rows (%.2g %%); dtype='float64' keeps them in the "
            "document, and emlc convert --features double in the header of trees" % (changed, 2.5 * changed)])
        self.assertEqual(self.warnings_of(model, X, dtype="float64"), [])
        self.assertEqual(self.warnings_of(model, rounded), [])

    def test_numbers(self):
        model = HistGradientBoostingRegressor(max_iter=30, min_samples_leaf=1).fit(X, LABELS * 100.0)
        changed = int((np.abs(model.predict(X) - model.predict(X.astype(np.float32).astype(float))) > 1e-2).sum())
        self.assertIn("the answers of %d of 40 rows" % changed, self.warnings_of(model, X)[0])

    def test_nothing_to_say(self):
        """Forests round to float32 themselves, a line moves by a step of it, and integers are not rounded."""
        self.assertEqual(self.warnings_of(RandomForestClassifier(3).fit(X, LABELS), X), [])
        line = LinearRegression().fit(X, X[:, 0] + LABELS)
        self.assertEqual(self.warnings_of(line, X), [])
        self.assertEqual(self.warnings_of(HistGradientBoostingClassifier().fit(GRID, XOR), GRID), [])


if __name__ == "__main__":
    unittest.main()
