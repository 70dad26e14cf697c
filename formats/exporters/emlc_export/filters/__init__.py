"""Filters of scipy."""
