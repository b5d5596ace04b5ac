#!/usr/bin/env python3
"""Measures this program and the Python original side by side, and writes Benchmarks/RESULTS.md.

Every measurement is a process of its own; the two programs take turns, on the same image and the same weights. A process
prints {"seconds": [...]}; its peak memory is what the system reports when it ends. Needs the standard library only.

PEER          folder of the virtual environment that ../shared/peer/setup.sh makes (default .peer). Without it, or without
              PEER_SCRIPTS, this program is measured alone.
PEER_SCRIPTS  folder with peer.py and recipe.py (default ../shared/peer)
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import simulate
from processes import Failed, run_process

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "bench-output"

# Keeps large buffers in the process, which spares the original between a third and a half of its time.
MALLOC_SETTINGS = {
    "MALLOC_MMAP_THRESHOLD_": "8000000000",
    "MALLOC_TRIM_THRESHOLD_": "16000000000",
    "MALLOC_TOP_PAD_": "1000000000",
}

SIZES = {"t": "vit_t", "b": "vit_b", "l": "vit_l", "h": "vit_h"}


@dataclass
class Task:
    """One line of the table: what is measured, on which model, and how often in one process."""

    name: str
    what: str
    model_type: str
    checkpoint: Path
    repetitions: int = 1
    side: int = 512


@dataclass
class Samples:
    """What several processes of one program took."""

    seconds: list = field(default_factory=list)
    peak_mb: float = 0

    @property
    def best(self):
        return min(self.seconds)

    @property
    def median(self):
        return statistics.median(self.seconds)


class Program:
    """One of the measured programs; knows how each task is asked of it."""

    def __init__(self, name, settings, threads):
        self.name = name
        self.settings = dict(settings, OMP_NUM_THREADS=str(threads))
        self.threads = threads
        self.samples = {}

    def measure(self, task, image):
        command = self.start_command(task, image) if task.what == "start" else self.part_command(task, image)
        output, seconds, peak = run_process(command, self.settings, OUTPUT / f"{self.name.replace(',', '').replace(' ', '-')}.log")
        if task.what != "start":
            seconds = json.loads(output.decode().strip().splitlines()[-1])["seconds"]
        samples = self.samples.setdefault(task.name, Samples())
        samples.seconds += seconds if isinstance(seconds, list) else [seconds]
        samples.peak_mb = max(samples.peak_mb, peak)


class Ours(Program):
    """The program of this repository."""

    executable = ROOT / ".build" / "release" / "usam"

    def start_command(self, task, image):
        return [self.executable, "segment", image, "-o", OUTPUT / "ours.tif", "--force",
                "--model", task.checkpoint, "--threads", self.threads]

    def part_command(self, task, image):
        return [self.executable, "benchmark", task.what, "--model", task.checkpoint, "--image", image,
                "--repetitions", task.repetitions, "--threads", self.threads]


class Original(Program):
    """micro_sam, from a virtual environment."""

    def __init__(self, name, settings, threads, environment, scripts):
        super().__init__(name, dict(settings, PEER_SCRIPTS=str(scripts)), threads)
        self.folder = environment / "bin"
        self.measure_script = ROOT / "Benchmarks" / "peer" / "measure.py"

    def start_command(self, task, image):
        return [self.folder / "micro_sam.automatic_segmentation", "-i", image, "-o", OUTPUT / "original.tif",
                "-m", task.model_type, "-c", task.checkpoint, "--mode", "ais", "-d", "cpu"]

    def part_command(self, task, image):
        return [self.folder / "python", "-W", "ignore", self.measure_script, task.what, "--model-type", task.model_type,
                "--checkpoint", task.checkpoint, "--image", image, "--repetitions", task.repetitions,
                "--threads", self.threads]

    def write_weights(self, model_type, path):
        run_process([self.folder / "python", "-W", "ignore", self.measure_script, "weights",
                     "--model-type", model_type, "--checkpoint", path], self.settings, OUTPUT / "weights.log")


# What is measured


def tasks(options, original):
    trained = Path(os.environ.get("VIT_T", ROOT / ".." / "shared" / "fixtures" / "vit_t_dsb.pt")).resolve()
    if not trained.exists():
        raise Failed(f"there is no {trained}; name a micro-sam checkpoint of type vit_t in VIT_T")
    yield Task("start to label image, vit_t", "start", "vit_t", trained)
    yield Task("model load, vit_t", "load", "vit_t", trained)
    for size in options.sizes:
        checkpoint = trained if size == "t" else weights(SIZES[size], original)
        if checkpoint is None:
            say(f"{SIZES[size]}: no weights, left out (the original writes them)")
            continue
        if size != "t":
            yield Task(f"model load, {SIZES[size]}", "load", SIZES[size], checkpoint)
        yield Task(f"encoder, {SIZES[size]}", "encoder", SIZES[size], checkpoint, options.repetitions)
    yield Task("tiled embedding 2048, vit_t", "tiles", "vit_t", trained, side=2048)
    yield Task("AIS decoder, vit_t", "decoder", "vit_t", trained, options.repetitions)
    yield Task("post-processing, vit_t", "postprocess", "vit_t", trained, 4 * options.repetitions)
    yield Task("one point, three masks, vit_t", "point", "vit_t", trained, 4 * options.repetitions)
    yield Task("256 boxes, vit_t", "boxes", "vit_t", trained, 1)
    yield Task("AMG, 32 x 32 points, vit_t", "amg", "vit_t", trained, 1)
    yield Task("APG without decoder, vit_t", "apg", "vit_t", trained, options.repetitions)
    yield Task("training step, vit_t", "train", "vit_t", trained, 2)
    if "b" in options.sizes and (checkpoint := weights("vit_b", original)):
        yield Task("training step, vit_b", "train", "vit_b", checkpoint, 2)
        yield Task("training step, vit_b with LoRA", "train-lora", "vit_b", checkpoint, 2)


def simulated(side):
    """An image of nuclei, written once."""
    image = OUTPUT / f"nuclei_{side}.tif"
    if not image.exists():
        scene = simulate.nuclei(min(side, 1024), min(side, 1024))
        simulate.write_tiff(image, simulate.repeated(scene, side, side))
    return image


def weights(model_type, original):
    """A checkpoint with weights by formula, written once. None where neither the file nor the original is there."""
    path = OUTPUT / "weights" / f"{model_type}.pt"
    if not path.exists() and original:
        say(f"writing weights for {model_type} to {path}")
        path.parent.mkdir(parents=True, exist_ok=True)
        original.write_weights(model_type, path)
    return path if path.exists() else None


def installed_original(threads):
    """The original as users run it, and with the allocator's settings; nothing where it is not installed."""
    environment = Path(os.environ.get("PEER", ROOT / ".peer"))
    environment = environment if environment.is_absolute() else ROOT / environment
    scripts = Path(os.environ.get("PEER_SCRIPTS", ROOT / ".." / "shared" / "peer")).resolve()
    if not (environment / "bin" / "python").exists() or not (scripts / "peer.py").exists():
        say(f"the Python original is not in {environment} (with {scripts}); measuring this program alone")
        return []
    return [Original("original", {}, threads, environment, scripts),
            Original("original, malloc settings", MALLOC_SETTINGS, threads, environment, scripts)]


# The report


def table(names, programs):
    """Lines of a Markdown table: seconds (best), megabytes, and ours relative to the others."""
    ours, others = programs[0], programs[1:]
    header = ["what", "ours s", "ours MB"]
    for other in others:
        header += [f"{other.name} s", "MB", "time ratio", "memory ratio"]
    yield "| " + " | ".join(header) + " |"
    yield "|---" + "|---:" * (len(header) - 1) + "|"
    for name in names:
        mine = ours.samples.get(name)
        cells = [name] + measured(mine)
        for other in others:
            theirs = other.samples.get(name)
            cells += measured(theirs)
            both = mine and theirs
            cells += [f"{mine.best / theirs.best:.2f}", f"{mine.peak_mb / theirs.peak_mb:.2f}"] if both else ["", ""]
        yield "| " + " | ".join(cells) + " |"


def measured(samples):
    return [f"{samples.best:.3f} ({samples.median:.3f})", f"{samples.peak_mb:.0f}"] if samples else ["failed", ""]


def machine():
    """Lines that describe where the figures come from."""
    release = platform.platform()
    for line in read_lines("/etc/os-release"):
        if line.startswith("PRETTY_NAME="):
            release = line.split("=", 1)[1].strip('"') + f", {platform.system()} {platform.release()}"
    processors = [line.split(":", 1)[1].strip() for line in read_lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout.splitlines()[:1]
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout
    yield f"- {processors[0] if processors else platform.processor()}, {os.cpu_count()} cores, {memory:.0f} GiB memory"
    yield f"- {release}; {swift[0] if swift else 'Swift unknown'}; libtorch 2.13.0; Python {platform.python_version()}"
    yield f"- commit {commit.strip()}, {datetime.date.today().isoformat()}, load {os.getloadavg()[0]:.1f}"
    yield "- command: `" + " ".join(["python3", "Benchmarks/run.py", *sys.argv[1:]]) + "`"


def read_lines(path):
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def report(names, programs, options):
    lines = list(table(names, programs))
    print("\n".join(lines))
    text = ["# Measured", "", *machine(), "",
            f"Seconds are the best of all runs, with the median in parentheses, on {options.threads} threads; MB is the",
            "largest peak memory of the process. A ratio below 1 means that this program is faster or smaller. The image",
            "is 512 x 512 (2048 x 2048 in nine tiles where it says so), the network's input 1024 x 1024. \"Encoder\" includes preprocessing; \"start to label image\" is",
            "the whole process, for the original its own command line. A training step is one of joint training in float32",
            "on an image of 512 x 512, with 4 objects and 4 predictions for each. The second set of columns runs the original",
            "with allocator settings that its users do not have (see the script).", "", *lines, ""]
    options.output.write_text("\n".join(text))
    say(f"written to {options.output}")


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="*", default=["t", "b", "l"], choices=list(SIZES), help="encoders to measure")
    parser.add_argument("--rounds", type=int, default=2, help="how often each program takes its turn")
    parser.add_argument("--repetitions", type=int, default=3, help="calls timed within one process")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--only", nargs="*", default=[], help="measure only what has one of these in its name")
    parser.add_argument("--as-installed", action="store_true", help="leave out the original with allocator settings")
    parser.add_argument("--output", type=Path, default=ROOT / "Benchmarks" / "RESULTS.md", help="the report")
    options = parser.parse_args()

    OUTPUT.mkdir(exist_ok=True)
    others = installed_original(options.threads)[: 1 if options.as_installed else None]
    programs = [Ours("ours", {}, options.threads), *others]
    names = []
    for task in tasks(options, others[0] if others else None):
        if options.only and not any(part in task.name for part in options.only):
            continue
        names.append(task.name)
        image = simulated(task.side)
        for turn in range(options.rounds):
            for program in programs:
                place = f"{task.name}: {program.name}, {turn + 1} of {options.rounds}"
                try:
                    program.measure(task, image)
                    samples = program.samples[task.name]
                    say(f"{place}: {samples.best:.3f} s, {samples.peak_mb:.0f} MB")
                except (Failed, ValueError, KeyError, OSError) as error:
                    say(f"{place}: failed: {error}")
    report(names, programs, options)


try:
    main()
except Failed as error:
    sys.exit(f"bench: {error}")
