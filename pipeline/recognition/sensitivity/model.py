"""What judging needs, loaded once: the cues, the encoder, and how their readings are weighed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.recognition.sensitivity import features
from pipeline.recognition.sensitivity.cues import Cues
from pipeline.recognition.sensitivity.encoder import Encoder
from pipeline.recognition.sensitivity.weighing import OperatingPoints, Weights
from pipeline.recognition.sensitivity.wording import Wording


@dataclass(frozen=True)
class SensitivityModel:
    """The readable cues, the encoder and the weights that bring them together."""

    cues: Cues
    encoder: Encoder
    wording: Wording
    weights: Weights
    points: OperatingPoints

    @classmethod
    def load(cls, rules_dir: Path) -> SensitivityModel:
        """Loads what stands under `rules_dir`; nothing is fetched.

        Raises:
            RulesError: a lexicon or a file of the model is missing, damaged, or does not belong with the others.
        """
        folder = rules_dir / "models" / "sensitivity"
        encoder = Encoder.load(folder)
        return cls(
            Cues.load(rules_dir / "lexicons" / "sensitivity"),
            encoder,
            Wording.load(folder / "wording.npz"),
            Weights.load(folder / "weights.npz", expected=features.names(encoder.categories, encoder.about)),
            OperatingPoints.load(folder / "operating_points.yaml"),
        )
