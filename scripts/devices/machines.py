"""The table of machines: how a C program is compiled for each, and run on rows of input bytes."""

import dataclasses
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = 300  # more than any program takes; a simulation that hangs ends then

SECTIONS = ("-ffunction-sections", "-fdata-sections")
EXACT = ("-ffp-contract=off",)  # a product and a sum are rounded one after the other, as on this computer
THUMB = ("-mthumb", *SECTIONS, "--specs=nano.specs")
M0_PLUS = ("-mcpu=cortex-m0plus", *THUMB)
M3 = ("-mcpu=cortex-m3", *THUMB)
M4F = ("-mcpu=cortex-m4", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16", *THUMB)
M7 = ("-mcpu=cortex-m7", "-mfloat-abi=hard", "-mfpu=fpv5-sp-d16", *THUMB)
RV32 = ("-march=rv32imac", "-mabi=ilp32", *SECTIONS, "--specs=picolibc.specs")
AVR = ("-mmcu=atmega328p", *SECTIONS)


class Failed(Exception):
    """A program does not compile or run; the text says why."""


@dataclasses.dataclass(frozen=True)
class Board:
    """What a program is linked with and what runs it."""

    sources: tuple  # files of this folder
    link: tuple  # options of the linker
    tools: tuple  # programs that have to be installed besides the compiler
    run: object  # function (machine, elf, rows, row_bytes, answer_bytes) -> Finished


@dataclasses.dataclass(frozen=True)
class Machine:
    name: str
    title: str
    prefix: str  # of the compiler and its tools
    flags: tuple
    board: Board
    qemu: tuple = ()  # program and options that choose the board
    compiler: str = "gcc"  # after the prefix; g++ and clang++ take what they are given for C++
    byte_order: str = "little"  # of the numbers in rows and answers, as `sys.byteorder` has it

    @property
    def command(self):
        return self.prefix + self.compiler

    def missing_tools(self):
        """What is not installed, as text for a message."""
        missing = [tool for tool in (self.command, *self.board.tools) if shutil.which(tool) is None]
        return missing or missing_libraries(self)


@dataclasses.dataclass(frozen=True)
class Finished:
    """What a run left behind."""

    answers: bytes
    counts: dict  # of the AVR runner: cycles, instructions, stack


def execute(command, **options):
    """Runs a command and gives what it wrote; Failed when it does not end with 0."""
    command = [str(word) for word in command]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, **options)
    except FileNotFoundError as error:
        raise Failed(f"{command[0]}: not installed") from error
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{command[0]}: not finished after {SECONDS} s") from error
    if done.returncode != 0:
        messages = done.stderr.decode(errors="replace").strip() or done.stdout.decode(errors="replace").strip()
        raise Failed(f"{pathlib.Path(command[0]).name} ended with {done.returncode}: {messages[-600:]}")
    return done


def compile_program(machine, sources, elf, flags=(), link=()):
    """A whole program, without board.h; `link` comes after the sources, libm last."""
    execute([machine.command, *machine.flags, *flags, f"-I{HERE}", "-o", elf, *sources, *link,
             "-Wl,--gc-sections", "-lm"], cwd=elf.parent)


def build(machine, sources, elf, flags=()):
    """Compiles a program that uses board.h for its machine."""
    board = [HERE / source for source in machine.board.sources]
    link = [option.format(here=HERE) for option in machine.board.link]
    compile_program(machine, [*sources, *board], elf, flags, link)


def run(machine, elf, rows, row_bytes, answer_bytes):
    """Runs a built program on `rows`, bytes of whole rows; files go next to the program."""
    return machine.board.run(machine, elf, rows, row_bytes, answer_bytes)


def run_qemu(machine, elf, rows, row_bytes, _answer_bytes):
    inputs, answers = elf.parent / "inputs", elf.parent / "answers"
    inputs.write_bytes(struct.pack("<4I", len(rows) // row_bytes, 0, 0, 0) + rows)
    answers.unlink(missing_ok=True)
    address = symbols(machine, elf)["board_inputs"]
    execute([*machine.qemu, "-kernel", elf, "-device", f"loader,file={inputs},addr={address:#x},force-raw=on",
             "-icount", "shift=0", "-display", "none", "-serial", "none", "-monitor", "none",
             "-semihosting-config", "enable=on,target=native"], cwd=elf.parent, stdin=subprocess.DEVNULL)
    return Finished(answers.read_bytes() if answers.exists() else b"", {})


def run_avr(machine, elf, rows, row_bytes, answer_bytes):
    known = symbols(machine, elf)
    runner, answers = build_avr_runner(elf.parent), elf.parent / "answers"
    done = execute([runner, elf, f"{known['board_row']:x}", row_bytes, f"{known['board_result']:x}", answer_bytes,
                    answers], input=rows)
    counts = (line.split() for line in done.stderr.decode().splitlines())
    return Finished(answers.read_bytes(), {name: float(number) for name, number in counts})


def run_host(_machine, elf, rows, _row_bytes, _answer_bytes):
    return Finished(execute([elf], input=rows).stdout, {})


def run_user_mode(machine, elf, rows, _row_bytes, _answer_bytes):
    return Finished(execute([*machine.qemu, elf], input=rows).stdout, {})


def missing_libraries(machine):
    """The C library for the machine, and simavr's own, are packages apart from their programs."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        source = folder / "empty.c"
        source.write_text("#include <string.h>\nint main(void) { return (int)strlen(\"\"); }\n")
        try:
            compile_program(machine, [source], folder / "empty", link=("-nostartfiles", "-Wl,-emain"))
        except Failed:
            return [f"a C library for {machine.command}"]
        try:
            if machine.board is SIMAVR:
                build_avr_runner(folder)
        except Failed:
            return ["libsimavr-dev, libelf-dev"]
    return []


def build_avr_runner(folder):
    runner = folder / "avr_runner"
    execute(["gcc", "-O2", "-w", f"-I{HERE}", "-o", runner, HERE / "avr_runner.c", "-lsimavr", "-lelf"])
    return runner


def symbols(machine, elf):
    """Addresses by name. AVR's data memory is linked from 0x800000 up; the AVR runner takes the low 16 bits."""
    listing = execute([machine.prefix + "nm", elf]).stdout.decode()
    return {name: int(address, 16) for address, name in re.findall(r"^([0-9a-f]+) \w (\w+)$", listing, re.MULTILINE)}


def section_sizes(machine, elf):
    """(text, data, bss) in bytes."""
    line = execute([machine.prefix + "size", elf]).stdout.decode().splitlines()[1]
    return tuple(int(word) for word in line.split()[:3])


def cortex_m(inputs):
    """A board of the MPS2 family; `inputs` is the address of RAM that the program itself does not use."""
    return Board(("cortex_m.c", "board_semihosting.c"),
                 ("-nostartfiles", "-T{here}/cortex_m.ld", f"-Wl,--defsym=board_inputs={inputs:#x}"),
                 ("qemu-system-arm",), run_qemu)


CORTEX_M = cortex_m(0x21000000)
CORTEX_M7 = cortex_m(0x60000000)
RISCV = Board(("riscv32.c", "board_semihosting.c"), ("-nostartfiles", "-T{here}/riscv32.ld"),
              ("qemu-system-riscv32",), run_qemu)
SIMAVR = Board(("board_avr.c",), (), ("gcc", "simavr"), run_avr)
HERE_AND_NOW = Board(("board_host.c",), (), (), run_host)
POWERPC_LINUX = Board(("board_host.c",), (), ("qemu-ppc",), run_user_mode)

ARM_GCC = "arm-none-eabi-"
AN385 = ("qemu-system-arm", "-M", "mps2-an385")
AN386 = ("qemu-system-arm", "-M", "mps2-an386")
AN500 = ("qemu-system-arm", "-M", "mps2-an500")
VIRT = ("qemu-system-riscv32", "-M", "virt", "-bios", "none")

HOST = Machine("host", "this computer", "", ("-O2", *EXACT), HERE_AND_NOW)
DEVICES = (
    Machine("cortex_m0plus", "Cortex-M0+ code on mps2-an385", ARM_GCC, ("-Os", *EXACT, *M0_PLUS), CORTEX_M, AN385),
    Machine("cortex_m3", "Cortex-M3, mps2-an385", ARM_GCC, ("-Os", *EXACT, *M3), CORTEX_M, AN385),
    Machine("cortex_m4f", "Cortex-M4 with FPU, mps2-an386", ARM_GCC, ("-O2", *EXACT, *M4F), CORTEX_M, AN386),
    Machine("cortex_m7", "Cortex-M7 with FPU, mps2-an500", ARM_GCC, ("-O2", *EXACT, *M7), CORTEX_M7, AN500),
    Machine("atmega328p", "ATmega328P, simavr", "avr-", ("-Os", *EXACT, *AVR), SIMAVR),
    Machine("riscv32", "RV32IMAC, qemu virt", "riscv64-unknown-elf-", ("-Os", *EXACT, *RV32), RISCV, VIRT),
)


def here(name, compiler, level):
    """This computer, by another compiler or another level of optimisation than HOST's."""
    return Machine(name, f"this computer, {compiler} {level}", "", (level, *EXACT), HERE_AND_NOW, compiler=compiler)


HOSTS = (
    here("gcc_O0", "gcc", "-O0"),
    here("gcc_Os", "gcc", "-Os"),
    here("clang_O0", "clang", "-O0"),
    here("clang_O2", "clang", "-O2"),
    here("clang_Os", "clang", "-Os"),
    here("gcc_cpp_O2", "g++", "-O2"),
    here("clang_cpp_Os", "clang++", "-Os"),
)
BIG_ENDIAN = (
    Machine("powerpc", "32-bit PowerPC, big-endian, qemu-user", "powerpc-linux-gnu-", ("-O2", "-static", *EXACT),
            POWERPC_LINUX, ("qemu-ppc",), byte_order="big"),
)
ALL = (*DEVICES, *HOSTS, *BIG_ENDIAN)
