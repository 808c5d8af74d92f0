"""How the tests are shared between workers: what is slow to prepare is prepared once."""

import os
import re
import subprocess
import sys

from assistant.settings import ROOT


def test_a_file_is_run_by_one_worker_and_so_is_the_evaluation() -> None:
    files = ("tests/assistant/test_dates.py", "tests/evaluation/test_replies.py", "tests/evaluation/test_scoring.py")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "-v", "-p", "no:cacheprovider", *files],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    ran = set(re.findall(r"^\[(gw\d)\].* PASSED (\S+?)::", done.stdout, re.M))
    workers = {file: worker for worker, file in ran}
    assert sorted(file for _, file in ran) == sorted(files)
    assert workers[files[1]] == workers[files[2]]
