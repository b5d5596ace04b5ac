#!/usr/bin/env python3
"""Compares masks from boxes with the same masks redrawn along the edges of the image.

    edges.py boxes LABELS > boxes.csv
    usam prompt IMAGE --prompts boxes.csv -o masks.tif --predictions masks.json
    edges.py compare IMAGE LABELS masks.json [WIDTH]

The border of each mask may move within a band of WIDTH pixels (2) on both sides: a watershed of the image's gradient
between the inner and the outer part. Prints the mean IoU with LABELS before and after. Needs numpy, scipy,
scikit-image, tifffile and Pillow.
"""
import json
import sys

import numpy as np
from PIL import Image
from scipy import ndimage
from skimage.measure import regionprops
from skimage.segmentation import watershed
import tifffile


def read(path):
    return tifffile.imread(path) if path.endswith((".tif", ".tiff")) else np.array(Image.open(path))


def decoded(counts, size):
    """A mask from the compressed run lengths of COCO."""
    runs, place, text = [], 0, counts.encode()
    while place < len(text):
        value, shift, goes_on = 0, 0, True
        while goes_on:
            byte = text[place] - 48
            value |= (byte & 31) << (5 * shift)
            goes_on = bool(byte & 32)
            place, shift = place + 1, shift + 1
            if not goes_on and byte & 16:
                value |= -1 << (5 * shift)
        runs.append(value + runs[-2] if len(runs) > 2 else value)
    values = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
    return values.reshape(size[1], size[0]).T


def redrawn(mask, gradient, width):
    inner = ndimage.binary_erosion(mask, iterations=width)
    outer = ~ndimage.binary_dilation(mask, iterations=width)
    if inner.sum() < 5 or outer.sum() < 5:
        return mask
    return watershed(gradient, inner.astype(int) + 2 * outer) == 1


def iou(a, b):
    return (a & b).sum() / max((a | b).sum(), 1)


def compare(image, labels, predictions, width=2):
    pixels = read(image).astype(float)
    pixels = pixels[..., :3].mean(-1) if pixels.ndim == 3 else pixels
    gradient = ndimage.gaussian_gradient_magnitude(pixels, 1)
    truth, scores = read(labels), []
    with open(predictions, encoding="utf-8") as file:
        objects = json.load(file)["predictions"]
    for found in objects:
        mask = decoded(found["mask"]["counts"], found["mask"]["size"])
        if mask.any():
            own = truth == found["id"]
            scores.append((iou(mask, own), iou(redrawn(mask, gradient, int(width)), own)))
    before, after = np.mean(scores, axis=0)
    print(f"{len(scores)} objects: IoU {before:.3f}, along edges {after:.3f}")


def boxes(labels):
    print("label,y0,x0,y1,x1")
    for found in regionprops(read(labels)):
        print(",".join(str(value) for value in (found.label, *found.bbox)))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    {"boxes": boxes, "compare": compare}[sys.argv[1]](*sys.argv[2:])
