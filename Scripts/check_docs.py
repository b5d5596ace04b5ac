"""Checks and runs the commands in README.md and docs/; called by Scripts/check-docs."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
import tifffile

ROOT = Path(__file__).resolve().parent.parent
USAM = ROOT / ".build/release/usam"

# What cannot be run here, and why.
UNAVAILABLE = [
    (r"vit_[tblh]|models fetch|checkpoint\.pt|DATA|IMAGES|RUN/", "weights or data from elsewhere"),
    (r"python3 -m venv|pip install|gpu/|LD_LIBRARY_PATH", "a GPU build of libtorch"),
    (r"(^|[A-Z0-9_]+=\S* )make |^git |Scripts/|swift build|fuzz-|Benchmarks/|/usr/bin/time|GOMP_|my-program|^cd |^export ",
     "set-up, measurements and long runs"),
    (r"swift run", "a package of the reader's own"),
    (r"usam project", "a project of annotations"),
    (r"srun |ssh ", "another machine"),
    (r"usam annotate", "opens a browser; the end-to-end tests run it"),
    (r"--width 4200|slide\.|n20000|big|enlarged", "large images"),
]
# What takes more than a second or two.
COSTLY = re.compile(r"usam (segment|track(?!.*--(?:labels|tracks))|embed|rerun|train(?!.*--dry-run)|export|prompt|evaluate (automatic|interactive|grid))")


def commands(page: Path) -> list[str]:
    """The commands in the sh blocks of a page, without comments, continued lines joined."""
    found = []
    for block in re.findall(r"```sh\n(.*?)```", page.read_text(), re.S):
        for line in block.replace("\\\n", " ").split("\n"):
            line = re.sub(r"\s+#.*$", "", line).strip()
            if line and not line.startswith("#"):
                found.append(re.sub(r"\s+", " ", line))
    return found


def grammar(command: dict, path: str, into: dict[str, set[str]]) -> dict[str, set[str]]:
    """The options of every command, by its words."""
    names = set()
    for argument in command.get("arguments", []):
        for name in argument.get("names", []):
            names.add(("--" if name["kind"] == "long" else "-") + name["name"])
    into[path] = names
    for child in command.get("subcommands", []):
        grammar(child, f"{path} {child['commandName']}", into)
    return into


def problem(command: str, options: dict[str, set[str]]) -> str | None:
    """What a reader of the command would stumble over, as far as its words tell."""
    words = shlex.split(command)
    if re.match(r"\w+=", words[0]):
        words = words[1:]
    if not words:
        return None
    if words[0] in ("/usr/bin/time",):
        words = words[2:]
    program = words[0]
    if program == "make":
        targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M)
        wrong = [word for word in words[1:] if "=" not in word and word not in targets]
        return f"no target {wrong[0]} in the Makefile" if wrong else None
    for word in words[:2]:
        if word.startswith(("Scripts/", "Benchmarks/")) and not (ROOT / word).exists():
            return f"there is no {word}"
    if program not in ("usam", ".build/release/usam"):
        return None
    path, rest = "usam", words[1:]
    while rest and f"{path} {rest[0]}" in options:
        path, rest = f"{path} {rest[0]}", rest[1:]
    if path == "usam" and rest and not rest[0].startswith("-"):
        return f"no command {rest[0]}"
    # A command with a default, such as evaluate, takes the options of its subcommands.
    known = set().union(*(names for other, names in options.items() if other == path or other.startswith(path + " ")))
    for word in rest:
        if re.match(r"--?[a-zA-Z]", word) and word.split("=")[0] not in known | {"--help", "-h", "--version"}:
            return f"{path} has no option {word}"
    return None


def stand_ins(folder: Path) -> None:
    """Small files under the names that the pages use."""
    subprocess.run([USAM, "sample", "--width", "160", "--height", "128", "-o", folder], check=True,
                   capture_output=True)
    image, truth = folder / "simulated.tif", folder / "simulated_truth.tif"
    for name in ("images", "other-images", "test-images", "more-images", "annotated", "i", "plate1"):
        (folder / name).mkdir()
        for copy in "ab":
            shutil.copy(image, folder / name / f"{copy}.tif")
    for name in ("labels", "truth", "other-truth", "test-labels", "l"):
        (folder / name).mkdir()
        for copy in "ab":
            shutil.copy(truth, folder / name / f"{copy}.tif")
    shutil.copy(image, folder / "cells.tif")
    (folder / "demo").mkdir()
    (folder / "demo/points.csv").write_text("object,y,x\n1,60,40\n2,30,100\n")
    plane = tifffile.imread(image)
    tifffile.imwrite(folder / "stack.tif", numpy.stack([plane] * 13), imagej=True, metadata={"axes": "ZYX"})
    for name, channels in (("stack.ome.tif", ["nucleus", "actin"]), ("tissue.ome.tif", ["a", "b", "c"])):
        depth = 13 if name.startswith("stack") else 1
        pixels = numpy.broadcast_to(plane, (depth, len(channels), *plane.shape))
        tifffile.imwrite(folder / name, pixels, metadata={"axes": "ZCYX", "Channel": {"Name": channels}})


def run_page(page: Path, options: dict[str, set[str]], run_all: bool) -> tuple[int, list[str], list[str]]:
    """Runs the commands of a page one after the other.

    Returns how many were found, those that were not run with the reason, and what went wrong.
    """
    wrong, left, found = [], [], commands(page)
    # What costly commands that were left out would have written.
    missing: set[str] = set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stand_ins(folder)
        environment = os.environ | {"PATH": f"{USAM.parent}:{os.environ['PATH']}"}
        for command in found:
            trouble = problem(command, options)
            if trouble:
                wrong.append(f"{page.relative_to(ROOT)}: {command}\n    {trouble}")
                continue
            reason = next((reason for pattern, reason in UNAVAILABLE if re.search(pattern, command)), None)
            if reason:
                left.append(f"{reason}: {command}")
                continue
            written = set(re.findall(r"(?:-o|--output) (\S+)", command))
            read = set(shlex.split(re.sub(r"^usam \w+( (labels|tracks)\b)?", "", command))) - written
            if not run_all and (COSTLY.search(command) or missing & read):
                missing |= written
                left.append(f"{'costly' if COSTLY.search(command) else 'needs a costly one'}: {command}")
                continue
            missing -= written
            # A page says "minutes" where this check has seconds.
            quick = re.sub(r"--minutes \d+", "--iterations 2 --samples-per-epoch 2", command)
            done = subprocess.run(["bash", "-c", quick], cwd=folder, env=environment, capture_output=True, text=True)
            if done.returncode != 0:
                said = done.stderr.strip()[-400:]
                wrong.append(f"{page.relative_to(ROOT)}: {command}\n    exit {done.returncode}: {said}")
    return len(found), left, wrong


def main(arguments: list[str]) -> int:
    run_all = "--all" in arguments
    named = [ROOT / word for word in arguments if word != "--all"]
    pages = named or [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    dump = subprocess.run([USAM, "--experimental-dump-help"], check=True, capture_output=True, text=True).stdout
    options = grammar(json.loads(dump)["command"], "usam", {})
    failures = []
    for page in pages:
        if not commands(page):
            continue
        found, left, wrong = run_page(page, options, run_all)
        ran = found - len(left) - sum("\n    exit " not in text for text in wrong)
        print(f"check-docs: {page.relative_to(ROOT)}: {found} commands checked, {ran} run", flush=True)
        for command in left:
            print(f"check-docs:   not run, {command}", flush=True)
        failures += wrong
    for failure in failures:
        print(f"check-docs: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
