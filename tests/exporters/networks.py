"""Networks as Keras and PyTorch have them, by stand-ins: the attributes that emlc_export looks at, and answers in float32
that are computed straight from what the libraries document. tests/pypi/networks.py has the libraries themselves."""

import numpy as np

F = np.float32
RANDOM = np.random.RandomState(5)


def normal(*shape):
    return RANDOM.normal(size=shape).astype(F)


def elu(x, alpha=1.0):
    return np.where(x < 0, F(alpha) * np.expm1(np.minimum(x, 0)), x)


def softmax(x):
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def log_softmax(x):
    return x - np.logaddexp.reduce(x, axis=1, keepdims=True)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


FUNCTIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "leaky_relu": lambda x: np.where(x < 0, F(0.2) * x, x),
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "softmax": softmax,
    "log_softmax": log_softmax,
    "softplus": lambda x: np.logaddexp(0, x),
    "elu": elu,
    "selu": lambda x: F(1.0507009873554805) * elu(x, 1.6732632423543772),
}


def kind(library, name, **body):
    """A class as the library has it."""
    return type(name, (), {"__module__": library + ".stand_in", **body})


# Keras


class KerasLayer:
    """Class name, config, weights and the function of a layer."""

    def __init__(self, class_name, config, weights, answer, module="keras"):
        self.class_name, self.config, self.answer = class_name, config, answer
        self.object = kind(module, class_name, get_weights=lambda _: weights)()


_names = iter(range(10**6))


def _config(**more):
    return {"name": "layer_%d" % next(_names), "dtype": "float32", **more}


def dense(n_in, n_out, activation="linear", use_bias=True):
    kernel, bias = normal(n_in, n_out), normal(n_out) if use_bias else np.zeros(n_out, F)
    config = _config(units=n_out, activation=activation, use_bias=use_bias)
    return KerasLayer("Dense", config, [kernel, bias][: 1 + use_bias], lambda x: FUNCTIONS[activation](x @ kernel + bias))


def batch_normalization(n, center=True, scale=True):
    gamma, beta = normal(n) if scale else np.ones(n, F), normal(n) if center else np.zeros(n, F)
    mean, variance = normal(n), np.abs(normal(n))
    weights = [gamma] * scale + [beta] * center + [mean, variance]
    config = _config(axis=[1], epsilon=1e-3, center=center, scale=scale)
    return KerasLayer("BatchNormalization", config, weights,
                      lambda x: gamma * (x - mean) / np.sqrt(variance + F(1e-3)) + beta)


def normalization(n, invert=False):
    mean, variance = normal(n), np.abs(normal(n)) + F(0.1)

    def answer(x):
        return x * np.sqrt(variance) + mean if invert else (x - mean) / np.sqrt(variance)

    return KerasLayer("Normalization", _config(axis=[-1], mean=None, variance=None, invert=invert),
                      [mean, variance, np.int64(0)], answer)


def activation(name):
    return KerasLayer("Activation", _config(activation=name), [], FUNCTIONS[name])


def simple(class_name, answer, weights=(), **config):
    return KerasLayer(class_name, _config(**config), list(weights), answer)


def keras_model(layers, n_in, class_name="Sequential", shape=None, functional=None):
    """@param functional  how calls are written: 2 or 3, the version of Keras; None for a list of layers."""
    entries, before = [], "input"
    for layer in layers:
        entry = {"class_name": layer.class_name, "config": layer.config}
        if functional == 2:
            entry["inbound_nodes"] = [[[before, 0, 0, {}]]]
        elif functional == 3:
            entry["inbound_nodes"] = [{"args": ({"class_name": "__keras_tensor__", "config": {
                "shape": (None, 1), "keras_history": [before, 0, 0]}},), "kwargs": {}}]
        entries.append(entry)
        before = layer.config["name"]
    config = {"name": "model", "layers": entries}
    if functional:
        entries.insert(0, {"class_name": "InputLayer", "config": {"name": "input"}, "inbound_nodes": []})
        config["output_layers"] = [[before, 0, 0]]
    by_name = {layer.config["name"]: layer.object for layer in layers}

    def predict(_, x, verbose):
        for layer in layers:
            x = layer.answer(x).astype(F)
        return x

    base = kind("keras", "Model")
    body = {"__module__": "keras.stand_in", "input_shape": (None, *(shape or (n_in,))), "output_shape": (None, 1),
            "get_config": lambda _: config, "get_layer": lambda _, name: by_name[name], "predict": predict}
    return type(class_name, (base,), body)()


# PyTorch


class Tensor(np.ndarray):
    """An array with what is asked of tensors."""

    @staticmethod
    def of(values):
        return np.asarray(values, F).view(Tensor)

    def detach(self):
        return self

    def new_tensor(self, values):
        return Tensor.of(values)

    @property
    def dtype(self):
        return "torch.float32"


class TorchModule:
    def __init__(self, answer, **attributes):
        self.answer, self.training = answer, True
        for name, value in attributes.items():
            setattr(self, name, value)


def torch_module(name, answer, **attributes):
    return type(name, (TorchModule,), {"__module__": "torch.nn.stand_in"})(answer, **attributes)


def linear(n_in, n_out, bias=True):
    weight, offset = Tensor.of(normal(n_out, n_in)), Tensor.of(normal(n_out)) if bias else None

    def answer(x):
        return x @ np.asarray(weight).T + (np.asarray(offset) if bias else 0)

    return torch_module("Linear", answer, in_features=n_in, out_features=n_out, weight=weight, bias=offset)


def batch_norm(n, affine=True):
    gamma, beta = (normal(n), normal(n)) if affine else (np.ones(n, F), np.zeros(n, F))
    mean, variance = normal(n), np.abs(normal(n))
    return torch_module("BatchNorm1d", lambda x: gamma * (x - mean) / np.sqrt(variance + F(1e-5)) + beta, num_features=n,
                        weight=Tensor.of(gamma) if affine else None, bias=Tensor.of(beta) if affine else None,
                        running_mean=Tensor.of(mean), running_var=Tensor.of(variance), eps=1e-5)


def sequential(*modules):
    """Training, as a network is left: Dropout and BatchNorm1d answer by the batch then."""

    def modules_of(self):
        inside = [module.modules() if hasattr(module, "modules") else [module] for module in modules]
        return [self, *(inner for some in inside for inner in some)]

    def call(self, x):
        for module in self.modules():
            if module.training:
                raise AssertionError("asked while it trains")
        return self.forward(x)

    def forward(self, x):
        x = np.asarray(x)
        for module in modules:
            x = module.forward(x) if hasattr(module, "forward") else module.answer(x)
        return Tensor.of(x)

    def evaluate(self):
        for module in self.modules():
            module.training = False

    def parameters(self):
        for module in modules:
            if hasattr(module, "parameters"):
                yield from module.parameters()
            elif getattr(module, "weight", None) is not None:
                yield module.weight

    base = kind("torch", "Module")
    body = {"__module__": "torch.nn.stand_in", "training": True, "modules": modules_of, "eval": evaluate,
            "parameters": parameters, "forward": forward, "__call__": call,
            "named_children": lambda _: [(str(index), module) for index, module in enumerate(modules)]}
    return type("Sequential", (base,), body)()
