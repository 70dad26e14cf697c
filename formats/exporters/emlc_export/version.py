"""The version of emlc that these documents are for."""

__version__ = "0.2.0"
