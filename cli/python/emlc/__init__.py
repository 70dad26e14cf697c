"""emlc, a model compiler for microcontrollers, from Python.

    import emlc

    emlc.convert(forest, "digits.h", X=X_test, labels=y_test, target="cortex-m0plus")
    emlc.fit(forest, "small.h", data=X_test, labels=y_test, max_flash="4KiB").chosen
    emlc.run("digits.json", X_test).labels
    emlc.verify("digits.json", "digits.h").is_proved
    values, names, index = emlc.features("gesture.signal.json", "data/*.npy")

Models are paths of files that the program reads (`emlc list formats`), or fitted estimators, which are exported first
(docs/exporter.md). Every function calls the program that came with this package; the variable EMLC names another one.
What the program refuses is an emlc.Error with its sentence.
"""

from emlc_export import Exported, export_sos
from emlc_export.version import __version__

from .answers import Predictions, run
from .artifact import Converted, Parts, convert
from .program import Error, OverBudget, path
from .proof import Comparison, Verified, verify
from .search import Fitted, Measured, Point, fit
from .signals import Features, Window, export, features

__all__ = ["Comparison", "Converted", "Error", "Exported", "Features", "Fitted", "Measured", "OverBudget", "Parts",
           "Point", "Predictions", "Verified", "Window", "__version__", "convert", "export", "export_sos", "features",
           "fit", "path", "run", "verify"]
