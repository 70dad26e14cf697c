"""MicroPython on simulated microcontrollers: scripts that import modules as .mpy, and what they take.

A machine has the firmware that scripts/micropython built, the simulator that runs it, and a clock: with `-icount
shift=0` an instruction is a nanosecond there, so that the machine's own timer counts instructions."""

import base64
import dataclasses
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

SECONDS = 120  # for one script


@dataclasses.dataclass(frozen=True)
class Machine:
    name: str  # architecture, as mpy-cross has it
    firmware: str
    simulator: tuple
    free: int  # an address that has memory, but nothing in it
    clock: str  # defines now(), a number that grows, in MicroPython
    instructions: int  # of one step of the clock


MACHINES = (
    Machine("armv7m", "firmware.elf", ("qemu-system-arm", "-machine", "mps2-an385"), 0x21000000, """
_timer = 0x40000000
machine.mem32[_timer + 8] = machine.mem32[_timer + 4] = 0xFFFFFFFF
machine.mem32[_timer] = 1
def now():
    return -machine.mem32[_timer + 4]
""", 40),
    Machine("rv32imc", "firmware_rv32.elf", ("qemu-system-riscv32", "-machine", "virt", "-bios", "none"), 0x84000000,
            """
def now():
    return machine.mem32[0x200BFF8]
""", 100),
)

# A file system of what is in _files, from where modules are imported as they are from flash.
FILES = """
import binascii, io, sys, vfs
class _File(io.IOBase):
    def __init__(self, data):
        self.data, self.at = data, 0
    def ioctl(self, request, argument):
        return 0 if request == 4 else -1
    def readinto(self, buffer):
        part = self.data[self.at:self.at + len(buffer)]
        buffer[:len(part)] = part
        self.at += len(part)
        return len(part)
class _Files:
    def mount(self, readonly, mkfs):
        pass
    def chdir(self, path):
        pass
    def stat(self, path):
        if path.strip("/") not in _files:
            raise OSError(2)
        return (0x8000,) + (0,) * 9
    def open(self, path, mode):
        return _File(_files[path.strip("/")])
_files = {}
vfs.mount(_Files(), "/mpy")
sys.path.insert(0, "/mpy")
"""

# Instructions of f(x), the call from Python included, the loop around it not; x is one array, as programs have it.
COUNTING = """
import machine
{clock}
def count(f, rows):
    x, total = rows[0], 0
    for row in rows:
        x[:] = row
        start = now()
        for i in range(20):
            pass
        middle = now()
        for i in range(20):
            f(x)
        total += (now() - middle) - (middle - start)
    return {instructions} * total // (20 * len(rows))
"""


def machines(folder):
    """Those whose firmware and simulator are here."""
    return [machine for machine in MACHINES
            if (pathlib.Path(folder) / machine.firmware).is_file() and shutil.which(machine.simulator[0])]


def counting_text(machine):
    """Statements that define count(f, rows)."""
    return COUNTING.format(clock=machine.clock, instructions=machine.instructions)


class Console:
    """The serial port of a machine that runs."""

    def __init__(self, simulator):
        self.simulator, self.seen, self.end = simulator, b"", time.monotonic() + SECONDS

    def write(self, text):
        self.simulator.stdin.write(text.encode())
        self.simulator.stdin.flush()

    def read_until(self, mark):
        """What comes before the mark; what comes behind it is kept."""
        while mark not in self.seen:
            ready, _, _ = select.select([self.simulator.stdout], [], [], max(0.0, self.end - time.monotonic()))
            part = os.read(self.simulator.stdout.fileno(), 65536) if ready else b""
            if not part:
                raise SystemExit(f"{self.simulator.args[0]}: no {mark} in {SECONDS} s after {self.seen[-300:]}")
            self.seen += part
        text, self.seen = self.seen.split(mark, 1)
        return text.decode()


def run_module(folder, machine, path, statements):
    """What statements print that use the names of the module in a .mpy."""
    data = base64.b64encode(path.read_bytes()).decode()
    files = f"{FILES}_files[{path.name!r}] = binascii.a2b_base64('{data}')\n"
    return run_script(folder, machine, f"{files}from {path.stem} import *\n{statements}")


def run_script(folder, machine, script):
    """What a script prints. It is in memory from the start: the serial port takes a character at a time."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(script.encode())
        file.flush()
        return run_prompt(folder, machine, ["-device", f"loader,file={file.name},addr={machine.free},force-raw=on"],
                          f"import uctypes\nexec(uctypes.bytearray_at({machine.free}, {len(script.encode())}))\n")


def run_prompt(folder, machine, options, statements):
    """What statements at MicroPython's raw prompt print."""
    command = [*machine.simulator, "-display", "none", "-monitor", "none", "-serial", "stdio", "-semihosting",
               "-icount", "shift=0", "-kernel", str(pathlib.Path(folder) / machine.firmware), *options]
    simulator = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        console = Console(simulator)
        console.read_until(b">>> ")
        console.write("\x01")
        console.read_until(b"exit\r\n>")
        console.write(statements + "\x04")
        console.read_until(b"OK")
        printed, problem = console.read_until(b"\x04"), console.read_until(b"\x04")
    finally:
        simulator.kill()
        simulator.wait()
    if problem:
        raise SystemExit(f"{machine.name}: {problem}")
    return printed.replace("\r\n", "\n")
