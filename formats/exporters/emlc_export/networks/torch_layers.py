"""Networks of PyTorch: what the attributes of a module make of a chain."""

from .chain import Chain, Unsupported, activated, in_training_only, normalized, sloped
from .network import Network


def torch_network(model, class_names):
    modules = list(_torch_modules(model))
    widths = [width for width in (_torch_width(module) for module in modules) if width]
    if not widths:
        raise ValueError("the Sequential does not say how many values it takes: it has no Linear and no BatchNorm1d")
    chain = Chain(widths[0])
    for index, module in enumerate(modules):
        try:
            TORCH_LAYERS[type(module).__name__](chain, module)
        except Unsupported as problem:
            raise ValueError("module %d (%s) %s" % (index, type(module).__name__, problem)) from None
    parameter = next(model.parameters())
    if str(parameter.dtype) not in ("torch.float32", "torch.float64"):
        raise ValueError("the Sequential computes in %s, only float32 and float64 can be exported" % parameter.dtype)

    def answer(rows, row_shape):
        was_training = [(module, module.training) for module in model.modules()]
        model.eval()
        try:
            return model(parameter.detach().new_tensor(rows).reshape(len(rows), *row_shape)).tolist()
        finally:
            for module, flag in was_training:
                module.training = flag

    return Network(("pytorch", "torch"), model, chain, class_names, answer)


def _torch_modules(model):
    """Modules of a Sequential in order, those in a Sequential inside of it in its place."""
    for place, module in ([(None, model)] if type(model).__name__ != "Sequential" else model.named_children()):
        is_own = type(module).__module__.split(".")[0] == "torch"
        if is_own and type(module).__name__ == "Sequential":
            yield from _torch_modules(module)
        elif is_own and place is not None and type(module).__name__ in TORCH_LAYERS:
            yield module
        elif place is None:
            raise ValueError("cannot export a %s: of PyTorch only a torch.nn.Sequential says what it computes; others go "
                             "through torch.onnx.export" % type(module).__name__)
        else:
            raise ValueError("module %r (%s) of a Sequential cannot be exported; supported: %s"
                             % (place, type(module).__name__, ", ".join(TORCH_LAYERS)))


def _torch_width(module):
    return getattr(module, "in_features", getattr(module, "num_features", None))


def _torch_linear(chain, module):
    if module.in_features != chain.width:
        raise Unsupported("takes %d values, %d come in" % (module.in_features, chain.width))
    bias = [0.0] * module.out_features if module.bias is None else module.bias.tolist()
    chain.dense(module.weight.tolist(), bias)


def _torch_prelu(chain, module):
    slopes = module.weight.tolist()
    sloped(chain, slopes * (chain.width // len(slopes)))


def _require_row(module):
    if module.dim not in (1, -1, None):
        raise Unsupported("is over dimension %d, expected 1" % module.dim)


def _torch_softmax(chain, module):
    _require_row(module)
    chain.activate("softmax")


def _torch_log_softmax(chain, module):
    _require_row(module)
    chain.end_in_log_softmax()


def _torch_softplus(chain, module):
    """log(1 + exp(beta x)) / beta, and x itself above a threshold where that is the same in float32."""
    if module.threshold < 20:
        raise Unsupported("has a threshold of %r, below 20 its answers jump there" % module.threshold)
    activated(chain, (module.beta, 0, "softplus", {}, 1 / module.beta))


def _torch_batch_norm(chain, module):
    if module.running_mean is None:
        raise Unsupported("keeps no running mean, so that it depends on the batch")
    gamma = [1.0] * chain.width if module.weight is None else module.weight.tolist()
    beta = [0.0] * chain.width if module.bias is None else module.bias.tolist()
    normalized(chain, gamma, beta, module.running_mean.tolist(), module.running_var.tolist(), module.eps)


def _torch_flatten(chain, module):
    if (module.start_dim, module.end_dim) != (1, -1):
        raise Unsupported("flattens dimensions %d to %d, expected 1 to -1" % (module.start_dim, module.end_dim))


TORCH_LAYERS = {
    "Linear": _torch_linear,
    "ReLU": lambda chain, module: chain.activate("relu"),
    "ReLU6": lambda chain, module: chain.activate("relu6"),
    "LeakyReLU": lambda chain, module: chain.activate("leaky_relu", alpha=float(module.negative_slope)),
    "ELU": lambda chain, module: chain.activate("elu", alpha=float(module.alpha)),
    "PReLU": _torch_prelu,
    "Tanh": lambda chain, module: chain.activate("tanh"),
    "Sigmoid": lambda chain, module: chain.activate("logistic"),
    "Softmax": _torch_softmax,
    "LogSoftmax": _torch_log_softmax,
    "Softplus": _torch_softplus,
    "BatchNorm1d": _torch_batch_norm,
    "Dropout": in_training_only,
    "AlphaDropout": in_training_only,
    "Flatten": _torch_flatten,
    "Identity": in_training_only,
}
