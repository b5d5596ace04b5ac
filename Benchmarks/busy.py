#!/usr/bin/env python3
"""Measures how much slower the program gets on a machine that other programs keep busy.

The encoder alone and `usam segment` run beside zero, one and two busy loops, for several settings of the environment in
turn. Every measurement is a process of its own. Needs the standard library only; takes at most about five minutes.

"own" is the program as it is; other settings are words such as GOMP_SPINCOUNT=1000, joined by commas.

The loops run in sessions of their own, like other programs. Linux may share the processor equally between sessions
(/proc/sys/kernel/sched_autogroup_enabled): one loop then costs two threads half of two cores. With --same-session they
are threads like ours, and one loop costs a third.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "bench-output"
OWN = "own"


@dataclass
class Sample:
    """One run: what is compared, and what the processor did meanwhile."""

    seconds: float  # of the measured part, or of the whole process
    wall: float
    cpu: float  # user and system time of the program
    lost: float  # the part of all cores that the loops took


def measure(command, setting, loops, options):
    """Runs a command beside some loops. None if it fails."""
    environment = dict(os.environ)
    if setting != OWN:
        environment.update(word.split("=", 1) for word in setting.split(","))
    others = [start_loop(index, options) for index in range(loops)]
    start = time.perf_counter()
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
    finally:
        taken = sum(stop_loop(loop) for loop in others)
    if process.returncode != 0:
        say(f"{' '.join(command)}: status {process.returncode}")
        return None
    lines = output.decode().strip().splitlines()
    timed = lines and lines[-1].startswith("{")
    seconds = statistics.median(json.loads(lines[-1])["seconds"]) if timed else wall
    return Sample(seconds, wall, usage.ru_utime + usage.ru_stime, taken / wall / os.cpu_count())


def start_loop(index, options):
    loop = subprocess.Popen(["sh", "-c", "while :; do :; done"], start_new_session=not options.same_session)
    if options.pin and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(loop.pid, {index % os.cpu_count()})
    return loop


def stop_loop(loop):
    """Ends a loop; returns its processor time."""
    loop.kill()
    _, status, usage = os.wait4(loop.pid, 0)
    loop.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def works(options):
    """Names and commands of what is measured."""
    image = OUTPUT / "busy" / "simulated.tif"
    if not image.exists():
        image.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([options.program, "sample", "-o", image.parent], check=True, stdout=subprocess.DEVNULL)
    model = ["--model", options.model] if options.model else []
    return {
        "encoder": [options.program, "benchmark", "encoder", "--image", str(image), "--repetitions", "2", *model],
        "segment": [options.program, "segment", str(image), "-o", str(image.parent / "labels.tif"), "--force"],
    }


def table(samples, options):
    """Lines of a Markdown table. A growth of the time below the allowed one is as good as can be."""
    yield "| what | setting | loops | s (least to most) | wall s | cores | lost | growth | allowed | growth / allowed |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    for (what, setting, loops), runs in samples.items():
        seconds = statistics.median(run.seconds for run in runs)
        spread = f"{min(run.seconds for run in runs):.2f} to {max(run.seconds for run in runs):.2f}"
        cores = statistics.median(run.cpu / run.wall for run in runs)
        lost = statistics.median(run.lost for run in runs)
        cells = [what, setting, loops, f"{seconds:.3f} ({spread})",
                 f"{statistics.median(run.wall for run in runs):.2f}", f"{cores:.2f}", f"{lost:.2f}"]
        quiet = samples.get((what, setting, 0))
        if quiet and loops and lost < 1:
            growth = seconds / statistics.median(run.seconds for run in quiet)
            allowed = 1 / (1 - lost)
            cells += [f"{growth:.2f}", f"{allowed:.2f}", f"{growth / allowed:.2f}"]
        else:
            cells += ["", "", ""]
        yield "| " + " | ".join(map(str, cells)) + " |"


def say(text):
    print(f"busy: {text}", file=sys.stderr, flush=True)


def main():
    weights = OUTPUT / "weights" / "vit_b.pt"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("settings", nargs="*", default=[OWN, "OMP_WAIT_POLICY=passive", "GOMP_SPINCOUNT=300000"],
                        help="settings to compare (default: own, sleeping at once, and OpenMP's default)")
    parser.add_argument("--program", default=str(ROOT / ".build" / "release" / "usam"))
    parser.add_argument("--model", default=str(weights) if weights.exists() else None,
                        help="checkpoint for the encoder (default: bench-output/weights/vit_b.pt, else usam-tiny)")
    parser.add_argument("--only", nargs="*", default=["encoder", "segment"], choices=["encoder", "segment"])
    parser.add_argument("--loops", nargs="*", type=int, default=[0, 1, 2], help="numbers of busy loops")
    parser.add_argument("--rounds", type=int, default=5, help="how often each setting takes its turn at most")
    parser.add_argument("--minutes", type=float, default=5, help="no measurement starts later")
    parser.add_argument("--same-session", action="store_true", help="loops share the processor with us thread by thread")
    parser.add_argument("--pin", action="store_true", help="each loop stays on a core")
    options = parser.parse_args()

    end = time.monotonic() + 60 * options.minutes
    commands = works(options)
    samples = {(what, setting, loops): []
               for what in options.only for setting in options.settings for loops in options.loops}
    for turn in range(options.rounds):
        for what in options.only:
            for loops in options.loops:
                for setting in options.settings:
                    if time.monotonic() < end and (run := measure(commands[what], setting, loops, options)):
                        samples[what, setting, loops].append(run)
                        say(f"{turn + 1}: {what}, {loops} loops, {setting}: {run.seconds:.3f} s")
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores\n")
    print("\n".join(table({key: runs for key, runs in samples.items() if runs}, options)))


main()
