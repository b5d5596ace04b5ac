"""Times one part of the Python original and prints one JSON object: {"seconds": [...], "note": {...}}.

    python measure.py PART --model-type vit_b --checkpoint FILE --image FILE    (load, encoder, tiles, decoder,
                                                             postprocess, point, boxes, amg, apg)
    python measure.py train|train-lora --model-type vit_b    steps of joint training on an image of 512 x 512, with
                                                             4 objects and 4 predictions each
    python measure.py weights --model-type vit_b --checkpoint FILE    writes random weights with a decoder

PEER_SCRIPTS names the folder that holds peer.py and recipe.py.
"""

import argparse
import json
import os
import sys
import time

sys.path.insert(0, os.environ["PEER_SCRIPTS"])

import torch  # noqa: E402

import peer  # noqa: E402
import recipe  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["load", "encoder", "tiles", "decoder", "postprocess", "point", "boxes", "amg",
                                         "apg", "train", "train-lora", "weights"])
    parser.add_argument("--model-type", required=True)
    parser.add_argument("--checkpoint")
    parser.add_argument("--image")
    parser.add_argument("--repetitions", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.what == "weights":
        write_weights(options)
    else:
        print(json.dumps(measure(options)))


def write_weights(options):
    """Random weights of the right shapes, by formula, so that both programs compute with the same numbers."""
    sam = peer.build(options.model_type)
    decoder = peer.unetr_of(sam).state_dict()
    decoder = {key: value for key, value in decoder.items() if not key.startswith("encoder.")}
    state = {
        "model_state": recipe.fill(sam.state_dict()),
        "decoder_state": recipe.fill(decoder, prefix="decoder."),
    }
    torch.save(state, options.checkpoint + ".part")
    os.replace(options.checkpoint + ".part", options.checkpoint)


def measure_steps(options):
    """The times of the steps after the first one, which also allocates."""
    import bench
    seconds = []
    bench.finish = lambda name, result: seconds.append(result["step"]["min"])
    bench.MAX_SECONDS = float("inf")
    bench.train(options.model_type + ("_lora" if options.what == "train-lora" else ""))
    return {"seconds": seconds}


def measure(options):
    if options.what.startswith("train"):
        return measure_steps(options)
    if options.what == "load":
        return timed(lambda: peer.load(options.model_type, options.checkpoint), options.repetitions, warm_up=False)
    predictor, decoder = peer.load(options.model_type, options.checkpoint, with_decoder=options.what not in ("encoder", "tiles"))
    image = read_image(options.image)
    if options.what == "encoder":
        return timed(lambda: peer.embed(predictor, image), options.repetitions)
    if options.what == "tiles":
        return timed(lambda: embed_tiles(predictor, image), options.repetitions)
    embedding = peer.embed(predictor, image)
    if options.what in ("point", "boxes"):
        return measure_prompts(options, predictor, image, embedding)
    if options.what == "amg":
        return measure_masks(predictor, image, embedding)
    segmenter = peer.segmenter(predictor, decoder, "ais")
    if options.what == "decoder":
        return timed(lambda: segmenter.initialize(image, image_embeddings=embedding), options.repetitions)
    segmenter.initialize(image, image_embeddings=embedding)
    if options.what == "apg":
        return measure_generated_prompts(options, predictor, decoder, segmenter)
    result = timed(segmenter.generate, options.repetitions)
    result["note"] = {"objects": int(segmenter.generate().max())}
    return result


def embed_tiles(predictor, image):
    """The embeddings of all tiles, in memory, divided as this program divides large images."""
    from micro_sam.util import precompute_image_embeddings
    return precompute_image_embeddings(
        predictor, image, ndim=2, tile_shape=(768, 768), halo=(128, 128), verbose=False
    )


def measure_prompts(options, predictor, image, embedding):
    """One point with three masks; 256 boxes on a grid, 32 at a time as micro_sam's own functions do."""
    import numpy
    from micro_sam.inference import batched_inference

    peer.util.set_precomputed(predictor, embedding)
    height, width = image.shape[:2]
    if options.what == "point":
        point, label = numpy.array([[width / 3, height / 2]]), numpy.array([1])
        return timed(lambda: peer.predict(predictor, points=point, labels=label, multimask=True), options.repetitions)
    boxes = numpy.array([
        [k % 16 * width / 16, k // 16 * height / 16, (k % 16 + 1) * width / 16, (k // 16 + 1) * height / 16]
        for k in range(256)
    ])
    return timed(
        lambda: batched_inference(predictor, None, 32, boxes=boxes, return_instance_segmentation=False),
        options.repetitions,
    )


def measure_masks(predictor, image, embedding):
    """32 x 32 points, all candidates, then the filter; once, because it takes minutes."""
    def generate():
        generator = peer.segmenter(predictor, None, "amg")
        generator.initialize(image, image_embeddings=embedding)
        generator.generate()
    return timed(generate, 1)


def measure_generated_prompts(options, predictor, decoder, segmenter):
    generator = peer.segmenter(predictor, decoder, "apg")
    state = segmenter.get_state()
    found = []

    def generate():
        generator.set_state(state)
        found.append(int(generator.generate().max()))
    result = timed(generate, options.repetitions)
    result["note"] = {"objects": found[-1]}
    return result


def read_image(path):
    import imageio.v3 as imageio
    return imageio.imread(path)


def timed(function, repetitions, warm_up=True):
    """Seconds of each call, after one that does not count unless there is only one."""
    if warm_up and repetitions > 1:
        function()
    seconds = []
    for _ in range(repetitions):
        start = time.perf_counter()
        function()
        seconds.append(round(time.perf_counter() - start, 4))
    return {"seconds": seconds}


main()
