"""Networks that quantize_static of ONNX Runtime puts codes into, and what is compared of them."""

import json
import pathlib
import tempfile

import library_agreement
import numpy as np
import onnx

N_FEATURES = 6


def has_codes(graph):
    return any(node.op_type == "QuantizeLinear" for node in graph.graph.node)


def compare(emlc, case, outputs):
    """As library_agreement.compare, where a sum that is half way between two codes may become either: 1 row in 100 may
    differ. Without the rounding the outputs are near."""
    model, rows = case / "model.onnx", case / "X.npy"
    expected = np.load(case / "out_y.npy")
    try:
        found = library_agreement.numbers(emlc, model, "-i", rows, "--outputs", "values")
        is_off = ~np.isclose(found, expected, rtol=1e-5, atol=1e-5).all(axis=1)
        if is_off.mean() > 0.01:
            return "different", f"{is_off.sum()} of {len(is_off)} rows differ, by {np.abs(found - expected).max()}"
        for output in outputs:
            emitted = [model, "-i", rows, "--as-emitted", "--to", output, "--drop-rounding", "--data", rows, "--outputs", "values"]
            off = np.abs(library_agreement.numbers(emlc, *emitted) - expected).mean() / np.abs(expected).max()
            if off > 0.05:
                return "different", f"{output}: {off:.2f} of the largest output off in the mean without rounding"
    except library_agreement.Refused as sentence:
        return "refused", str(sentence)
    except AssertionError as problem:
        return "different", str(problem)
    return "equal", ""


def float_graph(random):
    """A network as exporters write it: layers of Gemm, or of MatMul and Add, with or without activations."""
    sizes = [N_FEATURES, *map(int, random.integers(2, 12, random.integers(1, 4))), int(random.integers(1, 5))]
    nodes, weights, at = [], [], "x"
    for index, (n_in, n_out) in enumerate(zip(sizes, sizes[1:])):
        w, b, m, z, a = (f"{letter}{index}" for letter in "wbmza")
        weights += [onnx.numpy_helper.from_array((random.normal(size=(n_in, n_out)) / np.sqrt(n_in)).astype(np.float32), w),
                    onnx.numpy_helper.from_array((random.normal(size=n_out) * 0.3).astype(np.float32), b)]
        nodes += random.choice([lambda: [onnx.helper.make_node("Gemm", [at, w, b], [z], z)],
                                lambda: [onnx.helper.make_node("MatMul", [at, w], [m], m), onnx.helper.make_node("Add", [m, b], [z], z)]])()
        is_last = index + 2 == len(sizes)
        activation = str(random.choice(["Softmax", ""] if is_last else ["Relu", "Relu", "Tanh", "Sigmoid", "LeakyRelu", "Clip", ""]))
        at = z
        if activation == "Clip":
            weights += [onnx.numpy_helper.from_array(np.float32(end), a + name) for end, name in ((0, "low"), (6, "high"))]
            nodes.append(onnx.helper.make_node("Clip", [z, a + "low", a + "high"], [a], a))
            at = a
        elif activation:
            nodes.append(onnx.helper.make_node(activation, [z], [a], a))
            at = a
    nodes[-1].output[0] = "y"
    ports = [[onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["n", n])] for name, n in (("x", N_FEATURES), ("y", sizes[-1]))]
    graph = onnx.helper.make_graph(nodes, "network", *ports, weights)
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", int(random.choice([13, 17, 21])))], ir_version=8)


def graph(random, index):
    from onnxruntime import quantization

    class Reader(quantization.CalibrationDataReader):
        def __init__(self, X):
            self.rows = iter([{"x": X}])

        def get_next(self):
            return next(self.rows, None)

    network, X = float_graph(random), random.normal(size=(300, N_FEATURES)).astype(np.float32)
    is_signed = bool(index % 2)
    types = quantization.QuantType
    options = {"per_channel": bool(random.integers(2)), "activation_type": types.QInt8 if is_signed else types.QUInt8,
               "weight_type": types.QInt8 if is_signed or random.uniform() < 0.5 else types.QUInt8}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        onnx.save(network, path / "float.onnx")
        quantization.quantize_static(str(path / "float.onnx"), str(path / "codes.onnx"), Reader(X[:150]), **options)
        network = onnx.load(path / "codes.onnx")
    return network, X, json.dumps({name: str(value) for name, value in options.items()})
