"""Writes the small checkpoint files beside this script. Needs torch and numpy; all values are our own.

Run: python make_fixtures.py
"""

import collections
import io
import os
import zipfile

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))


def at(name):
    return os.path.join(HERE, name)


def tensors():
    """One tensor of each kind; element i of each is a function of i that the tests repeat."""
    base = torch.arange(24, dtype=torch.float32) / 8 - 1
    state = collections.OrderedDict()
    state["float32"] = base.reshape(2, 3, 4).clone()
    state["float64"] = base.double().reshape(4, 6)
    state["float16"] = base.half()
    state["bfloat16"] = base.bfloat16()
    for name in ["int8", "int16", "int32", "int64", "uint8"]:
        state[name] = torch.arange(7).to(getattr(torch, name))
    state["bool"] = torch.tensor([True, False, True])
    state["scalar"] = torch.tensor(2.5)
    state["empty"] = torch.zeros(0, 3)
    state["transposed"] = state["float32"].permute(2, 0, 1)  # shares its storage, strided
    state["slice"] = state["float64"][1:3, 2:4]
    state["expanded"] = torch.tensor([[1.0], [2.0]]).expand(2, 3)
    state["parameter"] = torch.nn.Parameter(torch.tensor([0.25, -0.5]))
    return state


class Trainer:
    """Stands for any class that a reader does not know."""

    def __init__(self):
        self.path = "somewhere"


class Odd(list):
    pass


def tiny_sam(prefix=""):
    """The names and relations of a ViT of width 12, depth 2; only what the reader looks at."""
    state = collections.OrderedDict()

    def put(name, *shape):
        state[prefix + name] = torch.linspace(-1, 1, int(np.prod(shape))).reshape(shape)

    put("image_encoder.pos_embed", 1, 4, 4, 12)
    put("image_encoder.patch_embed.proj.weight", 12, 3, 2, 2)
    for block, side in [(0, 2), (1, 4)]:
        put(f"image_encoder.blocks.{block}.attn.rel_pos_h", 2 * side - 1, 6)
        put(f"image_encoder.blocks.{block}.attn.rel_pos_w", 2 * side - 1, 6)
        put(f"image_encoder.blocks.{block}.mlp.lin1.bias", 48)
    put("image_encoder.neck.0.weight", 8, 12, 1, 1)
    put("prompt_encoder.no_mask_embed.weight", 1, 8)
    put("mask_decoder.iou_token.weight", 1, 8)
    put("mask_decoder.mask_tokens.weight", 4, 8)
    return state


def tiny_decoder(transposed=False):
    middle = "block" if transposed else "conv"
    return collections.OrderedDict(
        [
            (f"decoder.samplers.0.{middle}.weight", torch.ones(2, 2, 1, 1)),
            ("out_conv.weight", torch.ones(3, 2, 1, 1)),
            ("deconv1.block.2.num_batches_tracked", torch.tensor(5)),
        ]
    )


def rezip(source, target, compression=zipfile.ZIP_STORED, folder="renamed/folder", zip64=False, swap=False):
    """Copies an archive with another folder name, compression, zip64 sizes or byte order."""
    with zipfile.ZipFile(at(source)) as old, zipfile.ZipFile(at(target), "w", compression) as new:
        for info in old.infolist():
            data = old.read(info)
            name = folder + "/" + info.filename.split("/", 1)[1]
            if swap and name.endswith("/byteorder"):
                data = b"big"
            elif swap and "/data/" in name:
                data = np.frombuffer(data, dtype="<f4").astype(">f4").tobytes()
            entry = zipfile.ZipInfo(name)
            entry.compress_type = compression
            with new.open(entry, "w", force_zip64=zip64) as file:
                file.write(data)


def main():
    torch.save(tensors(), at("tensors_zip.pt"))
    torch.save(tensors(), at("tensors_legacy.pt"), _use_new_zipfile_serialization=False)
    torch.save(tensors(), at("tensors_protocol5.pt"), pickle_protocol=5)

    floats = {"weight": torch.arange(300, dtype=torch.float32).reshape(3, 100)}
    torch.save(floats, at("plain.pt"))
    rezip("plain.pt", "deflated.pt", zipfile.ZIP_DEFLATED)
    rezip("plain.pt", "zip64.pt", zip64=True)
    rezip("plain.pt", "big_endian.pt", swap=True)
    torch.save(torch.arange(3.0), at("bare_tensor.pt"))
    torch.save(Trainer(), at("unknown_root.pt"))
    torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), at("torchscript.pt"))

    model = tiny_sam()
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.ones(2))])
    torch.save(model, at("sam_plain.pt"))
    torch.save({"model_state": model, "decoder_state": tiny_decoder()}, at("sam_combined.pt"))
    torch.save(tiny_decoder(transposed=True), at("sam_decoder.pt"))
    torch.save(
        {
            "iteration": 20,
            "epoch": 3,
            "best_metric": np.float64(0.125),
            "current_metric": np.float32(0.5),
            "train_time": 1.5,
            "timestamp": "2024-05-06 07:08:09",
            "init": {"trainer": Trainer(), "class": Odd, "device": torch.device("cpu"), "list": Odd([1, 2])},
            "model_state": tiny_sam("sam."),
            "decoder_state": tiny_decoder(),
            "optimizer_state": optimizer.state_dict(),
        },
        at("sam_training.pt"),
    )
    unetr = {k.removeprefix("image_"): v for k, v in model.items() if k.startswith("image_encoder.")}
    unetr |= tiny_decoder()
    torch.save({"model_state": unetr, "iteration": 1}, at("sam_unetr.pt"))
    torch.save({"model_state": dict(model, extra=Trainer())}, at("sam_refused.pt"))

    lora = tiny_sam()
    for block in range(2):
        lora[f"image_encoder.blocks.{block}.attn.qkv.w_a_linear_q.weight"] = torch.ones(3, 12)
        lora[f"image_encoder.blocks.{block}.attn.qkv.w_a_linear_v.weight"] = torch.ones(3, 12)
    torch.save(lora, at("sam_lora.pt"))


if __name__ == "__main__":
    main()
