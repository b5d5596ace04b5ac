"""Looks at files of this project with the programs that they are made for; prints JSON.

check.py events FOLDER             scalars and pictures of TensorBoard event files
check.py load FILE TYPE            loads a model into micro_sam and describes its parameters
check.py package FILE              runs the test of a bioimage.io package
check.py distances FILE            the reference's distances of `labels` in a safetensors file, into FILE.out
"""

import json
import os
import sys
import warnings

warnings.simplefilter("ignore")


def events(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    reader = EventAccumulator(folder, size_guidance={"scalars": 0, "images": 0})
    reader.Reload()
    tags = reader.Tags()
    return {
        "scalars": {tag: [[e.step, e.value] for e in reader.Scalars(tag)] for tag in tags["scalars"]},
        "images": {tag: [[e.step, e.width, e.height] for e in reader.Images(tag)] for tag in tags["images"]},
    }


def load(path, model_type):
    from micro_sam.instance_segmentation import get_decoder
    from micro_sam.util import get_sam_model

    predictor, state = get_sam_model(model_type=model_type, checkpoint_path=path, device="cpu", return_state=True)
    sums = {name: float(value.double().sum()) for name, value in predictor.model.state_dict().items()}
    if "decoder_state" in state:
        decoder = get_decoder(predictor.model.image_encoder, state["decoder_state"], device="cpu")
        sums |= {
            "decoder." + name: float(value.double().sum())
            for name, value in decoder.state_dict().items() if not name.startswith("encoder")
        }
    return {"model_type": predictor.model_type, "sums": sums}


def package(path):
    from bioimageio.core import test_model

    summary = test_model(path, devices=["cpu"])
    details = [
        f"{'.'.join(map(str, error.loc))}: {error.msg}" for detail in summary.details for error in detail.errors
    ]
    # bioimageio.spec 0.5.12 cannot serialise any package with pydantic 2.12 and later.
    broken = any("package_file_descr_serializer" in detail for detail in details)
    return {"status": "unusable" if broken else summary.status, "errors": details}


def distances(path):
    import numpy as np
    from safetensors.numpy import load_file, save_file
    from torch_em.transform.label import PerObjectDistanceTransform

    transform = PerObjectDistanceTransform(
        distances=True, boundary_distances=True, directed_distances=False, foreground=True, instances=True, min_size=25,
    )
    result = transform(load_file(path)["labels"].astype("uint32"))
    save_file(
        {"objects": result[0].astype("int32"), "distances": np.ascontiguousarray(result[1:].astype("float32"))},
        path + ".out",
    )
    return {"objects": int(result[0].max())}


if __name__ == "__main__":
    # Libraries print what they like; only the last line is the result.
    result = {"events": events, "load": load, "package": package, "distances": distances}[sys.argv[1]](*sys.argv[2:])
    sys.stdout.flush()
    print(json.dumps(result))
    sys.stdout.flush()
    os._exit(0)
