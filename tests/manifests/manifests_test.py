"""The runtime as Arduino, PlatformIO, ESP-IDF and Zephyr get it: manifests that agree, examples that run.

usage: manifests_test.py EMLC WORK VERSION
"""

import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unittest
import zipfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
STAND_INS = pathlib.Path(__file__).resolve().parent / "stand_ins"
EMLC, WORK, VERSION = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
PACKAGE = WORK / "unpacked" / "emlc"
TRUTH = "0 0 0\n0 1 1\n1 0 1\n1 1 0\n"
WARNINGS = ["-Wall", "-Wextra", "-Werror"]
MODEL = SOURCE / "tests/data/models/digits_rf10/model.json"
PROJECT = {
    "other.cpp": """#include "digits.h"
int other(const uint8_t *x) { return digits_rf10_predict(x); }
""",
    "main.cpp": """#include <cstdio>

#include "digits.h"

int other(const uint8_t *x);

int main() {
  uint8_t x[64];
  for (int i = 0, value = 0; std::scanf("%d", &value) == 1; i = (i + 1) % 64) {
    x[i] = static_cast<uint8_t>(value);
    if (i == 63) std::printf("%d %d\\n", digits_rf10_predict(x), other(x));
  }
}
""",
}


def run(*command, **options):
    finished = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if finished.returncode != 0:
        raise AssertionError(f"{command}: {finished.returncode}\n{finished.stdout}{finished.stderr}")
    return finished.stdout


def pack(folder):
    return pathlib.Path(run(SOURCE / "scripts" / "package-runtime", "--emlc", EMLC, "--output", folder).strip())


def platformio_project(folder):
    """A model as include/digits.h and src/digits.c, and two sources that ask it."""
    for name in ("include", "src"):
        (folder / name).mkdir(parents=True)
    run(EMLC, "convert", MODEL, "-o", folder / "include/digits.h", "--source", folder / "src/digits.c", "--quiet")
    for name, text in PROJECT.items():
        (folder / "src" / name).write_text(text)
    return folder


def inputs_of(vectors):
    return "".join(" ".join(str(round(value)) for value in row) + "\n" for row in vectors["inputs"])


def setUpModule():
    shutil.rmtree(WORK, ignore_errors=True)
    with zipfile.ZipFile(pack(WORK / "one")) as archive:
        archive.extractall(WORK / "unpacked")


def properties():
    """library.properties: a key=value on each line."""
    lines = (PACKAGE / "library.properties").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


class Manifests(unittest.TestCase):
    def test_one_version(self):
        found = {
            "library.properties": properties()["version"],
            "library.json": json.loads((PACKAGE / "library.json").read_text())["version"],
            "idf_component.yml": re.search(r'^version: "(.*)"$', (PACKAGE / "idf_component.yml").read_text(), re.M)[1],
            "zephyr/module.yml": re.search(r"emlc@(.*)$", (PACKAGE / "zephyr/module.yml").read_text(), re.M)[1],
        }
        self.assertEqual(found, {name: VERSION for name in found})

    def test_arduino(self):
        manifest = properties()
        for key in ("name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url",
                    "architectures"):
            self.assertTrue(manifest.get(key), key)
        self.assertTrue((PACKAGE / "src" / manifest["includes"]).exists())
        self.assertEqual([path.parent.name for path in PACKAGE.rglob("*.ino")],
                         [path.stem for path in PACKAGE.rglob("*.ino")])

    def test_platformio(self):
        manifest = json.loads((PACKAGE / "library.json").read_text())
        self.assertEqual(manifest["name"], properties()["name"])
        self.assertTrue((PACKAGE / manifest["build"]["includeDir"] / manifest["headers"]).exists())
        for example in manifest["examples"]:
            for file in example["files"]:
                self.assertTrue((PACKAGE / example["base"] / file).exists(), file)

    def test_esp_idf_and_zephyr(self):
        text = run("cmake", "-S", STAND_INS, "-B", WORK / "stand_ins", f"-DPACKAGE={PACKAGE}")
        calls = re.findall(r"^-- ((?:idf|zephyr)_.*)$", text, re.M)
        self.assertEqual(calls, ["idf_component_register(INCLUDE_DIRS;src)", "zephyr_include_directories(../src)"])
        self.assertIn("config EMLC\n\tbool ", (PACKAGE / "zephyr/Kconfig").read_text())

    def test_files(self):
        """Those of the list, and what every example needs, beside each."""
        lines = (SOURCE / "runtime/files.txt").read_text().splitlines()
        listed = {line for line in lines if not line.startswith(("#", "examples/common/"))}
        found = {str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*") if path.is_file()}
        self.assertEqual(listed - found, set())
        examples = {"examples/xor", "examples/platformio/src", "examples/esp_idf/main", "samples/xor/src"}
        self.assertEqual(found - listed, {"LICENSE"} | {f"{folder}/{name}" for folder in examples
                                                        for name in ("xor.h", "xor_model.h")})

    def test_public_includes_start_with_the_name(self):
        self.assertEqual(sorted(path.name for path in (PACKAGE / "src").iterdir()), ["emlc", "emlc.h"])

    def test_same_source_same_bytes(self):
        packages = [WORK / "one" / f"emlc-runtime-{VERSION}.zip", pack(WORK / "two")]
        hashes = {hashlib.sha256(path.read_bytes()).hexdigest() for path in packages}
        self.assertEqual(len(hashes), 1)


class Examples(unittest.TestCase):
    def answers(self, name, compiler, *sources):
        program = WORK / name
        run(*compiler, *WARNINGS, "-I", PACKAGE / "src", "-I", STAND_INS, *sources, "-o", program, "-lm")
        return run(program)

    def test_arduino(self):
        compiler = ["g++", "-std=c++11", "-x", "c++", "-include", "Arduino.h"]
        self.assertEqual(self.answers("arduino", compiler, PACKAGE / "examples/xor/xor.ino"), TRUTH)

    def test_platformio(self):
        main = PACKAGE / "examples/platformio/src/main.cpp"
        self.assertEqual(self.answers("platformio", ["g++", "-std=c++11"], main), TRUTH)

    def test_platformio_with_a_header_and_its_source(self):
        """A model in two files, as PlatformIO lays out a project: each file of src alone, with include on the path."""
        project = platformio_project(WORK / "two_files")
        vectors = json.loads(MODEL.read_text())["test_vectors"]
        builds = [("g++ -std=gnu++11", "gcc -std=gnu11", [])]
        if shutil.which("arm-none-eabi-g++"):
            builds.append(("arm-none-eabi-g++ -std=gnu++11", "arm-none-eabi-gcc -std=gnu11",
                           ["-mcpu=cortex-m0plus", "-mthumb", "-Os", "--specs=nosys.specs"]))
        for cpp, c, flags in builds:
            objects = []
            for source in sorted((project / "src").iterdir()):
                objects.append(WORK / f"two_files_{len(builds)}_{source.name}.o")
                run(*(c if source.suffix == ".c" else cpp).split(), *flags, *WARNINGS, "-I", project / "include",
                    "-I", project / "src", "-c", source, "-o", objects[-1])
            run(*cpp.split(), *flags, *objects, "-o", WORK / "two_files_program")
            if not flags:
                answers = run(WORK / "two_files_program", input=inputs_of(vectors)).split()
        self.assertEqual(answers, [str(label) for label in vectors["labels"] for _ in range(2)])

    def test_source_of_trees_has_no_function_that_nothing_calls(self):
        """Where an FPU compares floats, what compares their bits is not there: clang warns of static functions."""
        if not shutil.which("clang"):
            self.skipTest("no clang")
        model = SOURCE / "tests/data/models/iris_dt/model.json"
        for layout in ("inline", "table"):
            run(EMLC, "convert", model, "-o", WORK / "iris.h", "--source", WORK / "iris.c", "--layout", layout, "--quiet")
            run("clang", "-std=c99", "-Wall", "-Wextra", "-Wunused-function", "-Werror", "-fsyntax-only", WORK / "iris.c")

    def test_esp_idf(self):
        main = PACKAGE / "examples/esp_idf/main/main.c"
        self.assertEqual(self.answers("esp_idf", ["gcc", "-std=c99"], main, STAND_INS / "esp_main.c"), TRUTH)

    def test_zephyr(self):
        self.assertEqual(self.answers("zephyr", ["gcc", "-std=c99"], PACKAGE / "samples/xor/src/main.c"), TRUTH)
        expected = re.findall(r'- "(\d \d \d)"', (PACKAGE / "samples/xor/sample.yaml").read_text())
        self.assertEqual("\n".join(expected) + "\n", TRUTH)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
