"""RapidOCR's recognition in, a recogniser of single lines out; its models are in its package."""

from __future__ import annotations

import importlib
import os
from functools import cache
from typing import Any

import numpy as np

from govreport_core.sources.ocr.page import Crop, Recogniser

# Figures are narrow: wider crops are stretched, narrower ones padded to this, height 48.
_SHAPE = [3, 48, 160]
_THREADS = 2


@cache
def load() -> Recogniser:
    """Start it; its models load once a process.

    Raises:
        ImportError: `govreport[ocr]` isn't installed.
    """
    package: Any = importlib.import_module("rapidocr_onnxruntime")
    threads = min(_THREADS, os.cpu_count() or 1)
    engine = package.RapidOCR(intra_op_num_threads=threads, rec_img_shape=_SHAPE)

    def recognise(crops: list[Crop]) -> list[tuple[str, float]]:
        if not crops:
            return []
        found, _ = engine.text_rec([np.repeat(crop[:, :, None], 3, axis=2) for crop in crops])
        return [(str(text), float(sure)) for text, sure in found]

    return recognise
