"""Files as no office sends them: good tables with bytes flipped, cut, stuffed, swollen; by seed."""

from __future__ import annotations

import base64
import io
import json
import random
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from openpyxl import Workbook

HEAD = ["单位名称*", "简称", "类型*", "统一社会信用代码", "所在地*", "公开展示", "加入联盟", "加入日期", "备注"]
KINDS = ("学校", "医院", "机关", "银行", "饭店", "")
PLACES = ("万寿桥社区", "拱秀社区", "330109001048", "智格社区", "")
ODD = (
    "",
    "'",
    "=1+1",
    "@SUM(A1)",
    "１２３",
    "\u0301" * 1500,
    "x" * 5000,
    "2027年2月30日",
    "-1",
    "1e308",
    "\ufeff",
    "第1小学",
    "示例(自动忽略)",
    "9.1330109E+17",
)
SHEET = "xl/worksheets/sheet1.xml"


@dataclass(frozen=True)
class Mutant:
    """One file."""

    harm: str
    name: str
    content: bytes


def rows(rng: random.Random, count: int) -> list[list[str]]:
    """Units, some of which are right."""
    made = []
    for number in range(count):
        row = [f"第{rng.randrange(40)}小学", "", rng.choice(KINDS), "", rng.choice(PLACES), "", "", "", f"备注{number}"]
        if rng.random() < 0.3:
            row[rng.randrange(len(row))] = rng.choice(ODD)
        made.append(row)
    return made


def workbook(table: list[list[str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "数据"
    for row in table:
        sheet.append([text.replace("\ufeff", "") for text in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def separated(table: list[list[str]], encoding: str) -> bytes:
    return "\r\n".join(",".join(row) for row in table).encode(encoding, errors="replace")


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def flipped(rng: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _time in range(rng.choice((1, 3, 20, 200))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut(rng: random.Random, content: bytes) -> bytes:
    return content[: rng.randrange(len(content))]


def stuffed(rng: random.Random, content: bytes) -> bytes:
    place = rng.randrange(len(content))
    return content[:place] + rng.randbytes(rng.choice((1, 50, 5000))) + content[place:]


def part_flipped(rng: random.Random, content: bytes) -> bytes:
    """A whole zip of a damaged part: the sums are right, what is in it is not."""
    parts = _parts(content)
    name = rng.choice([one for one in parts if parts[one]])
    return _zipped({**parts, name: rng.choice((flipped, cut, stuffed))(rng, parts[name])})


def part_gone(rng: random.Random, content: bytes) -> bytes:
    parts = _parts(content)
    del parts[rng.choice(list(parts))]
    return _zipped(parts)


def odd_cells(rng: random.Random, content: bytes) -> bytes:
    """Cells of kinds and places that no program writes."""
    odd = [
        b'<c r="ZZZ99999999" t="s"><v>999999999</v></c>',
        b'<c t="d"><v>2027-99-99</v></c>',
        b'<c t="b"><v>maybe</v></c>',
        b'<c t="n"><v>1e9999</v></c>',
        b'<c t="e"><v>#REF!</v></c>',
        b'<c><f>HYPERLINK("http://x")</f><v>1</v></c>',
        b'<c t="inlineStr"><is><t>x</t></is></c>',
        b'<c s="99999"><v>44000</v></c>',
    ]
    row = b'<row r="%d">%s</row>' % (rng.choice((0, 3, 5000, 1048576, 10**12)), b"".join(rng.choices(odd, k=8)))
    sheet = _parts(content)[SHEET]
    return _zipped({**_parts(content), SHEET: sheet.replace(b"</sheetData>", row + b"</sheetData>")})


def bomb(rng: random.Random, content: bytes) -> bytes:
    """Few bytes that unpack to very many."""
    swollen = rng.choice((b"<row/>", b"<c/>", b" ", b"<x>")) * rng.choice((300_000, 3_000_000))
    parts = _parts(content)
    target = rng.choice((SHEET, "xl/sharedStrings.xml", "xl/styles.xml", "xl/media/a.bin"))
    return _zipped({**parts, target: parts.get(target, b"") + swollen})


def million(rng: random.Random, content: bytes) -> bytes:
    """A sheet of very many rows, some just below what may be unpacked."""
    count = rng.choice((20_000, 100_000, 1_000_000))
    many = b"".join(b'<row r="%d"><c><v>1</v></c></row>' % number for number in range(count))
    return _zipped({**_parts(content), SHEET: b"<worksheet><sheetData>" + many + b"</sheetData></worksheet>"})


def entities(rng: random.Random, content: bytes) -> bytes:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    doctype = (
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><worksheet><sheetData><row><c t="inlineStr"><is><t>&l8;</t></is>'
    )
    return _zipped({**_parts(content), SHEET: doctype.encode() + b"</c></row></sheetData></worksheet>"})


def deep(rng: random.Random, content: bytes) -> bytes:
    depth = rng.choice((1000, 39_000, 1_000_000))
    return _zipped({**_parts(content), SHEET: b"<a>" * depth + b"</a>" * depth})


def merged(rng: random.Random, content: bytes) -> bytes:
    ranges = b"".join(b'<mergeCell ref="A%d:XFD%d"/>' % (n, n + rng.randrange(9**6)) for n in range(1, 2000))
    sheet = _parts(content)[SHEET]
    tail = b"</sheetData><mergeCells>" + ranges + b"</mergeCells>"
    return _zipped({**_parts(content), SHEET: sheet.replace(b"</sheetData>", tail)})


def many_parts(rng: random.Random, content: bytes) -> bytes:
    return _zipped({**_parts(content), **{f"xl/x{n}.xml": b"<x/>" for n in range(rng.choice((300, 3000)))}})


def lying(rng: random.Random, content: bytes) -> bytes:
    """The table of contents says less than there is."""
    place = content.rfind(b"PK\x01\x02")
    changed = bytearray(content)
    changed[place + 24 : place + 28] = rng.randrange(2**32).to_bytes(4, "little")
    return bytes(changed)


def forged(content: bytes, name: str, part: bytes, *, said: int = 100) -> bytes:
    """``part`` packed under ``name``, and both headings say that it holds ``said`` bytes."""
    packed = bytearray(_zipped({**_parts(content), name: part}))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        local = archive.getinfo(name).header_offset
    entry = packed.rfind(b"PK\x01\x02", 0, packed.rfind(name.encode()))
    sizes = {
        local + 14: zlib.crc32(part[:said]),
        local + 22: said,
        entry + 16: zlib.crc32(part[:said]),
        entry + 24: said,
    }
    for place, number in sizes.items():
        packed[place : place + 4] = number.to_bytes(4, "little")
    return bytes(packed)


def forged_size(rng: random.Random, content: bytes) -> bytes:
    """A part of very many bytes that says it holds a hundred."""
    name = rng.choice((SHEET, "xl/media/a.png", "xl/sharedStrings.xml", "xl/a.xml"))
    return forged(content, name, b"<row/>" * rng.choice((1_000_000, 20_000_000)))


def other_packing(rng: random.Random, content: bytes) -> bytes:
    """A part in bzip2 or LZMA: 700 bytes that unpack to very many."""
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a", rng.choice((zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))) as archive:
        archive.writestr("xl/media/a.png", b"\0" * 20_000_000)
    return stream.getvalue()


def empty_lines(rng: random.Random, content: bytes) -> bytes:
    """No workbook at all: a table of nothing but empty rows."""
    return ",".join(HEAD).encode() + rng.choice((b"\n", b",\r\n", b"\t\n")) * 3_000_000


def called_a_picture(rng: random.Random, content: bytes) -> bytes:
    """The sheet has a name by which nobody takes it for markup, and is very long."""
    parts, name = _parts(content), rng.choice(("xl/worksheets/sheet1.png", "xl/worksheets/sheet1.bin", "xl/a"))
    del parts[SHEET]
    links = parts["xl/_rels/workbook.xml.rels"].replace(SHEET[3:].encode(), name[3:].encode())
    rows = b"".join(b'<row r="%d"><c><v>%d</v></c></row>' % (n, rng.randrange(10**9)) for n in range(200_000))
    sheet = b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"
    return _zipped({**parts, "xl/_rels/workbook.xml.rels": links, name: sheet})


def raw_deflate(rng: random.Random, content: bytes) -> bytes:
    return b"PK\x03\x04" + zlib.compress(rng.randbytes(4000))


BOOK_HARMS: dict[str, Callable[[random.Random, bytes], bytes]] = {
    "as it is": lambda rng, content: content,
    "bytes flipped": flipped,
    "cut": cut,
    "stuffed": stuffed,
    "part damaged": part_flipped,
    "part gone": part_gone,
    "odd cells": odd_cells,
    "bomb": bomb,
    "million rows": million,
    "entities": entities,
    "deep": deep,
    "merged": merged,
    "many parts": many_parts,
    "lying contents": lying,
    "forged size": forged_size,
    "other packing": other_packing,
    "called a picture": called_a_picture,
    "empty lines": empty_lines,
    "raw deflate": raw_deflate,
}
TEXT_HARMS = {name: BOOK_HARMS[name] for name in ("as it is", "bytes flipped", "cut", "stuffed")}
COMMON = ("as it is", "bytes flipped", "cut", "stuffed", "part damaged", "odd cells")


def mutants(seed: int, count: int) -> Iterator[Mutant]:
    """``count`` files; every kind of harm among the first of them."""
    rng, first = random.Random(seed), list(BOOK_HARMS)
    for number in range(count):
        table = [HEAD, *rows(rng, rng.choice((1, 12, 40)))]
        if number >= len(first) and rng.random() < 0.25:
            harm, encoding = rng.choice(list(TEXT_HARMS)), rng.choice(("utf-8-sig", "utf-8", "gb18030", "utf-16"))
            content = TEXT_HARMS[harm](rng, separated(table, encoding))
            yield Mutant(f"{harm} ({encoding})", "名单.csv", content)
            continue
        # What is heavy to make comes now and then.
        harm = first[number] if number < len(first) else rng.choice(COMMON if rng.random() < 0.8 else first)
        yield Mutant(harm, rng.choice(("名单.xlsx", "名单.xlsx", "名单.csv")), BOOK_HARMS[harm](rng, workbook(table)))


def mutants_apart(seed: int, count: int) -> Iterator[Mutant]:
    """As ``mutants``, made by a process of their own: what it takes to make a swollen file is not the reader's."""
    command = [sys.executable, "-m", "tests.prove.mutants", str(seed), str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as maker:
        assert maker.stdout is not None
        for _number in range(count):
            harm, name, content = json.loads(maker.stdout.readline())
            yield Mutant(harm, name, base64.b64decode(content))


if __name__ == "__main__":
    for mutant in mutants(int(sys.argv[1]), int(sys.argv[2])):
        print(json.dumps([mutant.harm, mutant.name, base64.b64encode(mutant.content).decode()]))
