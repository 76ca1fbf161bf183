"""No more threads at work than cores."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
def test_numpy_starts_no_threads_of_its_own():
    program = (
        "import backend, os, numpy;"
        "square = numpy.ones((2000, 2000));"
        "square @ square;"
        "print(len(os.listdir('/proc/self/task')))"
    )
    environment = {key: text for key, text in os.environ.items() if "_NUM_THREADS" not in key}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    assert int(done.stdout) == 1
