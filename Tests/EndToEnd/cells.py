"""Simulated microscopy: bright cells of irregular outline on a noisy ground, with their truth."""

import numpy


def simulated_cells(seed, height, width, count, radius=(12, 26)):
    """An image of uint8 and its labels; cells do not overlap, so that there are fewer than wished on a small image."""
    random = numpy.random.default_rng(seed)
    labels = numpy.zeros((height, width), numpy.uint32)
    image = random.normal(22, 4, (height, width))
    reach = int(radius[1] * 1.4)
    for _ in range(count):
        y, x, r = random.uniform(0, height), random.uniform(0, width), random.uniform(*radius)
        rows = slice(int(max(0, y - reach)), int(min(height, y + reach)))
        cols = slice(int(max(0, x - reach)), int(min(width, x + reach)))
        dy, dx = numpy.mgrid[rows, cols][0] - y, numpy.mgrid[rows, cols][1] - x
        angle, distance = numpy.arctan2(dy, dx), numpy.hypot(dy, dx)
        phases = random.uniform(0, 2 * numpy.pi, 2)
        edge = r * (1 + 0.1 * numpy.sin(2 * angle + phases[0]) + 0.05 * numpy.sin(5 * angle + phases[1]))
        inside = distance < edge
        around = distance < edge + 3
        brightness = random.uniform(90, 170)
        if labels[rows, cols][around].any():
            continue
        labels[rows, cols][inside] = labels.max() + 1
        image[rows, cols] += brightness * numpy.clip((edge - distance) / 3 + 0.5, 0, 1)
    return numpy.clip(image, 0, 255).astype(numpy.uint8), labels


def middle(labels, label):
    """A pixel of the object, near its middle: y, x."""
    ys, xs = numpy.nonzero(labels == label)
    nearest = numpy.argmin((ys - ys.mean()) ** 2 + (xs - xs.mean()) ** 2)
    return int(ys[nearest]), int(xs[nearest])


def overlap(mask, other):
    """Intersection over union."""
    return (mask & other).sum() / max(1, (mask | other).sum())


def middle_objects(labels, margin=40):
    """Labels of objects that lie well within the image, the largest first."""
    found = []
    for label in range(1, int(labels.max()) + 1):
        y, x = middle(labels, label)
        if margin < y < labels.shape[0] - margin and margin < x < labels.shape[1] - margin:
            found.append((-(labels == label).sum(), label))
    return [label for _, label in sorted(found)]
