/**
 * Where everything lies in a .tmdl blob, for the loader, the writer and the reader alike. docs/tmdl.md tells what it
 * means. Every number is little-endian; every `_AT_` is a byte offset.
 */
#ifndef EMLC_TMDL_FORMAT_H
#define EMLC_TMDL_FORMAT_H

/* All trees. */
#ifdef EMLC_NO_TREES
#define EMLC_NO_PACKED_TREES
#define EMLC_NO_LINKED_TREES
#endif

/* Filters in integers are filters. */
#if defined(EMLC_NO_FILTERS) && !defined(EMLC_NO_FIXED)
#define EMLC_NO_FIXED
#endif

/* An int8 model is a dense network. */
#if defined(EMLC_NO_DENSE) && !defined(EMLC_NO_INT8)
#define EMLC_NO_INT8
#endif

/* What is left is alone in its blob: nothing has a place in a buffer. */
#if defined(EMLC_NO_DENSE) && defined(EMLC_NO_FILTERS) && defined(EMLC_NO_SCALERS) && defined(EMLC_NO_STEPS) && \
    defined(EMLC_NO_PACKED_TREES)
#define EMLC_TMDL_ONE_LAYER
#endif

#define EMLC_TMDL_MAIX 0x5849414DUL  /* "MAIX" as a u32 */
#define EMLC_TMDL_MAGIC 0x434C4D45UL /* "EMLC" as a u32 */
#define EMLC_TMDL_MAX_WIDTH 65535U   /* values between two layers: dims are 16 bits wide */
enum {
  EMLC_TMDL_VERSION = 2, /* that is written */
  EMLC_TMDL_OLDEST_VERSION = 1,
  EMLC_TMDL_ALIGN = 8 /* of the blob itself, of every layer and of every place in the buffer */
};

/* The first 64 bytes; from EMLC_AT_MAGIC on they are 0 in a file of TinyMaix. */
enum {
  EMLC_AT_MAIX = 0,        /* "MAIX" */
  EMLC_AT_MDL_TYPE = 4,    /* u8, see below */
  EMLC_AT_OUT_DEQ = 5,     /* u8 */
  EMLC_AT_INPUT_CNT = 6,   /* u16, 1 */
  EMLC_AT_OUTPUT_CNT = 8,  /* u16, 1 */
  EMLC_AT_LAYER_CNT = 10,  /* u16 */
  EMLC_AT_BUF_SIZE = 12,   /* u32, bytes of the buffer that holds what goes from layer to layer */
  EMLC_AT_SUB_SIZE = 16,   /* u32, 0 */
  EMLC_AT_IN_DIMS = 20,    /* u16[4]: n, h, w, c */
  EMLC_AT_OUT_DIMS = 28,   /* u16[4] */
  EMLC_AT_MAGIC = 36,      /* "EMLC" */
  EMLC_AT_VERSION = 40,    /* u16, EMLC_TMDL_OLDEST_VERSION to EMLC_TMDL_VERSION */
  EMLC_AT_FLAGS = 42,      /* u16, see below */
  EMLC_AT_TOTAL_SIZE = 44, /* u32, bytes of the blob */
  EMLC_AT_CRC = 48,        /* u32, CRC-32 of all other bytes; version 1: from EMLC_TMDL_HEADER_SIZE on */
  EMLC_AT_WORK_SIZE = 52,  /* u32, bytes of working memory or filter state */
  EMLC_AT_THRESHOLD = 56,  /* f32, of the decision */
  EMLC_AT_TARGETS = 60,    /* u32, where the target sizes are, or 0: see docs/tmdl.md */
  EMLC_TMDL_HEADER_SIZE = 64
};

/* mdl_type: the numbers that layers work on. */
enum {
  EMLC_TMDL_I8 = 0,     /* TinyMaix int8 */
  EMLC_TMDL_F32 = 2,    /* TinyMaix float */
  EMLC_TMDL_EMLC = 0x45 /* layers of emlc, float; TinyMaix refuses it */
};

/* Flags: the decision rule in bits 0 and 1, a signal in bit 3, the task in bits 4 to 6; the others are 0. */
enum {
  EMLC_RULE_NONE = 0,
  EMLC_RULE_ARGMAX = 1,        /* the first maximum of each target */
  EMLC_RULE_GREATER = 2,       /* every output is a target: class 1 above the threshold, else class 0 */
  EMLC_RULE_GREATER_EQUAL = 3, /* the same, class 1 at the threshold too */
  EMLC_FLAGS_RULE = 0x0003,
  EMLC_FLAGS_SIGNAL = 0x0008, /* a layer SIGNAL stands behind all others, which layer_cnt does not count */
  EMLC_FLAGS_TASK = 0x0070,
  EMLC_FLAGS_TASK_SHIFT = 4,
#ifdef EMLC_NO_SIGNALS
  EMLC_FLAGS_KNOWN = EMLC_FLAGS_RULE | EMLC_FLAGS_TASK
#else
  EMLC_FLAGS_KNOWN = EMLC_FLAGS_RULE | EMLC_FLAGS_SIGNAL | EMLC_FLAGS_TASK
#endif
};
enum {
  EMLC_TASK_CLASSIFICATION = 0,
  EMLC_TASK_REGRESSION = 1,
  EMLC_TASK_ANOMALY = 2,
  EMLC_TASK_TRANSFORM = 3,
  EMLC_TASK_FILTER = 4
};

/* The types that inputs may be declared in: those of layers of trees. */
enum { EMLC_TYPE_F32 = 0, EMLC_TYPE_I8 = 2, EMLC_TYPE_U8 = 3, EMLC_TYPE_I16 = 4, EMLC_TYPE_I32 = 5 };

/* The first 48 bytes of every layer. */
enum {
  EMLC_LAYER_AT_TYPE = 0,      /* u16, see below */
  EMLC_LAYER_AT_IS_OUT = 2,    /* u16, 1 for the last layer, else 0 */
  EMLC_LAYER_AT_SIZE = 4,      /* u32, the whole layer, a multiple of 8 */
  EMLC_LAYER_AT_IN_OFT = 8,    /* u32, the input's place in the buffer */
  EMLC_LAYER_AT_OUT_OFT = 12,  /* u32, the output's */
  EMLC_LAYER_AT_IN_DIMS = 16,  /* u16[4] */
  EMLC_LAYER_AT_OUT_DIMS = 24, /* u16[4] */
  EMLC_LAYER_AT_IN_S = 32,     /* f32, scale: real = scale * (q - zero point) */
  EMLC_LAYER_AT_IN_ZP = 36,    /* i32 in int8 models: zero point */
  EMLC_LAYER_AT_OUT_S = 40,
  EMLC_LAYER_AT_OUT_ZP = 44,
  EMLC_LAYER_HEADER_SIZE = 48,
  EMLC_TMDL_LAYER_BODY = 64 /* bytes that every layer has at least, but SOFTMAX and RESHAPE */
};

/* Layer types: TinyMaix's own below 64, emlc's from 64 on. */
enum {
  EMLC_LAYER_CONV2D = 0,
  EMLC_LAYER_FC = 2,
  EMLC_LAYER_SOFTMAX = 3,
  EMLC_LAYER_RESHAPE = 4,
  EMLC_LAYER_TREES = 64,
  EMLC_LAYER_SOS = 65,
  EMLC_LAYER_SCALER = 66,
  EMLC_LAYER_DENSE = 67,
  EMLC_LAYER_POST_TRANSFORM = 68,
  EMLC_LAYER_SOS_STRUCTURES = 69,
  EMLC_LAYER_SOS_FIXED = 70,
  EMLC_LAYER_LINKED_TREES = 71,
  EMLC_LAYER_STEP = 72,
  EMLC_LAYER_SIGNAL = 73
};

/* CONV2D. */
enum {
  EMLC_CONV_AT_KERNEL = 48,    /* u8[6]: kernel_w, kernel_h, stride_w, stride_h, dilation_w, dilation_h */
  EMLC_CONV_AT_ACT = 54,       /* u16 */
  EMLC_CONV_AT_PAD = 56,       /* u8[4] */
  EMLC_CONV_AT_DEPTH_MUL = 60, /* u32, 0 */
  EMLC_CONV_AT_WS_OFT = 68,    /* u32, weight scales, from the start of the layer */
  EMLC_CONV_AT_W_OFT = 72,     /* u32, weights [n_out][n_in] */
  EMLC_CONV_AT_B_OFT = 76,     /* u32, bias [n_out] */
  EMLC_CONV_AT_DATA = 80
};
enum { EMLC_CONV_ACT_NONE = 0, EMLC_CONV_ACT_RELU = 1, EMLC_CONV_ACT_RELU6 = 3 };

/* FC. */
enum { EMLC_FC_AT_WS_OFT = 48, EMLC_FC_AT_W_OFT = 52, EMLC_FC_AT_B_OFT = 56, EMLC_FC_AT_DATA = 64 };

/* Dense with any activation; weights and bias are found as in FC. */
enum {
  EMLC_DENSE_AT_ACTIVATION = 48, /* u16, an emlc_activation */
  EMLC_DENSE_AT_W_OFT = EMLC_FC_AT_W_OFT,
  EMLC_DENSE_AT_B_OFT = EMLC_FC_AT_B_OFT,
  EMLC_DENSE_AT_ALPHA = 60, /* f32 */
  EMLC_DENSE_AT_DATA = 64
};

/* Second-order sections. */
enum {
  EMLC_SOS_AT_COUNT = 48,       /* u32, sections */
  EMLC_SOS_AT_HAS_STATE = 52,   /* u32, 1 if initial states follow the coefficients */
  EMLC_SOS_AT_SAMPLE_RATE = 56, /* f64, Hz, 0 unknown */
  EMLC_SOS_AT_DATA = 64         /* f32[n][5] b0 b1 b2 a1 a2, then f32[n][2] z1 z2 */
};

/* Second-order sections in integers. */
enum {
  EMLC_SOS_FIXED_AT_COUNT = 48,         /* u32, sections */
  EMLC_SOS_FIXED_AT_ARITHMETIC = 52,    /* u8, see below */
  EMLC_SOS_FIXED_AT_FRACTION_BITS = 53, /* u8, of the coefficients */
  EMLC_SOS_FIXED_AT_ROUNDING = 54,      /* u8, EMLC_SOS_ROUND_... */
  EMLC_SOS_FIXED_AT_HEADROOM = 55,      /* u8, full scale of the output is 2^headroom times that of the input */
  EMLC_SOS_FIXED_AT_SAMPLE_RATE = 56,   /* f64, Hz, 0 unknown */
  EMLC_SOS_FIXED_AT_LIFT = 64,          /* u8, the output is shifted up so far at the end, and saturates */
  EMLC_SOS_FIXED_AT_DATA = 72           /* i16[n][5] or i32[n][5] b0 b1 b2 a1 a2 */
};
enum { EMLC_SOS_Q15 = 1, EMLC_SOS_MIXED = 2, EMLC_SOS_Q31 = 3, EMLC_SOS_Q15_CMSIS = 4 };

/* Second-order sections with a structure each: the fields of those above, then f32[n][5] coefficients, f32[n][4]
   initial states if there are any, u8[n] an emlc_sos_structure each. */

/* Scaler. */
enum {
  EMLC_SCALER_AT_OP = 48,       /* u16, see below */
  EMLC_SCALER_AT_HAS_CLIP = 50, /* u16, 1 if results are limited to low..high */
  EMLC_SCALER_AT_LOW = 52,      /* f32 */
  EMLC_SCALER_AT_HIGH = 56,     /* f32 */
  EMLC_SCALER_AT_DATA = 64      /* f32[n] offset, f32[n] scale */
};
enum { EMLC_SCALER_SUBTRACT_DIVIDE = 0, EMLC_SCALER_MULTIPLY_ADD = 1 };

/* A step in front of a model. */
enum {
  EMLC_STEP_AT_KIND = 48,      /* u8, an emlc_step_kind */
  EMLC_STEP_AT_VARIANT = 49,   /* u8, of the kind */
  EMLC_STEP_AT_FIRST = 50,     /* u16, the first column of the run */
  EMLC_STEP_AT_N_COLUMNS = 52, /* u16, of the run */
  EMLC_STEP_AT_N_RESULTS = 54, /* u16, in its place */
  EMLC_STEP_AT_COUNT = 56,     /* u16, quantile and products */
  EMLC_STEP_AT_LOW = 56,       /* f32, scaler, impute and missing_indicator */
  EMLC_STEP_AT_HIGH = 60,      /* f32, scaler */
  EMLC_STEP_AT_DATA = 64
};
#define EMLC_STEP_NO_FACTOR 0xFFFFU

/* A signal: what makes the features of a model of the samples of a sensor. */
enum {
  EMLC_SIGNAL_VERSION = 1,
  EMLC_SIGNAL_AT_VERSION = 48,     /* u8 */
  EMLC_SIGNAL_AT_TYPE = 49,        /* u8, EMLC_TYPE_... of a sample */
  EMLC_SIGNAL_AT_N_SIGNALS = 50,   /* u16, channels included */
  EMLC_SIGNAL_AT_LENGTH = 52,      /* u32, frames of a window */
  EMLC_SIGNAL_AT_HOP = 56,         /* u32, frames from window to window */
  EMLC_SIGNAL_AT_STATE_SIZE = 60,  /* u32, bytes of the state */
  EMLC_SIGNAL_AT_SAMPLE_RATE = 64, /* f64, frames per second */
  EMLC_SIGNAL_AT_SMOOTHING = 72,   /* u8, EMLC_SMOOTHING_... */
  EMLC_SIGNAL_AT_N_VOTES = 73,     /* u8, of smoothing */
  EMLC_SIGNAL_AT_HOLD = 74,        /* u16, windows that a decision stays for */
  EMLC_SIGNAL_AT_REJECT = 76,      /* f32, a vote with a smaller margin is none; 0: every vote counts */
  EMLC_SIGNAL_AT_DATA = 80         /* records of signals, then of features, then what these have of their own */
};
#define EMLC_SIGNAL_MOST_FRAMES 1048576UL /* of a window, and from one to the next */
enum { EMLC_SMOOTHING_NONE = 0, EMLC_SMOOTHING_MAJORITY = 1, EMLC_SMOOTHING_EXPONENTIAL = 2 };

/* A record of a signal. */
enum {
  EMLC_SIGNAL_ROW_AT_OPERATION = 0, /* u8, an emlc_operation */
  EMLC_SIGNAL_ROW_AT_FLAGS = 1,     /* u8, see below */
  EMLC_SIGNAL_ROW_AT_WIDTH = 2,     /* u8, a sample is kept in 2^width bytes */
  EMLC_SIGNAL_ROW_AT_N_FROM = 4,    /* u16, operands */
  EMLC_SIGNAL_ROW_AT_FROM = 6,      /* u16, the operand where there is one; several are in the data */
  EMLC_SIGNAL_ROW_AT_STRIDE = 8,    /* u32, frames for one sample */
  EMLC_SIGNAL_ROW_AT_DATA = 12,     /* u32, from the start of the layer; 0: there is none */
  EMLC_SIGNAL_ROW_AT_MEMORY = 16,   /* u32, what it remembers from frame to frame, from the start of the state */
  EMLC_SIGNAL_ROW_AT_RING = 20,     /* u32, the last samples, as many as a window has; 0: they are not kept */
  EMLC_SIGNAL_ROW_SIZE = 24
};
enum {
  EMLC_SIGNAL_IS_INTEGER = 1,
  EMLC_SIGNAL_HAS_MIN = 2, /* clip */
  EMLC_SIGNAL_HAS_MAX = 4
};

/* A record of a feature. */
enum {
  EMLC_SIGNAL_FEATURE_AT_OF = 0,        /* u16, signal */
  EMLC_SIGNAL_FEATURE_AT_STATISTIC = 2, /* u8, an emlc_statistic */
  EMLC_SIGNAL_FEATURE_AT_VALUE = 4,     /* u32: the other signal, the lag, or where the data are; else 0 */
  EMLC_SIGNAL_FEATURE_SIZE = 8
};

/* Post-transform. */
enum {
  EMLC_POST_AT_KIND = 48,        /* u16, an emlc_post_transform_kind */
  EMLC_POST_AT_SCALE = 52,       /* f32 */
  EMLC_POST_AT_DENOMINATOR = 56, /* f32 */
  EMLC_POST_AT_OFFSET = 60,      /* f32 */
  EMLC_POST_AT_DATA = 64
};

#endif /* EMLC_TMDL_FORMAT_H */
