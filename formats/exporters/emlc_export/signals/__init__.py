"""Signal documents: features of recordings as the program computes them, and raw windows as test vectors of a model."""
