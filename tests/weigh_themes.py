"""The labelled points in, `theme_weights.csv` out: `python tests/weigh_themes.py`.

Logistic regression of each theme on a point's characters and pairs of characters, by stochastic
descent with a step that shrinks for words often seen. The same points give the same file.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np

from govreport_core.folding import squash
from govreport_core.narrative import taxonomy, theme_weights

CASES = Path(__file__).parent / "cases" / "themes.jsonl"
FILE = Path(taxonomy.__file__).parent / "theme_weights.csv"
ROUNDS, STEP, SHRINK = 12, 0.5, 1e-3
# A word of fewer points says nothing, nor does a weight below.
POINTS, LEAST = 2, 0.3


def weigh(points: list[tuple[str, set[str]]]) -> list[list[str]]:
    """The rows of the file, weights in tenths."""
    codes = list(taxonomy.taxonomy())
    words = [theme_weights.words_of(squash(text)) for text, _ in points]
    counted = Counter(word for each in words for word in each)
    known = {
        word: at for at, word in enumerate(sorted(w for w, n in counted.items() if n >= POINTS))
    }
    weights, base = _descended(
        [np.array(sorted(known[w] for w in each if w in known), dtype=int) for each in words],
        [1 / np.sqrt(max(len(each), 1)) for each in words],
        np.array([[code in themes for code in codes] for _, themes in points], dtype=float),
        len(known),
    )
    weights[np.abs(weights) < LEAST] = 0
    rows = [["word", *codes], ["", *_tenths(base)]]
    rows += [[word, *_tenths(weights[at])] for word, at in known.items() if weights[at].any()]
    return rows


def _descended(
    words: list[np.ndarray], scales: list[float], labels: np.ndarray, size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Weights by word and theme, and those of no word."""
    weights, base = np.zeros((size, labels.shape[1])), np.full(labels.shape[1], -2.0)
    seen, seen_base = np.full_like(weights, 1e-8), np.full_like(base, 1e-8)
    order = np.random.default_rng(0)
    for _ in range(ROUNDS):
        for at in order.permutation(len(words)):
            mine = words[at]
            said = 1 / (1 + np.exp(-(weights[mine].sum(0) * scales[at] + base)))
            off = said - labels[at]
            slope = scales[at] * off[None, :] + SHRINK * weights[mine]
            seen[mine] += slope**2
            weights[mine] -= STEP * slope / np.sqrt(seen[mine])
            seen_base += off**2
            base -= STEP * off / np.sqrt(seen_base)
    return weights, base


def _tenths(numbers: np.ndarray) -> list[str]:
    return [str(int(tenths)) if tenths else "" for tenths in np.rint(numbers * 10)]


def cases() -> list[tuple[str, set[str]]]:
    """The labelled points and their themes."""
    read = (json.loads(line) for line in CASES.read_text("utf-8").splitlines())
    return [(case["text"], set(case["themes"])) for case in read]


def main() -> None:
    rows = weigh(cases())
    with FILE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
