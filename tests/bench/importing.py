"""Bar: 5,000 units from the file to the register, in rows a second: read, looked at, written through the services."""

from __future__ import annotations

import io
import itertools
import time
from collections.abc import Iterator

from tests.bench.bars import Bar

ROWS = 5000
WANTED = ROWS / 30


def _table() -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("数据")
    sheet.append(["单位名称*", "类型*", "所在地*", "加入联盟", "备注"])
    for number in range(ROWS):
        sheet.append([f"第{number}演示公司", "民营企业", "万寿桥社区", "导入测速联盟", f"第{number}行"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def bars() -> Iterator[Bar]:
    from members.models import Alliance
    from tests.cast import build
    from transfers.models import ImportBatch
    from transfers.services.importing import confirm_import, start_import, undo_import
    from transfers.services.working import work_all

    here = build().chengxiang
    Alliance.objects.create(area=here.street, name="导入测速联盟")
    content, moments = _table(), [time.monotonic()]
    batch = start_import(by=here.clerk, kind="units", area=here.street, name="a.xlsx", content=content)
    moments.append(time.monotonic())
    work_all()
    moments.append(time.monotonic())
    confirm_import(pk=batch.pk, by=here.clerk, mode="update")
    while ImportBatch.objects.unfinished().exists():
        work_all()
    moments.append(time.monotonic())
    batch.refresh_from_db()
    assert batch.counts == {"new": ROWS, "result_done": ROWS}, batch.counts
    steps = [f"{after - before:.1f} s" for before, after in itertools.pairwise(moments)]
    print("    read {}, looked at {}, written {}".format(*steps), flush=True)
    undo_import(pk=batch.pk, by=here.clerk)
    while ImportBatch.objects.unfinished().exists():
        work_all()
    batch.refresh_from_db()
    assert batch.counts["result_undone"] == ROWS, batch.counts
    print(f"    taken back {time.monotonic() - moments[-1]:.1f} s", flush=True)
    yield Bar("import, rows", ROWS / (moments[-1] - moments[0]), WANTED, "/s")
