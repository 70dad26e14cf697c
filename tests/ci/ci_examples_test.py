"""Runs the shell of examples/ci, with stand-ins for gh and curl.

usage: ci_examples_test.py EMLC WORK
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest
import xml.etree.ElementTree

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = SOURCE / "examples" / "ci"
STAND_INS = pathlib.Path(__file__).resolve().parent / "stand_ins"
MODELS = SOURCE / "tests" / "data" / "models"
EMLC, WORK = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
HAS_CHECK = subprocess.run([EMLC, "check", "--help"], capture_output=True, text=True).stdout.startswith("emlc check")


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = WORK / self.id()
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "report").mkdir(parents=True)
        (self.folder / "report" / "table.md").write_text("<!-- emlc check -->\nsizes\n")

    def run_script(self, name, *arguments, **environment):
        path = f"{STAND_INS}:{EMLC.parent}:{os.environ['PATH']}"
        return subprocess.run([SCRIPTS / name, *arguments], cwd=self.folder, capture_output=True, text=True,
                              env={"PATH": path, "LC_ALL": "C", **environment})

    def calls(self, program):
        return (self.folder / f"{program}.txt").read_text().splitlines()


@unittest.skipUnless(HAS_CHECK, "this emlc has no check")
class CheckModels(Case):
    def record(self, model):
        self.put(model)
        finished = subprocess.run([EMLC, "check", *self.arguments, "--update"], cwd=self.folder, capture_output=True,
                                  text=True)
        self.assertEqual(finished.returncode, 0, finished.stderr)

    def put(self, model):
        shutil.copy(MODELS / model / "model.json", self.folder / "model.json")

    arguments = ["model.json", "--name", "forest", "--baseline", "sizes.json"]

    def check(self, **environment):
        return self.run_script("check-models", "report", *self.arguments, "--max-growth", "2%", **environment)

    def test_same_model(self):
        self.record("iris_dt")
        finished = self.check()
        self.assertEqual(finished.returncode, 0, finished.stderr)

    def test_larger_model_under_the_same_name(self):
        self.record("iris_dt")
        self.put("cancer_rf")
        finished = self.check(GITHUB_ACTIONS="true")
        self.assertEqual(finished.returncode, 1, finished.stderr)
        self.assertIn("::error", finished.stdout)
        report = self.folder / "report"
        self.assertTrue((report / "table.md").read_text().startswith("<!-- emlc check -->\n"))
        self.assertEqual(json.loads((report / "check.json").read_text())["schema"], "emlc.check/1")
        self.assertIsNotNone(xml.etree.ElementTree.parse(report / "junit.xml").find(".//failure"))
        self.assertTrue((report / "metrics.txt").read_text().rstrip().endswith("# EOF"))

    def test_trouble_is_not_a_finding(self):
        finished = self.run_script("check-models", "report", "no_such.json")
        self.assertEqual(finished.returncode, 3, finished.stderr)


class CommentOnGitHub(Case):
    def comment(self, number="7", head="abc", comments=""):
        (self.folder / "report" / "number").write_text(number + "\n")
        (self.folder / "head").write_text("abc\n")
        (self.folder / "comments").write_text(comments)
        return self.run_script("comment-on-github", "report", "owner/project", head)

    def test_first_comment(self):
        self.assertEqual(self.comment().returncode, 0)
        self.assertEqual(self.calls("gh")[-1], "api --silent --method POST repos/owner/project/issues/7/comments "
                                               "--field body=@report/table.md")

    def test_changes_its_comment(self):
        self.assertEqual(self.comment(comments="41\n42\n").returncode, 0)
        self.assertEqual(self.calls("gh")[-1], "api --silent --method PATCH repos/owner/project/issues/comments/41 "
                                               "--field body=@report/table.md")

    def test_another_head_gets_no_comment(self):
        self.assertEqual(self.comment(head="other").returncode, 0)
        self.assertEqual(len(self.calls("gh")), 1)

    def test_a_number_that_is_none(self):
        finished = self.comment(number="7/../8")
        self.assertEqual(finished.returncode, 1)
        self.assertFalse((self.folder / "gh.txt").exists())


@unittest.skipUnless(shutil.which("jq"), "no jq")
class CommentOnGitLab(Case):
    def comment(self, notes):
        (self.folder / "notes.json").write_text(json.dumps(notes))
        return self.run_script("comment-on-gitlab", "report", EMLC_COMMENT_TOKEN="secret",
                               CI_API_V4_URL="https://g/api/v4", CI_PROJECT_ID="1", CI_MERGE_REQUEST_IID="2")

    def test_first_note(self):
        self.assertEqual(self.comment([{"id": 5, "body": "hello"}]).returncode, 0)
        self.assertTrue(self.calls("curl")[-1].endswith(
            "--request POST --data-urlencode body@report/table.md https://g/api/v4/projects/1/merge_requests/2/notes"))

    def test_changes_its_note(self):
        finished = self.comment([{"id": 5, "body": "x"}, {"id": 6, "body": "<!-- emlc check -->\n"}])
        self.assertEqual(finished.returncode, 0)
        self.assertTrue(self.calls("curl")[-1].endswith(
            "--request PUT --data-urlencode body@report/table.md https://g/api/v4/projects/1/merge_requests/2/notes/6"))


class WithoutToken(Case):
    def test_nothing_is_sent(self):
        finished = self.run_script("comment-on-gitlab", "report")
        self.assertEqual(finished.returncode, 0)
        self.assertFalse((self.folder / "curl.txt").exists())


class Workflows(unittest.TestCase):
    def test_they_run_scripts_that_are_here(self):
        pages = [*(SCRIPTS / "github").iterdir(), SCRIPTS / "gitlab-ci.yml"]
        named = {name for page in pages for name in re.findall(r"\bci/([a-z-]+) emlc-report", page.read_text())}
        self.assertEqual(named, {path.name for path in SCRIPTS.iterdir() if path.is_file() and not path.suffix})

    def test_they_install_compilers_that_emlc_names(self):
        page = (SOURCE / "docs" / "cli.md").read_text()
        for workflow in [SCRIPTS / "github" / "emlc-check.yml", SCRIPTS / "gitlab-ci.yml"]:
            lines = [line for line in workflow.read_text().splitlines() if "apt-get install -y gcc-" in line]
            self.assertEqual(len(lines), 1, workflow)
            for package in lines[0].split("install -y ")[1].split(" #")[0].split():
                self.assertIn(package, page)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
