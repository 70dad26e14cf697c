"""tests/random/zoo.py with the scikit-learn between Debian's and the newest that differs from both: leaves of 1.3 have
counts, and coefficients of PLSRegression are not divided (test_versions.py has the rest by stand-ins).

    older.py    with the program EMLC
"""

import pathlib
import subprocess
import sys

import sklearn

ZOO = pathlib.Path(__file__).resolve().parents[2] / "random/zoo.py"


def main():
    if not sklearn.__version__.startswith("1.3."):
        sys.exit(f"expected scikit-learn 1.3, found {sklearn.__version__}")
    # A TargetEncoder of 1.3 refuses to learn several classes, as the zoo trains it.
    return subprocess.run([sys.executable, "-W", "ignore", ZOO, "--sets", "2", "--pipelines", "0", "--only",
                           "(?!TargetEncoder).*"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
