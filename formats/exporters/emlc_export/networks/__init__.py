"""Networks of Keras and PyTorch."""
