"""Texts for trials from a file of one's own instead of invented ones."""

from __future__ import annotations

import csv
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from alliance.lib.errors import Invalid
from alliance.lib.text import clean
from needs.services.intake import MAX_WORDS
from portal.scale.phrases import Said, Speaker


def invented(seed: int) -> Iterator[Said]:
    """Needs without end; the same ``seed`` gives the same ones."""
    speaker = Speaker(Random(seed))  # noqa: S311 - invented texts, nothing secret
    while True:
        yield speaker.say()


def from_file(path: Path, seed: int) -> Iterator[Said]:
    """The texts of a CSV with the columns title and body, over and over; places are invented.

    Raises ``Invalid`` if the file has no such columns or no text.
    """
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not {"title", "body"} <= set(reader.fieldnames or ()):
            raise Invalid(message="文本文件要有 title 和 body 两列。")
        words = [text for row in reader if (text := clean(f"{row['title']}\n{row['body']}")[:MAX_WORDS])]
    if not words:
        raise Invalid(message="文本文件里没有内容。")
    return (
        Said(text, said.place, said.spot) for text, said in zip(itertools.cycle(words), invented(seed), strict=False)
    )
