"""What judging needs, loaded once: the cues and, where it is shipped, the encoder with its calibration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.recognition.sensitivity.cues import Cues


@dataclass(frozen=True)
class SensitivityModel:
    """The readable rules and the encoder together."""

    cues: Cues

    @classmethod
    def load(cls, rules_dir: Path) -> SensitivityModel:
        """Loads what stands under `rules_dir`.

        Raises:
            RulesError: a lexicon cannot be used.
        """
        return cls(Cues.load(rules_dir / "lexicons" / "sensitivity"))
