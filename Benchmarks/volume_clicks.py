"""How good are the objects of a volume after one, two and three clicks? A simulated user who knows the truth clicks.

Usage: volume_clicks.py USAM IMAGE TRUTH FOLDER [--objects N] [--seed S] [options of 'usam prompt --volume']
(numpy and tifffile are needed)

The first click is the innermost pixel of the object in the middle of its slices. After each run, the user looks at the slice
with most wrong pixels of each object that is not good yet (IoU below 0.8). If the object is not there, a negative click in the
first wrong slice ends it. If the slice has no click yet, the innermost pixel of the object is clicked, otherwise that of the
larger error. All objects of the volume are segmented together, so they do not run into each other. FOLDER gets the embeddings,
the clicks and the labels. --objects chooses as many objects by the seed.
"""

import argparse
import csv
import pathlib
import random
import subprocess
import sys

import numpy as np
import tifffile

GOOD = 0.8


def main():
    parser = argparse.ArgumentParser()
    for name in ("usam", "image", "truth", "folder"):
        parser.add_argument(name)
    parser.add_argument("--objects", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options, rest = parser.parse_known_args()
    folder = pathlib.Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    truth = tifffile.imread(options.truth)
    ids = [int(label) for label in np.unique(truth) if label]
    if options.objects and options.objects < len(ids):
        ids = sorted(random.Random(options.seed).sample(ids, options.objects))
    store = folder / "embeddings.zarr"
    run([options.usam, "embed", options.image, "--volume", "-o", str(store), "--quiet"])
    clicks = {label: [first_click(truth == label)] for label in ids}
    for count in (1, 2, 3):
        labels = segmented(options, rest, folder, clicks)
        overlaps = {label: iou(truth == label, labels == label) for label in ids}
        values = np.array(list(overlaps.values()))
        print(
            f"{options.image}, {' '.join(rest) or 'defaults'}, at most {count} clicks: {len(ids)} objects, "
            f"IoU >= 0.7: {(values >= 0.7).sum()} ({(values >= 0.7).mean():.2f}), "
            f"IoU >= 0.5: {(values >= 0.5).mean():.2f}, mean IoU {values.mean():.3f}, "
            f"{sum(map(len, clicks.values())) / len(ids):.2f} clicks per object",
            flush=True,
        )
        for label in ids:
            if overlaps[label] < GOOD:
                clicks[label].append(next_click(truth == label, labels == label, clicks[label]))


def run(arguments):
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)


def segmented(options, rest, folder, clicks):
    """The labels that the program makes of the clicks."""
    table, labels = folder / "clicks.csv", folder / "labels.tif"
    with open(table, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["object", "z", "y", "x", "label"])
        for label, points in clicks.items():
            writer.writerows([label, z, y, x, sign] for z, y, x, sign in points)
    run([options.usam, "prompt", options.image, "--volume", "--prompts", str(table), "--embeddings",
         str(folder / "embeddings.zarr"), "-o", str(labels), "--force", "--quiet", *rest])
    return tifffile.imread(labels)


def iou(first, second):
    return (first & second).sum() / max((first | second).sum(), 1)


def innermost(mask):
    """The pixel that is left longest when the mask shrinks; of several the one nearest to their middle."""
    rest = np.pad(mask, 1)
    while True:
        smaller = rest.copy()
        for axis in (0, 1):
            for step in (-1, 1):
                smaller &= np.roll(rest, step, axis)
        if not smaller.any():
            break
        rest = smaller
    places = np.argwhere(rest)
    y, x = places[((places - places.mean(0)) ** 2).sum(1).argmin()]
    return int(y) - 1, int(x) - 1


def first_click(truth):
    slices = np.flatnonzero(truth.any((1, 2)))
    z = int(slices[len(slices) // 2])
    return (z, *innermost(truth[z]), 1)


def next_click(truth, found, clicks):
    wrong = (truth ^ found).sum((1, 2))
    z = int(wrong.argmax())
    if not truth[z].any():
        # The object ends before: at the wrong slice that is nearest to it.
        slices = np.flatnonzero(truth.any((1, 2)))
        z = int(slices[-1]) + 1 if z > slices[-1] else int(slices[0]) - 1 if z < slices[0] else z
        return (z, *innermost(found[z] if found[z].any() else ~truth[z]), 0)
    if not any(click[0] == z for click in clicks):
        return (z, *innermost(truth[z]), 1)
    missing, surplus = truth[z] & ~found[z], found[z] & ~truth[z]
    if missing.sum() >= surplus.sum():
        return (z, *innermost(missing), 1)
    return (z, *innermost(surplus), 0)


if __name__ == "__main__":
    sys.exit(main())
