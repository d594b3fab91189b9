"""Replaces the spelled-out attention of an exported encoder by onnxruntime's own, which is quicker, and drops the mask that masks nothing.

Development only: `fuse.py FOLDER` on a folder that `export.py` has written; `model.onnx` and its digest in `model.json` are written anew.
Measured on one core: windows of 250 tokens 36 -> 31 ms, of 384 tokens 79 -> 61 ms; answers differ by rounding alone (on twelve
reports by 0.015 of a logit on average, and 5 of 6,233 tokens change sides).
Calibrate after fusing, as after every export.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from pathlib import Path

import onnx

HEADS, SIZE = 12, 32
"""How many heads the encoder has, and how wide each is (all-MiniLM-L6-v2)."""

_QUERY = re.compile(r"(?P<self>.*/attention/self/)query/Add_output_0")


def main() -> None:
    """Fuses one model in place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    model = onnx.load(str(folder / "model.onnx"))
    layers = fuse(model.graph)
    onnx.save(model, str(folder / "model.onnx"))
    card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    card["sha256"] = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    (folder / "model.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    print(f"{folder}: {layers} layers fused, sha256 {card['sha256']}")


def fuse(graph: onnx.GraphProto) -> int:
    """Fuses every layer's attention that is still spelled out; how many there were."""
    nodes = list(graph.node)
    layers = [match["self"] for node in nodes for out in node.output if (match := _QUERY.fullmatch(out))]
    layers = [layer for layer in layers if not any(node.name == f"{layer}fused" for node in nodes)]
    for layer in layers:
        place, result = _result(nodes, layer)
        nodes[place].output[0] = f"{result}_unused"
        given = [f"{layer}{part}/Add_output_0" for part in ("query", "key", "value")]
        made = onnx.helper.make_node(
            "MultiHeadAttention", given, [result], name=f"{layer}fused", domain="com.microsoft", num_heads=HEADS, scale=SIZE**-0.5
        )
        nodes.insert(place + 1, made)
    _prune(graph, nodes)
    return len(layers)


def _result(nodes: list[onnx.NodeProto], layer: str) -> tuple[int, str]:
    """Where the heads of a layer are laid side by side again, and what that is called: what the output's own weights are fed with."""
    fed = {node.input[0] for node in nodes if node.op_type == "DynamicQuantizeLinear"}
    ends = [(place, node.output[0]) for place, node in enumerate(nodes) if node.op_type == "Reshape" and node.output[0].startswith(layer)]
    (end,) = [(place, result) for place, result in ends if result in fed]
    return end


def _prune(graph: onnx.GraphProto, nodes: list[onnx.NodeProto]) -> None:
    """Leaves out what nothing asks for any more."""
    wanted, kept = {out.name for out in graph.output}, []
    for node in reversed(nodes):
        if any(out in wanted for out in node.output):
            kept.append(node)
            wanted |= set(node.input)
    weights = [one for one in graph.initializer if one.name in wanted]
    del graph.node[:]
    graph.node.extend(reversed(kept))
    del graph.initializer[:]
    graph.initializer.extend(weights)


if __name__ == "__main__":
    main()
