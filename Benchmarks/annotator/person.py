#!/usr/bin/env python3
"""A simulated user annotates images through the HTTP contract, and says what it took.

The user knows the truth, goes from object to object, clicks into the middle of each one, and looks at the mask. Where it is
not good enough, the next click goes into the middle of the largest mistake: a positive point where something is missing, a
negative one where there is too much. After so many clicks that do not help, the best mask is committed as it is. With
`--automatic` the user takes the result of automatic segmentation first, and corrects it: what overlaps no object is deleted,
what is not good enough is opened again, what is missing is clicked.

    python3 Benchmarks/annotator/person.py --truth LABELS... --images IMAGES...

Labels belong to the images in their order. Seconds are those of the machine alone: no person looks, thinks or moves a hand.
Needs the standard library only.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import groupby
from pathlib import Path

from server import PROGRAM, Refused, Server


class Region:
    """Pixels as whole numbers by row, in which each bit is a column: large masks cost little more than small ones."""

    def __init__(self, rows):
        self.rows = {y: bits for y, bits in rows.items() if bits}

    @classmethod
    def of_mask(cls, mask):
        """A mask of the contract."""
        y0, x0, _, x1 = mask["box"]
        width, rows, position, inside = x1 - x0, {}, 0, False
        for run in mask["runs"]:
            start, position = position, position + run
            while inside and start < position:
                y, x = divmod(start, width)
                length = min(position - start, width - x)
                rows[y0 + y] = rows.get(y0 + y, 0) | ((1 << length) - 1) << (x0 + x)
                start += length
            inside = not inside
        return cls(rows)

    @property
    def area(self):
        return sum(bits.bit_count() for bits in self.rows.values())

    def common(self, other):
        return sum((bits & other.rows[y]).bit_count() for y, bits in self.rows.items() if y in other.rows)

    def minus(self, other):
        return Region({y: bits & ~other.rows.get(y, 0) for y, bits in self.rows.items()})

    def overlap(self, other):
        """Intersection over union."""
        common = self.common(other)
        return common / max(1, self.area + other.area - common)

    def middle(self):
        """The pixel that is farthest from the outside, and how far: y, x, pixels. Peels off layers."""
        rest, depth, last = self.rows, 0, self.rows
        while rest:
            depth += 1
            # In turn eight and four neighbours, so that a disk is peeled like a disk.
            kept = eroded(rest, corners=depth % 2 == 1)
            last = {y: bits for y in rest if (bits := rest[y] & ~kept.get(y, 0))}
            rest = kept
        places = [(y, x) for y, bits in last.items() for x in columns(bits)]
        y = sum(y for y, _ in places) / len(places)
        x = sum(x for _, x in places) / len(places)
        place = min(places, key=lambda p: (p[0] - y) ** 2 + (p[1] - x) ** 2)
        return (*place, depth)


def eroded(rows, corners):
    """The pixels of which all neighbours are there, those at the corners or not."""
    result = {}
    for y, bits in rows.items():
        above, below = rows.get(y - 1, 0), rows.get(y + 1, 0)
        across = bits & bits << 1 & bits >> 1
        if corners:
            above, below = above & above << 1 & above >> 1, below & below << 1 & below >> 1
        if kept := across & above & below:
            result[y] = kept
    return result


def columns(bits):
    """The places of the bits that are set."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def regions_of(plane):
    """The objects of a label image by label."""
    found = {}
    for y, row in enumerate(plane):
        start = 0
        for label, run in groupby(row):
            end = start + sum(1 for _ in run)
            if label:
                rows = found.setdefault(int(label), {})
                rows[y] = rows.get(y, 0) | ((1 << end - start) - 1) << start
            start = end
    return {label: Region(rows) for label, rows in found.items()}


class Person:
    """Somebody who knows what is right."""

    def __init__(self, client, image, truth, options):
        self.client, self.image, self.options = client, image, options
        self.objects = regions_of(truth)
        self.gestures = Counter()
        self.waited = 0.0
        self.base = 0
        self.first = []  # overlaps after the first click
        self.clicks = []  # clicks of each object

    def timed(self, kind, work):
        start = time.perf_counter()
        result = work()
        self.waited += time.perf_counter() - start
        self.gestures[kind] += 1
        return result

    def gesture(self, kind, **values):
        answer = self.timed(kind, lambda: self.client.gesture(self.image, kind=kind, base=self.base, **values))
        self.base = answer["edit"]
        return answer

    def annotate(self):
        rest = set(self.objects)
        if self.options.automatic:
            rest -= self.correct_automatic()
        begun = time.perf_counter()
        for number, label in enumerate(sorted(rest), 1):
            self.make(label)
            if number % 25 == 0:
                print(f"  {number} of {len(rest)} objects after {time.perf_counter() - begun:.0f} s", file=sys.stderr)

    def make(self, label, replaces=None):
        """Clicks until the mask is good, and commits it."""
        truth = self.objects[label]
        y, x, _ = truth.middle()
        prompts = [self.point(y, x, "positive")]
        best = None
        for number in range(self.options.clicks):
            masks = self.timed("click", lambda: self.client.predict(self.image, prompts))
            # Of several candidates the one that the model thinks best is shown.
            mask = max(masks, key=lambda one: one["score"])
            region = Region.of_mask(mask["mask"])
            overlap = truth.overlap(region)
            if number == 0:
                self.first.append(overlap)
            if best is None or overlap > best[0]:
                best = (overlap, mask, list(prompts))
            if overlap >= self.options.good:
                break
            wrong = self.mistake(truth, region)
            if wrong is None or wrong in prompts:
                break
            prompts = [*prompts, wrong]
        self.clicks.append(number + 1)
        _, mask, prompts = best
        if not sum(mask["mask"]["runs"][1::2]):
            return
        more = {} if replaces is None else {"replaces": replaces}
        self.gesture("commit", mask=mask["mask"], prompts=prompts, score=mask["score"], rule="keep", **more)

    def point(self, y, x, label):
        return {"type": "point", "y": float(y), "x": float(x), "label": label}

    def mistake(self, truth, region):
        """A point in the middle of what is most wrong."""
        missing, excess = truth.minus(region), region.minus(truth)
        places = [(missing.middle(), "positive")] if missing.rows else []
        # What belongs to another object or to none: both are too much.
        places += [(excess.middle(), "negative")] if excess.rows else []
        if not places:
            return None
        (y, x, _), label = max(places, key=lambda place: place[0][2])
        return self.point(y, x, label)

    def correct_automatic(self):
        """Takes automatic segmentation, and returns the labels that need nothing more."""
        answer = self.timed("automatic", lambda: self.client.post(
            f"/images/{self.image}/automatic", {"parameters": {}, "client": self.client.id}))
        if answer["count"] == 0:
            return set()
        step = self.timed("accept", lambda: self.client.step(
            self.image, f"automatic/{answer['run']}/accept", base=self.base, rule="keep"))
        self.base = step["edit"]
        found = regions_of(self.labels())
        done, false = set(), []
        for number, region in found.items():
            label, overlap = max(
                ((label, truth.overlap(region)) for label, truth in self.objects.items() if label not in done),
                key=lambda pair: pair[1], default=(None, 0))
            if overlap < 0.1:
                false.append(number)
            else:
                done.add(label)
                if overlap < self.options.good:
                    self.timed("reopen", lambda: self.client.get(f"/images/{self.image}/objects/{number}"))
                    self.make(label, replaces=number)
        for number in false:
            self.gesture("delete", labels=[number])
        return done

    def labels(self):
        """Rows of labels as they are now."""
        listed = self.client.get(f"/images/{self.image}/labels")["tiles"]
        height = 1 + max(max(region.rows) for region in self.objects.values())
        rows = 256 * (1 + max([tile["row"] for tile in listed] + [height // 256]))
        columns = 256 * (1 + max(tile["col"] for tile in listed))
        plane = [memoryview(bytearray(4 * columns)).cast("I") for _ in range(rows)]
        for tile in listed:
            path = f"/api/1/images/{self.image}/labels/0/0/{tile['row']}/{tile['col']}"
            _, _, content = self.client.send("GET", path)
            values = memoryview(content).cast("I")
            for y in range(256):
                plane[tile["row"] * 256 + y][tile["col"] * 256:tile["col"] * 256 + 256] = values[y * 256:y * 256 + 256]
        return plane


def score(folder, truths, results):
    """Means over all images, and the scores of each."""
    command = [PROGRAM, "evaluate", "labels", "--json", "--labels", *truths, "--predictions", *results]
    result = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
    scores = json.loads(result.stdout)

    def chosen(values):
        return {name: round(values[name], 3) for name in ("msa", "sa50", "sa75", "dice")}

    return {"mean": chosen(scores["mean"]), **{one["name"]: chosen(one["scores"]) for one in scores["images"]}}


def annotate(options, folder):
    """Everything in one project, beside a project that shows the truth."""
    for kind, files in (("images", options.images), ("truth", options.truth)):
        (folder / kind).mkdir()
        for number, file in enumerate(files):
            shutil.copy(file, folder / kind / f"{number:02}-{Path(file).name}")
    images, truths = sorted((folder / "images").iterdir()), sorted((folder / "truth").iterdir())
    truth_server, server = Server(folder / "truth"), Server(folder / "images", "--model", options.model)
    people = []
    with truth_server, server:
        shown, client = truth_server.connect(), server.connect()
        for number, image in enumerate(images, 1):
            truth = shown.plane(number, shown.get(f"/images/{number}"))
            start = time.perf_counter()
            client.until_ready(number)
            embedding = time.perf_counter() - start
            person = Person(client, number, truth, options)
            person.annotate()
            people.append(person)
            print(f"{image.name[3:]}: {len(person.objects)} objects, {dict(person.gestures)}, "
                  f"{sum(person.gestures.values()) / len(person.objects):.2f} gestures and "
                  f"{person.waited / len(person.objects):.3f} s of waiting per object, after {embedding:.1f} s for the "
                  f"embedding", flush=True)
        client.close()
    labels = folder / "labels"
    subprocess.run([PROGRAM, "project", "export", folder / "images/images.usam", "-o", labels, "--quiet"], check=True)
    results = sorted(file for file in labels.iterdir() if file.suffix == ".tif")
    return people, score(folder, truths, results)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", nargs="+", required=True)
    parser.add_argument("--truth", nargs="+", required=True)
    parser.add_argument("--model", default="usam-tiny")
    parser.add_argument("--automatic", action="store_true", help="take automatic segmentation first, and correct it")
    parser.add_argument("--good", type=float, default=0.8, help="the overlap with which the user is content")
    parser.add_argument("--clicks", type=int, default=6, help="clicks for one object at most")
    options = parser.parse_args()
    if len(options.images) != len(options.truth):
        parser.error("there must be as many label images as images")
    folder = Path(tempfile.mkdtemp(prefix="usam-person-"))
    try:
        people, scores = annotate(options, folder)
    except (Refused, RuntimeError) as error:
        print(f"person: {error}; the files are in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    objects = sum(len(person.objects) for person in people)
    gestures = sum((person.gestures for person in people), Counter())
    clicks = [number for person in people for number in person.clicks]
    first = [overlap for person in people for overlap in person.first]
    print(json.dumps({
        "images": len(people),
        "objects": objects,
        "gestures": dict(gestures),
        "gesturesPerObject": round(sum(gestures.values()) / objects, 2),
        "clicksPerObjectThatWasClicked": round(sum(clicks) / max(1, len(clicks)), 2),
        "goodAfterOneClick": round(sum(overlap >= options.good for overlap in first) / max(1, len(first)), 3),
        "waitingPerObject": round(sum(person.waited for person in people) / objects, 3),
        "scores": scores,
    }, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
