"""scripts/lint-rules: lines that break a rule are refused, lines that keep it are not.

    rules_test.py LINT_RULES
"""

import importlib.machinery
import importlib.util
import sys
import unittest

PATH = sys.argv.pop(1)
sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("lint_rules", PATH)
rules = importlib.util.module_from_spec(importlib.util.spec_from_loader("lint_rules", loader))
loader.exec_module(rules)

ELSEWHERE = "is asked for outside of"


class Includes(unittest.TestCase):
    def test_down(self):
        for path, included in [
            ("cli/main.cpp", "cli/commands/command.hpp"),
            ("cli/report/report.cpp", "cli/gate/targets.hpp"),
            ("formats/csv/csv.cpp", "formats/text/text.hpp"),
            ("formats/csv/csv.cpp", "formats/writers.hpp"),
            ("formats/tmdl/view.hpp", "emlc/tmdl.h"),
            ("codegen/c/trees/code.cpp", "codegen/layout/trees/plan.hpp"),
            ("codegen/passes/trees/hard_vote.cpp", "codegen/passes/passes.hpp"),
            ("runtime/src/emlc/tmdl.h", "emlc/tmdl_format.h"),
            ("codegen/model/model.hpp", "vector"),
        ]:
            self.assertIsNone(rules.include_problem(path, included), (path, included))

    def test_up(self):
        for path, included, problem in [
            ("codegen/model/model.cpp", "codegen/passes/pass.hpp", "codegen/model does not know codegen/passes"),
            ("codegen/model/model.cpp", "emlc/tmdl.h", "codegen/model does not know runtime"),
            ("codegen/passes/pass.cpp", "codegen/layout/artifact.hpp", "codegen/passes does not know codegen/layout"),
            ("runtime/src/emlc/tmdl.h", "codegen/model/model.hpp", "runtime does not know codegen/model"),
            ("formats/csv/csv.cpp", "codegen/c/common/emit.hpp", "formats does not know codegen/c"),
            ("cli/trial/answers.cpp", "cli/compile/job.hpp", "the room cli/trial does not know cli/compile"),
            ("codegen/c/trees/code.cpp", "codegen/c/dense/dense.hpp", "the room codegen/c/trees does not know"),
            ("formats/text/text.cpp", "formats/csv/csv.hpp", "the room formats/text does not know formats/csv"),
        ]:
            self.assertIn(problem, rules.include_problem(path, included) or "", (path, included))


class Kinds(unittest.TestCase):
    def test_in_their_places(self):
        for path, line in [
            ("codegen/model/check/check.cpp", "std::visit(Overloaded{[&](std::monostate) {},"),
            ("codegen/passes/trees/hard_vote.cpp", "auto& trees = std::get<model::TreeEnsemble>(model.predictor);"),
            ("cli/report/clusters.cpp", "std::get_if<model::TreeEnsemble>(&model.predictor)"),
            ("codegen/c/trees/table/table.cpp", "std::get_if<ScanTable>(&table)"),
            ("cli/report/html.cpp", "std::visit([](const auto& shown) { return block(shown); }, part)"),
            ("cli/compile/options.cpp", "if (takes_signals(model)) return;"),
        ]:
            self.assertIsNone(rules.kind_problem(path, line), (path, line))

    def test_elsewhere(self):
        for path, line in [
            ("cli/console/files.cpp", "std::holds_alternative<model::SosCascade>(model.predictor)"),
            ("cli/console/files.cpp", "std::holds_alternative<std::monostate>(model.predictor)"),
            ("codegen/passes/trees/hard_vote.cpp", "std::get<DenseNetwork>(model.predictor)"),
            ("codegen/passes/trees/hard_vote.cpp", "std::visit(model::Overloaded{"),
            ("codegen/c/frame/api.cpp", "std::visit([](const auto& p) { print(p); }, model.predictor);"),
            ("codegen/c/frame/api.cpp", "if (model::kind(model) == model::Kind::sos) return;"),
            ("codegen/c/frame/api.cpp", "switch (kind(model)) {"),
            ("codegen/c/frame/api.cpp", "if (model.predictor.index() == 3) return;"),
        ]:
            self.assertIn(ELSEWHERE, rules.kind_problem(path, line) or "", (path, line))


class Runtime(unittest.TestCase):
    def test_list(self):
        files = ["a.h", "b/c.h"]
        self.assertEqual([], list(rules.list_problems(files, files)))
        self.assertIn("b/c.h: a package would be without it", list(rules.list_problems(["a.h"], files))[0])
        self.assertIn("d.h: there is no such file", list(rules.list_problems([*files, "d.h"], files))[0])
        self.assertIn("a.h is there twice", list(rules.list_problems([*files, "a.h"], files))[0])


class Faults(unittest.TestCase):
    def planted(self, file, text):
        return list(rules.fault_problems([rules.faults.Fault("a fault", file, text, "", ())]))

    def test_once(self):
        self.assertEqual([], self.planted("cli/main.cpp", "int main("))

    def test_gone_or_twice(self):
        self.assertIn("there 0 times", self.planted("cli/main.cpp", "int never(")[0])
        self.assertIn("there 0 times", self.planted("cli/never.cpp", "int main(")[0])
        self.assertRegex(self.planted("codegen/model/model.cpp", "#include")[0], "there [0-9]+ times")


@unittest.skipUnless((rules.ROOT / ".git").exists(), "the files of the tree are those that git knows")
class Tree(unittest.TestCase):
    def test_keeps_to_the_rules(self):
        self.assertEqual([], list(rules.problems()))


if __name__ == "__main__":
    unittest.main()
