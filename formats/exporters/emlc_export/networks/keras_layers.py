"""Networks of Keras: what a layer's config and its weights make of a chain. The shape of a row is in chain.shape."""

import math
import sys

from ..values import listed
from .chain import ACTIVATIONS, HARD_SIGMOID, Chain, Unsupported, activated, in_training_only, normalized, sloped
from .network import Network, flattened

KERAS_LIBRARIES = ("keras", "tf_keras", "tensorflow")  # the last one up to TensorFlow 2.5


def keras_network(model, library, class_names):
    if isinstance(getattr(model, "input_shape", None), list) or isinstance(getattr(model, "output_shape", None), list):
        raise ValueError("the model has several inputs or outputs, only chains of layers can be exported")
    shape = getattr(model, "input_shape", None)
    if not shape or any(extent is None for extent in shape[1:]):
        raise ValueError("the model does not know the shape of its input: build it, or call it once")
    chain = Chain(math.prod(shape[1:]))
    version = str(getattr(sys.modules.get(library), "__version__", ""))
    chain.shape, chain.keras = shape[1:], 3 if library == "keras" and not version.startswith("2.") else 2
    for entry in _keras_order(model):
        _add_keras_layer(chain, model, entry)

    def answer(rows, row_shape):
        array = sys.modules["numpy"].asarray(rows, "float32").reshape((len(rows), *shape[1:]))
        return model.predict(array, verbose=0).tolist()

    return Network(("keras", library), model, chain, class_names, answer)


def _keras_order(model):
    """The layers' entries of the config, in the order of the computation."""
    config = model.get_config()
    entries = config["layers"] if isinstance(config, dict) else config
    if "output_layers" not in config:
        return entries
    by_name = {entry["config"]["name"]: entry for entry in entries}
    (name,), order = _producers([config["output_layers"]]), []
    while len(order) <= len(entries):
        order.append(by_name[name])
        nodes = by_name[name]["inbound_nodes"]
        if not nodes:
            break
        producers = [found for node in nodes for found in _producers(node)]
        if len(producers) != 1:
            raise ValueError("layer %r takes %d outputs, only chains of layers can be exported" % (name, len(producers)))
        name = producers[0]
    if len(order) != len(entries):
        raise ValueError("the model is no chain of layers: %d of %d are on the way to its output"
                         % (len(order), len(entries)))
    return order[::-1]


def _producers(node):
    """Names of the layers that a call takes: ["dense", 0, 0], or tensors with a history."""
    if isinstance(node, dict):
        history = node["config"].get("keras_history") if isinstance(node.get("config"), dict) else None
        return [history[0]] if history else [name for part in node.get("args", ()) for name in _producers(part)]
    if not isinstance(node, (list, tuple)):
        return []
    return [node[0]] if node and isinstance(node[0], str) else [name for part in node for name in _producers(part)]


def _add_keras_layer(chain, model, entry):
    config, class_name = entry["config"], entry["class_name"]
    where = "layer %r (%s)" % (config.get("name"), class_name)
    if class_name == "InputLayer":
        return
    layer = model.get_layer(config["name"])
    is_own = type(layer).__module__.split(".")[0] in KERAS_LIBRARIES
    if class_name not in KERAS_LAYERS or not is_own:
        raise ValueError("%s cannot be exported; supported: %s" % (where, ", ".join(KERAS_LAYERS)))
    dtype = config.get("dtype", "float32")
    dtype = dtype["config"]["name"] if isinstance(dtype, dict) else dtype
    if getattr(dtype, "name", dtype) != "float32":
        raise ValueError("%s computes in %s, only float32 can be exported" % (where, getattr(dtype, "name", dtype)))
    try:
        KERAS_LAYERS[class_name](chain, config, [weights.tolist() for weights in layer.get_weights()])
    except Unsupported as problem:
        raise ValueError("%s %s" % (where, problem)) from None


def _require_row(chain, config):
    """Values in a row, and an axis that is theirs."""
    if len(chain.shape) != 1:
        raise Unsupported("works on an input of shape %s, only a row of values is supported; put a Flatten before it"
                           % (tuple(chain.shape),))
    axis = config.get("axis", -1)
    if axis not in (-1, 1, [-1], [1], (-1,), (1,), None):
        raise Unsupported("works along the axes %s, expected the last one" % (axis,))


def _keras_dense(chain, config, weights):
    _require_row(chain, config)
    kernel, bias = weights[0], weights[1] if config["use_bias"] else [0.0] * len(weights[0][0])
    chain.dense([list(row) for row in zip(*kernel)], bias)
    chain.shape = (chain.width,)
    _keras_activation(chain, config, weights)


def _keras_activation(chain, config, weights):
    activation = config.get("activation") or "linear"
    if isinstance(activation, dict):
        is_function = activation.get("class_name") == "function"
        activation = activation.get("config" if is_function else "class_name")
    if activation in ("softmax", "log_softmax"):
        _require_row(chain, {})
    if activation == "log_softmax":
        return chain.end_in_log_softmax()
    formula = HARD_SIGMOID[chain.keras] if activation == "hard_sigmoid" else ACTIVATIONS.get(activation)
    if formula is None:
        raise Unsupported("has the activation %r; supported: %s"
                           % (activation, ", ".join([*ACTIVATIONS, "hard_sigmoid", "log_softmax"])))
    activated(chain, formula)


def _keras_relu(chain, config, weights):
    slope, highest = float(config.get("negative_slope") or 0.0), config.get("max_value")
    if config.get("threshold"):
        raise Unsupported("has a threshold other than 0, where its answers jump; no activation of emlc does that")
    if highest is None:
        return chain.activate("relu") if slope == 0 else chain.activate("leaky_relu", alpha=slope)
    highest = float(highest)
    if highest <= 0:
        raise Unsupported("has a max_value of %r, expected one above 0" % highest)
    if slope == 0:
        return activated(chain, (6 / highest, 0, "relu6", {}, highest / 6))
    chain.activate("leaky_relu", alpha=slope)  # min(y, highest) = highest - relu(highest - y)
    chain.affine(-1, highest)
    chain.activate("relu")
    chain.affine(-1, highest)


def _keras_leaky_relu(chain, config, weights):
    chain.activate("leaky_relu", alpha=float(config["negative_slope"] if "negative_slope" in config else config["alpha"]))


def _keras_prelu(chain, config, weights):
    _require_row(chain, {})
    sloped(chain, weights[0] * (chain.width // len(weights[0])))


def _keras_softmax(chain, config, weights):
    _require_row(chain, config)
    chain.activate("softmax")


def _along_last_axis(chain, value):
    values = [float(v) for v in flattened(listed(value))]
    if len(values) not in (1, chain.shape[-1]):
        raise Unsupported("has %d numbers, expected 1 or %d" % (len(values), chain.shape[-1]))
    return values * (chain.width // len(values))


def _keras_rescaling(chain, config, weights):
    chain.affine(_along_last_axis(chain, config["scale"]), _along_last_axis(chain, config["offset"]))


def _keras_normalization(chain, config, weights):
    _require_row(chain, config)
    mean, variance = (weights[0], weights[1]) if config.get("mean") is None else (config["mean"], config["variance"])
    mean = _along_last_axis(chain, mean)
    spread = [max(math.sqrt(v), 1e-7) for v in _along_last_axis(chain, variance)]
    if config.get("invert"):
        return chain.affine(spread, mean)
    chain.subtract_divide(mean, spread)


def _keras_batch_normalization(chain, config, weights):
    _require_row(chain, config)
    weights = list(weights)
    gamma = weights.pop(0) if config["scale"] else [1.0] * chain.width
    beta = weights.pop(0) if config["center"] else [0.0] * chain.width
    normalized(chain, gamma, beta, weights[0], weights[1], config["epsilon"])


def _keras_flatten(chain, config, weights):
    if config.get("data_format") == "channels_first" and len(chain.shape) > 1:
        raise Unsupported("moves channels that come first to the end, only channels_last is supported")
    chain.shape = (chain.width,)


KERAS_LAYERS = {
    "Dense": _keras_dense,
    "Activation": _keras_activation,
    "ReLU": _keras_relu,
    "LeakyReLU": _keras_leaky_relu,
    "PReLU": _keras_prelu,
    "ELU": lambda chain, config, weights: chain.activate("elu", alpha=float(config["alpha"])),
    "Softmax": _keras_softmax,
    "Rescaling": _keras_rescaling,
    "Normalization": _keras_normalization,
    "BatchNormalization": _keras_batch_normalization,
    "Flatten": _keras_flatten,
    "Dropout": in_training_only,
    "GaussianNoise": in_training_only,
    "GaussianDropout": in_training_only,
    "AlphaDropout": in_training_only,
    "ActivityRegularization": in_training_only,
}
