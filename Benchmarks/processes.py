"""Runs a program to its end, and says how long it took and how much memory it needed."""

import os
import platform
import subprocess
import time
from pathlib import Path


class Failed(Exception):
    """A measured process did not end well."""


def run_process(command, settings, log):
    """Runs a command to its end. Returns its standard output, its wall time, and its peak memory in MB."""
    environment = dict(os.environ, **settings)
    start = time.perf_counter()
    with open(log, "wb") as errors:
        process = subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.PIPE, stderr=errors, env=environment
        )
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        last = Path(log).read_text(errors="replace").strip().splitlines()[-1:]
        raise Failed(f"{command[0]} ended with status {process.returncode}: {' '.join(last)} (see {log})")
    unit = 1e6 if platform.system() == "Darwin" else 1000
    return output, seconds, usage.ru_maxrss / unit
