"""A .tmdl blob as a C header that is called like a generated one, and what its runtime takes by itself."""

import pathlib
import struct

from devices import machines

RUNTIME = pathlib.Path(__file__).resolve().parents[2] / "runtime/src"
TYPE_AT = {64: 11, 71: 1}  # where the bodies of layers of trees say what their features are, docs/tmdl.md
LAYERS_AT, INPUT_AT = 64, 32  # of a blob; of a layer, its scale and zero point
TYPES = {0: "float", 2: "int8_t", 3: "uint8_t", 4: "int16_t", 5: "int32_t"}
SUFFIXES = {"float": "", "int8_t": "_i8", "uint8_t": "_u8", "int16_t": "_i16", "int32_t": "_i32"}

# What a program leaves out whose blobs are trees laid out for speed that decide on their sums.
TREES_ALONE = ("SIGNALS", "DENSE", "FILTERS", "SCALERS", "STEPS", "PACKED_TREES", "MATH", "SCORES")

HEADER = """\
#define EMLC_NO_MATH
#include <emlc/tmdl_typed.h>
typedef {feature} m_feature;
static const uint8_t m_blob[] __attribute__((aligned(8))) = {{{bytes}}};
static emlc_model m_model;
static uint32_t m_work[{words}];
static inline int32_t m_predict(const m_feature* x) {{ return emlc_decide{suffix}(&m_model, x, m_work); }}
#define PREPARE() ((void)emlc_tmdl_open(m_blob, sizeof m_blob, &m_model))
"""

NETWORK = """\
#include <emlc/tmdl_typed.h>
typedef float m_feature;
typedef int8_t m_quantized;
static const uint8_t m_blob[] __attribute__((aligned(8))) = {{{bytes}}};
static emlc_model m_model;
static float m_work[{words}];
static inline void m_quantize(const m_feature* x, m_quantized* q) {{
  emlc_quantize_all_i8(x, {n_features}, emlc_quantization_at(m_blob + {input_at}), q);
}}
static inline int32_t m_largest(const float* y) {{
  int32_t best = 0;
  for (int32_t i = 1; i < {n_outputs}; ++i) best = y[i] > y[best] ? i : best;
  return best;
}}
static inline int32_t m_predict(const m_feature* x) {{
  float y[{n_outputs}];
  return emlc_run(&m_model, x, y, m_work) == EMLC_OK ? m_largest(y) : -1;
}}
static inline int32_t m_predict_q(const m_quantized* x) {{
  float y[{n_outputs}];
  return emlc_run_i8(&m_model, x, y, m_work) == EMLC_OK ? m_largest(y) : -1;
}}
#define PREPARE() ((void)emlc_tmdl_open(m_blob, sizeof m_blob, &m_model))
"""

OPEN_C = """\
#include <emlc/tmdl_typed.h>
emlc_status open_blob(const void* blob, size_t size, emlc_model* model) { return emlc_tmdl_open(blob, size, model); }
"""

DECIDE_C = """\
int32_t decide(const emlc_model* model, const {feature}* x, void* work) {{ return emlc_decide{suffix}(model, x, work); }}
"""

RUN_C = """\
emlc_status run(const emlc_model* model, const float* x, float* y, void* work) { return emlc_run(model, x, y, work); }
"""

# All else that a program may call for a blob in float or a filter.
REST_C = """\
int32_t predict(const emlc_model* model, const float* y) { return emlc_predict_class(model, y); }
emlc_status reset(const emlc_model* model, float* state) { return emlc_filter_reset(model, state); }
emlc_status filter(const emlc_model* model, float* state, const float* x, float* y, size_t n) {
  return emlc_filter(model, state, x, y, n);
}
emlc_status reset_fixed(const emlc_model* model, uint32_t* state) { return emlc_filter_reset_fixed(model, state); }
emlc_status filter_q15(const emlc_model* model, uint32_t* state, const int16_t* x, int16_t* y, size_t n) {
  return emlc_filter_q15(model, state, x, y, n);
}
emlc_status filter_q31(const emlc_model* model, uint32_t* state, const int32_t* x, int32_t* y, size_t n) {
  return emlc_filter_q31(model, state, x, y, n);
}
"""


def feature_of(blob):
    """The C type that a blob of trees decides in: that of their features where nothing is in front of them."""
    (layer,) = struct.unpack_from("<H", blob, LAYERS_AT)
    return TYPES[blob[LAYERS_AT + 48 + TYPE_AT[layer]]] if layer in TYPE_AT else "float"


def is_network(blob):
    return blob[4] in (0, 2)


def network_header(blob):
    (work_size,) = struct.unpack_from("<I", blob, 52)
    n_features, n_outputs = (max(struct.unpack_from("<4H", blob, at)[1:]) for at in (20, 28))
    return NETWORK.format(bytes=",".join(map(str, blob)), words=work_size // 4 + 1, n_features=n_features,
                          n_outputs=n_outputs, input_at=LAYERS_AT + INPUT_AT)


def header(blob):
    if is_network(blob):
        return network_header(blob)
    feature = feature_of(blob)
    (work_size,) = struct.unpack_from("<I", blob, 52)
    n_outputs = max(struct.unpack_from("<4H", blob, 28)[1:])
    return HEADER.format(feature=feature, suffix=SUFFIXES[feature], words=work_size // 4 + n_outputs,
                         bytes=",".join(map(str, blob)))


def program_flash(machine, folder, source_text, left_out):
    """Bytes of a C text that includes the runtime without some parts, and without what it calls of libgcc and libc."""
    source, made = folder / "runtime.c", folder / "runtime.o"
    source.write_text(source_text)
    machines.execute([machine.command, *machine.flags, *(f"-DEMLC_NO_{part}" for part in left_out), f"-I{RUNTIME}", "-c",
                      source, "-o", made])
    return machines.section_sizes(machine, made)[0]


def runtime_flash(machine, folder, feature, family):
    """{measure: bytes}. Of trees: opening and deciding, with these alone. Of networks: opening and running all kinds of
    models that there are in float and int8, without steps and filters in integers; and all that can be called but signals."""
    if family == "trees":
        decide = DECIDE_C.format(feature=feature, suffix=SUFFIXES[feature])
        return {"runtime": program_flash(machine, folder, OPEN_C + decide, TREES_ALONE)}
    return {"runtime": program_flash(machine, folder, OPEN_C + RUN_C, ("SIGNALS", "STEPS", "FIXED")),
            "runtime_all": program_flash(machine, folder, OPEN_C + RUN_C + REST_C, ("SIGNALS",))}
