"""Reads what the writers wrote with other programs' libraries and compares it with the labels.

Usage: check.py FOLDER [--all]. The labels are in labels.raw, 13 x 17 uint32. Libraries that are missing are named and
left out, with --all they are an error; a difference ends with an error.
"""

import json
import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
labels = np.fromfile(folder / "labels.raw", "<u4").reshape(13, 17)
numbers = [int(n) for n in np.unique(labels) if n]


def library(name):
    try:
        return __import__(name, fromlist=["_"])
    except ImportError:
        if "--all" in sys.argv:
            raise
        print(f"left out, not installed: {name}")
        return None


def ring_area(ring):
    """The signed area of a ring, which must be closed, of 4 points or more, and along the edges of pixels."""
    assert len(ring) >= 4 and ring[0] == ring[-1], ring
    steps = list(zip(ring, ring[1:]))
    assert all((x0 == x1) != (y0 == y1) for (x0, y0), (x1, y1) in steps), ring
    assert all(0 <= x <= 17 and 0 <= y <= 13 for x, y in ring), ring
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in steps) / 2


def check_qupath(collection):
    """What QuPath's GeoJSON reader asks for: features with a geometry, an object type it knows, and named measurements."""
    assert collection["type"] == "FeatureCollection"
    assert [int(f["properties"]["name"]) for f in collection["features"]] == numbers
    for feature in collection["features"]:
        properties, geometry = feature["properties"], feature["geometry"]
        number = properties["measurements"]["label"]
        assert feature["type"] == "Feature" and properties["objectType"] in ("detection", "annotation", "cell", "tile")
        assert all(isinstance(value, (int, float)) for value in properties["measurements"].values())
        polygons = geometry["coordinates"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        else:
            assert geometry["type"] == "MultiPolygon" and len(polygons) > 1
        area = 0
        for outline, *holes in polygons:
            areas = [ring_area(ring) for ring in holes]
            # Holes run the other way round than the outline.
            assert ring_area(outline) > 0 and all(a < 0 for a in areas)
            area += ring_area(outline) + sum(areas)
        assert area == (labels == number).sum(), (number, area)
        print(f"same: GeoJSON {number}")


def same(what, found, expected=labels):
    assert found.shape == expected.shape and (found == expected).all(), f"{what} differs"
    print(f"same: {what}")


if tifffile := library("tifffile"):
    same("label TIFF", tifffile.imread(folder / "labels.tif"))
    same("tiled label TIFF", tifffile.imread(folder / "tiled.tif"))
    with tifffile.TiffFile(folder / "stack.tif") as file:
        assert file.series[0].axes == "TZCYX", file.series[0].axes
        same("stack", file.asarray(), np.arange(24)[:, None, None].repeat(35, 1).reshape(2, 4, 3, 5, 7))
        assert file.imagej_metadata["unit"] in ("µm", "\\u00B5m") and file.imagej_metadata["spacing"] == 2

if zarr := library("zarr"):
    for name in ("v04", "v05"):
        group = zarr.open_group(folder / f"{name}.ome.zarr", mode="r")
        same(f"OME-Zarr {name}", group["0"][:])
        attributes = group.attrs.asdict()
        image = attributes.get("ome", attributes)["multiscales"][0]
        assert [axis["name"] for axis in image["axes"]] == ["y", "x"]
    values = np.arange(35 * 3, dtype="f4").reshape(3, 5, 7)
    for path in sorted(folder.glob("array-*.zarr")):
        same(path.name, zarr.open_group(path, mode="r")["data"][:], values)
    written = zarr.open_group(folder / "python.zarr", mode="w")
    written.create_array("data", data=labels, chunks=(8, 8), shards=(16, 16))
    written.attrs["nested"] = {"list": [1, [2.5, None]], "text": "µ"}

if mask := library("pycocotools.mask"):
    annotations = json.loads((folder / "labels.json").read_text())["annotations"]
    assert [a["id"] for a in annotations] == numbers
    for a in annotations:
        same(f"COCO {a['id']}", mask.decode(a["segmentation"]).astype(bool), labels == a["id"])
        assert list(mask.toBbox(a["segmentation"])) == a["bbox"] and mask.area(a["segmentation"]) == a["area"]

if roifile := library("roifile"):
    regions = roifile.roiread(folder / "labels.zip")
    assert [int(r.name) for r in regions] == numbers
    for r in regions:
        box = [r.left, r.top, r.right, r.bottom]
        where = np.argwhere(labels == int(r.name))
        assert box == [*where.min(0)[::-1], *(where.max(0)[::-1] + 1)], (r.name, box)
        print(f"same: ImageJ region {r.name}")
    outline = np.array([[1.5, 2.25], [8, 3], [4, 9.75]], "f4")
    regions = [roifile.ImagejRoi.frompoints(outline, name="fractions")]
    regions.append(roifile.ImagejRoi.frompoints(np.array([[3, 4], [5, 6]]), name="points"))
    regions[1].roitype = roifile.ROI_TYPE.POINT
    roifile.roiwrite(folder / "python.zip", regions)

if geometry := library("shapely.geometry"):
    values = np.fromfile(folder / "corners.raw", "<u4")
    for feature in json.loads((folder / "corners.geojson").read_text())["features"]:
        shape = geometry.shape(feature["geometry"])
        assert shape.is_valid, feature
        assert shape.area == (values == feature["properties"]["measurements"]["label"]).sum(), feature
    print("valid: GeoJSON of objects that touch at corners")
    for line in (folder / "outlines.jsonl").read_text().splitlines():
        image = json.loads(line)
        found = {}
        for feature in image["outlines"]["features"]:
            shape = geometry.shape(feature["geometry"])
            assert shape.is_valid, line
            label = feature["properties"]["measurements"]["label"]
            found[label] = found.get(label, 0) + shape.area
        true = [label for label in image["labels"] if label]
        assert found == {label: true.count(label) for label in set(true)}, line
    print("valid: GeoJSON of 10 000 random label images")

check_qupath(json.loads((folder / "labels.geojson").read_text()))
