"""Models and tables as files that the program reads."""

from __future__ import annotations

import contextlib
import os
import pathlib
import tempfile
from typing import Any, Iterator

import emlc_export

from .program import Error

# Options that are tables: arrays, or paths of them.
TABLES = ("data", "labels", "data_labels", "groups")
# Libraries whose files the program reads: what their own save_model() writes. They have no test vectors.
SAVED_AS = {"xgboost": "model.json", "lightgbm": "model.txt", "catboost": "model.cbm"}


def library_of(model: Any) -> str | None:
    """The one of SAVED_AS that a model is of, by its class or a base of it."""
    packages = (base.__module__.split(".")[0] for base in type(model).__mro__)
    return next((package for package in packages if package in SAVED_AS), None)


class Files:
    """A folder for what is no file yet, and the names that messages give it."""

    def __init__(self, folder: str) -> None:
        self.folder = pathlib.Path(folder)
        self.renamed: list[tuple[str, str]] = []

    def _made(self, file: str, name: str) -> pathlib.Path:
        made = self.folder / file
        self.renamed.append((str(made), name))
        return made

    def model(self, model: Any, X: Any = None, **keywords: Any) -> str:
        """The path of a model; an estimator is exported, with test vectors of X, one of another library saves itself."""
        if isinstance(model, (str, os.PathLike)):
            if X is not None or keywords:
                raise Error("X and what export() takes are for estimators; the model is a file: " + os.fspath(model))
            return os.fspath(model)
        library = library_of(model)
        made = self._made(SAVED_AS.get(library or "", "model.json"), f"the {type(model).__name__}")
        if library is not None:
            return self._saved(model, made, keywords)
        try:
            exporter: Any = emlc_export  # has no annotations of types
            exporter.export(model, X, str(made), **keywords)
        except ValueError as refused:
            raise Error(str(refused)) from refused
        return str(made)

    def _saved(self, model: Any, made: pathlib.Path, keywords: dict[str, Any]) -> str:
        if keywords:
            raise Error(f"what export() takes is for estimators of scikit-learn; the {type(model).__name__} saves itself")
        try:
            getattr(model, "booster_", model).save_model(str(made))  # LightGBM's estimators have theirs inside
        except Exception as refused:  # each library has errors of its own
            raise Error(f"the {type(model).__name__} does not save itself: {refused}") from refused
        return str(made)

    def table(self, table: Any, name: str) -> str | None:
        """The path of a table [rows][columns] or of a list of labels; None stays None."""
        if table is None or isinstance(table, (str, os.PathLike)):
            return table if table is None else os.fspath(table)
        import numpy

        array = numpy.asarray(table)
        if array.dtype.kind in "OUS":  # labels by name, or columns of several types
            return self._text(array, name)
        made = self._made(f"{name}.npy", name)
        numpy.save(made, array.astype("float64") if array.dtype.kind == "f" else array)
        return str(made)

    def tables(self, keywords: dict[str, Any]) -> dict[str, Any]:
        """The keywords with paths in place of tables."""
        return {name: self.table(value, name) if name in TABLES else value for name, value in keywords.items()}

    def _text(self, array: Any, name: str) -> str:
        made = self._made(f"{name}.csv", name)
        if array.ndim == 2:
            import numpy

            with contextlib.suppress(ValueError):
                numpy.savetxt(made, array.astype("float64"), delimiter=",", fmt="%.17g")
                return str(made)
            raise Error(f"{name} has cells that are no numbers")
        made.write_text("".join(f"{cell}\n" for cell in array), encoding="utf-8")
        return str(made)


@contextlib.contextmanager
def files() -> Iterator[Files]:
    """Made files live as long as the block."""
    with tempfile.TemporaryDirectory(prefix="emlc-") as folder:
        yield Files(folder)
