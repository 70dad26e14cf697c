"""The table of what is measured, and the table of the numbers that are to be reached."""

import dataclasses

MODEL_NAME = "m"
BLOCK = 64  # samples that a filter is given at once
BLOCK_AVR = 32


@dataclasses.dataclass(frozen=True)
class Subject:
    """One header and one call of it."""

    name: str
    family: str  # trees, networks, filters, signals
    model: str  # folder of tests/data/models, or of `folder`
    options: str = ""  # of emlc convert
    call: str = "m_predict(features)"
    result: str = "int32_t"
    inputs: str = "features"  # features of the test set; quantized: those after m_quantize; signal: blocks of noise; frames: hops
    truth: str = "labels"  # labels: y_pred; votes: of the trees; values: y_pred as numbers; signal: filtered in double
    targets: tuple = ("m0", "m4s", "m4f", "avr")
    prelude: str = ""  # C text before the call
    block: int = 0  # samples in a block
    sections: int = 0
    folder: str = "models"  # of tests/data
    file: str = "model.json"
    blob: bool = False  # a .tmdl blob in its runtime, instead of a header
    code_call: str = ""  # in place of `call`: without the trees, whose tables do not count then, see measure.code_bytes()
    test_set: str = ""  # folder of tests/data/models with the rows, where `model` has none of its own


def digits_boosted(name, library, options="", targets=("m0", "m4f")):
    """A boosted model of the digits, as its library wrote it: too large for an AVR."""
    file = {"xgb": "model.json", "lgb": "model.txt"}[library]
    return Subject(f"digits {library}{name}", "trees", f"digits_{library}", options, targets=targets,
                   folder="boosted_digits", file=file, test_set="digits_rf10")


def network_q(name, options, targets):
    """A network that is given inputs which are quantised already."""
    return Subject(name, "networks", "digits_mlp", options, call="m_predict_q(features)", inputs="quantized",
                   targets=targets)


def filter_of(name, model, sections, options, targets, sample="float", block=BLOCK):
    """A cascade that filters a block of samples in place of another."""
    prelude = f"static m_state m_bench_state;\nstatic {sample} m_bench_y[{block}];"
    call = f"(m_filter(&m_bench_state, features, m_bench_y, {block}), m_bench_y[{block - 1}])"
    return Subject(name, "filters", model, options, call, sample if sample == "float" else "int32_t", "signal",
                   "signal", targets, prelude, block, sections)


def windows_of(name, model, hop, n_keys, targets):
    """A stream that takes a hop and decides about the window that it completes."""
    prelude = f"static m_state m_bench_stream;\nstatic uint8_t m_bench_ranks[{n_keys}];"
    push = f"m_push(&m_bench_stream, features, {hop})"
    return Subject(name, "signals", model, call=f"({push}, m_decide(&m_bench_stream))", inputs="frames", targets=targets,
                   prelude=prelude, folder="windows",
                   code_call=f"({push}, m_ranks_(&m_bench_stream, m_bench_ranks), m_bench_ranks[0])")


CLUSTERS = "--leaf-clusters 16 --leaf-bits 8 --optimize size"

def blob_of(name, model, options, truth="labels", targets=("m0", "m3", "rv32")):
    """Trees in a blob that decide in the type of their features; opening it is not part of the call."""
    return Subject(f"blob {name}", "trees", model, options, truth=truth, targets=targets, blob=True)


SUBJECTS = (
    windows_of("har windows", "har_rf", 64, 81, ("m0", "m4f", "avr")),
    blob_of("digits hard packed", "digits_rf10", "--voting hard --optimize size", "votes", ("m0",)),
    blob_of("digits hard", "digits_rf10", "--voting hard --optimize speed", "votes"),
    blob_of("digits soft", "digits_rf10", "--optimize speed"),
    blob_of("cancer", "cancer_rf", "--optimize speed"),
    blob_of("cancer i16", "cancer_rf_i16", "--optimize speed"),
    Subject("blob mlp float", "networks", "digits_mlp", targets=("m0", "m4f"), blob=True),
    Subject("blob mlp int8 q", "networks", "digits_mlp", "--weights int8 --tmdl-profile emlearn-cnn",
            call="m_predict_q(features)", inputs="quantized", targets=("m0", "m3", "m4f", "m7", "rv32"), blob=True),
    Subject("digits hard size", "trees", "digits_rf10", "--voting hard --optimize size", truth="votes"),
    Subject("digits hard", "trees", "digits_rf10", "--voting hard", truth="votes", targets=("m0",)),
    Subject("digits hard speed", "trees", "digits_rf10", "--voting hard --optimize speed", truth="votes"),
    Subject("digits soft", "trees", "digits_rf10"),
    Subject("digits soft size", "trees", "digits_rf10", "--optimize size"),
    Subject("digits soft speed", "trees", "digits_rf10", "--optimize speed"),
    Subject("digits clusters", "trees", "digits_rf10", CLUSTERS),
    Subject("digits clusters balanced", "trees", "digits_rf10", "--leaf-clusters 16 --leaf-bits 8", targets=("m0",)),
    Subject("cancer size", "trees", "cancer_rf", "--optimize size"),
    Subject("cancer", "trees", "cancer_rf"),
    Subject("cancer speed", "trees", "cancer_rf", "--optimize speed"),
    Subject("cancer i16 size", "trees", "cancer_rf_i16", "--optimize size"),
    Subject("cancer i16", "trees", "cancer_rf_i16"),
    Subject("cancer i16 speed", "trees", "cancer_rf_i16", "--optimize speed"),
    Subject("diabetes size", "trees", "diabetes_rfr", "--optimize size", result="float", truth="values"),
    Subject("diabetes", "trees", "diabetes_rfr", result="float", truth="values"),
    Subject("diabetes speed", "trees", "diabetes_rfr", "--optimize speed", result="float", truth="values"),
    Subject("diabetes clusters", "trees", "diabetes_rfr", "--leaf-clusters 64 --optimize size", result="float",
            truth="values"),
    Subject("diabetes clusters balanced", "trees", "diabetes_rfr", "--leaf-clusters 64", result="float", truth="values",
            targets=("m0",)),
    digits_boosted(" size", "xgb", "--features uint8 --optimize size"),
    digits_boosted("", "xgb", "--features uint8"),
    digits_boosted(" speed", "xgb", "--features uint8 --optimize speed"),
    digits_boosted(" clusters", "xgb", "--features uint8 --leaf-clusters 256 --optimize size"),
    digits_boosted(" float size", "xgb", "--optimize size"),
    digits_boosted(" float", "xgb"),
    digits_boosted(" float speed", "xgb", "--optimize speed"),
    digits_boosted(" size", "lgb", "--features uint8 --optimize size"),
    digits_boosted("", "lgb", "--features uint8"),
    digits_boosted(" float size", "lgb", "--optimize size"),
    digits_boosted(" float", "lgb"),
    Subject("cancer gbc size", "trees", "cancer_gbc", "--optimize size"),
    Subject("cancer gbc", "trees", "cancer_gbc"),
    Subject("cancer gbc speed", "trees", "cancer_gbc", "--optimize speed"),
    Subject("mlp float size", "networks", "digits_mlp", "--optimize size", targets=("m0", "m4f")),
    Subject("mlp float balanced", "networks", "digits_mlp", targets=("m4f",)),
    Subject("mlp float speed", "networks", "digits_mlp", "--optimize speed", targets=("m0", "m4f")),
    Subject("mlp int8 size", "networks", "digits_mlp", "--weights int8 --optimize size"),
    Subject("mlp int8 speed", "networks", "digits_mlp", "--weights int8 --optimize speed"),
    network_q("mlp int8 q size", "--weights int8 --optimize size", ("m0", "m4f", "avr")),
    network_q("mlp int8 q speed", "--weights int8 --optimize speed", ("m0", "m4f", "avr")),
    Subject("mlp int16", "networks", "digits_mlp", "--weights int16", targets=("m0", "m4f", "avr")),
    filter_of("sos float size", "aweight_16k", 3, "--optimize size", ("m0", "m4f")),
    filter_of("sos float balanced", "aweight_16k", 3, "", ("m4f",)),
    filter_of("sos float speed", "aweight_16k", 3, "--optimize speed", ("m0", "m4f")),
    filter_of("sos delta speed", "aweight_16k", 3, "--structure delta --optimize speed", ("m4f",)),
    filter_of("sos compensated speed", "aweight_16k", 3, "--structure compensated --optimize speed", ("m4f",)),
    filter_of("sos pairs speed", "aweight_16k", 3, "--structure pairs --optimize speed", ("m4f",)),
    filter_of("sos q15 size", "butter4_1k_16k", 2, "--arithmetic q15 --optimize size", ("m0", "m4f"), "int16_t"),
    filter_of("sos q15 speed", "butter4_1k_16k", 2, "--arithmetic q15 --optimize speed", ("m0", "m4f"), "int16_t"),
    filter_of("sos q15 avr", "butter4_1k_16k", 2, "--arithmetic q15 --optimize size", ("avr",), "int16_t", BLOCK_AVR),
    filter_of("sos q31 size", "aweight_16k", 3, "--arithmetic q31 --optimize size", ("m0", "m4f"), "int32_t"),
    filter_of("sos mixed size", "butter4_1k_16k", 2, "--arithmetic mixed --optimize size", ("m0", "m4f"), "int32_t"),
    filter_of("sos mixed speed", "butter4_1k_16k", 2, "--arithmetic mixed --optimize speed", ("m0", "m4f"), "int32_t"),
    filter_of("sos mixed avr", "butter4_1k_16k", 2, "--arithmetic mixed --optimize size", ("avr",), "int32_t", BLOCK_AVR),
    filter_of("sos q31 speed", "aweight_16k", 3, "--arithmetic q31 --optimize speed", ("m0", "m4f"), "int32_t"),
    filter_of("sos q31 avr", "aweight_16k", 3, "--arithmetic q31 --optimize size", ("avr",), "int32_t", BLOCK_AVR),
)


@dataclasses.dataclass(frozen=True)
class Goal:
    """One number of a subject on a target. Smaller is better, but for shares of equal answers."""

    subject: str
    target: str
    measure: str  # flash, code, ram, memory, stack, count, agreement, r2_change, error_rms
    reach: float
    aim: float
    peer: str  # the best other tool, measured the same way


GOALS = (
    Goal("har windows", "m0", "count", 120000, 80000, "290 000 (integers, by hand)"),
    Goal("har windows", "m4f", "count", 80000, 55000, "176 000"),
    Goal("har windows", "avr", "count", 1600000, 1100000, "does not fit"),
    Goal("har windows", "m0", "code", 2000, 1600, "1 136"),
    Goal("har windows", "m0", "memory", 1700, 1200, "3 704"),
    Goal("har windows", "m0", "agreement", 1.0, 1.0, "-"),
    Goal("blob digits hard", "m0", "count", 1600, 1250, "4 600 (emlearn)"),
    Goal("blob digits hard", "m3", "count", 1200, 950, "3 150 (emlearn)"),
    Goal("blob digits hard", "rv32", "count", 1400, 1100, "3 900 (emlearn)"),
    Goal("blob digits hard", "m0", "agreement", 1.0, 1.0, "-"),
    Goal("blob digits hard", "m0", "runtime", 2500, 1800, "-"),
    Goal("blob digits soft", "m0", "count", 2200, 1700, "none is exact"),
    Goal("blob digits soft", "m0", "agreement", 1.0, 1.0, "-"),
    Goal("blob cancer", "m0", "count", 5300, 4200, "24 061 (emlearn, 96 % agree)"),
    Goal("blob cancer", "m0", "agreement", 1.0, 1.0, "96 %"),
    Goal("blob mlp int8 q", "m0", "count", 22000, 17000, "53 267 (TinyMaix)"),
    Goal("blob mlp int8 q", "m3", "count", 20000, 16000, "28 800 (TinyMaix)"),
    Goal("blob mlp int8 q", "m7", "count", 8000, 6500, "13 500 (TinyMaix)"),
    Goal("blob mlp float", "m4f", "count", 8000, 7200, "9 419 (TinyMaix)"),
    Goal("blob mlp float", "m0", "runtime", 8000, 6500, "-"),
    Goal("blob mlp float", "m0", "runtime_all", 8000, 6500, "-"),
    Goal("digits hard size", "m0", "flash", 2900, 2400, "10 624 (12 344 inline)"),
    Goal("digits hard size", "m4s", "flash", 2900, 2400, "8 424"),
    Goal("digits hard size", "avr", "flash", 3200, 2700, "16 168, or 9 168 with 7 002 RAM"),
    Goal("digits hard size", "avr", "ram", 16, 0, "0, or 7 002"),
    Goal("digits hard speed", "m0", "count", 340, 280, "586"),
    Goal("digits hard speed", "m4f", "count", 220, 170, "407"),
    Goal("digits hard speed", "avr", "count", 760, 550, "1 669"),
    Goal("digits soft", "m0", "flash", 9000, 6000, "60 424 (the exact ones)"),
    Goal("digits soft", "m0", "count", 2200, 1500, "19 402 (the exact ones)"),
    Goal("digits soft", "m0", "agreement", 1.0, 1.0, "100 %"),
    Goal("digits clusters", "m0", "flash", 3300, 2800, "13 532"),
    Goal("digits clusters", "m0", "agreement", 0.985, 0.985, "87.8 %"),
    Goal("cancer size", "m0", "flash", 3000, 2300, "10 208"),
    Goal("cancer speed", "m0", "count", 3000, 1800, "24 061"),
    Goal("cancer i16 size", "m0", "flash", 2200, 1700, "5 488"),
    Goal("cancer i16 speed", "m0", "count", 2500, 1500, "19 476"),
    Goal("diabetes size", "m0", "flash", 7500, 6000, "19 080 (not exact)"),
    Goal("diabetes speed", "m0", "count", 3500, 2000, "6 264 (not exact)"),
    Goal("diabetes clusters", "m0", "flash", 5000, 4000, ""),
    Goal("diabetes clusters", "m0", "r2_change", 0.002, 0.002, ""),
    Goal("digits xgb size", "m0", "flash", 15000, 13000, "40 540 (YDF), 97 272 (tl2cgen)"),
    Goal("digits xgb", "m0", "flash", 19000, 16000, "75 040 (everywhereml)"),
    Goal("digits xgb", "m0", "count", 21000, 18000, "77 400 (everywhereml)"),
    Goal("digits xgb", "m0", "agreement", 1.0, 1.0, "100 %"),
    Goal("digits xgb speed", "m4f", "count", 5300, 4500, "6 614"),
    Goal("digits xgb speed", "m4f", "flash", 45000, 40000, "77 396"),
    Goal("digits xgb clusters", "m0", "flash", 10000, 8500, ""),
    Goal("digits xgb clusters", "m0", "agreement", 0.994, 0.994, ""),
    Goal("digits lgb size", "m0", "flash", 40000, 34000, "104 936 (YDF, wrong at thresholds), 217 816 (tl2cgen)"),
    Goal("digits lgb", "m0", "flash", 50000, 42000, "217 816 (tl2cgen)"),
    Goal("digits lgb", "m0", "count", 46000, 40000, "194 555 (tl2cgen)"),
    Goal("digits lgb", "m0", "agreement", 1.0, 1.0, "100 %"),
    Goal("cancer gbc", "m0", "flash", 3000, 2700, "17 680 (tl2cgen)"),
    Goal("cancer gbc", "m0", "count", 2400, 1700, "15 734 (tl2cgen)"),
    Goal("mlp float speed", "m4f", "flash", 12000, 11600, "14 620 (TinyMaix), 14 232 (emlearn)"),
    Goal("mlp float speed", "m4f", "count", 7700, 7000, "9 419 (TinyMaix), 19 617 (emlearn)"),
    Goal("mlp int8 size", "m0", "flash", 3500, 3200, "6 944 (CMSIS-NN), 11 664 (TinyMaix)"),
    Goal("mlp int8 speed", "m0", "count", 18000, 15500, "38 412 (CMSIS-NN), 73 108 (TinyMaix)"),
    Goal("mlp int8 q speed", "m0", "flash", 3600, 3400, "5 352 (CMSIS-NN), 11 520 (TinyMaix)"),
    Goal("mlp int8 q speed", "m0", "count", 15000, 13000, "27 015 (CMSIS-NN), 53 267 (TinyMaix)"),
    Goal("mlp int8 q speed", "m4f", "flash", 3700, 3600, "7 136 (CMSIS-NN)"),
    Goal("mlp int8 q speed", "m4f", "count", 6100, 5000, "8 127 (CMSIS-NN)"),
    Goal("mlp int8 q speed", "avr", "flash", 3900, 3600, "none fits"),
    Goal("mlp int8 q speed", "avr", "ram", 160, 0, "none fits"),
    Goal("mlp int8 q speed", "avr", "count", 62000, 52000, "none fits"),
    Goal("mlp int8 speed", "m0", "agreement", 0.994, 0.998, "99.6 to 99.8 %"),
    Goal("sos float speed", "m4f", "count", 8.5, 7, "7.8 with 728 B, 12.3 with 216 B (CMSIS-DSP)"),
    Goal("sos float speed", "m4f", "flash", 700, 500, "728, or 216"),
    Goal("sos float size", "m4f", "count", 11.5, 11.5, "12.3"),
    Goal("sos float size", "m4f", "flash", 200, 200, "216"),
    Goal("sos delta speed", "m4f", "count", 14, 13, ""),
    Goal("sos compensated speed", "m4f", "count", 14, 13, ""),
    Goal("sos pairs speed", "m4f", "count", 14, 13, ""),
    Goal("sos q15 speed", "m0", "count", 43, 34, "87.9; 52.9 without full care (CMSIS-DSP)"),
    Goal("sos q15 speed", "m0", "flash", 280, 220, "400; 600"),
    Goal("sos q15 speed", "m4f", "count", 10, 8, "10.6 (CMSIS-DSP)"),
    Goal("sos q15 speed", "m4f", "flash", 300, 250, "328"),
    Goal("sos q31 speed", "m4f", "count", 14, 11, "14.3 (CMSIS-DSP)"),
    Goal("sos q31 speed", "m4f", "flash", 600, 400, "600"),
    Goal("sos q31 size", "m0", "count", 260, 200, "262.7 (CMSIS-DSP)"),
    Goal("sos q31 size", "m0", "flash", 450, 400, "1 076"),
    Goal("sos mixed size", "m0", "count", 80, 65, "-"),
    Goal("sos mixed size", "m0", "flash", 330, 330, "-"),
    Goal("sos q15 avr", "avr", "count", 390, 320, "none"),
    Goal("sos q15 avr", "avr", "flash", 520, 450, "none"),
    Goal("sos q15 speed", "m0", "error_rms", 6, 2, "143 as converted by hand, 8.4 gain-balanced"),
)
