"""Estimators around others."""
