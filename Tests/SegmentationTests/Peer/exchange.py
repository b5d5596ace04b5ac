"""Reads and writes embedding stores with micro_sam: exchange.py write|read FOLDER CHECKPOINT.

FOLDER holds image.raw (uint8, 61 x 90) and stack.raw (uint16, 2 x 61 x 90). `write` stores embeddings of all four layouts
in theirs-NAME.zarr, in both versions of Zarr. `read` takes ours-NAME.zarr as its own, which must not be computed again,
and fails if micro_sam refuses one or if its features differ from those in theirs-NAME.zarr by more than a thousandth.
"""

import os
import sys

import numpy as np
import zarr
from micro_sam import util

SHAPE = (61, 90)
TILES = {"tile_shape": (40, 50), "halo": (4, 6)}


def main(what, folder, checkpoint):
    image = np.fromfile(os.path.join(folder, "image.raw"), dtype="uint8").reshape(SHAPE)
    stack = np.fromfile(os.path.join(folder, "stack.raw"), dtype="uint16").reshape((2, *SHAPE))
    predictor = util.get_sam_model(model_type="vit_t", checkpoint_path=checkpoint, device="cpu")
    cases = {"2d": (image, 2, {}), "3d": (stack, 3, {}), "2d-tiled": (image, 2, TILES), "3d-tiled": (stack, 3, TILES)}
    for name, (data, ndim, tiling) in cases.items():
        for version in (2, 3):
            # micro_sam leaves the version to zarr-python.
            zarr.config.set({"default_zarr_format": version})
            path = os.path.join(folder, f"{'theirs' if what == 'write' else 'ours'}-{name}-v{version}.zarr")
            assert what == "write" or found_version(path) == version
            if what == "read":
                # Anything that micro_sam computes itself would hide a store that it cannot use.
                util._compute_embeddings_batched = refuse
                predictor.set_image = refuse
            embeddings = util.precompute_image_embeddings(
                predictor, data, save_path=path, ndim=ndim, verbose=False, **tiling
            )
            assert found_version(path) == version, path
            if what == "read":
                theirs = zarr.open(path.replace("ours-", "theirs-"), mode="r")
                compare(f"{name} v{version}", features(embeddings), features(theirs))
                util.set_precomputed(predictor, embeddings, i=1 if ndim == 3 else None, tile_id=3 if tiling else None)


def found_version(path):
    return 3 if os.path.exists(os.path.join(path, "zarr.json")) else 2


def features(embeddings):
    found = embeddings["features"]
    if hasattr(found, "attrs") and "tile_shape" in found.attrs:
        return {key: found[key][:] for key in sorted(found.keys())}
    return {"all": found[:]}


def compare(name, ours, theirs):
    assert ours.keys() == theirs.keys(), (name, ours.keys(), theirs.keys())
    for key in ours:
        assert ours[key].shape == theirs[key].shape, (name, key)
        difference = np.abs(ours[key] - theirs[key]).max()
        assert difference < 1e-3, f"{name} {key}: features differ by {difference}"


def refuse(*arguments, **settings):
    raise SystemExit("micro_sam computes embeddings that should have been there")


main(*sys.argv[1:])
