"""The version of emlc that these documents are for."""

__version__ = "0.1.0"
