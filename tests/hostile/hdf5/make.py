#!/usr/bin/env python3
"""Writes the bad HDF5 files of this folder, as attackers and accidents would: h5py 3.16 wrote those that are here.

Each is a model of one dense layer (units 2, two features) as Keras saves it to .h5, with one thing wrong.
"""

import json
import pathlib

import h5py
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
KERNEL = np.array([[1, -1], [0.5, 2]], "f4")


def config(**more):
    layers = [{"class_name": "InputLayer", "config": {"name": "in", "batch_input_shape": [None, 2]}},
              {"class_name": "Dense", "config": {"name": "dense", "units": 2, "use_bias": False, **more}}]
    return json.dumps({"class_name": "Sequential", "config": {"name": "s", "layers": layers}})


def weights(file, make_kernel, names=(b"dense/kernel:0",)):
    group = file.create_group("model_weights/dense")
    if names is not None:
        group.attrs["weight_names"] = np.array(names)
    make_kernel(group.create_group("dense"))


def plain(group):
    group["kernel:0"] = KERNEL


def model(name, make_kernel=plain, text=None, **more):
    with h5py.File(HERE / name, "w") as file:
        file.attrs["model_config"] = config() if text is None else text
        file.attrs["keras_version"] = "2.15.0"
        weights(file, make_kernel, **more)


def loop(group):
    group["kernel:0"] = group.file["/"]


def soft(group):
    group["kernel:0"] = h5py.SoftLink("/model_weights/dense/dense/kernel:0")


def outside(group):
    group["kernel:0"] = h5py.ExternalLink("/etc/passwd", "/kernel")


def other_file(group):
    group.create_dataset("kernel:0", (2, 2), "f4", external=[("/etc/passwd", 0, 16)])


def huge_chunks(group):
    group.create_dataset("kernel:0", (2, 2), "f4", chunks=(2, 2), maxshape=(None, 2), compression="gzip")


def not_written(group):
    group.create_dataset("kernel:0", (2, 2), "f4")


def integers(group):
    group["kernel:0"] = KERNEL.astype("i4")


def other_shape(group):
    group["kernel:0"] = np.zeros((4, 1), "f4")


def no_number(group):
    group["kernel:0"] = np.array([[1, np.inf], [np.nan, 2]], "f4")


def group_of_it(group):
    group.create_group("kernel:0")


def main():
    model("good.h5")
    model("loop.h5", loop)
    model("soft_link.h5", soft)
    model("external_link.h5", outside)
    model("external_data.h5", other_file)
    model("chunks.h5", huge_chunks)
    model("not_written.h5", not_written)
    model("integers.h5", integers)
    model("other_shape.h5", other_shape)
    model("not_finite.h5", no_number)
    model("group.h5", group_of_it)
    model("no_weights.h5", names=None)
    model("two_weights.h5", names=(b"dense/kernel:0", b"other/kernel:0"))
    model("not_there.h5", names=(b"gone/kernel:0",))
    model("no_config.h5", text=np.zeros(3))
    model("two_configs.h5", text=np.array([b"{}", b"{}"]))
    model("broken_config.h5", text='{"class_name": "Sequential", "config": ')
    model("lambda.h5", text=config().replace("Dense", "Lambda"))
    model("wide.h5", text=config(units=4096).replace("[null, 2]", "[null, 65536]"))
    with h5py.File(HERE / "empty.h5", "w"):
        pass


if __name__ == "__main__":
    main()
