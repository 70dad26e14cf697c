"""Every test has a limit of its time, so that none that hangs takes a run with it.

    limits_test.py CTEST BUILD
"""

import json
import subprocess
import sys

tests = json.loads(subprocess.run([sys.argv[1], "--test-dir", sys.argv[2], "--show-only=json-v1"], check=True,
                                  stdout=subprocess.PIPE).stdout)["tests"]
unlimited = [test["name"] for test in tests
             if not any(field["name"] == "TIMEOUT" for field in test.get("properties", []))]
assert len(tests) > 50, f"only {len(tests)} tests are there"
if unlimited:
    sys.exit(f"no TIMEOUT: {' '.join(unlimited)}; the last line of their CMakeLists.txt is emlc_limit_tests()")
