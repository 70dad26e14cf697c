"""Steps before a model."""
