"""Times conversions: seconds and memory of one run of emlc."""

import dataclasses
import os
import subprocess
import time


@dataclasses.dataclass(frozen=True)
class Conversion:
    seconds: float
    cpu_seconds: float  # of the processor, which other programs on the computer do not add to
    resident_mb: float  # at most, in 10^6 bytes
    product_bytes: int


def convert(emlc, model, product, options, n_runs=3):
    """The fastest of some runs."""
    runs = [convert_once(emlc, model, product, options) for _ in range(n_runs)]
    return min(runs, key=lambda run: run.seconds)


def convert_once(emlc, model, product, options):
    begin = time.monotonic()
    with subprocess.Popen([str(emlc), "convert", str(model), "-o", str(product), "--quiet", *options]) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - begin
    if process.returncode != 0:
        raise RuntimeError(f"emlc ended with {process.returncode}")
    return Conversion(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6, product.stat().st_size)
