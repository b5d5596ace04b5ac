"""Simulated microscopy, as `usam sample` makes it, with its truth."""

import os
import subprocess
from pathlib import Path

import numpy
import tifffile

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("USAM", str(ROOT / ".build/release/usam"))


def write_sample(path, seed, height, width):
    """Writes an image of nuclei as TIFF; its true labels."""
    folder = path.parent / f"{path.stem}.sample"
    command = [PROGRAM, "sample", "--seed", str(seed), "--height", str(height), "--width", str(width)]
    subprocess.run([*command, "--output", str(folder)], check=True, stdout=subprocess.DEVNULL)
    truth = tifffile.imread(folder / "simulated_truth.tif").astype(numpy.uint32)
    (folder / "simulated.tif").rename(path)
    (folder / "simulated_truth.tif").unlink()
    folder.rmdir()
    return truth


def middle(labels, label):
    """A pixel of the object, near its middle: y, x."""
    ys, xs = numpy.nonzero(labels == label)
    nearest = numpy.argmin((ys - ys.mean()) ** 2 + (xs - xs.mean()) ** 2)
    return int(ys[nearest]), int(xs[nearest])


def overlap(mask, other):
    """Intersection over union."""
    return (mask & other).sum() / max(1, (mask | other).sum())


def middle_objects(labels, margin=40):
    """Labels of objects that lie well within the image, those first that are farthest from all others."""
    numbers = [int(label) for label in numpy.unique(labels) if label]
    middles = numpy.array([middle(labels, label) for label in numbers])
    distances = numpy.hypot(*(middles[:, None] - middles[None]).transpose(2, 0, 1))
    numpy.fill_diagonal(distances, numpy.inf)
    (height, width), found = labels.shape, []
    for label, (y, x), distance in zip(numbers, middles, distances.min(axis=0), strict=True):
        if margin < y < height - margin and margin < x < width - margin:
            found.append((-distance, label))
    return [label for _, label in sorted(found)]
