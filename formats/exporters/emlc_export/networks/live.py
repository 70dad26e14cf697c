"""Networks among the estimators that are given."""

from .keras_layers import KERAS_LIBRARIES, keras_network
from .network import Network
from .torch_layers import torch_network


def as_estimator(estimator, X, class_names):
    """Networks become a Network; whatever else it is stays."""
    bases = {base.__name__: base.__module__.split(".")[0] for base in type(estimator).__mro__}
    if bases.get("Module") == "torch":
        network = torch_network(estimator, class_names)
    elif bases.get("Model") in KERAS_LIBRARIES:
        network = keras_network(estimator, bases["Model"], class_names)
    elif class_names is not None:
        raise ValueError("class_names are of networks, a %s has its own" % type(estimator).__name__)
    else:
        return estimator
    shape = tuple(getattr(X, "shape", ()))
    if len(shape) > 2:
        network.row_shape = shape[1:]
    return network


def flat_rows(estimator, X):
    """X with a list of values for each row, where the rows of a network are tables."""
    is_table = isinstance(estimator, Network) and len(getattr(X, "shape", ())) > 2 and hasattr(X, "reshape")
    return X.reshape(len(X), -1) if is_table else X
