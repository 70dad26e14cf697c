"""What the runtime takes of flash when parts of it are left out, with libm and the soft-float routines that it calls.

A row is a program that opens a blob and runs it (or calls single functions), less the same program that does nothing.
"""

import dataclasses
import pathlib
import tempfile

from devices import machines

from . import blobs, measure

HERE = pathlib.Path(__file__).resolve().parent
TARGETS = ("m0", "m4s")

OPEN = """\
#include <emlc/tmdl_typed.h>
static void call_runtime(void) {{
  emlc_model model;
  if (emlc_tmdl_open(blob, size, &model) == EMLC_OK) answer = {call};
}}
"""
RUN = OPEN.format(call="emlc_run(&model, (const float*)given, (float*)taken, memory)")
DECIDE = OPEN.format(call="emlc_decide_u8(&model, (const uint8_t*)given, memory)")
FILTER = OPEN.format(call="emlc_filter_reset(&model, (float*)memory) + "
                          "emlc_filter(&model, (float*)memory, (const float*)given, (float*)taken, size)")
BOTH_INTEGER_FILTERS = OPEN.format(
    call="emlc_filter_reset_fixed(&model, (uint32_t*)memory) + "
         "emlc_filter_q15(&model, (uint32_t*)memory, (const int16_t*)given, (int16_t*)taken, size) + "
         "emlc_filter_q31(&model, (uint32_t*)memory, (const int32_t*)given, (int32_t*)taken, size)")
SOS = """\
#include <emlc/sos.h>
static void call_runtime(void) {
  answer = emlc_sos_filter_f32((const float*)blob, (float*)memory, size, (const float*)given, (float*)taken, size);
}
"""
DENSE = """\
#include <emlc/dense.h>
static void call_runtime(void) {
  answer = emlc_dense_f32((const float*)blob, (const float*)memory, size, size, (const float*)given, (float*)taken);
}
"""
PUSH = """\
#include <emlc/signal.h>
static void call_runtime(void) {
  emlc_model model;
  emlc_signal signal;
  int32_t decision = 0;
  if (emlc_tmdl_open(blob, size, &model) != EMLC_OK || emlc_signal_open(&model, &signal) != EMLC_OK) return;
  answer = emlc_signal_reset(&signal, memory) + (int)emlc_signal_push(&signal, memory, given, size);
  if (emlc_signal_is_complete(memory)) answer = emlc_signal_decide(&signal, memory, &decision) + decision;
}
"""
INFO = """\
#include <emlc/tmdl_info.h>
static void call_runtime(void) { answer = emlc_tmdl_info(blob, size, (emlc_tmdl_facts*)taken); }
"""


@dataclasses.dataclass(frozen=True)
class Row:
    what: str
    left_out: str = ""  # macros without their EMLC_NO_
    text: str = RUN


NO_EXTRAS = "SIGNALS STEPS FIXED"
TREES = f"{NO_EXTRAS} DENSE MATH"
ONE_LAYER = f"{TREES} FILTERS SCALERS"

ROWS = (
    Row("everything"),
    Row("without signals and steps in front of a model", "SIGNALS STEPS"),
    Row("without filters in integers", NO_EXTRAS),
    Row("and without int8 networks", f"{NO_EXTRAS} INT8"),
    Row("or without trees for speed", f"{NO_EXTRAS} LINKED_TREES"),
    Row("trees, scalers, filters", f"{NO_EXTRAS} DENSE"),
    Row("the same without libm", TREES),
    Row("trees for speed alone", f"{ONE_LAYER} PACKED_TREES"),
    Row("trees for speed that decide on bytes", f"{ONE_LAYER} PACKED_TREES SCORES", DECIDE),
    Row("packed trees alone", f"{ONE_LAYER} LINKED_TREES"),
    Row("packed trees that decide on bytes", f"{ONE_LAYER} LINKED_TREES", DECIDE),
    Row("float networks, scalers, filters", f"{NO_EXTRAS} TREES INT8"),
    Row("the same without libm: relu and linear outputs", f"{NO_EXTRAS} TREES INT8 MATH"),
    Row("samples through a signal into packed trees", "STEPS DENSE FILTERS SCALERS LINKED_TREES", PUSH),
    Row("filters and scalers", f"{NO_EXTRAS} TREES DENSE MATH", FILTER),
    Row("the same without compensated sums", f"{NO_EXTRAS} TREES DENSE MATH COMPENSATED_SUMS", FILTER),
    Row("filters in integers alone", "SIGNALS STEPS TREES DENSE SCALERS MATH COMPENSATED_SUMS", BOTH_INTEGER_FILTERS),
    Row("`emlc_sos_filter_f32` alone", "", SOS),
    Row("`emlc_dense_f32` alone", "", DENSE),
    Row("`emlc_tmdl_info` alone", "", INFO),
)


def flash(target, flags, folder):
    elf = folder / "program"
    machines.compile_program(target.machine, [HERE / "parts.c"], elf,
                             ("-std=c99", f"-I{folder}", f"-I{blobs.RUNTIME}", *flags), target.size_link)
    text, initialised, _ = machines.section_sizes(target.machine, elf)
    return text + initialised


def run():
    """[{"what", "left_out", target: bytes}]"""
    targets = [measure.TARGETS[name] for name in TARGETS]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        without = {target.name: flash(target, (), folder) for target in targets}
        rows = []
        for row in ROWS:
            (folder / "parts.h").write_text(row.text)
            flags = ("-DWITH_RUNTIME", *(f"-DEMLC_NO_{part}" for part in row.left_out.split()))
            rows.append({"what": row.what, "left_out": row.left_out.split(),
                         **{target.name: flash(target, flags, folder) - without[target.name] for target in targets}})
    return rows


def table(rows):
    titles = [measure.TARGETS[name].title.split()[0] for name in TARGETS]
    return [["what a program opens and runs", "left out: EMLC_NO_", *titles],
            *([row["what"], " ".join(row["left_out"]) or "-", *(f"{row[name]:,}".replace(",", " ") for name in TARGETS)]
              for row in rows)]
