"""Estimators that are a model by themselves."""
