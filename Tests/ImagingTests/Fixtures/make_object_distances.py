"""Writes object_distances.safetensors: label images and the reference's distances of them.

Needs torch_em 0.10.9, bioimage-cpp 0.10.0, scikit-image and safetensors. The label images are drawn here.
"""

import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from torch_em.transform.label import PerObjectDistanceTransform


def ellipses(height, width, count, radius, seed):
    """Ellipses, later ones over earlier ones, so that many touch, some are cut apart or left as slivers."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    labels = np.zeros((height, width), "uint32")
    for label in random.permutation(np.arange(1, count + 1) * 3):
        center = random.uniform((0, 0), (height, width))
        axes = random.uniform(0.4, 1.4, 2) * radius
        angle = random.uniform(0, np.pi)
        dy, dx = y - center[0], x - center[1]
        u = (np.cos(angle) * dx + np.sin(angle) * dy) / axes[0]
        v = (-np.sin(angle) * dx + np.cos(angle) * dy) / axes[1]
        labels[u * u + v * v <= 1] = label
    return labels


def shapes():
    """Objects whose centroid lies outside, ones of 24 and 25 pixels, and ones joined at a corner."""
    labels = np.zeros((61, 83), "uint32")
    y, x = np.mgrid[:61, :83]
    distance = np.hypot(y - 20, x - 22)
    labels[(distance <= 18) & (distance >= 11)] = 5  # a ring
    labels[distance <= 6] = 9  # a disk inside of the ring
    labels[3:28, 50:75] = 2
    labels[9:28, 57:75] = 0  # a hook
    labels[30:34, 50:56] = 7  # 24 pixels
    labels[30:35, 60:65] = 7  # 25 pixels, the same label
    labels[40:46, 5:12] = 4
    labels[46:52, 12:19] = 4  # touches the last one at a corner
    labels[44:58, 30:31] = 6  # a line, too small
    labels[40:60, 40:42] = 8  # two pixels wide
    labels[50:61, 60:83] = 11  # in the corner of the image
    labels[50:61, 70:76] = 12  # between two parts of another object
    return labels


def main():
    cases = {
        "shapes": shapes(),
        "crowded": ellipses(97, 121, 60, 11, seed=3),
        "sparse": ellipses(70, 53, 6, 9, seed=8),
        "empty": np.zeros((9, 31), "uint32"),
    }
    tensors = {}
    transform = PerObjectDistanceTransform(
        distances=True, boundary_distances=True, directed_distances=False, foreground=True, instances=True,
        min_size=25,
    )
    for name, labels in cases.items():
        result = transform(labels.copy())
        tensors[f"{name}.labels"] = labels.astype("int32")
        tensors[f"{name}.objects"] = result[0].astype("int32")
        tensors[f"{name}.distances"] = np.ascontiguousarray(result[1:].astype("float32"))
    target = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("object_distances.safetensors"))
    save_file(tensors, target)
    print(target, {name: int(value.max()) for name, value in tensors.items() if name.endswith("objects")})


if __name__ == "__main__":
    main()
