#!/usr/bin/env python3
"""Measures how long the annotator lets a user wait, with real gestures over HTTP, and prints a part of Benchmarks/RESULTS.md.

A client on the same machine sends what the page sends for each gesture, one request after the other on one connection, and
waits for the whole answer. What the page draws afterwards is measured by the tests of the page.

    python3 Benchmarks/annotator/latency.py

With `--quick`, few gestures on small images show within a minute whether all of it runs; their times mean nothing.
Needs the standard library only, and a quiet machine.
"""

import argparse
import datetime
import math
import os
import platform
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import uuid
import zlib
from pathlib import Path

from server import PROGRAM, ROOT, Events, Server

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import simulate

SIDE = 1024


class Sizes:
    """How much is measured."""

    def __init__(self, is_quick):
        self.large, self.series, self.share = (1024, 5, 20) if is_quick else (8192, 500, 1)

    def count(self, number):
        """How often a gesture is made."""
        return max(3, number // self.share)


class Row:
    """One line of the table."""

    def __init__(self, what, milliseconds, limit, share=0.5):
        self.what, self.limit, self.share = what, limit, share
        self.times = sorted(milliseconds)

    def at(self, share):
        return self.times[min(len(self.times) - 1, math.ceil(share * len(self.times)) - 1)]

    def text(self):
        name = {0.5: "median", 0.95: "95 %", 1: "largest"}[self.share]
        kept = "yes" if self.at(self.share) <= self.limit else "**no**"
        values = " | ".join(f"{value:.0f}" if value >= 10 else f"{value:.1f}" for value in (
            self.at(0.5), self.at(0.95), self.times[-1]))
        return f"| {self.what} | {values} | {len(self.times)} | {name} ≤ {self.limit} | {kept} |"


def timed(work):
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1000, result


# Inputs

def write_png(path, rows):
    """An 8-bit grayscale PNG."""
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 1)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)), (b"IDAT", packed), (b"IEND", b""),
        ):
            file.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))


def make_inputs(folder, sizes):
    scene = simulate.nuclei(SIDE, SIDE)
    one = folder / "one"
    one.mkdir()
    for name in "abc":
        simulate.write_tiff(one / f"{name}.tif", scene, strip_rows=64)
    large = folder / "large"
    large.mkdir()
    wide = simulate.repeated(scene, sizes.large, sizes.large)
    simulate.write_tiff(large / "large.tif", wide, strip_rows=64)
    write_png(large / "large.png", wide)
    series = folder / "series"
    series.mkdir()
    rows = simulate.repeated(scene, 256, 256)
    for number in range(sizes.series):
        simulate.write_tiff(series / f"{number:03}.tif", rows)


# Gestures

class Pointer:
    """Moves over the image as a hand does: small steps, and now and then a leap."""

    def __init__(self, seed=3):
        self.random = random.Random(seed)
        self.y, self.x = SIDE / 2, SIDE / 2

    def move(self, leaps=True):
        if leaps and self.random.random() < 0.1:
            self.y, self.x = self.random.uniform(20, SIDE - 20), self.random.uniform(20, SIDE - 20)
        self.y = min(SIDE - 1.0, max(0.0, self.y + self.random.gauss(0, 4)))
        self.x = min(SIDE - 1.0, max(0.0, self.x + self.random.gauss(0, 4)))
        return self.y, self.x


def previews(client, image, count):
    pointer, times = Pointer(), []
    for _ in range(count):
        y, x = pointer.move()
        milliseconds, answer = timed(lambda: client.post(
            f"/images/{image}/preview", {"y": y, "x": x, "t": 0, "z": 0, "client": client.id}))
        assert answer["state"] == "ready" and answer["masks"]
        times.append(milliseconds)
    return times


def clicks(client, image, count):
    """A click: the mask of a point, with its logits for the threshold. Every third one corrects the mask before."""
    pointer, times, masks, prompts = Pointer(5), [], [], []
    for number in range(count):
        if number % 3 == 0:
            prompts = []
        y, x = pointer.move(leaps=not prompts)
        prompts = [*prompts, {"type": "point", "y": y, "x": x, "label": "negative" if prompts else "positive"}]
        body = {"objects": [{"id": 1, "prompts": prompts}], "options": {"masks": "all"}, "logits": True}
        milliseconds, answer = timed(lambda: client.post(f"/images/{image}/predict", body))
        times.append(milliseconds)
        best = max(answer["masks"], key=lambda mask: mask["score"])
        masks.append((prompts, best))
    return times, masks


def commits(client, image, masks):
    times, base = [], 0
    for prompts, mask in masks:
        body = {
            "key": str(uuid.uuid4()), "client": client.id, "base": base, "t": 0, "z": 0, "kind": "commit",
            "mask": mask["mask"], "prompts": prompts, "score": mask["score"], "stability": mask["stability"],
            "rule": "keep",
        }
        milliseconds, answer = timed(lambda: client.post(f"/images/{image}/gestures", body))
        base = answer["edit"]
        times.append(milliseconds)
    return times


def steps(client, image, kind, count):
    times = []
    for _ in range(count):
        milliseconds, answer = timed(lambda: client.step(image, kind))
        times.append(milliseconds)
        if not answer["canUndo" if kind == "undo" else "canRedo"]:
            break
    return times


def slider(client, image, count):
    """One parameter of automatic segmentation changes: the answer, the objects, and all tiles of labels."""
    def result(value):
        answer = client.post(f"/images/{image}/automatic", {"mode": "ais", "parameters": value, "client": client.id})
        address = f"/images/{image}/automatic/{answer['run']}"
        client.get(f"{address}/objects")
        tiles = -(-SIDE // 256)
        for row in range(tiles):
            for col in range(tiles):
                status, _, _ = client.send("GET", f"/api/1{address}/labels/0/0/{row}/{col}")
                assert status in (200, 204)
        return answer["count"]

    first, _ = timed(lambda: result({}))
    names = ("foreground_threshold", "center_distance_threshold", "boundary_distance_threshold")
    times = []
    for number in range(count):
        value = {names[number % 3]: round(0.3 + 0.4 * number / count, 3)}
        times.append(timed(lambda: result(value))[0])
    sizes = [timed(lambda: result({"min_size": 10 + 5 * number}))[0] for number in range(count)]
    return first, times, sizes


def beside_embedding(server, image, count):
    """Clicks while the images that follow are embedded."""
    client, events = server.connect(), Events(server)
    pointer, times = Pointer(9), []
    client.post(f"/images/{image}/prepare", {})
    start, _, _ = events.wait(lambda _, name, data: name == "state" and data == {"image": image + 1, "state": "preparing"})
    while not any(name == "state" and data.get("image") == image + 2 and data["state"] == "ready"
                  for _, name, data in events.seen) and len(times) < count:
        y, x = pointer.move()
        times.append(timed(lambda: client.predict(image, [{"type": "point", "y": y, "x": x}]))[0])
        time.sleep(0.05)
    end, _, _ = events.wait(lambda _, name, data: name == "state" and data == {"image": image + 1, "state": "ready"})
    client.close()
    return times, (end - start) * 1000


# Opening

def opened(folder, image, count=3):
    """From the choice of an image to its first tile, with nothing made before."""
    times = []
    for _ in range(count):
        shutil.rmtree(folder / "large.usam-cache", ignore_errors=True)
        with Server(folder, "--device", "cpu") as server:
            client = server.connect()
            number = next(one["id"] for one in client.get("/project")["images"] if one["path"].endswith(image))

            def first_tile():
                summary = client.get(f"/images/{number}")
                coarse = summary["levels"][-1]["level"]
                path = f"/api/1/images/{number}/pixels/{coarse}/0/0/0/0?c=0&v={summary['version']}"
                status, _, content = client.send("GET", path)
                assert status == 200 and content

            times.append(timed(first_tile)[0])
            client.close()
    return times


def opened_series(folder, series, count=5):
    """From the start of the program to the list of all images."""
    first, _ = timed(lambda: started(folder, series))
    return first, [timed(lambda: started(folder, series))[0] for _ in range(count)]


def started(folder, series):
    server = Server(folder, "--device", "cpu")
    client = server.connect()
    assert len(client.get("/project")["images"]) == series
    client.close()
    server.kill()


def measure(folder, options):
    rows, notes = [], []
    sizes = Sizes(options.quick)
    count = sizes.count
    make_inputs(folder, sizes)
    with Server(folder / "one", "--device", "cpu", "--model", options.model) as server:
        client, events = server.connect(), Events(server)
        embedding, _ = timed(lambda: client.until_ready(1))
        # The images that follow are embedded ahead; a row of its own measures gestures meanwhile.
        events.wait(lambda _, name, data: name == "state" and data == {"image": 3, "state": "ready"})
        previews(client, 1, count(20))
        rows.append(Row("pointer to preview", previews(client, 1, count(200)), 120, 0.95))
        clicks(client, 1, count(6))
        times, masks = clicks(client, 1, count(90))
        rows.append(Row("click to mask", times, 150))
        rows.append(Row("commit", commits(client, 1, masks), 50))
        rows.append(Row("undo", steps(client, 1, "undo", count(80)), 50))
        rows.append(Row("redo", steps(client, 1, "redo", count(80)), 50))
        first, times, of_sizes = slider(client, 1, count(30))
        rows.append(Row("slider of the maps to result", times, 150))
        rows.append(Row("slider of the sizes to result", of_sizes, 150))
        notes.append(f"the image was ready {embedding / 1000:.2f} s after it was asked for, the first automatic result "
                     f"took {first / 1000:.2f} s")
        client.close()
    shutil.rmtree(folder / "one/one.usam-cache", ignore_errors=True)
    with Server(folder / "one", "--device", "cpu", "--model", options.model) as server:
        times, whole = beside_embedding(server, 1, count(60))
        rows.append(Row("click to mask while the next image is embedded", times, 150))
        notes.append(f"the next image was embedded in {whole / 1000:.2f} s beside {len(times)} clicks")
    rows.append(Row(f"{sizes.large} x {sizes.large}, TIFF in strips, to the first tile", opened(folder / "large", "large.tif"), 2000))
    rows.append(Row(f"{sizes.large} x {sizes.large}, PNG, to the first tile", opened(folder / "large", "large.png"), 2000))
    first, times = opened_series(folder / "series", sizes.series)
    rows.append(Row(f"start with a project of {sizes.series} images, to its list", times, 1000))
    notes.append(f"the first start, which looks at the {sizes.series} files, took {first / 1000:.2f} s")
    return rows, notes


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="usam-tiny")
    parser.add_argument("--quick", action="store_true", help="few gestures on small images: only whether all of it runs")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="usam-latency-"))
    load = os.getloadavg()[0]
    try:
        rows, notes = measure(folder, options)
    finally:
        shutil.rmtree(folder)
    commit = subprocess.run(
        ["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    print(f"""## The annotator

- {platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}
- commit {commit or "unknown"}, {datetime.date.today()}, load {load:.1f} before, {os.getloadavg()[0]:.1f} after; {options.model}
- command: `python3 Benchmarks/annotator/latency.py{" --quick" * options.quick}`

Milliseconds from a request to its whole answer, over HTTP on this machine; images of {SIDE} x {SIDE} pixels where nothing
else is said. A slider counts the answer, the list of objects and all tiles of labels.

| gesture | median | 95 % | largest | number | limit | kept |
|---|---:|---:|---:|---:|---|---|""")
    for row in rows:
        print(row.text())
    print("\n" + "; ".join(notes) + ".")


if __name__ == "__main__":
    sys.exit(main())
