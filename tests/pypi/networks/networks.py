#!/usr/bin/env python3
"""Fresh networks of Keras and PyTorch against emlc: as live objects through emlc_export, and of Keras as the files .h5
and .keras. EMLC is the program; EMLC_NETWORKS is how many of each library (30), EMLC_SEED the seed (the day).

Weights are drawn at random, those of batch normalization too: what a network has learned does not matter here. Values of
the interpreter have to be within 1e-5 of the library's (which computes in float32) or of the largest that is added up,
classes the same; some go through all outputs. Prints each refusal once, each difference with its seed, and the counts. A
library that is not installed is left out; one of the two has to be there.
"""

import collections
import datetime
import importlib
import json
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "formats/exporters")]
import emlc_export  # noqa: E402
import network_agreement  # noqa: E402

FUNCTIONS = ("linear", "relu", "relu6", "sigmoid", "tanh", "softplus", "elu", "selu", "hard_sigmoid", "softmax")


def pick(random, *values):
    return values[int(random.integers(len(values)))]


# Keras


def keras_activation(keras, random):
    """A layer, or the name of a function."""
    layers, old = keras.layers, keras.__version__.startswith("2.")
    slope = float(random.uniform(0.01, 0.5))
    return pick(
        random, *(pick(random, *FUNCTIONS) for _ in range(4)), layers.ReLU(), layers.ReLU(max_value=float(random.uniform(0.5, 7))),
        layers.ReLU(negative_slope=slope, max_value=2.5), layers.LeakyReLU(**{"alpha" if old else "negative_slope": slope}),
        layers.ELU(alpha=float(random.uniform(0.2, 2))), layers.PReLU(), layers.PReLU(shared_axes=[1]), layers.Softmax(),
        layers.Activation(pick(random, *FUNCTIONS)))


def keras_layers(keras, random):
    """All layers but the input."""
    layers, made = keras.layers, []
    if random.uniform() < 0.3:
        made.append(layers.Rescaling(float(random.uniform(0.2, 2)), offset=float(random.normal())))
    if random.uniform() < 0.3:
        made.append(layers.Normalization(**pick(random, {}, {"mean": 0.5, "variance": 2.0}, {"invert": True})))
    for _ in range(int(random.integers(1, 4))):
        if random.uniform() < 0.1:
            made.append(layers.BatchNormalization())
        activation = keras_activation(keras, random)
        is_name = isinstance(activation, str)
        made.append(layers.Dense(int(random.integers(1, 13)), use_bias=bool(random.uniform() < 0.8),
                                 **({"activation": activation} if is_name else {})))
        if random.uniform() < 0.3:
            made.append(layers.BatchNormalization(center=bool(random.uniform() < 0.7), scale=bool(random.uniform() < 0.7)))
        made += [] if is_name else [activation]
        made += pick(random, [], [], [layers.Dropout(0.3)], [layers.GaussianNoise(0.1)], [layers.Flatten()])
    made.append(layers.Dense(int(random.integers(1, 6)), activation=pick(random, "linear", "linear", "softmax", "sigmoid", "log_softmax")))
    return made


def keras_network(keras, random):
    n_in = int(random.integers(1, 10))
    shape = (n_in,) if random.uniform() < 0.8 else (n_in, 2)
    made = keras_layers(keras, random)
    if len(shape) > 1:
        made.insert(0, keras.layers.Flatten())
    if random.uniform() < 0.5:
        model = keras.Sequential([keras.layers.Input(shape), *made])
    else:
        first = value = keras.layers.Input(shape)
        for layer in made:
            value = layer(value)
        model = keras.Model(first, value)
    for layer in model.layers:
        weights = layer.get_weights()
        names = [weight.name.split("/")[-1].split(":")[0] for weight in layer.weights]
        layer.set_weights([drawn(random, name, weight) for name, weight in zip(names, weights)])
        if hasattr(layer, "finalize_state"):  # normalization computes with copies of its weights
            layer.finalize_state()
    return model, shape


def drawn(random, name, weight):
    if "variance" in name:
        return random.uniform(0.05, 3, weight.shape).astype(weight.dtype)
    if name == "count":
        return weight
    return (random.normal(size=weight.shape) * 0.7).astype(weight.dtype)


def make_keras(folder, random):
    """Files of one network: name and file; and its inputs and answers."""
    import keras

    model, shape = keras_network(keras, random)
    X = (random.normal(size=(60, *shape)) * pick(random, 0.5, 3)).astype("f4")
    answers = np.asarray(model.predict(X, verbose=0))
    model.save(folder / "model.h5")
    model.save(folder / "model.keras")
    emlc_export.export(model, X, folder / "object.json")
    return X.reshape(len(X), -1), answers, [layer.__class__.__name__ for layer in model.layers]


# PyTorch


def torch_activation(nn, random, n):
    return pick(random, nn.ReLU(), nn.ReLU6(), nn.LeakyReLU(float(random.uniform(0.01, 0.5))),
                nn.ELU(float(random.uniform(0.2, 2))), nn.PReLU(), nn.PReLU(n), nn.Tanh(), nn.Sigmoid(), nn.Softmax(dim=1),
                nn.Softplus(beta=float(random.uniform(0.5, 3))), nn.Identity())


def make_torch(folder, random):
    import torch
    from torch import nn

    torch.manual_seed(int(random.integers(2**31)))
    n_in = width = int(random.integers(1, 10))
    made = pick(random, [], [], [nn.Flatten()], [nn.BatchNorm1d(n_in)])
    for _ in range(int(random.integers(1, 4))):
        n_out = int(random.integers(1, 13))
        made.append(nn.Linear(width, n_out, bias=bool(random.uniform() < 0.8)))
        made += pick(random, [], [nn.BatchNorm1d(n_out, affine=bool(random.uniform() < 0.7))])
        made.append(torch_activation(nn, random, n_out))
        made += pick(random, [], [nn.Dropout(0.3)], [nn.BatchNorm1d(n_out)])
        width = n_out
    last = nn.Linear(width, int(random.integers(1, 6)))
    made.append(nn.Sequential(last, pick(random, nn.Identity(), nn.Softmax(dim=1), nn.LogSoftmax(dim=1), nn.Sigmoid())))
    model = nn.Sequential(*made)
    with torch.no_grad():
        for name, value in [*model.named_parameters(), *model.named_buffers()]:
            if value.dtype == torch.float32:  # through lists: an older torch knows nothing of a newer numpy
                kind = "variance" if "var" in name else name
                value.copy_(torch.tensor(drawn(random, kind, np.array(value.tolist(), "f4")).tolist()))
    X = (random.normal(size=(60, n_in)) * pick(random, 0.5, 3)).astype("f4")
    emlc_export.export(model, X, folder / "object.json")
    answers = np.array(model.eval()(torch.tensor(X.tolist())).tolist())
    return X, answers, [type(module).__name__ for module in model]


LIBRARIES = {"keras": make_keras, "torch": make_torch}
FILES = ("object.json", "model.h5", "model.keras")


def try_network(emlc, make, random, outputs, counts, refusals):
    """Adds to the counts of each form; gives what differs."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        try:
            X, answers, layers = make(folder, random)
        except ValueError as sentence:
            counts["object.json", "refused"] += 1
            refusals[str(sentence)] += 1
            return
        np.save(folder / "X.npy", X)
        np.save(folder / "pred.npy", answers)
        for name in FILES:
            if not (folder / name).exists():
                continue
            verdict, text = network_agreement.compare(emlc, folder, folder / name, outputs)
            counts[name, verdict] += 1
            if verdict == "different":
                yield f"{name}: {text}; {', '.join(layers)}"
            elif verdict == "refused":
                refusals[text.split(f"{name}:")[-1]] += 1


def main():
    emlc, n = os.environ["EMLC"], int(os.environ.get("EMLC_NETWORKS", "30"))
    seed = int(os.environ.get("EMLC_SEED", datetime.date.today().strftime("%Y%m%d")))
    n_tried, is_good = 0, True
    for place, (library, make) in enumerate(LIBRARIES.items()):
        try:
            version = importlib.import_module(library).__version__
        except ImportError as missing:
            print(f"skipped: {library} ({missing})")
            continue
        print(f"{library} {version}: seed {seed}, {n} networks")
        counts, refusals = collections.Counter(), collections.Counter()
        for index in range(n):
            outputs = ("c", "csv", "tmdl") if index % 10 == 0 else ()
            random = np.random.default_rng([seed, place, index])
            for text in try_network(emlc, make, random, outputs, counts, refusals):
                print(f"{library} {index} {text}")
        for sentence, count in refusals.most_common():
            print(f"  {count} x {sentence}")
        for name in FILES:
            of = {verdict: count for (form, verdict), count in counts.items() if form == name}
            if of:
                print(f"{library} {name}: {json.dumps(of)}")
                is_good = is_good and of.get("different", 0) == 0 and of.get("equal", 0) > 0
        n_tried += n
    return 0 if is_good and n_tried else 1


if __name__ == "__main__":
    sys.exit(main())
