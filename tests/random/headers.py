"""Headers of many models in one program: compiled with all warnings as errors, run on files of inputs."""

import pathlib
import re
import subprocess

import inputs
import numpy as np
import truth

from program import Failed

WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion", "-Wsign-compare", "-Wdouble-promotion", "-Werror",
            "-pedantic"]
COMPILERS = [("gcc", "c"), ("clang", "c"), ("g++", "cpp"), ("clang++", "cpp")]
STANDARDS = {"c": "-std=c99", "cpp": "-std=c++17"}
EXTENSIONS = {"c": "h", "cpp": "hpp"}
TIMEOUT = 60  # seconds for a program
RUNTIME = pathlib.Path(__file__).resolve().parents[2] / "runtime" / "src"
SAMPLES = {"q15": ("int16_t", 32768.0), "q15-cmsis": ("int16_t", 32768.0), "mixed": ("int32_t", 2147483648.0),
           "q31": ("int32_t", 2147483648.0)}

READ = """
  const char *const in = "{name}.in", *const out = "{name}.out";
  FILE *const from = fopen(in, "rb"), *const to = fopen(out, "wb");
  if (from == NULL || to == NULL) return 1;
"""
NAMES = """
  FILE *const labels = fopen("{name}.names", "wb");
  if (labels == NULL) return 1;
  {calls}
  if (fclose(labels) != 0) return 1;
"""
MODEL = """static int run_{name}(void) {{{read}{names}
  static double row[{n_in}], answer[{n_answers}];
  while (fread(row, sizeof row, 1, from) == 1) {{
    static {x};
    {take}
    {calls}
    fwrite(answer, sizeof answer, 1, to);
  }}
  fclose(from);
  return fclose(to);
}}
"""
FILTER = """static int run_{name}(void) {{{read}
  double sample;
  {state} state;
  {init}({at}state);
  while (fread(&sample, sizeof sample, 1, from) == 1) {{
    const {type} x = {to_sample};
    {type} y;
    {filter}({at}state, &x, &y, 1);
    sample = (double)y / {one};
    fwrite(&sample, sizeof sample, 1, to);
  }}
  fclose(from);
  return fclose(to);
}}
"""


class Header:
    """One model of a program: `name` prefixes its symbols and files."""

    def __init__(self, name, language, document, options, text, rows):
        self.name, self.language, self.document, self.options = name, language, document, options
        self.text, self.rows = text, rows

    def symbol(self, tail):
        return f"{self.name}_{tail}" if self.language == "c" else f"{self.name}::{tail}"

    def n_targets(self):
        return 0 if truth.rule_of(self.document)["rule"] == "none" else len(truth.targets_of(self.document))

    def has(self, function):
        return re.search(rf"\b{self.name}_{function}\(" if self.language == "c" else rf"\b{function}\(const std::array", self.text)

    def call(self, function, first, n, element="float"):
        """Puts n values of the function at answer[first]."""
        if n is None:
            return f"answer[{first}] = (double){self.symbol(function)}(x);"
        declared = (f"static {element} y[{n}]; {self.symbol(function)}(x, y);" if self.language == "c"
                    else f"const auto y = {self.symbol(function)}(x);")
        return f"{{ {declared} for (size_t i = 0; i < {n}; ++i) answer[{first} + i] = (double)y[i]; }}"

    def calls(self):
        n, targets = self.document["output"]["n_outputs"], self.n_targets()
        if self.document["output"]["task"] == "transform":
            return [self.call("transform", 0, n)]
        if targets == 0:
            return [self.call("predict", 0, n if n > 1 else None)]
        decide = [self.call("predict", 0, None if targets == 1 else targets, "int")]
        if targets == 1 and truth.rule_of(self.document)["rule"] != "argmax":
            return decide + [self.call("score", 1, None)]
        return decide + [self.call("predict_proba" if self.has("predict_proba") else "scores", targets, n)]

    def class_names(self):
        """Of all targets in a row; nothing where the header has none."""
        if "class_name" not in self.text:
            return []
        output = self.document["output"]
        targets = output.get("targets", [{"size": output["n_outputs"]}])
        fewest = 1 if truth.rule_of(self.document)["rule"] == "argmax" else 2
        return [str(name) for target in targets
                for name in (target.get("class_names") or [str(index) for index in range(max(fewest, target["size"]))])]

    def names_code(self):
        """Writes the names of the classes, a zero byte behind each."""
        if not self.class_names():
            return ""
        if self.language == "cpp":
            calls = (f"for (const auto label : {self.symbol('class_names')}) "
                     "{ fwrite(label.data(), 1, label.size(), labels); fputc(0, labels); }")
        else:
            n = self.n_targets()
            calls = (f"for (int t = 0; t < {n}; ++t) for (int c = 0; {self.symbol('class_name')}({'t, ' if n > 1 else ''}c) != "
                     f"NULL; ++c) {{ fputs({self.symbol('class_name')}({'t, ' if n > 1 else ''}c), labels); fputc(0, labels); }}")
        return NAMES.format(name=self.name, calls=calls)

    def code(self):
        read = READ.format(name=self.name)
        if self.document["output"]["task"] == "filter":
            sample, scale = SAMPLES.get(self.options.get("arithmetic"), ("float", 1.0))
            one = scale / 2 ** self.options.get("headroom", 0)
            to_sample = "(float)sample" if sample == "float" else f"({sample})floor(sample * {scale} + 0.5)"
            return FILTER.format(name=self.name, read=read, type=sample, to_sample=to_sample, one=one, state=self.symbol("state"),
                                 init=self.symbol("init"), filter=self.symbol("filter"),
                                 at="&" if self.language == "c" else "")
        n_in, feature = self.document["input"]["n_features"], self.symbol("feature")
        x = f"{feature} x[{n_in}]" if self.language == "c" else f"std::array<{feature}, {n_in}> x"
        return MODEL.format(name=self.name, read=read, names=self.names_code(), n_in=n_in, x=x, take=self.take(n_in, feature),
                            calls="\n    ".join(self.calls()),
                            n_answers=self.n_targets() + self.document["output"]["n_outputs"])

    def take(self, n_in, feature):
        """Makes x of the row."""
        if not inputs.on_grid(self.document, self.options):
            return f"for (size_t i = 0; i < {n_in}; ++i) x[i] = ({feature})row[i];"
        given = f"static float given[{n_in}]" if self.language == "c" else f"static std::array<float, {n_in}> given"
        make = f"{self.symbol('quantize')}(given, x)" if self.language == "c" else f"x = {self.symbol('quantize')}(given)"
        return f"{given}; for (size_t i = 0; i < {n_in}; ++i) given[i] = (float)row[i]; {make};"

    def check_names(self, folder):
        """The names of the classes that the program wrote are those of the document."""
        if not self.class_names():
            return
        found = (folder / f"{self.name}.names").read_bytes().decode("utf-8", "replace").split("\0")[:-1]
        if found != self.class_names():
            raise Failed("header: names", f"{found}, the document says {self.class_names()}")

    def answers(self, folder):
        """(decisions, outputs) that the program wrote."""
        values = np.fromfile(folder / f"{self.name}.out")
        width = 1 if self.document["output"]["task"] == "filter" else self.n_targets() + self.document["output"]["n_outputs"]
        if values.size != len(self.rows) * width:
            raise Failed("header: answers", f"{values.size} numbers, expected {len(self.rows)} times {width}")
        values = values.reshape(len(self.rows), width)
        return values[:, :self.n_targets()].astype(int), values[:, self.n_targets():]


def run_each(headers, compiler, folder):
    """Compiles and runs the headers in as few programs as possible. Returns the Failed of each name that failed; one that
    compiles but for its warnings has run all the same."""
    try:
        run_all(headers, compiler, folder)
        return {}
    except Failed as failed:
        if len(headers) == 1:
            if failed.kind == "header: compile":
                run_without_warnings(headers, compiler, folder)
            return {headers[0].name: failed}
    middle = len(headers) // 2
    return {**run_each(headers[:middle], compiler, folder), **run_each(headers[middle:], compiler, folder)}


def run_without_warnings(headers, compiler, folder):
    try:
        run_all(headers, compiler, folder, ["-w"])
    except Failed:
        for header in headers:
            (folder / f"{header.name}.out").unlink(missing_ok=True)


def run_all(headers, compiler, folder, warnings=tuple(WARNINGS)):
    """Compiles the headers, all of one language, into one program in the folder and runs it."""
    language = headers[0].language
    for header in headers:
        (folder / f"{header.name}.{EXTENSIONS[language]}").write_text(header.text)
        np.ascontiguousarray(header.rows).tofile(folder / f"{header.name}.in")
    source, program = folder / f"main.{language}", folder / "program"
    source.write_text(program_text(headers, language))
    command = [compiler, STANDARDS[language], "-O1", *warnings, "-I", str(RUNTIME), str(source), "-o", str(program), "-lm"]
    built = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if built.returncode != 0:
        raise Failed("header: compile", f"{compiler}: {built.stderr.strip()[:1500]}")
    try:
        ran = subprocess.run([str(program)], cwd=folder, capture_output=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        raise Failed("header: timeout", f"not done after {TIMEOUT} s") from None
    if ran.returncode != 0:
        raise Failed(f"header: exit {ran.returncode}", ran.stderr.decode(errors="replace")[:500])


def program_text(headers, language):
    includes = "".join(f'#include "{header.name}.{EXTENSIONS[language]}"\n' for header in headers)
    calls = "".join(f"  if (run_{header.name}() != 0) return 1;\n" for header in headers)
    functions = "\n".join(header.code() for header in headers)
    return f"{includes}#include <math.h>\n#include <stdio.h>\n\n{functions}\nint main(void) {{\n{calls}  return 0;\n}}\n"
