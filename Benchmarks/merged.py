#!/usr/bin/env python3
"""Counts true objects that a segmentation has merged, cut or missed.

    merged.py RESULTS TRUTH

Both are folders of label images; those of RESULTS, from `usam segment`, have the names of the images, TRUTH holds the true
labels under the same names. A true object belongs to the predicted object that covers at least half of it. It is merged if
it shares that object with another true one, and missed if there is no such object. A true object is cut if none covers half
of it, but several together do. Needs numpy and tifffile, for PNG also Pillow.
"""

import sys
from pathlib import Path

import numpy as np
import tifffile


def read(path):
    """A label image as integers."""
    if path.suffix == ".png":
        from PIL import Image

        return np.array(Image.open(path)).astype(np.int64)
    return tifffile.imread(path).astype(np.int64)


def count(truth, found):
    """True objects, and how many of them are merged, cut and missed."""
    keys, areas = np.unique(truth[truth > 0], return_counts=True)
    inside = truth > 0
    pairs, shared = np.unique(
        np.stack([truth[inside], found[inside]]), axis=1, return_counts=True
    )
    owners, cut, missed = {}, 0, 0
    for key, area in zip(keys, areas):
        mine = (pairs[0] == key) & (pairs[1] > 0)
        best = shared[mine].max(initial=0)
        if 2 * best >= area:
            owner = pairs[1][mine][shared[mine].argmax()]
            owners.setdefault(owner, []).append(key)
        elif 2 * shared[mine].sum() >= area:
            cut += 1
        else:
            missed += 1
    merged = sum(len(members) for members in owners.values() if len(members) > 1)
    return len(keys), merged, cut, missed


def main():
    """Counts over two folders."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    results, truths = (Path(name) for name in sys.argv[1:])
    known = {path.stem.removesuffix("_labels"): path for path in results.rglob("*.tif*")}
    total = np.zeros(4, int)
    for truth in sorted(truths.iterdir()):
        found = known.get(truth.stem)
        if found is None:
            print(f"{truth.stem}: no labels in {results}", file=sys.stderr)
            continue
        total += count(read(truth), read(found))
    print("{} true objects: {} merged, {} cut, {} missed".format(*total))


if __name__ == "__main__":
    main()
