"""What other tools, and emlc, make of an estimator."""

import dataclasses
import io
import contextlib


@dataclasses.dataclass
class Made:
    include: str
    decide: str
    """statements with `row`, an array of float, that return a class index"""
    paths: list = dataclasses.field(default_factory=list)
    sources: list = dataclasses.field(default_factory=list)
    is_cpp: bool = False


LARGEST = """  int best = 0;
  for (int i = 1; i < %d; ++i) if (out[i] > out[best]) best = i;
  return best;"""


def _as(kind, n, call):
    return f"  static {kind} x[{n}];\n  for (int i = 0; i < {n}; ++i) x[i] = ({kind})row[i];\n{call}"


def emlc(estimator, X, dtype, folder):
    import emlc as program

    program.convert(estimator, folder / "model.h", X=X, export={"name": "model", "dtype": dtype})
    return Made('#include "model.h"', _as("model_feature", X.shape[1], "  return model_predict(x);"))


def emlearn(estimator, X, dtype, folder):
    import emlearn as tool

    kind = "int16_t" if dtype == "uint8" else "float"
    try:
        tool.convert(estimator, method="inline", dtype=kind).save(file=str(folder / "model.h"), name="model")
    except (ValueError, NotImplementedError):
        return None
    n = X.shape[1]
    return Made('#include "model.h"', _as(kind, n, f"  return model_predict(x, {n});"), [tool.includedir])


def m2cgen(estimator, X, dtype, folder):
    import m2cgen as tool

    try:
        (folder / "model.c").write_text(tool.export_to_c(estimator))
    except NotImplementedError:
        return None
    n = len(estimator.classes_)
    call = f"  double out[{n}];\n  score(x, out);\n" + LARGEST % n
    return Made("void score(double*, double*);", _as("double", X.shape[1], call), sources=[folder / "model.c"])


def micromlgen(estimator, X, dtype, folder):
    import micromlgen as tool

    try:
        text = tool.port(estimator)
    except (TypeError, NotImplementedError):
        return None
    (folder / "model.h").write_text(text)
    name = type(estimator).__name__.replace("Classifier", "")
    call = f"  static Eloquent::ML::Port::{name} model;\n  return model.predict(x);"
    include = '#include <stdint.h>\n#include <string.h>\n#include "model.h"'
    return Made(include, _as("float", X.shape[1], call), is_cpp=True)


def tl2cgen(estimator, X, dtype, folder):
    import tl2cgen as tool
    import treelite

    with contextlib.redirect_stdout(io.StringIO()):
        tool.generate_c_code(treelite.sklearn.import_model(estimator), dirpath=str(folder / "made"), params={})
    n, boosted = len(estimator.classes_), type(estimator).__name__.startswith("Gradient")
    call = f"""  static union Entry data[{X.shape[1]}];
  double out[{n}] = {{0}};
  for (int i = 0; i < {X.shape[1]}; ++i) data[i].fvalue = row[i];
  predict(data, 0, out);
""" + ("  return out[0] > 0.5;" if boosted else LARGEST % n)
    return Made('#include "made/header.h"', call, sources=[folder / "made/main.c"])


TOOLS = [("emlc", emlc), ("emlearn", emlearn), ("m2cgen", m2cgen), ("micromlgen", micromlgen), ("tl2cgen", tl2cgen)]
