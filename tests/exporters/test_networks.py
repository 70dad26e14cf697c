"""emlc_export: networks of Keras and PyTorch, by stand-ins that compute in float32 what the libraries document."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy as np
from common import SCHEMA
from networks import (KerasLayer, Tensor, activation, batch_norm, batch_normalization, dense, elu, keras_model, linear,
                      log_softmax, normal, normalization, sequential, sigmoid, simple, softmax, torch_module)
from sklearn.tree import DecisionTreeClassifier

import interpreter
import schema
from emlc_export import export

EMLC = os.environ.get("EMLC")
ROWS = np.random.RandomState(1).normal(scale=2, size=(60, 4)).astype("f4")
SLOPES = np.array([0.25, -0.5, 1.5], "f4")


def relu(x):
    return np.maximum(x, 0)


def keras_networks():
    """name: model on four values"""
    prelu = simple("PReLU", lambda x: np.where(x < 0, SLOPES * x, x), [SLOPES], shared_axes=None)
    shared = simple("PReLU", lambda x: np.where(x < 0, np.float32(0.3) * x, x), [np.array([0.3], "f4")], shared_axes=[1])
    after = {
        "relu": simple("ReLU", relu, max_value=None, negative_slope=0.0, threshold=0.0),
        "relu, at most 2": simple("ReLU", lambda x: np.clip(x, 0, 2), max_value=2.0, negative_slope=0.0, threshold=0.0),
        "relu, sloped, at most 2": simple("ReLU", lambda x: np.minimum(np.where(x < 0, np.float32(0.1) * x, x), 2), max_value=2.0,
                                          negative_slope=0.1, threshold=0.0),
        "leaky relu, Keras 2": simple("LeakyReLU", lambda x: np.where(x < 0, np.float32(0.3) * x, x), alpha=0.3),
        "leaky relu, Keras 3": simple("LeakyReLU", lambda x: np.where(x < 0, np.float32(0.3) * x, x), negative_slope=0.3),
        "elu": simple("ELU", lambda x: elu(x, 0.5), alpha=0.5),
        "prelu": prelu,
        "prelu, shared": shared,
        "rescaling": simple("Rescaling", lambda x: x * np.float32(0.5) - 3, scale=0.5, offset=-3.0),
        "rescaling, each": simple("Rescaling", lambda x: x * SLOPES + 1, scale=SLOPES, offset=1.0),
        "dropout": simple("Dropout", lambda x: x, rate=0.5),
        "flatten": simple("Flatten", lambda x: x, data_format="channels_last"),
        "softmax": simple("Softmax", softmax, axis=-1),
        "batch normalization": batch_normalization(3),
        "batch normalization, bare": batch_normalization(3, center=False, scale=False),
        "normalization": normalization(3),
        "normalization, invert": normalization(3, invert=True),
        **{"activation " + name: activation(name) for name in ("linear", "relu", "relu6", "leaky_relu", "sigmoid", "tanh",
                                                                "softmax", "softplus", "elu", "selu")},
        "hard sigmoid, Keras 3": simple("Activation", lambda x: np.clip(x / 6 + np.float32(0.5), 0, 1), activation="hard_sigmoid"),
        "a function": simple("Activation", np.tanh, activation={"class_name": "function", "config": "tanh"}),
    }
    for name, layer in after.items():
        yield name + " at the end", keras_model([dense(4, 3), layer], 4)
        yield name + " behind relu", keras_model([dense(4, 3, "relu"), layer, dense(3, 2, "softmax")], 4)
        yield name + " first", keras_model([dense(4, 3, use_bias=False), layer, dense(3, 1, "sigmoid")], 4, functional=3)
    yield "normalized first", keras_model([normalization(4), batch_normalization(4), dense(4, 2)], 4, functional=2)
    yield "activation first", keras_model([activation("tanh"), dense(4, 2)], 4)
    yield "two labels", keras_model([dense(4, 2, "sigmoid")], 4)
    yield "log softmax", keras_model([dense(4, 3, "relu"), dense(3, 3, "log_softmax")], 4)
    yield "scaler alone", keras_model([normalization(4)], 4)
    yield "a table", keras_model([simple("Rescaling", lambda x: x / 2, scale=0.5, offset=0.0),
                                  simple("Flatten", lambda x: x.reshape(len(x), -1)), dense(4, 2)], 4, shape=(2, 2))


def torch_networks():
    after = {
        "ReLU": (relu, {}),
        "ReLU6": (lambda x: np.clip(x, 0, 6), {}),
        "LeakyReLU": (lambda x: np.where(x < 0, np.float32(0.01) * x, x), {"negative_slope": 0.01}),
        "ELU": (lambda x: elu(x, 0.5), {"alpha": 0.5}),
        "PReLU": (lambda x: np.where(x < 0, SLOPES * x, x), {"weight": Tensor.of(SLOPES)}),
        "Tanh": (np.tanh, {}),
        "Sigmoid": (sigmoid, {}),
        "Softmax": (softmax, {"dim": 1}),
        "Softplus": (lambda x: np.logaddexp(0, 2 * x) / 2, {"beta": 2, "threshold": 20}),
        "Dropout": (lambda x: x, {"p": 0.5}),
        "Flatten": (lambda x: x.reshape(len(x), -1), {"start_dim": 1, "end_dim": -1}),
        "Identity": (lambda x: x, {}),
    }
    for name, (answer, attributes) in after.items():
        module = torch_module(name, answer, **attributes)
        yield name + " at the end", sequential(linear(4, 3), module)
        yield name + " inside", sequential(linear(4, 3, bias=False), batch_norm(3), module, batch_norm(3, affine=False),
                                           sequential(linear(3, 2)))
    yield "shared slope", sequential(linear(4, 3), torch_module("PReLU", lambda x: np.where(x < 0, np.float32(0.3) * x, x),
                                                                weight=Tensor.of([0.3])))
    yield "LogSoftmax", sequential(linear(4, 3), torch_module("LogSoftmax", log_softmax, dim=1))
    yield "normalized first", sequential(batch_norm(4), linear(4, 1), torch_module("Sigmoid", sigmoid))


class NetworkTest(unittest.TestCase):
    def check(self, name, model):
        rows = ROWS.reshape(-1, *model.input_shape[1:]) if hasattr(model, "input_shape") else ROWS
        with self.subTest(name), tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "model.json"
            export(model, rows, path)
            document = json.loads(path.read_text())
            self.assertEqual(schema.errors(document, SCHEMA), [])
            vectors = document["test_vectors"]
            self.assertEqual(len(vectors["inputs"]), 40)
            # A bound that says something.
            largest = max(abs(value) for row in vectors["outputs"] for value in row)
            self.assertLess(vectors["atol"], 1e-3 * max(1.0, largest))
            for row, expected in zip(vectors["inputs"], vectors["outputs"]):
                for found, value in zip(interpreter.outputs(document, row), expected):
                    self.assertLessEqual(abs(found - value), vectors["atol"])
            if EMLC:
                finished = subprocess.run([EMLC, "inspect", path, "--json"], capture_output=True, text=True)
                self.assertEqual(finished.stderr, "")
                self.assertEqual(json.loads(finished.stdout)["test_vectors_replayed"], 40)

    def test_keras(self):
        for name, model in keras_networks():
            self.check(name, model)

    def test_torch(self):
        for name, model in torch_networks():
            self.check(name, model)
            self.assertTrue(all(module.training for module in model.modules()), "training goes on as before")

    def test_what_the_outputs_mean(self):
        output = export(keras_model([dense(4, 3, "softmax")], 4), class_names=["a", "b", "c"])["output"]
        self.assertEqual(output, {"task": "classification", "n_outputs": 3,
                                  "targets": [{"size": 3, "class_names": ["a", "b", "c"]}],
                                  "decision": {"rule": "argmax"}})
        document = export(sequential(linear(4, 1), torch_module("Sigmoid", sigmoid)), ROWS, class_names=["no", "yes"])
        self.assertEqual(document["output"]["decision"], {"rule": "greater", "threshold": 0.5})
        vectors = document["test_vectors"]
        self.assertEqual(vectors["labels"], ["yes" if y > 0.5 else "no" for (y,) in vectors["outputs"]])
        self.assertEqual(document["producer"]["library"], "pytorch")

    def refuse(self, sentence, model, *arguments, **options):
        with self.assertRaises(ValueError) as caught:
            export(model, *arguments, **options)
        self.assertEqual(str(caught.exception).split("; supported")[0], sentence)

    def test_refusals_of_keras(self):
        def network(class_name, **config):
            layer = simple(class_name, None, **config)
            layer.config["name"] = "odd"
            return keras_model([dense(4, 3), layer], 4)

        self.refuse("layer 'odd' (LSTM) cannot be exported", network("LSTM"))
        self.refuse("layer 'odd' (Dense) computes in mixed_float16, only float32 can be exported",
                    network("Dense", dtype={"class_name": "Policy", "config": {"name": "mixed_float16"}}))
        self.refuse("layer 'odd' (Activation) has the activation 'swish'", network("Activation", activation="swish"))
        self.refuse("layer 'odd' (ReLU) has a threshold other than 0, where its answers jump; no activation of emlc does that",
                    network("ReLU", threshold=1.0))
        self.refuse("layer 'odd' (ReLU) has a max_value of 0.0, expected one above 0", network("ReLU", max_value=0))
        self.refuse("layer 'odd' (Softmax) works along the axes 2, expected the last one", network("Softmax", axis=2))
        own = KerasLayer("Dense", {"name": "mine", "units": 2, "activation": "linear", "use_bias": False}, [normal(4, 2)],
                         None, module="mine")
        self.refuse("layer 'mine' (Dense) cannot be exported", keras_model([own], 4))
        self.refuse("layer 'layer_x' (Dense) works on an input of shape (2, 2), only a row of values is supported; put a "
                    "Flatten before it", keras_model([self.named(dense(4, 2), "layer_x")], 4, shape=(2, 2)))
        self.refuse("the model does not know the shape of its input: build it, or call it once",
                    keras_model([dense(4, 2)], 4, shape=(None,)))
        self.refuse("no layer of the network computes anything", keras_model([simple("Dropout", None)], 4))
        merged = keras_model([dense(4, 4), dense(4, 2)], 4, functional=2)
        nodes = merged.get_config()["layers"][2]["inbound_nodes"]
        nodes[0].append(["input", 0, 0, {}])
        merged.get_config()["layers"][2]["config"]["name"] = "sum"
        merged.get_config()["output_layers"] = [["sum", 0, 0]]
        self.refuse("layer 'sum' takes 2 outputs, only chains of layers can be exported", merged)
        del nodes[0][0]
        self.refuse("the model is no chain of layers: 2 of 3 are on the way to its output", merged)
        self.refuse("class_names has 2 entries, the network has 3 classes", keras_model([dense(4, 3, "softmax")], 4),
                    class_names=["a", "b"])
        self.refuse("class_names has 2 entries, the network has no decision", keras_model([dense(4, 3)], 4),
                    class_names=["a", "b"])
        self.refuse("class_names are of networks, a DecisionTreeClassifier has its own", DecisionTreeClassifier(),
                    class_names=["a"])

    @staticmethod
    def named(layer, name):
        layer.config["name"] = name
        return layer

    def test_refusals_of_torch(self):
        def network(name, **attributes):
            return sequential(linear(4, 3), torch_module(name, None, **attributes))

        self.refuse("module '1' (LSTM) of a Sequential cannot be exported", network("LSTM"))
        self.refuse("module 1 (Softmax) is over dimension 0, expected 1", network("Softmax", dim=0))
        self.refuse("module 2 (ReLU) comes behind a log_softmax, which has to be the last",
                    sequential(linear(4, 3), torch_module("LogSoftmax", log_softmax, dim=1), torch_module("ReLU", relu)))
        self.refuse("module 1 (Softplus) has a threshold of 5, below 20 its answers jump there",
                    network("Softplus", beta=1, threshold=5))
        self.refuse("module 1 (BatchNorm1d) keeps no running mean, so that it depends on the batch",
                    network("BatchNorm1d", num_features=3, running_mean=None))
        self.refuse("module 1 (Flatten) flattens dimensions 0 to -1, expected 1 to -1",
                    network("Flatten", start_dim=0, end_dim=-1))
        self.refuse("module 1 (Linear) takes 7 values, 3 come in", sequential(linear(4, 3), linear(7, 2)))
        self.refuse("the Sequential does not say how many values it takes: it has no Linear and no BatchNorm1d",
                    sequential(torch_module("ReLU", None)))
        net = type("Net", (type(sequential()).__mro__[1],), {"__module__": "mine"})()
        self.refuse("cannot export a Net: of PyTorch only a torch.nn.Sequential says what it computes; others go through "
                    "torch.onnx.export", net)


if __name__ == "__main__":
    unittest.main()
