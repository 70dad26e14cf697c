"""Files of Keras and TensorFlow.js with something wrong in each: (name, content) pairs."""

import copy
import io
import json
import pathlib
import struct
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
KERAS = HERE.parent / "data/networks/keras-3.15.1/softplus_linear"
WEIGHTS_FILE = "w.bin"  # beside the files of TensorFlow.js
WEIGHTS = struct.pack("<6f", 1, -1, 0.5, 2, 0.25, -0.5)
PARTS = ("metadata.json", "config.json", "model.weights.h5")


def layer(class_name, name, **config):
    return {"class_name": class_name, "config": {"name": name, **config}}


TFJS = {"format": "layers-model",
        "modelTopology": {"class_name": "Sequential", "config": {"name": "s", "layers": [
            layer("InputLayer", "in", batch_input_shape=[None, 2]), layer("Dense", "d", units=2, activation="relu")]},
            "keras_version": "tfjs-layers 4.22.0"},
        "weightsManifest": [{"paths": [WEIGHTS_FILE], "weights": [
            {"name": "d/kernel", "shape": [2, 2], "dtype": "float32"}, {"name": "d/bias", "shape": [2], "dtype": "float32"}]}]}


def tfjs(change):
    document = copy.deepcopy(TFJS)
    change(document, document["modelTopology"]["config"]["layers"], document["weightsManifest"][0])
    return json.dumps(document)


def layers_models():
    """Names start with `network-`; WEIGHTS are in WEIGHTS_FILE beside them."""
    many = [layer("ReLU", "r%d" % i) for i in range(1001)]
    wide = [layer("ReLU", "r%d" % i) for i in range(900)]
    deep = {"class_name": "Sequential", "config": {"name": "x", "layers": []}}
    for _ in range(70):
        deep = {"class_name": "Sequential", "config": {"name": "x", "layers": [deep]}}
    changes = {
        "no-layer": lambda d, layers, m: layers.clear(),
        "unknown-layer": lambda d, layers, m: layers.append(layer("Conv2D", "c\x1b[31m")),
        "units-negative": lambda d, layers, m: layers[1]["config"].update(units=-2),
        "units-huge": lambda d, layers, m: layers[1]["config"].update(units=2000000000),
        "input-negative": lambda d, layers, m: layers[0]["config"].update(batch_input_shape=[None, -2]),
        "input-huge": lambda d, layers, m: layers[0]["config"].update(batch_input_shape=[None, 4e9, 4e9]),
        "many-layers": lambda d, layers, m: layers.extend(many),
        "wide-activations": lambda d, layers, m: (layers[0]["config"].update(batch_input_shape=[None, 1000]),
                                                  layers.pop(), layers.extend(wide)),
        "deep": lambda d, layers, m: layers.append(deep),
        "shape-negative": lambda d, layers, m: m["weights"][0].update(shape=[-2, -2]),
        "shape-huge": lambda d, layers, m: m["weights"][0].update(shape=[2147483647] * 40),
        "shape-other": lambda d, layers, m: m["weights"][0].update(shape=[4]),
        "weights-missing": lambda d, layers, m: m["weights"].pop(),
        "weights-twice": lambda d, layers, m: m["weights"][1].update(name="x/d/kernel"),
        "path-above": lambda d, layers, m: m.update(paths=["../../etc/passwd"]),
        "path-absolute": lambda d, layers, m: m.update(paths=["/dev/zero"]),
        "path-thousand-times": lambda d, layers, m: m.update(paths=[WEIGHTS_FILE] * 1000),
        "quantized": lambda d, layers, m: m["weights"][0].update(quantization={"dtype": "uint8"}),
        "graph": lambda d, layers, m: d.update(format="graph-model"),
    }
    for name, change in changes.items():
        yield f"network-{name}.json", tfjs(change)


def archive(parts, method=zipfile.ZIP_STORED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as file:
        for name, part in parts:
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, compress_type=method)
    return content.getvalue()


def archives():
    """Of .keras; libzip reads them, and libhdf5 what is in them."""
    good = (KERAS / "model.keras").read_bytes()
    with zipfile.ZipFile(io.BytesIO(good)) as file:
        parts = {name: file.read(name) for name in PARTS}

    def changed(**more):
        return archive([(name, more.get(name.split(".")[0], part)) for name, part in parts.items()])

    for at in (40, 2000, len(good) // 2, len(good) - 30, len(good) - 1):
        yield f"network-cut-at-{at}.keras", good[:at]
    yield "network-bytes-behind.keras", good + bytes(100000)
    yield "network-no-config.keras", archive([(n, p) for n, p in parts.items() if n != "config.json"])
    yield "network-no-metadata.keras", archive([(n, p) for n, p in parts.items() if n != "metadata.json"])
    yield "network-two-configs.keras", archive([*parts.items(), ("config.json", b"{}")])
    yield "network-other-folder.keras", archive([("../" + n, p) for n, p in parts.items()])
    yield "network-bomb-config.keras", archive([("model.weights.h5", b""), ("metadata.json", b"{}"),
                                                 ("config.json", bytes(100 << 20))], zipfile.ZIP_DEFLATED)
    yield "network-bomb-weights.keras", archive([*list(parts.items())[:2], ("model.weights.h5", bytes(100 << 20))],
                                                zipfile.ZIP_DEFLATED)
    yield "network-many-files.keras", archive([*parts.items(), *(("f%d" % i, b"") for i in range(5000)),
                                               ("config.json", b"")])
    # The size that the directory at the end has of config.json: beyond what is there, and less.
    directory = good.rfind(b"PK\x01\x02", 0, good.rfind(b"config.json"))
    for name, size in (("longer", 50000), ("shorter", 10)):
        lies = bytearray(good)
        struct.pack_into("<I", lies, directory + 24, size)
        yield f"network-{name}-than-it-says.keras", bytes(lies)
    encrypted = bytearray(good)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = good.find(signature)
        while at >= 0:
            encrypted[at + flags] |= 1
            at = good.find(signature, at + 1)
    yield "network-encrypted.keras", bytes(encrypted)
    damaged = bytearray(good)
    damaged[good.find(b'"class_name"') + 3] ^= 1
    yield "network-wrong-checksum.keras", bytes(damaged)
    config = json.loads(parts["config.json"])
    yield "network-weights-empty.keras", changed(model=b"")
    yield "network-old-groups.keras", changed(model=parts["model.weights.h5"].replace(b"layers\0", b"lay_rs\0"))
    yield "network-weights-cut.keras", changed(model=parts["model.weights.h5"][:5000])
    yield "network-weights-text.keras", changed(model=b"no HDF5")
    yield "network-config-broken.keras", changed(config=parts["config.json"][:500])
    yield "network-config-list.keras", changed(config=b"[]")
    yield "network-metadata-broken.keras", changed(metadata=b"{")
    config["config"]["layers"][1]["config"]["name"] = config["config"]["layers"][1]["name"] = "renamed"
    yield "network-renamed.keras", changed(config=json.dumps(config))


def hdf5_files():
    """What hdf5/make.py wrote, and what else can be done to bytes."""
    for path in sorted((HERE / "hdf5").glob("*.h5")):
        if path.name != "good.h5":
            yield f"network-{path.name}", path.read_bytes()
    good = (HERE / "hdf5/good.h5").read_bytes()
    for at in (8, 100, 1000, 5000, len(good) - 1):
        yield f"network-cut-at-{at}.h5", good[:at]
    sizes = good.find(struct.pack("<4Q", 2, 2, 2, 2))  # of the kernel
    for name, size in (("huge", 1 << 40), ("huge-product", (1 << 62) + 1), ("all-ones", (1 << 64) - 1)):
        yield f"network-{name}.h5", good[:sizes] + struct.pack("<4Q", *[size] * 4) + good[sizes + 32:]
    tree = good.find(b"TREE")  # of the root, below which it is once more
    yield "network-tree-loop.h5", good[:tree + 5] + b"\1" + good[tree + 6:tree + 32] + struct.pack("<Q", tree) + good[tree + 40:]
    yield "network-config-cut.h5", good.replace(b'"class_name": "Sequential"', b'"class_name": "Sequen\0ial"')
    yield "network-weight-above.h5", good.replace(b"dense/kernel:0", b"../../kernel:0")
    yield "network-keras.h5", (KERAS / "model.h5").read_bytes().replace(b"softplus", b"softpluS")
