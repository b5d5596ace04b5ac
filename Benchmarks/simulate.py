"""The benchmark's input: a simulated fluorescence image of nuclei, written as an uncompressed 8-bit TIFF.

Only the standard library is used, so that both programs can be measured by any Python and on the same bytes.
"""

import argparse
import math
import random
import struct


def nuclei(height, width, spacing=46, seed=7):
    """Rows of 8-bit pixels: jittered ellipses with soft rims on a dim, noisy background."""
    source = random.Random(seed)
    image = [[0.06 + 0.03 * x / width for x in range(width)] for _ in range(height)]
    for cell_y in range(spacing // 2, height, spacing):
        for cell_x in range(spacing // 2, width, spacing):
            if source.random() < 0.15:
                continue
            center = (cell_y + source.uniform(-9, 9), cell_x + source.uniform(-9, 9))
            axes = (source.uniform(9, 17), source.uniform(9, 17))
            draw_ellipse(image, center, axes, source.uniform(0, math.pi), source.uniform(0.35, 0.85))
    return [bytes(quantize(value, source) for value in row) for row in image]


def draw_ellipse(image, center, axes, angle, brightness):
    height, width, reach = len(image), len(image[0]), math.ceil(max(axes)) + 3
    cosine, sine = math.cos(angle), math.sin(angle)
    for y in range(max(0, int(center[0]) - reach), min(height, int(center[0]) + reach + 1)):
        for x in range(max(0, int(center[1]) - reach), min(width, int(center[1]) + reach + 1)):
            dy, dx = y - center[0], x - center[1]
            radius = math.hypot((cosine * dy + sine * dx) / axes[0], (cosine * dx - sine * dy) / axes[1])
            rim = 1 / (1 + math.exp(14 * (radius - 1)))
            image[y][x] = max(image[y][x], brightness * rim * (1 - 0.25 * min(radius, 1) ** 2))


def quantize(value, source):
    return min(255, max(0, round(255 * (value + source.gauss(0, 0.02)))))


def repeated(rows, height, width):
    """Larger rows, from the same scene again and again."""
    across = -(-width // len(rows[0]))
    wide = [(row * across)[:width] for row in rows]
    return [wide[y % len(wide)] for y in range(height)]


def write_tiff(path, rows, strip_rows=None):
    """A baseline grayscale TIFF: header, directory of ten entries, tables of the strips, pixels."""
    height, width = len(rows), len(rows[0])
    strip_rows = strip_rows or height
    sizes = [width * len(rows[y:y + strip_rows]) for y in range(0, height, strip_rows)]
    table = 8 + 2 + 12 * 10 + 4
    offset = table + (8 * len(sizes) if len(sizes) > 1 else 0)
    offsets = [offset + sum(sizes[:1]) * index for index in range(len(sizes))]
    several = len(sizes) > 1
    entries = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
               (273, 4, len(sizes), table if several else offset), (277, 3, 1, 1), (278, 4, 1, strip_rows),
               (279, 4, len(sizes), table + 4 * len(sizes) if several else sizes[0]), (284, 3, 1, 1)]
    with open(path, "wb") as file:
        file.write(struct.pack("<2sHIH", b"II", 42, 8, len(entries)))
        for entry in entries:
            file.write(struct.pack("<HHII", *entry))
        file.write(struct.pack("<I", 0))
        if several:
            file.write(struct.pack(f"<{2 * len(sizes)}I", *offsets, *sizes))
        for row in rows:
            file.write(row)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Writes a simulated image of nuclei of any size.")
    parser.add_argument("output")
    parser.add_argument("--side", type=int, default=2048, help="height and width in pixels")
    parser.add_argument("--scene", type=int, default=1024, help="side of the scene that is repeated")
    options = parser.parse_args()
    scene = nuclei(min(options.scene, options.side), min(options.scene, options.side))
    write_tiff(options.output, repeated(scene, options.side, options.side), strip_rows=64)
