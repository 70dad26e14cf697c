/**
 * How much the CSV forms hold, for the loaders, the writer and the reader alike: no file is written that one of them
 * refuses. docs/formats.md has the numbers.
 */
#ifndef EMLC_CSV_LIMITS_H
#define EMLC_CSV_LIMITS_H

#define EMLC_CSV_MOST_LEAVES 32768L /* rows: -1 to -32768 in 16 bits; an int may have no more than 16 either */
enum {
  EMLC_CSV_DIGITS = 40, /* characters of a number */
  EMLC_CSV_MOST_FEATURES = 32767,
  EMLC_CSV_MOST_OUTPUTS = 32767,  /* also units of a layer */
  EMLC_CSV_MOST_STEPS = 32767,    /* scalers, and layers */
  EMLC_CSV_MOST_JUMP = 32767,     /* nodes from a split to its child */
  EMLC_CSV_EMLEARN_FEATURE = 127, /* emlearn's form: the last feature that a split can name */
  EMLC_CSV_EMLEARN_CLASSES = 127,
  EMLC_CSV_EMLEARN_ROOT = 32767 /* the node where a tree begins */
};

#endif /* EMLC_CSV_LIMITS_H */
