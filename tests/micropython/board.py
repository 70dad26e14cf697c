"""MicroPython on QEMU's Cortex-M3: a script with files of its own, a native module among them."""

import pathlib
import subprocess
import tempfile

# Memory of the board that the firmware does not use: QEMU puts the script and then the files there.
MEMORY = 0x21000000
FILE_BYTES = 0x100000

# A file system of files in memory, NAMES with their sizes.
FILES = """
import io, sys, uctypes, vfs
class Files:
    def mount(self, readonly, make):
        pass
    def umount(self):
        pass
    def stat(self, path):
        if path.strip("/") not in NAMES:
            raise OSError(2)
        return (0x8000,) + (0,) * 9
    def open(self, path, mode):
        data = uctypes.bytearray_at(*NAMES[path.strip("/")])
        return io.BytesIO(data) if "b" in mode else io.StringIO(bytes(data).decode())
vfs.mount(Files(), "/files")
sys.path.append("/files")
sys.argv[:] = ARGUMENTS
"""
# Instructions of a call of f for each row, by a timer of the board at 25 MHz where an instruction takes a nanosecond.
COST = """
import machine
machine.mem32[0x40000008] = machine.mem32[0x40000004] = 0x3fffffff
machine.mem32[0x40000000] = 1
def ticks_of(f, rows, n):
    before = machine.mem32[0x40000004]
    for _ in range(n):
        for row in rows:
            f(row)
    return before - machine.mem32[0x40000004]
def ticks_of_loop(rows, n):
    before = machine.mem32[0x40000004]
    for _ in range(n):
        for row in rows:
            pass
    return before - machine.mem32[0x40000004]
def instructions(f, rows, n=10):
    return (ticks_of(f, rows, n) - ticks_of_loop(rows, n)) * 40 / n / len(rows)
"""


def run(firmware, script, files, arguments=()):
    """What a script prints. files: name -> bytes, which it finds in /files; emlc.mpy among them can be imported."""
    names = {name: (MEMORY + FILE_BYTES * (1 + i), len(data)) for i, (name, data) in enumerate(files.items())}
    text = f"NAMES = {names!r}\nARGUMENTS = {['', *arguments]!r}\n{FILES}\n{script}\nprint('the end')\n".encode()
    command = ["qemu-system-arm", "-machine", "mps2-an385", "-nographic", "-monitor", "null", "-semihosting", "-icount",
               "shift=0", "-serial", "stdio", "-kernel", firmware]
    with tempfile.TemporaryDirectory() as name:
        for i, data in enumerate([text, *files.values()]):
            path = pathlib.Path(name) / str(i)
            path.write_bytes(data)
            command += ["-device", f"loader,file={path},addr={MEMORY + FILE_BYTES * i:#x},force-raw=on"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            line = f"import uctypes; exec(uctypes.bytearray_at({MEMORY}, {len(text)}))\r\n".encode()
            read_until(process, b">>> ")
            process.stdin.write(line)
            process.stdin.flush()
            read_until(process, b"\n")
            return read_until(process, b"the end\r\n").decode().replace("\r", "")
        finally:
            process.kill()
            process.wait()


def read_until(process, end):
    """What comes before `end`."""
    read = b""
    while not read.endswith(end):
        piece = process.stdout.read(1)
        read += piece
        if not piece or (b"Traceback" in read and read.endswith(b">>> ")):
            raise SystemExit(f"firmware: {read.decode()[-1000:]}")
    return read[:-len(end)]
