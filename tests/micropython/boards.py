"""Scripts that use the native module on simulated microcontrollers."""

import base64
import dataclasses
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "py"))
import qemu_port  # noqa: E402

# The module as a file, the files that the script opens, its arguments.
BEFORE = """
import sys
_files["emlc.mpy"] = binascii.a2b_base64("{module}")
_contents = {contents}
def open(path, mode="r"):
    data = binascii.a2b_base64(_contents[path])
    return io.BytesIO(data) if "b" in mode else io.StringIO(data.decode())
sys.argv[:] = {arguments}
"""


def text_of(data):
    return base64.b64encode(data).decode()


def run(folder, machine, script, files, arguments=(), products="module"):
    """What a script prints. folder: that of scripts/micropython; files: path -> bytes."""
    module = (folder / products / machine.name / "emlc.mpy").read_bytes()
    contents = {path: text_of(data) for path, data in files.items()}
    before = BEFORE.format(module=text_of(module), contents=contents, arguments=["", *arguments])
    return qemu_port.run_script(folder, machine, qemu_port.FILES + before + script)


def machines(folder, products="module"):
    """Those that have a firmware, a simulator and the module. Firmware for armv7m runs modules for armv6m too."""
    found = qemu_port.machines(folder)
    found += [dataclasses.replace(machine, name="armv6m") for machine in found if machine.name == "armv7m"]
    return [machine for machine in found if (folder / products / machine.name / "emlc.mpy").is_file()]


def instructions(folder, machine, blob, rows, codes):
    """Of predict with rows of each type, the call from Python included."""
    script = f"""
import emlc
from array import array
with open("model.tmdl", "rb") as file:
    model = emlc.open(file.read())
for code in {codes!r}:
    print(count(model.predict, [array(code, row) for row in {rows!r}]))
"""
    return run(folder, machine, qemu_port.counting_text(machine) + script, {"model.tmdl": blob}).split()
