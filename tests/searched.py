"""A hundred queries for texts, and what a plain scan of them finds: what searches are held to."""

from __future__ import annotations

import random
from collections.abc import Sequence

from opencc import OpenCC

from govreport_core.search import plain


def queries(texts: Sequence[str], number: int = 100, seed: int = 29) -> list[str]:
    """Made from the texts: of one to twelve characters, rare, common, absent, traditional …"""
    chance = random.Random(seed)  # noqa: S311 - made-up queries, no secret
    fixed = [
        *("，", "。", "；", "一是", "公开", "的", "政府信息公开", "不及时", "１", "（", "、"),
        *("龘", "绝无此词语", "公开龘", "<b>", "%_", ".*", "-", "—", "公開", "資訊", "公　开"),
        *('"公开 解读"', "“公开”", "公开 培训", "公开 -培训", "工作 -公开", "一 二 三"),
        *("不 -。", "人员 人", "\\", "'", "公", "及 时 性"),
    ]
    traditional = OpenCC("s2t").convert
    made = list(fixed)
    while len(made) < number:
        text = chance.choice(texts).replace("\n", "")
        length = min(len(text), chance.randint(1, 12))
        at = chance.randint(0, len(text) - length)
        piece = text[at : at + length].strip(' "“”「」-－')
        if not plain(piece):
            continue
        kind = len(made) % 5
        if kind == 3:
            piece = traditional(piece)
        elif kind == 4:
            other = chance.choice(texts)[:2]
            piece = f"{piece} {other}" if len(made) % 2 else f"{piece} -{other}"
        made.append(piece)
    return made


def plainly(text: str, words: Sequence[str], without: Sequence[str]) -> bool:
    """Whether a text has the words, as a reader would look for them one by one."""
    folded = plain(text)
    return all(folded.find(w) >= 0 for w in words) and all(folded.find(w) < 0 for w in without)
