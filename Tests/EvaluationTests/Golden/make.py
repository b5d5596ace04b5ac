"""Writes metrics.json: label pairs, and what the Python original computes of them.

Needs an environment with micro_sam (see CONTRIBUTING.md); run: python make.py > metrics.json
"""

import json

import numpy as np
from elf.evaluation import dice_score, matching, mean_segmentation_accuracy
from micro_sam.evaluation.instance_segmentation import (
    default_grid_search_values_amg,
    default_grid_search_values_apg,
    default_grid_search_values_instance_segmentation_with_decoder,
)
from micro_sam.util import get_centers_and_bounding_boxes
from scipy.optimize import linear_sum_assignment

THRESHOLDS = [0.1, 0.3, 0.5, 0.75, 0.9]


def disks(shape, count, seed, spread=1.0):
    """Overlapping disks on a grid of pixels; later ones lie over earlier ones."""
    random = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(*[np.arange(n) for n in shape], indexing="ij"))
    labels = np.zeros(shape, dtype="uint32")
    for label in range(1, count + 1):
        center = random.uniform(0, shape).reshape((-1,) + (1,) * len(shape))
        labels[((grid - center) ** 2).sum(axis=0) < random.uniform(2, 4) ** 2 * spread] = label
    return labels


def shifted(labels, amount, seed):
    """The labels moved, some of them missing, with other numbers."""
    random = np.random.default_rng(seed)
    moved = np.roll(labels, amount, axis=tuple(range(labels.ndim)))
    numbers = random.permutation(np.arange(1, labels.max() + 2)).astype("uint32")
    numbers[0] = 0
    numbers[random.integers(1, len(numbers))] = 0
    return numbers[moved]


def pairs():
    yield "disks", disks((23, 17), 9, 1), shifted(disks((23, 17), 9, 1), (1, 0), 2)
    yield "far apart", disks((19, 31), 12, 3), disks((19, 31), 12, 4)
    yield "volume", disks((4, 13, 11), 7, 5), shifted(disks((4, 13, 11), 7, 5), (0, 1, 1), 6)
    truth = disks((15, 21), 8, 7)
    yield "no prediction", truth, np.zeros_like(truth)
    yield "no truth", np.zeros_like(truth), truth
    yield "nothing", np.zeros_like(truth), np.zeros_like(truth)
    yield "equal", truth, truth
    numbers = np.array([0, 7, 70, 700, 7000, 65535, 65536, 70000, 16777217], dtype="uint32")
    others = np.concatenate([[0], numbers[:0:-1], [5]]).astype("uint32")
    yield "numbers with gaps", numbers[truth], others[shifted(truth, (0, 1), 8)]
    full = np.repeat(np.arange(1, 7, dtype="uint32"), 10).reshape(6, 10)
    yield "no background", full, np.roll(full, 3, axis=1) + (np.arange(10) > 6).astype("uint32")
    # Every IoU equals a threshold: 1/2, 3/5, 3/4, 9/10; one object in two halves.
    truth = np.zeros((6, 12), dtype="uint32")
    guess = np.zeros_like(truth)
    truth[0, :4], guess[0, :2] = 1, 1
    truth[1, :5], guess[1, :3] = 2, 2
    truth[2, :4], guess[2, 1:4] = 3, 3
    truth[3, :10], guess[3, :9] = 4, 4
    truth[4, :8], guess[4, :4], guess[4, 4:8] = 5, 5, 6
    yield "ties", truth, guess
    # A better pair has to give way so that two pairs fit.
    truth = np.array([[1] * 6 + [2] * 4] * 3, dtype="uint32")
    yield "giving way", truth, np.array([[4, 4] + [5] * 8] * 3, dtype="uint32")
    yield "one pixel", np.ones((1, 1), dtype="uint32"), np.full((1, 1), 3, dtype="uint32")


def overlaps(truth, guess):
    """IoU of all true (rows) and predicted (columns) objects, counted one by one."""
    ids_true = [i for i in np.unique(truth) if i]
    ids_guess = [i for i in np.unique(guess) if i]
    matrix = np.zeros((len(ids_true), len(ids_guess)))
    for row, a in enumerate(ids_true):
        for column, b in enumerate(ids_guess):
            union = ((truth == a) | (guess == b)).sum()
            matrix[row, column] = ((truth == a) & (guess == b)).sum() / union
    return ids_true, matrix


def quality(matrix, threshold):
    """SQ, RQ and PQ with the assignment that the original's matching uses."""
    count = min(matrix.shape)
    if count == 0 or not (matrix >= threshold).any():
        return [0.0, 0.0, 0.0]
    cost = -(matrix >= threshold).astype(float) - matrix / (2 * count)
    rows, columns = linear_sum_assignment(cost)
    values = matrix[rows, columns]
    values = values[values >= threshold]
    segmentation = float(values.mean())
    recognition = len(values) / (sum(matrix.shape) / 2)
    return [segmentation, recognition, segmentation * recognition]


def dice_per_label(truth, guess):
    ids = [i for i in np.unique(truth) if i]
    scores = [dice_score(guess == i, truth == i, threshold_gt=None, threshold_seg=None) for i in ids]
    return float(np.mean(scores)) if scores else 0.0


def case(name, truth, guess):
    mean, accuracies = mean_segmentation_accuracy(guess, truth, return_accuracies=True)
    ids, matrix = overlaps(truth, guess)
    result = {
        "name": name,
        "shape": list(truth.shape),
        "truth": truth.ravel().tolist(),
        "prediction": guess.ravel().tolist(),
        "mean": float(mean),
        "accuracies": [float(value) for value in accuracies],
        "matching": [],
        "dice": float(dice_score(guess, truth)),
        "dice_per_label": dice_per_label(truth, guess),
        "object_ids": [int(i) for i in ids],
        "best_overlaps": [float(row.max()) if row.size else 0.0 for row in matrix],
    }
    for threshold in THRESHOLDS:
        scores = matching(guess, truth, threshold=threshold)
        values = {key.split("_")[-1]: float(value) for key, value in scores.items()}
        values["threshold"] = threshold
        values["quality"] = quality(matrix, threshold)
        result["matching"].append(values)
    return result


def prompts(name, truth):
    # Centres are (y, x), boxes (y0, x0, y1, x1); they are written with x first.
    centers, boxes = get_centers_and_bounding_boxes(truth, mode="v")
    return {
        "name": name,
        "shape": list(truth.shape),
        "truth": truth.ravel().tolist(),
        "ids": [int(i) for i in sorted(centers)],
        "centers": [[float(v) for v in centers[i][::-1]] for i in sorted(centers)],
        "boxes": [[int(boxes[i][k]) for k in (1, 0, 3, 2)] for i in sorted(boxes)],
    }


def grid(values):
    return {name: [float(v) if not isinstance(v, bool) else v for v in values[name]] for name in values}


def main():
    labels = disks((29, 37), 10, 11, spread=2.0)
    touching = np.ones((9, 14), dtype="uint32")
    touching[:, 5:], touching[4:, 9:] = 2, 3
    result = {
        "metrics": [case(*pair) for pair in pairs()],
        "prompts": [prompts("disks", labels), prompts("touching", np.pad(touching, ((0, 0), (1, 0))))],
        "grids": {
            "amg": grid(default_grid_search_values_amg()),
            "apg": grid(default_grid_search_values_apg()),
            "ais": grid(default_grid_search_values_instance_segmentation_with_decoder()),
        },
    }
    print(json.dumps(result, separators=(",", ":")))


if __name__ == "__main__":
    main()
