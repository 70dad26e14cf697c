"""scripts/lint-docs finds each kind of broken link; scripts/set-version writes a version everywhere and no further."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def put(self, name, text):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)


class Links(Folder):
    def problems(self):
        subprocess.run(["git", "init", "-q"], cwd=self.folder, check=True)
        done = subprocess.run([ROOT / "scripts/lint-docs", self.folder], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1 if done.stderr else 0)
        return done.stderr.splitlines()

    def test_whole(self):
        self.put("README.md", "[a](docs/a.md#what-c-and-d_-say), ![b](b.png), [c](https://example.org/x), [d](#top)\n\n"
                              "# Top\n")
        self.put("docs/a.md", "# A\n\n## What `c` and d_ say?\n\n[back](../README.md) `[code](none.md)`\n\n"
                              "    [too](none.md)\n")
        self.put("b.png", "")
        self.assertEqual(self.problems(), [])

    def test_broken(self):
        self.put("README.md", "text\n[a](docs/none.md) and [over\ntwo lines](docs/a.md#none)\n[x](docs/a.md#twice-1)"
                              "[y](docs/a.md#twice-2)\n")
        self.put("docs/a.md", "# Twice\n\n# Twice\n\n```\n# No heading\n```\n[z](#no-heading)\n"
                              "[out](../../etc/passwd)\n")
        self.put("docs/alone.md", "# Alone\n")
        self.assertEqual(self.problems(), [
            "README.md:2: docs/none.md: there is no such file",
            "README.md:2: docs/a.md#none: docs/a.md has no heading of that name",
            "README.md:4: docs/a.md#twice-2: docs/a.md has no heading of that name",
            "docs/a.md:8: #no-heading: docs/a.md has no heading of that name",
            "docs/a.md:9: ../../etc/passwd: there is no such file",
            "docs/alone.md:1: no page leads here",
        ])


class Version(Folder):
    def setUp(self):
        super().setUp()
        text = (ROOT / "scripts/set-version").read_text()
        names = set(re.findall(r'"([\w./-]+\.(?:md|txt|py|properties|json|yml|cmake))"', text))
        names.add("scripts/set-version")
        for name in names:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.folder / name)

    def set_version(self, *arguments):
        return subprocess.run([self.folder / "scripts/set-version", *arguments], capture_output=True, text=True)

    def test_writes(self):
        before = self.set_version()
        self.assertEqual((before.returncode, before.stderr), (0, ""))
        done = self.set_version("7.8.9")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "7.8.9\n", ""))
        self.assertIn("project(emlc VERSION 7.8.9 ", (self.folder / "CMakeLists.txt").read_text())
        self.assertIn("find_package(emlc 7.8 ", (self.folder / "README.md").read_text())
        self.assertIn("version=7.8.9\n", (self.folder / "runtime/library.properties").read_text())
        self.assertIn("find_package(emlc 9.0", (self.folder / "tests/install/refusals.cmake").read_text())
        self.assertIn("## Unreleased\n\n## 7.8.9\n", (self.folder / "CHANGELOG.md").read_text())
        self.assertNotIn("the one after", (self.folder / "docs/tmdl.md").read_text())
        self.assertEqual(self.set_version(before.stdout.strip()).returncode, 0)

    def test_finds_another_one(self):
        path = self.folder / "runtime/library.json"
        path.write_text(re.sub(r'"version": "[0-9.]+"', '"version": "7.7.7"', path.read_text()))
        done = self.set_version()
        self.assertEqual(done.returncode, 1)
        self.assertIn("runtime/library.json: names 7.7.7", done.stderr)
        path.write_text("{}")
        self.assertIn("runtime/library.json: names no version", self.set_version().stderr)

    def test_refuses(self):
        for arguments in (["1.2"], ["1.2.3", "x"], ["--help"]):
            self.assertEqual(self.set_version(*arguments).returncode, 2)


if __name__ == "__main__":
    sys.exit(unittest.main())
