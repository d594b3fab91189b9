"""What is said of whom and whether it must go: readable cues where they can be certain, a small encoder where they cannot."""

from pipeline.recognition.sensitivity.judging import Look, look
from pipeline.recognition.sensitivity.model import SensitivityModel

__all__ = ["Look", "SensitivityModel", "look"]
