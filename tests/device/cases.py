"""The table of what is run on the devices: one row per model and set of options."""

import dataclasses

NO_LIMIT = 10**9


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    model: str  # folder of tests/data/models, or a document of made.py
    options: str = ""  # of emlc convert
    blob: bool = False  # a .tmdl blob walked by the runtime, else a C header
    in_c: bool = False  # the blob as emlc writes it into a C source, else its bytes in a source of the test
    libm: float = 0.0  # so much may outputs differ that went through another expf or tanhf; labels may not
    avr: str = ""  # why it cannot run on the ATmega328P: 32 KiB of flash, 2 KiB of RAM
    avr_rows: int = NO_LIMIT  # simavr is slow: so many of the inputs, evenly spread, are enough there


FLASH = "more than 32 KiB of flash"
EXPF = 2.0**-22  # of a probability; that of class 0 is one minus that of class 1
TANHF = 2.0**-20
STEPS = 2.0**-18  # of a probability behind powers and a norm
DOUBLE = "double has 32 bits"
LOGF = 2.0**-15  # of a column after a logarithm or a power, and of what a network makes of it
RAM = "blobs are read from RAM on AVR, 2 KiB"

CASES = (
    Case("digits_soft_table", "digits_rf10", "--layout table"),
    Case("digits_soft_inline", "digits_rf10", "--layout inline", avr=FLASH),
    Case("digits_hard_size", "digits_rf10", "--voting hard --optimize size"),
    Case("digits_hard_speed", "digits_rf10", "--voting hard --optimize speed"),
    Case("digits_hard_inline", "digits_rf10", "--voting hard --layout inline"),
    Case("digits_clusters_table", "digits_rf10", "--leaf-clusters 16 --leaf-bits 8 --layout table"),
    Case("digits_clusters_inline", "digits_rf10", "--leaf-clusters 16 --leaf-bits 8 --layout inline"),
    Case("digits_float", "digits_rf10", "--features float --voting hard --optimize size", avr_rows=600),
    Case("cancer_size", "cancer_rf", "--optimize size"),
    Case("cancer_speed", "cancer_rf", "--optimize speed"),
    Case("cancer_fpu", "cancer_rf", "--optimize speed --fpu yes"),
    Case("cancer_no_fpu", "cancer_rf", "--optimize speed --fpu no"),
    Case("cancer_i16_size", "cancer_rf_i16", "--optimize size"),
    Case("cancer_i16_speed", "cancer_rf_i16", "--optimize speed"),
    Case("cancer_gbc_table", "cancer_gbc", "--layout table", libm=EXPF),
    Case("cancer_gbc_inline", "cancer_gbc", "--layout inline", libm=EXPF),
    Case("cancer_gbc_size", "cancer_gbc", "--optimize size", libm=EXPF),
    Case("cancer_gbc_speed", "cancer_gbc", "--optimize speed", libm=EXPF),
    Case("diabetes_size", "diabetes_rfr", "--optimize size"),
    Case("diabetes_speed", "diabetes_rfr", "--optimize speed"),
    Case("diabetes_clusters", "diabetes_rfr", "--leaf-clusters 64 --optimize size"),
    Case("iris", "iris_dt"),
    Case("wine_double", "wine_hgb", "--features double", libm=EXPF, avr=DOUBLE),
    Case("wine_double_table", "wine_hgb", "--features double --layout table", libm=EXPF, avr=DOUBLE),
    Case("cancer_double_size", "cancer_rf", "--features double --optimize size", avr=DOUBLE),
    Case("cancer_double_links", "cancer_rf", "--features double --layout table --optimize speed", avr=DOUBLE),
    Case("digits_mlp_size", "digits_mlp", "--optimize size", libm=EXPF, avr_rows=100),
    Case("digits_mlp_speed", "digits_mlp", "--optimize speed", libm=EXPF, avr_rows=100),
    Case("diabetes_mlp", "diabetes_mlpr", libm=TANHF, avr_rows=200),
    Case("digits_int8_size", "digits_mlp", "--weights int8 --optimize size", libm=EXPF),
    Case("digits_int8_speed", "digits_mlp", "--weights int8 --optimize speed", libm=EXPF),
    Case("digits_int16", "digits_mlp", "--weights int16", libm=EXPF, avr_rows=400),
    Case("digits_int16_size", "digits_mlp", "--weights int16 --optimize size", libm=EXPF, avr_rows=100),
    Case("diabetes_int8", "diabetes_mlpr", "--weights int8"),
    Case("vote", "iris_vote", libm=EXPF),
    Case("vote_table", "iris_vote", "--layout table --optimize size", libm=EXPF),
    Case("steps", "iris_steps", libm=STEPS),
    Case("cancer_scale_auto", "cancer_rf", "--features int16 --feature-scale auto --optimize size", avr_rows=400),
    Case("cancer_scale_each", "cancer_rf", "--features int16 --feature-scale per-feature --optimize speed", avr_rows=400),
    Case("cancer_scale_int8", "cancer_rf", "--features int8 --feature-scale per-feature", avr_rows=400),
    Case("power_trees_double", "power_trees", "--features double", avr=DOUBLE),
    Case("codes_trees_double", "one_hot_trees", "--features double --layout table", avr=DOUBLE),
    Case("quantile_trees_int16", "quantile_trees", "--features int16"),
    *(Case(f"{name}_{kind}", f"{name}_{kind}", "--optimize size" if kind == "trees" else "",
           libm=LOGF if name in ("power", "normal") and kind == "network" else 0.0, avr_rows=200)
      for name in ("one_hot", "impute", "pca", "polynomial", "quantile", "normal", "power", "codes")
      for kind in ("trees", "network")),
    Case("pairs_of_trees", "pairs_of_trees", avr_rows=200),
    Case("pairs_of_trees_table", "pairs_of_trees", "--layout table --optimize size", avr_rows=200),
    Case("pairs_of_forests", "pairs_of_forests", avr_rows=200),
    Case("pairs_of_lines", "pairs_of_lines", avr_rows=200),
    Case("calibrated", "calibrated", libm=EXPF, avr_rows=200),
    Case("isotonic", "isotonic", "--layout table", avr_rows=200),
    Case("stacked", "stacked", avr_rows=200),
    Case("voting", "voting", avr_rows=200),
    Case("aweight", "aweight_16k"),
    Case("aweight_delta", "aweight_16k", "--structure delta"),
    Case("aweight_compensated", "aweight_16k", "--structure compensated --optimize size"),
    Case("aweight_pairs", "aweight_16k", "--structure pairs --optimize speed"),
    Case("butter4_speed", "butter4_1k_16k", "--optimize speed"),
    Case("butter4_q15", "butter4_1k_16k", "--arithmetic q15 --optimize speed"),
    Case("butter4_q15_size", "butter4_1k_16k", "--arithmetic q15 --optimize size"),
    Case("butter4_mixed", "butter4_1k_16k", "--arithmetic mixed"),
    Case("aweight_q31", "aweight_16k", "--arithmetic q31"),
    Case("aweight_q31_speed", "aweight_16k", "--arithmetic q31 --optimize speed"),
    Case("highpass_q15", "highpass_50_16k", "--arithmetic q15"),
    Case("highpass_mixed", "highpass_50_16k", "--arithmetic mixed --headroom 1"),
    Case("highpass_q31", "highpass_50_16k", "--arithmetic q31"),
    Case("digits_blob", "digits_rf10", blob=True, avr=RAM),
    Case("cancer_blob", "cancer_rf", blob=True, avr=RAM),
    Case("cancer_gbc_blob", "cancer_gbc", blob=True, libm=EXPF, avr=RAM),
    Case("diabetes_blob", "diabetes_rfr", blob=True, avr=RAM),
    Case("diabetes_linked_blob", "diabetes_rfr", "--optimize speed", blob=True, avr=RAM),
    Case("wine_blob", "wine_hgb", "--features float", blob=True, libm=EXPF, avr=RAM),
    Case("wine_linked_blob", "wine_hgb", "--features float --optimize speed", blob=True, libm=EXPF, avr=RAM),
    Case("diabetes_mlp_blob", "diabetes_mlpr", blob=True, libm=TANHF, avr=RAM),
    Case("digits_int8_blob", "digits_mlp", "--weights int8", blob=True, libm=EXPF, avr=RAM),
    Case("iris_blob", "iris_dt", blob=True),
    Case("digits_votes_blob", "digits_rf10", "--voting hard", blob=True, avr=RAM),
    Case("cancer_i16_blob", "cancer_rf_i16", blob=True, avr=RAM),
    Case("digits_linked_blob", "digits_rf10", "--optimize speed", blob=True, avr=RAM),
    Case("digits_votes_linked_blob", "digits_rf10", "--voting hard --optimize speed", blob=True, avr=RAM),
    Case("cancer_linked_blob", "cancer_rf", "--optimize speed", blob=True, avr=RAM),
    Case("cancer_i16_linked_blob", "cancer_rf_i16", "--optimize speed", blob=True, avr=RAM),
    Case("cancer_gbc_linked_blob", "cancer_gbc", "--optimize speed", blob=True, libm=EXPF, avr=RAM),
    Case("iris_linked_blob", "iris_dt", "--optimize balanced", blob=True),
    Case("digits_mlp_blob", "digits_mlp", blob=True, libm=EXPF, avr=RAM),
    Case("steps_blob", "iris_steps", blob=True, libm=STEPS),
    Case("aweight_blob", "aweight_16k", blob=True),
    Case("butter4_q15_blob", "butter4_1k_16k", "--arithmetic q15", blob=True),
    Case("butter4_mixed_blob", "butter4_1k_16k", "--arithmetic mixed --headroom 1", blob=True),
    Case("aweight_q31_blob", "aweight_16k", "--arithmetic q31", blob=True),
    Case("highpass_q15_blob", "highpass_50_16k", "--arithmetic q15", blob=True),
    Case("highpass_q31_blob", "highpass_50_16k", "--arithmetic q31", blob=True),
    Case("aweight_pairs_blob", "aweight_16k", "--structure pairs", blob=True),
    Case("iris_blob_in_c", "iris_dt", blob=True, in_c=True),
    Case("digits_int8_blob_in_c", "digits_mlp", "--weights int8", blob=True, in_c=True, libm=EXPF, avr=RAM),
    Case("aweight_q31_blob_in_c", "aweight_16k", "--arithmetic q31 --section .models", blob=True, in_c=True),
)
