"""A model with more splits than a microcontroller takes: what emlc needs for it."""

import pathlib
import tempfile

from .conversions import convert


def run(emlc, model):
    """{"tmdl": Conversion, "clusters": Conversion} of a model file."""
    with tempfile.TemporaryDirectory() as folder:
        product = pathlib.Path(folder) / "large.tmdl"
        return {"tmdl": convert(emlc, model, product, []),
                "clusters": convert(emlc, model, product, ["--leaf-clusters", "256"])}


def table(conversions):
    tmdl, clusters = conversions["tmdl"], conversions["clusters"]
    return [
        ["conversion", "measure", "best peer", "measured", "reach", "aim"],
        ["--to tmdl", "seconds", "3.7", f"{tmdl.seconds:.2f}", "0.8", "0.3"],
        ["", "MB resident", "363", f"{tmdl.resident_mb:.0f}", "200", "100"],
        ["--leaf-clusters 256", "seconds more than without", "-", f"{clusters.seconds - tmdl.seconds:.2f}", "5", "2"],
    ]
