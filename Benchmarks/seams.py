"""How much worse are objects at the borders of tiles? Compares a label image in tiles with the truth.

Usage: seams.py TRUTH.tif LABELS.tif TILE [TILE ...]  (numpy and tifffile are needed)

An object is at a border if it has a pixel on either side of it, directly. For the objects at borders and for all others:
how many there are, how many were found (IoU of 0.5 or more), how many predicted ones are none, SA50 = TP / (TP + FN + FP),
and the mean IoU of those found.
"""

import sys

import numpy as np
import tifffile


def main():
    truth = tifffile.imread(sys.argv[1]).astype(np.int64)
    for path in sys.argv[2:]:
        if path.isdigit():
            continue
        labels = tifffile.imread(path).astype(np.int64)
        for side in [int(text) for text in sys.argv[3:] if text.isdigit()]:
            report(path, side, truth, labels)


def report(path, side, truth, labels):
    at = np.zeros(truth.shape, bool)
    for border in range(side, truth.shape[0], side):
        at[border - 1:border + 1] = True
    for border in range(side, truth.shape[1], side):
        at[:, border - 1:border + 1] = True
    sizes = [np.bincount(image.ravel()) for image in (truth, labels)]
    near = [np.isin(np.arange(len(size)), np.unique(image[at])) for size, image in zip(sizes, (truth, labels))]
    pairs, counts = np.unique(truth.ravel() * len(sizes[1]) + labels.ravel(), return_counts=True)
    first, second = pairs // len(sizes[1]), pairs % len(sizes[1])
    kept = (first > 0) & (second > 0)
    first, second, counts = first[kept], second[kept], counts[kept]
    overlap = counts / (sizes[0][first] + sizes[1][second] - counts)
    good = overlap >= 0.5
    found, matched = (np.isin(np.arange(len(size)), ids[good]) for size, ids in zip(sizes, (first, second)))
    best = np.zeros(len(sizes[0]))
    best[first[good]] = overlap[good]
    for name, groups in (("at borders", near), ("elsewhere", [~group for group in near])):
        exists = [(size > 0) & (np.arange(len(size)) > 0) & group for size, group in zip(sizes, groups)]
        hits, misses = (exists[0] & found).sum(), (exists[0] & ~found).sum()
        wrong = (exists[1] & ~matched).sum()
        print(
            f"{path}, tiles of {side}, {name}: {exists[0].sum()} objects, {hits} found, {wrong} wrong, "
            f"SA50 {hits / max(hits + misses + wrong, 1):.4f}, mean IoU {best[exists[0] & found].mean():.4f}"
        )


main()
