"""Gives back a model that training can go on from, out of the int8 file that is shipped.

Development only: `restore.py --weights ENCODER --shipped rules/models/sensitivity --out FOLDER/model.pt`. What is shipped was rounded to
eight bits a number; the rounded numbers are what comes back. The embeddings of words were never learnt anew, so they are the encoder's.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from train import Marker

PREFIX = "marker."
WORDS = "encoder.embeddings.word_embeddings.weight"


def main() -> None:
    """Writes the weights, and fails where one of them is not found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", required=True, help="folder of the encoder that training began from")
    parser.add_argument("--shipped", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    marker = Marker(arguments.weights)
    state = marker.state_dict()
    found = restored(onnx.load(str(arguments.shipped / "model.onnx")).graph, set(state))
    found[WORDS] = state[WORDS].numpy()
    if missing := set(state) - set(found):
        raise SystemExit(f"{arguments.shipped}: these weights are not in the file: {', '.join(sorted(missing))}")
    marker.load_state_dict({name: torch.tensor(found[name]) for name in state})
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(marker.state_dict(), arguments.out)


def restored(graph: onnx.GraphProto, names: set[str]) -> dict[str, np.ndarray]:
    """The weights of an exported graph by the names they had in training."""
    given = {each.name: numpy_helper.to_array(each) for each in graph.initializer}

    def whole(name: str) -> np.ndarray:
        rounded, zero, scale = (given[f"{name}_{part}"].astype(np.float32) for part in ("quantized", "zero_point", "scale"))
        return (rounded - zero) * scale

    found = {name: given[PREFIX + name] for name in names if PREFIX + name in given}
    found |= {name: whole(PREFIX + name) for name in names if f"{PREFIX}{name}_quantized" in given}
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            # the export gives matrices numbers for names: the bias that is added next tells whose they are
            bias = _bias_after(graph, node).removeprefix(PREFIX)
            found[bias.replace(".bias", ".weight")] = whole(node.input[1].removesuffix("_quantized")).T
    return found


def _bias_after(graph: onnx.GraphProto, node: onnx.NodeProto) -> str:
    """The name of the bias that is added to what a product gives, a few scalings later."""
    while True:
        node = next(each for each in graph.node if node.output[0] in each.input)
        bias = [name for name in node.input if name.startswith(PREFIX) and name.endswith(".bias")]
        if node.op_type == "Add" and bias:
            return bias[0]


if __name__ == "__main__":
    main()
