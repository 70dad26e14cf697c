"""Write fitted scikit-learn estimators, networks of Keras and PyTorch and filters as emlc model JSON.

    from emlc_export import export, export_sos

    export(forest, X_test, "digits.json", name="digits", dtype="uint8")
    export(network, X_test, "gesture.json")  # a Keras model, or a torch.nn.Sequential
    export_sos(scipy.signal.butter(4, 1000, fs=16000, output="sos"), 16000, file="lowpass.json")  # or "ba", "zpk"
    values, names, index = features("gesture.signal.json", "data/*.npy")  # by the program emlc
    export(forest, values, "gesture.json", signal="gesture.signal.json", recordings="data/*.npy")

A package without dependencies, for Python 3.8 and scikit-learn 1.0, Keras 2.4, PyTorch 1.8 or later: copy the folder next
to the training script. It reads the fitted attributes only and asks the estimator itself for the expected outputs of the
embedded test vectors, which emlc replays whenever it reads the document. The format is described in docs/formats.md.
"""

from .document import export
from .estimators import PREDICTORS, STEPS, SUPPORTED
from .filters.cascades import export_sos
from .names import KEYWORDS
from .networks.keras_layers import KERAS_LAYERS
from .networks.torch_layers import TORCH_LAYERS
from .outputs import Exported
from .signals.table import features
from .version import __version__

__all__ = ["export", "export_sos", "features", "Exported", "SUPPORTED", "SUPPORTED_LAYERS"]

SUPPORTED_LAYERS = {"keras": sorted(KERAS_LAYERS), "torch": sorted(TORCH_LAYERS)}
