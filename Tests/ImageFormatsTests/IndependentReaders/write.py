"""Writes images with other programs' libraries, and what pixels they have.

Usage: write.py FOLDER. files.json lists them: the file, the data set, the names that are given to dimensions, the series,
what axes are expected as [t, c, z, y, x, samples], sizes of levels, and the file of the pixels of each level, as float32
in this order.
"""

import json
import sys
from pathlib import Path

import h5py
import numcodecs
import numpy as np
import openslide
import shapely
import tifffile
import zarr
from pycocotools import mask as coco

folder = Path(sys.argv[1])
files = []
random = np.random.default_rng(5)


def numbers(*shape, dtype="u2", top=200):
    return random.integers(0, top, shape).astype(dtype)


def expect(file, pixels, axes, **more):
    """Lists a file; pixels have the named axes, of each level where it is a list."""
    levels = []
    for level, array in enumerate(pixels if isinstance(pixels, list) else [pixels]):
        order = [axes.index(axis) for axis in "tczyxs" if axis in axes]
        array = np.asarray(array).transpose(order)
        shape = [array.shape["".join(a for a in "tczyxs" if a in axes).index(a)] if a in axes else 1 for a in "tczyxs"]
        raw = f"{len(files)}-{level}.raw"
        array.astype("<f4").tofile(folder / raw)
        levels.append({"shape": shape, "raw": raw})
    files.append({"file": file, "levels": levels, **more})


# tifffile: its own descriptions

for name, shape, axes, options in [
    ("plain", (17, 23), "yx", {}),
    ("zcyx", (3, 2, 17, 23), "zcyx", {"metadata": {"axes": "ZCYX"}}),
    ("tzcyx", (2, 3, 2, 17, 23), "tzcyx", {"metadata": {"axes": "TZCYX"}}),
    ("yxc", (17, 23, 5), "yxc", {"metadata": {"axes": "YXC"}}),
    ("truncate", (4, 17, 23), "zyx", {"truncate": True, "metadata": {"axes": "ZYX"}}),
    ("big", (4, 17, 23), "tyx", {"bigtiff": True, "byteorder": ">", "metadata": {"axes": "TYX"}}),
    ("zlib", (2, 40, 50), "cyx", {"compression": "zlib", "predictor": True, "tile": (16, 16), "metadata": {"axes": "CYX"}}),
    ("memory", (2, 17, 23), "zyx", {"contiguous": True, "metadata": {"axes": "ZYX"}}),
]:
    pixels = numbers(*shape)
    tifffile.imwrite(folder / f"shaped-{name}.tif", pixels, photometric="minisblack", **options)
    expect(f"shaped-{name}.tif", pixels, axes)

pixels = numbers(17, 23, 5)
tifffile.imwrite(folder / "last.tif", pixels, photometric="minisblack", metadata=None)
expect("last.tif", pixels, "yxc", names="yxc")
pixels = numbers(3, 17, 23)
tifffile.imwrite(folder / "first.tif", pixels, photometric="minisblack", metadata=None)
expect("first.tif", pixels, "cyx", names="cyx")
expect("first.tif", pixels, "zyx")
pixels = numbers(3, 17, 23, dtype="u1")
tifffile.imwrite(folder / "planar.tif", pixels, photometric="rgb", planarconfig="separate")
expect("planar.tif", pixels, "syx")
pixels = numbers(17, 23, 3, dtype="u1")
tifffile.imwrite(folder / "rgb.tif", pixels, photometric="rgb")
expect("rgb.tif", pixels, "yxs")

# ImageJ

for name, shape, axes in [("tzcyx", (2, 3, 2, 17, 23), "tzcyx"), ("zyx", (4, 17, 23), "zyx"), ("cyx", (2, 17, 23), "cyx")]:
    pixels = numbers(*shape)
    tifffile.imwrite(
        folder / f"imagej-{name}.tif", pixels, imagej=True, resolution=(4, 2),
        metadata={"axes": axes.upper(), "unit": "um", "spacing": 3},
    )
    expect(f"imagej-{name}.tif", pixels, axes, pixel=[0.25, 0.5])

# OME-TIFF: in one file, with levels, and in several

pixels = numbers(2, 3, 4, 17, 23)
tifffile.imwrite(
    folder / "one.ome.tif", pixels,
    metadata={"axes": "TCZYX", "PhysicalSizeX": 0.25, "PhysicalSizeY": 0.5, "Channel": {"Name": ["a", "b", "c"]}},
)
expect("one.ome.tif", pixels, "tczyx", pixel=[0.25, 0.5], channels=["a", "b", "c"])

levels = [numbers(2, 128, 96)]
levels.append(levels[0][:, ::2, ::2])
with tifffile.TiffWriter(folder / "levels.ome.tif") as writer:
    writer.write(levels[0], subifds=1, tile=(32, 32), metadata={"axes": "CYX"})
    writer.write(levels[1], subfiletype=1, tile=(32, 32))
expect("levels.ome.tif", levels, "cyx")

with tifffile.TiffWriter(folder / "series.ome.tif") as writer:
    several = [numbers(2, 17, 23), numbers(19, 11, dtype="u1")]
    writer.write(several[0], metadata={"axes": "ZYX"})
    writer.write(several[1], metadata={"axes": "YX"})
expect("series.ome.tif", several[0], "zyx")
expect("series.ome.tif", several[1], "yx", series=1)

pixels = numbers(3, 2, 17, 23)
blocks = "".join(
    f'<TiffData IFD="{z}" FirstC="{c}" FirstZ="{z}" PlaneCount="1"><UUID FileName="set_{c}.ome.tif">urn:uuid:{c}</UUID></TiffData>'
    for c in range(3) for z in range(2)
)
for c in range(3):
    xml = (
        f'<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:{c}">'
        '<Image ID="Image:0" Name="set"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint16" SizeX="23" SizeY="17" '
        f'SizeZ="2" SizeC="3" SizeT="1">{blocks}</Pixels></Image></OME>'
    )
    tifffile.imwrite(folder / f"set_{c}.ome.tif", pixels[c], photometric="minisblack", description=xml, metadata=None)
# What is expected is what tifffile itself finds.
with tifffile.TiffFile(folder / "set_1.ome.tif") as found:
    assert (found.series[0].asarray() == pixels).all()
for c in range(3):
    expect(f"set_{c}.ome.tif", pixels, "czyx")

# HDF5

with h5py.File(folder / "a.h5", "w") as file:
    for name, shape, axes in [("xyc", (23, 17, 2), "xyc"), ("tzyxc", (2, 3, 17, 23, 2), "tzyxc")]:
        pixels = numbers(*shape)
        data = file.create_dataset(f"tags/{name}", data=pixels, chunks=True, compression="gzip", shuffle=True)
        data.attrs["axistags"] = json.dumps({"axes": [{"key": key} for key in axes]})
        expect("a.h5", pixels, axes, dataset=f"tags/{name}")
    for name, dtype, options in [
        ("lzf", "u1", {"compression": "lzf", "chunks": (1, 8, 8)}), ("plain", ">i2", {}), ("half", "f2", {}),
        ("checked", "u4", {"fletcher32": True, "chunks": (2, 5, 23)}), ("double", "f8", {"compression": "gzip"}),
    ]:
        pixels = numbers(2, 17, 23, dtype=dtype)
        data = file.create_dataset(f"scales/{name}", data=pixels, **options)
        for index, axis in enumerate("cyx"):
            data.dims[index].label = axis
        file[f"scales/{name}-x"] = np.arange(23) * 0.5
        file[f"scales/{name}-x"].make_scale("x")
        data.dims[2].attach_scale(file[f"scales/{name}-x"])
        expect("a.h5", pixels, "cyx", dataset=f"scales/{name}")
with h5py.File(folder / "block.h5", "w", userblock_size=512) as file:
    pixels = numbers(17, 23)
    file["raw"] = pixels
    expect("block.h5", pixels, "yx")

# Zarr

steps = {
    "none": ("u2", None, None),
    "zlib": ("u2", None, numcodecs.Zlib(3)),
    "gzip": (">u2", None, numcodecs.GZip(3)),
    "zstd": ("f4", None, numcodecs.Zstd(3)),
    "lz4": ("u2", None, numcodecs.LZ4()),
    "bz2": ("u2", None, numcodecs.BZ2(3)),
    "blosc": ("u2", None, numcodecs.Blosc("zstd", 3, numcodecs.Blosc.BITSHUFFLE)),
    "delta": ("i4", [numcodecs.Delta("<i4", "<i4")], numcodecs.LZ4()),
    "scale": ("f8", [numcodecs.FixedScaleOffset(3, 10, "<f8", "<u2")], numcodecs.BZ2()),
    "quantize": ("f4", [numcodecs.Quantize(2, "<f4")], numcodecs.Zstd()),
    "astype": ("f8", [numcodecs.AsType("<f4", "<f8")], None),
    "shuffle": ("u4", [numcodecs.Shuffle(4)], numcodecs.Zlib()),
    "packbits": ("?", [numcodecs.PackBits()], numcodecs.Zlib()),
}
for name, (dtype, filters, compressor) in steps.items():
    for order in "CF":
        array = zarr.create_array(
            str(folder / f"{name}-{order}.zarr"), shape=(3, 17, 23), chunks=(2, 8, 9), dtype=dtype, zarr_format=2,
            filters=filters, compressors=compressor, order=order, fill_value=0,
        )
        array[:] = numbers(3, 17, 23, dtype=dtype)
        expect(f"{name}-{order}.zarr", array[:], "zyx")

for name, options in {
    "default": {},
    "sharded": {"chunks": (1, 4, 8), "shards": (2, 8, 16)},
    "big": {"dtype": "u4", "serializer": zarr.codecs.BytesCodec(endian="big"), "compressors": zarr.codecs.BloscCodec()},
    "turned": {"filters": [zarr.codecs.TransposeCodec(order=(2, 0, 1))], "compressors": zarr.codecs.GzipCodec()},
    "checked": {"compressors": [zarr.codecs.ZstdCodec(checksum=True), zarr.codecs.Crc32cCodec()]},
    "names": {"dimension_names": ["t", "y", "x"]},
}.items():
    chunks = {"chunks": (2, 8, 9), "dtype": "u2"} | options
    array = zarr.create_array(str(folder / f"v3-{name}.zarr"), shape=(3, 17, 23), zarr_format=3, **chunks)
    array[:] = numbers(3, 17, 23, dtype=chunks["dtype"])
    expect(f"v3-{name}.zarr", array[:], "tyx" if name == "names" else "zyx")

for version in (2, 3):
    name = f"v{version}.ome.zarr.zip"
    levels = [numbers(2, 40, 30)]
    levels.append(levels[0][:, ::2, ::2])
    with zarr.storage.ZipStore(folder / name, mode="w") as store:
        axes = [{"name": "c", "type": "channel"}] + [{"name": a, "type": "space", "unit": "micrometer"} for a in "yx"]
        scales = [[{"type": "scale", "scale": [1, 0.5 * 2**k, 0.25 * 2**k]}] for k in (0, 1)]
        image = {
            "name": "a", "axes": axes,
            "datasets": [{"path": str(k), "coordinateTransformations": scales[k]} for k in (0, 1)],
        }
        attributes = (
            {"multiscales": [image | {"version": "0.4"}]} if version == 2 else {"ome": {"version": "0.5", "multiscales": [image]}}
        )
        group = zarr.open_group(store, mode="w", zarr_format=version, attributes=attributes)
        for k, level in enumerate(levels):
            group.create_array(str(k), data=level, chunks=(1, 16, 16))
    expect(name, levels, "cyx", pixel=[0.25, 0.5])

# A pyramid in tiles, as OpenSlide reads it

levels = [numbers(640, 512, 3, dtype="u1")]
levels.append(levels[0][::2, ::2])
with tifffile.TiffWriter(folder / "tiled.tif") as writer:
    for index, level in enumerate(levels):
        writer.write(level, photometric="rgb", tile=(128, 128), subfiletype=min(index, 1), metadata=None)
slide = openslide.OpenSlide(folder / "tiled.tif")
found = [
    np.asarray(slide.read_region((0, 0), level, size))[..., :3] for level, size in enumerate(slide.level_dimensions)
]
expect("tiled.tif", found, "yxs")

# Objects

labels = np.zeros((40, 60), "u4")
y, x = np.mgrid[:40, :60] + 0.5
shapes = [
    shapely.Point(15.3, 12.1).buffer(9),
    shapely.Point(40.2, 22.7).buffer(15).difference(shapely.Point(42, 21).buffer(6)),
    shapely.union_all([shapely.box(2.4, 30.6, 8, 38), shapely.box(12, 31, 17.25, 37)]),
]
features = []
for number, shape in enumerate(shapes, 1):
    labels[shapely.contains_xy(shape, x, y)] = number
    features.append({
        "type": "Feature", "geometry": json.loads(shapely.to_geojson(shape)),
        "properties": {"measurements": {"label": number}},
    })
(folder / "shapes.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
annotations = []
for number in range(1, 4):
    packed = coco.encode(np.asfortranarray(labels == number).astype("u1"))
    packed["counts"] = packed["counts"].decode()
    annotations.append({"id": number, "image_id": 1, "category_id": 1, "iscrowd": 0, "segmentation": packed})
(folder / "shapes.json").write_text(json.dumps({
    "images": [{"id": 1, "file_name": "a.tif", "width": 60, "height": 40}],
    "categories": [{"id": 1, "name": "cell"}], "annotations": annotations,
}))
labels.astype("<u4").tofile(folder / "shapes.raw")

(folder / "files.json").write_text(json.dumps(files))
