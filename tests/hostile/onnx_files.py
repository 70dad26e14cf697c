"""Graphs in ONNX with something wrong in each: (name, content) pairs. Fields are written by their numbers."""

import struct


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def text(field, value):
    value = value if isinstance(value, bytes) else value.encode()
    return varint(field << 3 | 2) + varint(len(value)) + value


def integer(field, value):
    return varint(field << 3) + varint(value)


def number(field, value):
    return varint(field << 3 | 5) + struct.pack("<f", value)


def attribute(name, value):
    """An integer, a float, a text, or a list of one of them."""
    forms = {int: (3, 8, 2, integer), float: (2, 7, 1, number), str: (4, 9, 3, text)}
    is_list = isinstance(value, list)
    one, many, kind, write = forms[type(value[0] if is_list else value)]
    content = b"".join(write(many, item) for item in value) if is_list else write(one, value)
    return text(5, text(1, name) + content + integer(20, kind + 5 if is_list else kind))


def node(op, inputs, outputs, domain="", name="", **attributes):
    content = b"".join(text(1, item) for item in inputs) + b"".join(text(2, item) for item in outputs)
    content += text(3, name) + text(4, op) + b"".join(attribute(*item) for item in attributes.items())
    return text(1, content + text(7, domain))


def tensor(shape, values=(), kind=1, raw=None):
    content = b"".join(integer(1, size) for size in shape) + integer(2, kind)
    return content + text(9, struct.pack(f"<{len(values)}f", *values) if raw is None else raw)


def initializer(name, content):
    return text(5, content + text(8, name))


def port(field, name, shape, kind=1):
    sizes = b"".join(text(1, integer(1, size)) for size in shape)
    return text(field, text(1, name) + text(2, text(1, integer(1, kind) + text(2, sizes))))


def model(graph, opset=17, ml=3):
    return (integer(1, 8) + text(2, "onnx-hostile") + text(7, graph) + text(8, text(1, "") + integer(2, opset))
            + text(8, text(1, "ai.onnx.ml") + integer(2, ml)))


PORTS = port(11, "x", [1, 2]) + port(12, "y", [1, 1])
WEIGHTS = initializer("w", tensor([2, 1], [1, 2]))
LAYER = node("MatMul", ["x", "w"], ["y"], name="layer")
TREES = {"nodes_treeids": [0, 0, 0], "nodes_nodeids": [0, 1, 2], "nodes_featureids": [0, 0, 0], "nodes_values": [1.0, 0.0, 0.0],
         "nodes_modes": ["BRANCH_LEQ", "LEAF", "LEAF"], "nodes_truenodeids": [1, 0, 0], "nodes_falsenodeids": [2, 0, 0],
         "target_treeids": [0, 0], "target_nodeids": [1, 2], "target_ids": [0, 0], "target_weights": [1.0, 2.0], "n_targets": 1}
CHANGES = {
    "child-beyond": ("nodes_truenodeids", [9, 0, 0]), "child-negative": ("nodes_falsenodeids", [-1, 0, 0]),
    "cycle": ("nodes_truenodeids", [0, 0, 0]), "two-parents": ("nodes_falsenodeids", [1, 0, 0]),
    "node-twice": ("nodes_nodeids", [0, 1, 1]), "lists": ("nodes_values", [1.0, 0.0]), "mode": ("nodes_modes", ["BRANCH_IN", "LEAF", "LEAF"]),
    "no-nodes": ("nodes_treeids", None), "feature-beyond": ("nodes_featureids", [2, 0, 0]), "feature-huge": ("nodes_featureids", [1 << 40, 0, 0]),
    "threshold-nan": ("nodes_values", [float("nan"), 0.0, 0.0]), "leaf-nan": ("target_weights", [float("nan"), 0.0]),
    "leaf-nowhere": ("target_nodeids", [1, 7]), "leaf-of-split": ("target_nodeids", [0, 2]), "target-beyond": ("target_ids", [0, 1]),
    "targets-none": ("n_targets", 0), "targets-huge": ("n_targets", 1 << 40), "aggregate": ("aggregate_function", "MAX"),
    "post": ("post_transform", "PROBIT"), "base": ("base_values", [1.0, 2.0]),
}


def codes(*nodes, zero=b"\0", kind=3, scales=(0.5,)):
    """Nodes of a quantiser, with a scale `s` and a zero `z`."""
    return (b"".join(node(*each) for each in nodes) + initializer("s", tensor([len(scales)], scales))
            + initializer("z", tensor([len(zero) // (8 if kind == 7 else 1)], kind=kind, raw=zero)) + PORTS)


QUANTISE = ("QuantizeLinear", ["x", "s", "z"], ["c"])
DEQUANTISE = ("DequantizeLinear", ["c", "s", "z"], ["y"])
CODES = {
    "open-end": codes(("QuantizeLinear", ["x", "s", "z"], ["y"])), "from-nowhere": codes(("DequantizeLinear", ["x", "s", "z"], ["y"])),
    "computed": codes(QUANTISE, ("Relu", ["c"], ["y"])), "scale-0": codes(QUANTISE, DEQUANTISE, scales=[0.0]),
    "scale-negative": codes(QUANTISE, DEQUANTISE, scales=[-1.0]), "scale-nan": codes(QUANTISE, DEQUANTISE, scales=[float("nan")]),
    "scale-infinite": codes(QUANTISE, DEQUANTISE, scales=[float("inf")]), "scales": codes(QUANTISE, DEQUANTISE, scales=[1.0, 2.0]),
    "zeros": codes(QUANTISE, DEQUANTISE, zero=b"\0\0"), "no-zero": codes(QUANTISE, DEQUANTISE, zero=b""),
    "zero-text": codes(QUANTISE, DEQUANTISE, kind=8, zero=b""), "zero-long": codes(QUANTISE, DEQUANTISE, kind=7, zero=bytes(8)),
    "matrix-axis": initializer("c", tensor([2, 1], kind=3, raw=b"\1\2")) + codes(("DequantizeLinear", ["c", "s", "z"], ["w"]), scales=[1.0, 2.0]),
}
SVM = {"kernel_type": "LINEAR", "coefficients": [1.0, -1.0], "support_vectors": [1.0, 2.0, 3.0, 4.0], "vectors_per_class": [1, 1],
       "rho": [0.0], "classlabels_ints": [0, 1]}
MACHINES = {
    "vectors-short": {"support_vectors": [1.0]}, "vectors-huge-count": {"vectors_per_class": [1 << 40, 1, 1]}, "three-classes": {"classlabels_ints": [0, 1, 2]},
    "no-rho": {"rho": [0.0, 0.0]}, "probabilities": {"prob_a": [1.0]}, "vectors-nan": {"support_vectors": [float("nan"), 0.0, 0.0, 0.0]},
}


def forest(change):
    name, value = change
    attributes = {key: item for key, item in {**TREES, name: value}.items() if item is not None}
    return model(node("TreeEnsembleRegressor", ["x"], ["y"], "ai.onnx.ml", "forest", **attributes) + PORTS)


def models():
    good = model(LAYER + WEIGHTS + PORTS)
    for at in (5, 20, 40, len(good) - 1):
        yield f"onnx-cut-at-{at}.onnx", good[:at]
    yield "onnx-length-beyond.onnx", good[:18] + b"\xff\xff\xff\x7f" + good[18:]
    yield "onnx-many-nodes.onnx", integer(1, 8) + text(2, "onnx-hostile") + text(7, b"\x0a\x00" * 1000000)
    yield "onnx-no-graph.onnx", integer(1, 8) + text(2, "onnx-hostile")
    yield "onnx-no-opset.onnx", integer(1, 8) + text(2, "onnx-hostile") + text(7, LAYER + WEIGHTS + PORTS)
    yield "onnx-opset-new.onnx", model(LAYER + WEIGHTS + PORTS, opset=4000000000)
    yield "onnx-functions.onnx", good + text(25, b"")
    for name, content in [
        ("negative-size", tensor([-2, 1], [1, 2])), ("huge-size", tensor([1 << 62, 1 << 62])), ("product", tensor([3, 1], [1, 2])),
        ("odd-bytes", tensor([2, 1], raw=b"1234567")), ("float16", tensor([2, 1], kind=10, raw=b"1234")), ("texts", tensor([2, 1], kind=8)),
        ("external", integer(1, 2) + integer(2, 1) + text(13, text(1, "location") + text(2, "../secret")) + integer(14, 1)),
        ("infinite", tensor([2, 1], [1, float("inf")])), ("dimensions", tensor([2, 1, 1], [1, 2])), ("empty", tensor([2, 0])),
    ]:
        yield f"onnx-tensor-{name}.onnx", model(LAYER + initializer("w", content) + PORTS)
    relu = lambda a, b: node("Relu", [a], [b])
    for name, graph in [
        ("initializer-twice", LAYER + WEIGHTS + WEIGHTS + PORTS), ("no-initializer", LAYER + PORTS), ("cycle", relu("b", "a") + relu("a", "b") + PORTS),
        ("made-twice", LAYER + LAYER + WEIGHTS + PORTS), ("input-made", relu("x", "x") + PORTS), ("output-nowhere", relu("x", "z") + PORTS),
        ("no-input", LAYER + WEIGHTS + port(12, "y", [1, 1])), ("no-output", LAYER + WEIGHTS + port(11, "x", [1, 2])),
        ("input-huge", LAYER + WEIGHTS + port(11, "x", [1, 1 << 40]) + port(12, "y", [1, 1])), ("input-image", LAYER + WEIGHTS + port(11, "x", [1, 3, 4, 4]) + port(12, "y", [1, 1])),
        ("input-text", LAYER + WEIGHTS + port(11, "x", [1, 2], 8) + port(12, "y", [1, 1])), ("wide", relu("x", "y") + port(11, "x", [1, 65536]) + port(12, "y", [1, 1])),
        ("operator", node("LSTM", ["x"], ["y"], name="cell\x1b[31m") + PORTS), ("no-operator", node("", ["x"], ["y"]) + PORTS),
        ("domain", node("Relu", ["x"], ["y"], "com.example") + PORTS), ("attribute", node("Relu", ["x"], ["y"], slope=1.0) + PORTS),
        ("subgraph", text(1, text(1, "x") + text(2, "y") + text(4, "If") + text(5, text(1, "then_branch") + text(6, b""))) + PORTS),
        ("sparse", LAYER + text(15, b"") + PORTS), ("missing-input", node("MatMul", ["x"], ["y"]) + PORTS), ("omitted-input", node("MatMul", ["x", ""], ["y"]) + PORTS),
        ("divide-0", node("Div", ["x", "c"], ["y"]) + initializer("c", tensor([], [0])) + PORTS),
        ("shape", node("Add", ["x", "c"], ["y"]) + initializer("c", tensor([3], [0, 1, 2])) + PORTS),
        ("kernel", node("SVMClassifier", ["x"], ["y"], "ai.onnx.ml", "svm", kernel_type="RBF") + PORTS),
        ("scaler-short", node("Scaler", ["x"], ["y"], "ai.onnx.ml", offset=[1.0, 2.0, 3.0], scale=[1.0]) + PORTS),
        ("classes-huge", node("LinearClassifier", ["x"], ["y"], "ai.onnx.ml", coefficients=[1.0], classlabels_ints=list(range(5000))) + PORTS),
        ("repeated", b"".join(node("PRelu", [f"t{i}" if i else "x", "c"], [f"t{i + 1}"]) for i in range(64)) + initializer("c", tensor([1000], [0.5, *[0.25] * 999]))
         + port(11, "x", [1, 1000]) + port(12, "t64", [1, 1])),
    ]:
        yield f"onnx-{name}.onnx", model(graph)
    shape = lambda *sizes: initializer("n", tensor([len(sizes)], kind=7, raw=struct.pack(f"<{len(sizes)}q", *sizes)))
    for name, graph in [
        ("reshape-negative", node("Reshape", ["x", "n"], ["y"]) + shape(-1, -2) + PORTS),
        ("reshape-huge", node("Reshape", ["w", "n"], ["v"]) + WEIGHTS + shape(1 << 52, 1 << 52) + PORTS),
        ("squeeze-many", node("Squeeze", ["x", "n"], ["y"]) + shape(*[1] * 100) + PORTS),
        ("transpose-axes", node("Transpose", ["w"], ["v"], perm=[1, 1]) + WEIGHTS + PORTS),
        ("transposed-often", b"".join(node("Transpose", [f"w{i}" if i else "w"], [f"w{i + 1}"]) for i in range(64))
         + initializer("w", tensor([1000, 100], [0.5] * 100000)) + PORTS),
        ("constant-external", text(1, text(2, "w") + text(4, "Constant") + text(5, text(1, "value") + text(
            5, integer(1, 1) + integer(2, 1) + text(13, text(1, "location") + text(2, "/etc/passwd")) + integer(14, 1))
            + integer(20, 4))) + PORTS),
    ]:
        yield f"onnx-{name}.onnx", model(graph)
    for name, graph in CODES.items():
        yield f"onnx-codes-{name}.onnx", model(graph)
    for name, change in MACHINES.items():
        yield f"onnx-svm-{name}.onnx", model(node("SVMClassifier", ["x"], ["y", ""], "ai.onnx.ml", "svm", **{**SVM, **change}) + PORTS)
    for name, change in CHANGES.items():
        yield f"onnx-forest-{name}.onnx", forest(change)
