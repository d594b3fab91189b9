"""Turns a trained model into what is shipped: one int8 ONNX file, its tokenizer, and the digest that is checked at load.

Development only: `export.py --weights ENCODER --model FOLDER/model.pt --out rules/models/sensitivity`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn
from train import ABOUT, CATEGORIES, Marker

NAME = "minilm-clauses-1"


class OneText(nn.Module):
    """The model for a single window without padding, so that no mask is needed."""

    def __init__(self, marker: Marker) -> None:
        super().__init__()
        self.marker = marker

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Answers of all tokens."""
        return self.marker(ids, torch.ones_like(ids))


def main() -> None:
    """Exports, quantises and writes the card's machine-readable half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    marker = Marker(arguments.weights)
    marker.load_state_dict(torch.load(arguments.model, weights_only=True))
    marker.eval()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain, prepared = Path(folder) / "plain.onnx", Path(folder) / "prepared.onnx"
        torch.onnx.export(
            OneText(marker),
            (torch.randint(1000, 20000, (1, 200)),),
            str(plain),
            input_names=["ids"],
            output_names=["answers"],
            dynamic_axes={"ids": {0: "texts", 1: "tokens"}, "answers": {0: "texts", 1: "tokens"}},
            opset_version=17,
            dynamo=False,
        )
        quant_pre_process(str(plain), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(str(prepared), str(arguments.out / "model.onnx"), weight_type=QuantType.QInt8, per_channel=True)
    shutil.copy(Path(arguments.weights) / "tokenizer.json", arguments.out / "tokenizer.json")
    digest = hashlib.sha256((arguments.out / "model.onnx").read_bytes()).hexdigest()
    card = {"name": NAME, "sha256": digest, "categories": CATEGORIES, "about": ABOUT, "start": 101, "separator": 102}
    (arguments.out / "model.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    print(f"{arguments.out}: {(arguments.out / 'model.onnx').stat().st_size / 1e6:.1f} MB, sha256 {digest}")


if __name__ == "__main__":
    main()
