"""Writes case.h, which says how answers.c calls a header or the runtime, in C or in C++, and packs inputs as that takes
them."""

import array
import dataclasses
import re
import sys

BLOCK = 32  # samples in a row of a filter's input
ANSWER_CODE = "i"  # of array: words of an answer are floats or integers of 4 bytes
C_TYPES = {"float": "f", "double": "d", "int": "i", "int8_t": "b", "uint8_t": "B", "int16_t": "h", "uint16_t": "H", "int32_t": "i"}


@dataclasses.dataclass(frozen=True)
class Program:
    text: str  # of case.h
    feature: str  # the C type of an input value
    n_features: int
    answer: str  # one letter per word of an answer: f or i

    @property
    def row_bytes(self):
        return self.n_features * array.array(self.feature_code).itemsize

    @property
    def feature_code(self):
        """The type of an input value as array has it."""
        return C_TYPES[self.feature]

    @property
    def answer_bytes(self):
        return 4 * len(self.answer)


@dataclasses.dataclass(frozen=True)
class Language:
    """How a program calls a header with the name `m`."""

    name: str  # as `emlc convert --to` has it
    header: str  # file
    flags: tuple
    symbol: str  # of a function or type of the header
    given: str  # what makes of x the argument of a function that takes features
    argument: str
    quantize: str  # the same for a function that takes codes
    encode: str  # the same for a function that takes codes of features
    array: str  # a call whose answer is an array
    state: str  # of a filter, as an argument


C = Language("c", "m.h", ("-std=c99", "-D_DEFAULT_SOURCE"), "m_{}", "", "x",
             "m_quantized codes[N_FEATURES]; m_quantize(x, codes); ",
             "m_feature codes[N_FEATURES]; m_quantize(x, codes); ",
             "{c_type} values[{size}]; {function}({argument}, values); ", "&memory")
CPP = Language("cpp", "m.hpp", ("-x", "c++", "-std=c++17"), "m::{}",
               "std::array<feature_t, N_FEATURES> given; memcpy(given.data(), x, sizeof given); ", "given",
               "const auto codes = m::quantize(given); ", "const auto codes = m::quantize(given); ", "const auto values = {function}({argument}); ", "memory")
LANGUAGES = {"gcc": C, "clang": C, "g++": CPP, "clang++": CPP}  # by compiler

COMMON = """\
#include <stddef.h>
#include <stdint.h>
#include <string.h>

{include}

typedef {feature} feature_t;
enum {{ N_FEATURES = {n_features}, ANSWER_BYTES = {answer_bytes} }};
{state}
static void start(void) {{ {start} }}

static void answer(const feature_t* x, uint8_t* y) {{
{body}
}}
"""


def make_program(include, feature, n_features, calls, state="", start=""):
    """`calls` are pairs of C text that leaves its words in `words`, and the letters of these words."""
    lines, letters = [], ""
    for text, answer in calls:
        c_type = {"f": "float", "i": "int32_t"}[answer[0]]
        lines.append(f"  {{ {c_type} words[{len(answer)}]; {text} "
                     f"memcpy(y + {4 * len(letters)}, words, sizeof words); }}")
        letters += answer
    text = COMMON.format(include=include, feature=feature, n_features=n_features, answer_bytes=4 * len(letters),
                         state=state, start=start, body="\n".join(lines))
    return Program(text, feature, n_features, letters)


def defines(header):
    return {name: int(value) for name, value in re.findall(r"^#define (M_\w+) (\d+)\b", header, re.MULTILINE)}


def words_of(c_type):
    """The letter of a word that holds a value of this type."""
    return "f" if c_type == "float" else "i"


def feature_call(language, name, result, output, numbers):
    """What a function of a header answers to x; `output` is its array: (type, size), or None. "M_HAS_CODES" is among the
    numbers where features are codes."""
    function, argument, before = language.symbol.format(name), language.argument, language.given
    if "M_HAS_CODES" in numbers:
        argument, before = "codes", before + language.encode
    elif name.endswith("_q"):  # takes the codes of an integer network
        argument, before = "codes", before + language.quantize
    if output is None:
        return f"{before}words[0] = {function}({argument});", words_of(result)
    c_type, size = output[0], numbers[output[1]]
    call = language.array.format(c_type=c_type, size=size, function=function, argument=argument)
    return f"{before}{call}for (int i = 0; i < {size}; ++i) words[i] = values[i];", words_of(c_type) * size


def header_program(header, language):
    """The program for a model whose C header is `header`: every function of its API that takes features."""
    numbers = defines(header)
    if "m_filter(" in header:
        return filter_program(header, language)
    feature = re.search(r"^typedef (\w+) m_feature;", header, re.MULTILINE)[1]
    if "m_quantize(const float " in header and "m_feature q[" in header:
        feature, numbers["M_HAS_CODES"] = "float", 1
    found = re.findall(r"^static inline (\w+)\s+m_(\w*[a-z])\(const m_(?:feature|quantized) \*?x(?:\[\w+\])?"
                       r"(?:, (\w+) \*?\w+(?:\[(\w+)\])?)?\)", header, re.MULTILINE)
    calls = [feature_call(language, name, result, (c_type, size) if c_type else None, numbers)
             for result, name, c_type, size in found]
    return make_program(f'#include "{language.header}"', feature, numbers["M_N_FEATURES"], calls)


def filter_program(header, language):
    sample = re.search(r"m_filter\(m_state \*state, const (\w+) \*x", header)[1]
    state, init, run = (language.symbol.format(name) for name in ("state", "init", "filter"))
    call = f"{sample} values[{BLOCK}]; {run}({language.state}, x, values, {BLOCK}); " \
           f"for (int i = 0; i < {BLOCK}; ++i) words[i] = values[i];"
    return make_program(f'#include "{language.header}"', sample, BLOCK, [(call, words_of(sample) * BLOCK)],
                        f"static {state} memory;", f"{init}({language.state});")


BLOB_STATE = """\
{blob}
static emlc_model model;
static float work[{n_work}];
static void stop(void) {{ for (;;) {{ }} }}
"""
OPEN = "if (emlc_tmdl_open(blob, sizeof blob, &model) != EMLC_OK || model.work_size > sizeof work) stop();"


def blob_text(blob, source):
    """The array `blob`: its bytes, or the one of a C source that emlc wrote."""
    if source is not None:
        return f'#include "{source}"\n#define blob m_blob'
    return f"static const uint8_t blob[] __attribute__((aligned(8))) = {{ {','.join(str(byte) for byte in blob)} }};"


def blob_program(blob, facts, work_bytes, source=None):
    """The program for a .tmdl blob; `facts` are those of `emlc inspect --json` of the model that it was made of, `source`
    what emlc wrote as C."""
    sample_bits = fixed_sample_bits(blob)
    n_work = max(1, work_bytes // 4) + facts["output"]["n_outputs"]  # with what emlc_decide may take
    state = BLOB_STATE.format(blob=blob_text(blob, source), n_work=n_work)
    include = blob_parts(facts, sample_bits) + "#include <emlc/tmdl.h>"
    if facts["task"] == "filter" and sample_bits:
        sample, form = f"int{sample_bits}_t", {16: "q15", 32: "q31"}[sample_bits]
        call = f"{sample} values[{BLOCK}]; (void)emlc_filter_{form}(&model, state, x, values, {BLOCK}); " \
               f"for (int i = 0; i < {BLOCK}; ++i) words[i] = values[i];"
        return make_program(include, sample, BLOCK, [(call, "i" * BLOCK)],
                            state + f"static uint32_t state[{max(1, work_bytes // 4)}];\n",
                            OPEN + " (void)emlc_filter_reset_fixed(&model, state);")
    if facts["task"] == "filter":
        call = f"(void)emlc_filter(&model, work, x, words, {BLOCK});"
        return make_program(include, "float", BLOCK, [(call, "f" * BLOCK)], state,
                            OPEN + " (void)emlc_filter_reset(&model, work);")
    run = "(void)emlc_run(&model, x, words, work);"
    calls = [(run, "f" * facts["output"]["n_outputs"])]
    if facts["task"] == "classification":
        n = facts["output"]["n_outputs"]
        calls.append((f"float values[{n}]; (void)emlc_run(&model, x, values, work); "
                      "words[0] = emlc_predict_class(&model, values);", "i"))
    start = OPEN
    if layer_type(blob) in FEATURE_TYPE_AT:
        include = include.replace("tmdl.h", "tmdl_typed.h")
        start += " if (emlc_decide_work_size(&model) > sizeof work) stop();"
        calls += typed_calls(blob, facts["output"]["n_outputs"], facts["task"] == "classification")
    return make_program(include, "float", facts["input"]["n_features"], calls, state, start)


LAYER_AT, BODY_AT = 64, 64 + 48  # docs/tmdl.md
FEATURE_TYPE_AT = {64: 11, 71: 1}  # in the bodies of trees, packed and laid out for speed
TYPED = {2: "i8", 3: "u8", 4: "i16", 5: "i32"}  # feature types of docs/tmdl.md, as functions of the runtime name them


def layer_type(blob):
    """Of the first layer of a blob."""
    return blob[LAYER_AT] | blob[LAYER_AT + 1] << 8


def typed_calls(blob, n_outputs, has_classes):
    """What trees with nothing in front of them answer in their own type, and decide without scores; x is float."""
    calls = [("words[0] = emlc_decide(&model, x, work);", "i")] if has_classes else []
    suffix = TYPED.get(blob[BODY_AT + FEATURE_TYPE_AT[layer_type(blob)]])
    if suffix is None:
        return calls
    c_type = {"i": "int", "u": "uint"}[suffix[0]] + suffix[1:] + "_t"
    given = f"{c_type} own[N_FEATURES]; for (int i = 0; i < N_FEATURES; ++i) own[i] = ({c_type})x[i]; "
    calls.append((f"{given}(void)emlc_run_{suffix}(&model, own, words, work);", "f" * n_outputs))
    if has_classes:
        calls.append((f"{given}words[0] = emlc_decide_{suffix}(&model, own, work);", "i"))
    return calls


def fixed_sample_bits(blob):
    """Of a filter in integers (layer 70 of docs/tmdl.md), else 0."""
    arithmetic = blob[64 + 52] if len(blob) > 64 + 52 else 0
    return {1: 16, 2: 32, 3: 32, 4: 16}[arithmetic] if layer_type(blob) == 70 else 0


def blob_parts(facts, sample_bits):
    """Leaves out what the model does not need, which is how it fits on the smallest device."""
    trees, dense = facts.get("tree_ensemble"), facts["kind"] == "dense network"
    without = ([] if sample_bits else ["FIXED"]) + ([] if facts.get("steps") else ["STEPS"])
    if trees is None:
        without.append("TREES")
    if not dense:
        without.append("INT8")
    if not dense and (trees is None or trees["post_transform"] == "identity"):
        without += ["DENSE", "MATH"]
    return "".join(f"#define EMLC_NO_{part}\n" for part in without)


FULL_SCALE = {"int16_t": 2**15, "int32_t": 2**31}  # of a filter's samples: what stands for 1.0


def to_sample(value, full_scale):
    return max(-full_scale, min(full_scale - 1, round(value * full_scale)))


def pack(values, n_values, program):
    """The rows as the program takes them, from doubles; a filter's signal is cut into blocks."""
    code = C_TYPES[program.feature]
    if program.n_features != n_values:
        values = values[:len(values) // program.n_features * program.n_features]
        if code != "f":
            values = [to_sample(value, FULL_SCALE[program.feature]) for value in values]
    packed = array.array(code, values if code in "fd" else [round(value) for value in values])
    if sys.byteorder != "little":
        packed.byteswap()
    return packed.tobytes()


def in_byte_order(data, code, byte_order):
    """Little-endian numbers of the type `code` of array as `byte_order` has them, and back."""
    numbers = array.array(code, data)
    if byte_order == "big":
        numbers.byteswap()
    return numbers.tobytes()
