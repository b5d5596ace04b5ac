#!/usr/bin/env python3
"""Makes files that mean harm, reads each with usam, and prints a table of what that took and what was said.

Usage: hostile_files.py FOLDER [USAM] [NAME ...]. Files are made once in FOLDER, which needs 2 GB; USAM is the program
(default .build/release/usam), NAME chooses files by the beginning of their names. Those of HDF5 need Python's h5py:
"$(Scripts/independent-readers)" Scripts/hostile_files.py FOLDER.
"""

import json
import os
import random
import resource
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

folder = Path(sys.argv[1])
usam = sys.argv[2] if len(sys.argv) > 2 else ".build/release/usam"
chosen = tuple(sys.argv[3:])
folder.mkdir(parents=True, exist_ok=True)

SIDE = 512
PROMPT = ["prompt", "image.png", "--prompts", "FILE", "-o", "out.tif", "--force", "--quiet"]
INFO = ["info", "FILE"]
SEGMENT = ["segment", "FILE", "-o", "out.tif", "--force", "--quiet"]
EVALUATE = ["evaluate", "--labels", "FILE", "--predictions", "FILE"]
kinds = {}


def kind(name, *commands):
    def register(make):
        kinds[name] = (make, commands)
        return make

    return register


# Images of one value


def png(path, width, height):
    """A black image, written row by row."""

    def chunk(name, data):
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    packer = zlib.compressobj(9)
    row = bytes(width + 1)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


@kind("black.png", INFO, SEGMENT)
def black(path):
    png(path, 30_000, 30_000)


# Prompts


def objects(path, count, points):
    """The form of this project: so many objects of so many points each."""
    numbers = random.Random(1)
    with open(path, "w") as file:
        file.write('{"format": "microsam.prompts", "version": 1, "objects": [')
        for index in range(count):
            file.write("," if index else "")
            file.write('{"id": %d, "prompts": [' % (index + 1))
            for point in range(points):
                y, x = numbers.randrange(SIDE), numbers.randrange(SIDE)
                file.write('%s{"type": "point", "y": %d, "x": %d}' % ("," if point else "", y, x))
            file.write("]}")
        file.write("]}\n")


def outline(path, corners):
    """One object whose outline has so many corners."""
    with open(path, "w") as file:
        file.write('{"format": "microsam.prompts", "version": 1, "objects": [{"id": 1, "prompts": [')
        file.write('{"type": "polygon", "points": [')
        numbers = random.Random(1)
        file.write(",".join("[%d,%d]" % (numbers.randrange(SIDE), numbers.randrange(SIDE)) for _ in range(corners)))
        file.write("]}]}]}\n")


def table(path, count, object_column):
    numbers = random.Random(1)
    with open(path, "w") as file:
        file.write("object,y,x\n" if object_column else "y,x\n")
        for index in range(count):
            y, x = numbers.randrange(SIDE), numbers.randrange(SIDE)
            file.write("1,%d,%d\n" % (y, x) if object_column else "%d,%d\n" % (y, x))


def table_outline(path, corners):
    numbers = random.Random(1)
    with open(path, "w") as file:
        file.write("index,shape-type,vertex-index,axis-0,axis-1\n")
        for index in range(corners):
            file.write("0,polygon,%d,%d,%d\n" % (index, numbers.randrange(SIDE), numbers.randrange(SIDE)))


kind("million-objects.json", PROMPT)(lambda path: objects(path, 1_000_000, 1))
kind("million-points.json", PROMPT)(lambda path: objects(path, 1, 1_000_000))
kind("million-points-in-thousands.json", PROMPT)(lambda path: objects(path, 10_000, 100))
kind("outline-of-a-million.json", PROMPT)(lambda path: outline(path, 1_000_000))
kind("outline-of-two-millions.json", PROMPT)(lambda path: outline(path, 2_000_000))
kind("million-objects.csv", PROMPT)(lambda path: table(path, 1_000_000, False))
kind("million-points.csv", PROMPT)(lambda path: table(path, 1_000_000, True))
kind("outline-of-a-million.csv", PROMPT)(lambda path: table_outline(path, 1_000_000))


def geojson(path, count, corners):
    numbers = random.Random(1)
    with open(path, "w") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for index in range(count):
            y, x = numbers.randrange(SIDE - 4), numbers.randrange(SIDE - 4)
            if corners:
                ring = [[numbers.randrange(SIDE), numbers.randrange(SIDE)] for _ in range(corners)]
                geometry = {"type": "Polygon", "coordinates": [ring + ring[:1]]}
            else:
                geometry = {"type": "Point", "coordinates": [x, y]}
            file.write("," if index else "")
            file.write(json.dumps({"type": "Feature", "geometry": geometry}))
        file.write("]}\n")


kind("million-points.geojson", PROMPT)(lambda path: geojson(path, 1_000_000, 0))
kind("outline-of-15-millions.geojson", PROMPT)(lambda path: geojson(path, 1, 15_000_000))


def region(kind, box, body=b"", count=0):
    left, top, right, bottom = box
    head = b"Iout" + struct.pack(">HBxHHHH", 227, kind, top, left, bottom, right)
    head += struct.pack(">H", count if count < 65536 else 0)
    head += struct.pack(">I", count if count >= 65536 else 0)
    return head.ljust(64, b"\0") + body


def corners(count):
    numbers = random.Random(1)
    values = b"".join(struct.pack(">H", numbers.randrange(SIDE)) for _ in range(2 * min(count, 100_000)))
    return (values * (count // 100_000 + 1))[: 4 * count]


@kind("regions-60000.zip", PROMPT)
def regions(path):
    numbers = random.Random(1)
    with zipfile.ZipFile(path, "w") as archive:
        for index in range(60_000):
            y, x = numbers.randrange(SIDE - 9), numbers.randrange(SIDE - 9)
            archive.writestr("%05d.roi" % index, region(1, (x, y, x + 8, y + 8)))


def polygons(path, entries, count):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for index in range(entries):
            archive.writestr("%d.roi" % index, region(0, (0, 0, SIDE, SIDE), corners(count), count))


kind("regions-of-15-million-corners.zip", PROMPT)(lambda path: polygons(path, 1, 15_000_000))
kind("regions-of-5-times-3-million.zip", PROMPT)(lambda path: polygons(path, 5, 3_000_000))
kind("regions-of-30-times-half-a-million.zip", PROMPT, EVALUATE)(lambda path: polygons(path, 30, 500_000))


# Zarr


def chunk(path, metadata, data):
    path.mkdir()
    base = {
        "zarr_format": 2, "shape": [3000, 1000, 1000], "chunks": [3000, 1000, 1000], "dtype": "|u1",
        "fill_value": 0, "order": "C", "compressor": None, "filters": None,
    }
    (path / ".zarray").write_text(json.dumps(base | metadata))
    with open(path / "0.0.0", "wb") as file:
        data(file)


def zeros(packer):
    def write(file):
        for _ in range(3000):
            file.write(packer.compress(bytes(1_000_000)))
        file.write(packer.flush())

    return write


ONE = ["segment", "FILE", "--z", "2999", "-o", "out.tif", "--force", "--quiet"]


@kind("chunk-of-3-GB.zarr", INFO, ONE)
def plain_chunk(path):
    chunk(path, {}, lambda file: file.truncate(3_000_000_000))


@kind("chunk-of-3-GB-gzip.zarr", INFO, ONE)
def gzip_chunk(path):
    chunk(path, {"compressor": {"id": "gzip", "level": 1}}, zeros(zlib.compressobj(1, wbits=31)))


@kind("chunk-of-3-GB-lz4.zarr", INFO, ONE)
def lz4_chunk(path):
    chunk(path, {"compressor": {"id": "lz4"}}, lambda file: file.truncate(12_000_000))


# HDF5


def hdf5(path):
    import h5py

    return h5py.File(path, "w")


@kind("fill-value-of-10-GB.h5", INFO, SEGMENT)
def fill(path):
    with hdf5(path) as file:
        file.create_dataset("raw", shape=(100_000, 100_000), dtype="u1", fillvalue=7)


@kind("type-of-10-GB.h5", INFO, SEGMENT)
def large_type(path):
    import numpy

    with hdf5(path) as file:
        file.create_dataset("raw", shape=(4, 4), dtype=numpy.dtype("V2000000000"), chunks=(1, 1))


@kind("groups-in-groups.h5", INFO)
def nested(path):
    with hdf5(path) as file:
        group = file
        for _ in range(100_000):
            group = group.create_group("g")
        file["raw"] = [[1, 2], [3, 4]]


@kind("many-groups.h5", INFO)
def wide(path):
    with hdf5(path) as file:
        for index in range(200_000):
            file.create_group(str(index))
        file["raw"] = [[1, 2], [3, 4]]


@kind("link-to-a-pipe.h5", INFO, SEGMENT + ["--key", "raw"])
def pipe(path):
    import h5py

    if not (folder / "pipe").exists():
        os.mkfifo(folder / "pipe")
    with hdf5(path) as file:
        file["raw"] = h5py.ExternalLink(str(folder / "pipe"), "/raw")


@kind("values-in-a-pipe.h5", INFO, SEGMENT)
def pipe_values(path):
    if not (folder / "pipe").exists():
        os.mkfifo(folder / "pipe")
    with hdf5(path) as file:
        file.create_dataset("raw", (32, 32), "u1", external=[(str(folder / "pipe"), 0, 1024)])


# Measuring


def size(path):
    files = [path] if path.is_file() else [f for f in path.rglob("*") if f.is_file()]
    return sum(file.stat().st_size for file in files)


def measure(path, command):
    words = [path.name if word == "FILE" else word for word in command]
    before = time.monotonic()
    with open(folder / "said", "w+") as said:
        child = subprocess.Popen([os.path.abspath(usam), *words], cwd=folder, stdout=said, stderr=said)
        stop = time.monotonic() + 300
        while True:
            ended, status, usage = os.wait4(child.pid, os.WNOHANG)
            if ended:
                break
            if time.monotonic() > stop:
                child.kill()
            time.sleep(0.02)
        said.seek(0)
        lines = [line.strip() for line in said.read().splitlines() if line.strip()]
    seconds = time.monotonic() - before
    code = os.waitstatus_to_exitcode(status)
    words = " ".join(lines)[:300] if code else f"{len(lines)} lines: " + " ".join(lines)[:120]
    print(
        f"| `{path.name}` | {size(path) / 1e6:.1f} MB | {command[0]} | {code} | {seconds:.1f} s |"
        f" {usage.ru_utime + usage.ru_stime:.1f} s | {usage.ru_maxrss / 1e3:.0f} MB | {words} |",
        flush=True,
    )


if not (folder / "image.png").exists():
    png(folder / "image.png", SIDE, SIDE)
print("load", *os.getloadavg())
print("| File | Size | Command | Status | Time | CPU | Peak | Said |\n| --- | --- | --- | --- | --- | --- | --- | --- |")
for name, (make, commands) in kinds.items():
    if chosen and not name.startswith(chosen):
        continue
    path = folder / name
    if not path.exists():
        # In a process of its own: the peak of a child counts the memory of the process that starts it.
        maker = os.fork()
        if maker == 0:
            make(path)
            os._exit(0)
        os.waitpid(maker, 0)
    for command in commands:
        measure(path, command)
print("load", *os.getloadavg())
