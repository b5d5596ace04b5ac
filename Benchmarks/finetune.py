#!/usr/bin/env python3
"""Accuracy after fine-tuning on a few images: trains and judges one model for each number of images, way and seed.

    python3 Benchmarks/finetune.py DATA OUTPUT --set bacteria --images 1 2 5 10 --ways full frozen --seeds 0 1 2 --minutes 3

DATA is the folder that holds the data sets. Runs that are in OUTPUT already are not repeated, so that an experiment that
was stopped goes on. Writes OUTPUT/finetune.csv and a picture for each data set. Needs the standard library only.
"""

import argparse
import csv
import json
import os
import sys
from pathlib import Path

from processes import run_process

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(os.environ.get("USAM", ROOT / ".build" / "release" / "usam"))

# Which files may be trained on, in this order; which decide between checkpoints; and which nothing but the figures sees.
SETS = {
    "histology": {
        "train": ("dsb2018/train/images/histology_*.png", "dsb2018/train/labels/histology_*.png"),
        "validation": slice(60, 62),
        "pool": slice(0, 50),
        "test": ("dsb2018/val/images/histology_*.png", "dsb2018/val/labels/histology_*.png"),
    },
    "bacteria": {
        "train": ("bacteria_tracking/images/t0[01]*.tif", "bacteria_tracking/labels/man_track0[01]*.tif"),
        "validation": slice(19, 20),
        "pool": slice(1, 18, 2),
        "test": ("bacteria_tracking/images/t0[23]*.tif", "bacteria_tracking/labels/man_track0[23]*.tif"),
    },
    "isbi": {
        "train": ("isbi2012_em/images/*.png", "isbi2012_em/labels/*.png"),
        "validation": slice(13, 14),
        "pool": slice(0, 12),
        "test": ("isbi2012_em/images/z1[5-9].png", "isbi2012_em/labels/z1[5-9].png"),
    },
    "c2c12": {
        "train": ("c2c12_phase/images/*.png", "c2c12_phase/labels/*.png"),
        "validation": slice(5, 6),
        "pool": slice(0, 5),
        "test": ("c2c12_phase/images/t00[6-9].png", "c2c12_phase/labels/t00[6-9].png"),
    },
    "phase": {
        "train": ("phase_t98g/images/field[23]*.png", "phase_t98g/labels/field[23]*.png"),
        "validation": slice(18, 19),
        "pool": slice(0, 18),
        "test": ("phase_t98g/images/field0*.png", "phase_t98g/labels/field0*.png"),
    },
}

WAYS = {
    "full": [],
    "frozen": ["--freeze", "image_encoder"],
    "lora": ["--adapter", "lora"],
}


def files(data, pattern):
    return sorted(data.glob(pattern))


def spread(items, count):
    """`count` of the items, evenly over all, so that few images already differ."""
    return [items[i * len(items) // count] for i in range(count)]


def judge(model, images, labels, output, options):
    """SA50 and mSA of automatic segmentation, and the mean IoU from a box and from a point."""
    folder = output / "test-set"
    folder.mkdir(parents=True, exist_ok=True)
    description = folder / "set.json"
    description.write_text(json.dumps([{
        "name": "test", "images": [str(p) for p in images], "labels": [str(p) for p in labels],
    }]))
    command = [PROGRAM, "evaluate", "sets", description, "--data", "/", "--model", model, "--threads", options.threads,
               "--objects", options.objects, "--json", "--quiet"]
    return json.loads(run_process(command, {}, folder / "log.txt")[0])


def train(images, labels, validation, way, seed, options, folder):
    limit = ["--iterations", options.iterations] if options.iterations else ["--minutes", options.minutes]
    command = [PROGRAM, "train", "--model", options.model, *limit, "--seed", seed,
               "--threads", options.threads, "--pictures", 2, "--quiet", "--output", folder, "--force"]
    for path in images:
        command += ["--images", path]
    for path in labels:
        command += ["--labels", path]
    for image, label in validation:
        command += ["--val-images", image, "--val-labels", label]
    return run_process(command + WAYS[way] + options.extra, {}, folder.with_suffix(".log"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--set", nargs="*", default=list(SETS), choices=list(SETS), dest="sets")
    parser.add_argument("--images", nargs="*", type=int, default=[1, 2, 5, 10])
    parser.add_argument("--ways", nargs="*", default=["full", "frozen"], choices=list(WAYS))
    parser.add_argument("--seeds", nargs="*", type=int, default=[0, 1, 2])
    parser.add_argument("--model", default="usam-tiny")
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--iterations", type=int, help="in place of --minutes")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--objects", type=int, default=20, help="objects of an image that are prompted")
    options, options.extra = parser.parse_known_args()
    options.output.mkdir(parents=True, exist_ok=True)
    for name in options.sets:
        experiment(name, options)
    summarize(options.output)


def experiment(name, options):
    data = SETS[name]
    all_images, all_labels = (files(options.data, pattern) for pattern in data["train"])
    pairs = list(zip(all_images, all_labels))
    test = [files(options.data, pattern) for pattern in data["test"]]
    validation, pool = pairs[data["validation"]], pairs[data["pool"]]
    jobs = [(0, "start", 0)] + [
        (count, way, seed) for count in options.images if count <= len(pool) for way in options.ways
        for seed in options.seeds
    ]
    for count, way, seed in jobs:
        folder = options.output / f"{name}-{count}-{way}-{seed}"
        result = folder / "result.json"
        if result.exists():
            continue
        print(f"finetune: {folder.name}", file=sys.stderr, flush=True)
        seconds = memory = 0
        model = options.model
        if count:
            chosen = spread(pool[seed:] + pool[:seed], count)
            folder.mkdir(parents=True, exist_ok=True)
            _, seconds, memory = train([p[0] for p in chosen], [p[1] for p in chosen], validation, way, seed, options,
                                       folder / "run")
            model = folder / "run" / "best.safetensors"
        scores = judge(model, test[0], test[1], folder, options)
        record = {"set": name, "images": count, "way": way, "seed": seed, "seconds": round(seconds),
                  "megabytes": round(memory), "scores": scores}
        part = result.with_suffix(".part")
        part.write_text(json.dumps(record))
        part.rename(result)


def summarize(output):
    rows = []
    for path in sorted(output.glob("*/result.json")):
        record = json.loads(path.read_text())
        rows.append({key: record[key] for key in ("set", "images", "way", "seed", "seconds", "megabytes")}
                    | flat(record["scores"]))
    if not rows:
        return
    names = list(dict.fromkeys(key for row in rows for key in row))
    with open(output / "finetune.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    for name in sorted({row["set"] for row in rows}):
        (output / f"{name}.svg").write_text(picture([row for row in rows if row["set"] == name], name))


def flat(scores):
    """The figures of the only data set, with short names."""
    found = scores[0]
    figures = {"sa50": found["automatic"]["accuracy50"], "msa": found["automatic"]["mean_accuracy"]}
    for prompted in found["prompted"]:
        figures["iou_" + prompted["start"]] = prompted["rounds"][0]["mean_overlap"]
    return {name: round(value, 4) for name, value in figures.items()}


def picture(rows, title, key="sa50"):
    """Mean accuracy against the number of images: a line for each way, a dot for each seed."""
    width, height, left, bottom = 420, 300, 50, 40
    counts = sorted({row["images"] for row in rows})
    top = max([row.get(key, 0) for row in rows] + [0.1]) * 1.1

    def place(count, value):
        x = left + (width - left - 110) * counts.index(count) / max(len(counts) - 1, 1)
        return x, height - bottom - (height - bottom - 30) * value / top

    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
             'font-size="12">', f'<rect width="{width}" height="{height}" fill="white"/>',
             f'<text x="{left}" y="18" font-weight="bold">{title}: SA50 of automatic segmentation</text>']
    for tick in range(5):
        value = top * tick / 4
        _, y = place(counts[0], value)
        lines.append(f'<line x1="{left}" x2="{width - 100}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
                     f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{value:.2f}</text>')
    for count in counts:
        x, _ = place(count, 0)
        lines.append(f'<text x="{x:.1f}" y="{height - bottom + 18}" text-anchor="middle">{count}</text>')
    lines.append(f'<text x="{(left + width - 110) / 2:.0f}" y="{height - 6}" text-anchor="middle">images</text>')
    start = [row.get(key, 0) for row in rows if row["images"] == 0]
    for index, way in enumerate(sorted({row["way"] for row in rows} - {"start"})):
        color = ["#0072b2", "#d55e00", "#009e73"][index % 3]
        means = [(0, sum(start) / len(start))] if start else []
        for count in counts:
            values = [row.get(key, 0) for row in rows if row["images"] == count and row["way"] == way]
            if values:
                means.append((count, sum(values) / len(values)))
            for value in values:
                x, y = place(count, value)
                lines.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}" fill-opacity="0.5"/>')
        points = " ".join("{:.1f},{:.1f}".format(*place(count, value)) for count, value in means)
        lines.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"/>')
        lines.append(f'<text x="{width - 95}" y="{50 + 18 * index}" fill="{color}">{way}</text>')
    return "\n".join(lines + ["</svg>", ""])


if __name__ == "__main__":
    main()
