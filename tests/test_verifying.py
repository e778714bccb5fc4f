"""`mingjian verify`: whatever is changed in a sealed case is found and named, mended from a copy, and sound again."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
import pytest_asyncio

from activities.seals import SealBook
from models.errors import Refusal, Unreachable
from models.journal_file import journal_text, read_journal
from models.seals import Seal
from starter import main as script
from starter.provision.s3_server import S3Server
from starter.provision.server import LocalServer
from starter.repairing import Workshop
from starter.sources import Told
from starter.verifying import Verdict, verified
from starter.witnesses import called
from tests.kept_archives import bucket_archive, is_bag
from tests.sealed_cases import Copy, filed, places, said, sealed_case
from tests.test_endurance import closed
from tests.test_faults import finished_tasks, reset
from tests.world import Case, World, awaiting_reply, within, world_on

pytest_plugins = ["tests.archives"]
pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sealed(
    server: LocalServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[World, str]]:
    folder = tmp_path_factory.mktemp("sealed")
    async with world_on(server, folder / "home", "verifying") as world:
        yield world, await sealed_case(world, 9701, folder)


@pytest.fixture
def copy(sealed: tuple[World, str], tmp_path: Path) -> Copy:
    world, case = sealed
    return Copy.of(world, case, tmp_path / "home")


@pytest.fixture
def backup(sealed: tuple[World, str]) -> Path:
    return sealed[0].settings.archive_folder


async def test_a_sealed_case_is_sound_everywhere(copy: Copy) -> None:
    for offline in (True, False):
        verdict = await copy.verdict(offline=offline)
        assert said(verdict.findings) == ""
        assert verdict.unmade == []
    assert verdict.package is not None and len(verdict.package.histories) == 2


async def test_a_byte_changed_in_each_file_is_found_named_and_mended(copy: Copy, backup: Path) -> None:
    files = copy.files()
    assert len(files) >= 12
    for name in files:
        right = copy.read(name)
        copy.change_in_place(name)
        verdict = await copy.verdict()
        assert name in places(verdict), f"{name}:\n{said(verdict.findings)}"
        look = await copy.mended(backup, by="")
        assert look.steps and copy.read(name) != right
        mended = await copy.mended(backup)
        assert mended.verdict.is_sound, f"{name}:\n{said(mended.verdict.findings)}\n{mended.lacking}"
        assert copy.read(name) == right
    shutil.rmtree(copy.home)


async def test_every_digest_computed_again_after_a_paper_was_changed(copy: Copy, backup: Path) -> None:
    """The folder agrees with itself, to BagIt as to us; the book and the journal do not agree with it."""
    [name] = [each for each in copy.files() if each.endswith("告知函.pdf")]
    right = copy.read(name)
    copy.forge({name.removeprefix("data/"): right.replace(b"%PDF", b"%PDE")})
    assert is_bag(copy.home / "archive", copy.case)
    verdict = await copy.verdict()
    assert places(verdict) == {"ledger.jsonl", name}
    assert "封存时留下的指纹" in said(verdict.findings) and "记录第" in said(verdict.findings)
    alone = await copy.mended()
    assert not alone.verdict.is_sound and copy.seal_voucher() in said(alone.lacking)
    mended = await copy.mended(backup)
    assert mended.verdict.is_sound and copy.read(name) == right
    assert [(each.by, each.place) for each in copy.repairs()] == [("周九", 1), ("周九", 2)]


@pytest.mark.parametrize(("old", "new"), [("核查", "踏勘"), ("已整改", "未整改")])
async def test_every_digest_and_the_chain_computed_again_after_the_journal_was_changed(
    copy: Copy, backup: Path, old: str, new: str
) -> None:
    """A message of the first run, and one of the last."""
    right = copy.read("data/journal.jsonl")
    copy.forge(copy.forged_journal(old, new))
    [line] = [
        n for n, text in enumerate(copy.read("data/journal.jsonl").decode().splitlines(), 1) if new in text
    ]
    assert is_bag(copy.home / "archive", copy.case)
    verdict = await copy.verdict()
    found = {(each.file, each.line) for each in verdict.findings}
    last = len(right.splitlines())
    assert found >= {("ledger.jsonl", None), ("data/journal.jsonl", last), ("data/journal.jsonl", line)}
    # Without the book the histories in the folder, the registry and the server still know.
    copy.execute("DELETE FROM seals")
    assert ("data/journal.jsonl", line) in {
        (each.file, each.line) for each in (await copy.verdict()).findings
    }
    online = await copy.verdict(offline=False)
    assert ("登记库" in places(online)) == (new == "踏勘")  # the reason of a closing is in no row
    assert "服务器上案件的记录不同" in said(online.findings)
    # The voucher is still known to the server: with it the book, then the folder.
    mended = await copy.mended(backup, offline=False)
    assert mended.verdict.is_sound, said(mended.verdict.findings)
    assert copy.read("data/journal.jsonl") == right
    assert mended.steps[0].what.startswith("补登封存簿")


@pytest.mark.parametrize("way", ["dropped", "altered"])
async def test_a_line_of_the_journal_is_named_by_its_number(copy: Copy, way: str) -> None:
    lines = copy.read("data/journal.jsonl").decode().splitlines(keepends=True)
    for number in range(1, len(lines) + 1 - (way == "dropped")):
        changed = [*lines]
        if way == "dropped":
            del changed[number - 1]
        else:
            changed[number - 1] = changed[number - 1].replace('"id": "', '"id": "x')
        copy.change_in_place("data/journal.jsonl", "".join(changed).encode())
        verdict = await copy.verdict()
        assert [each.line for each in verdict.findings if each.line] == [number]
    copy.change_in_place("data/journal.jsonl", "".join(lines[:-1]).encode())
    assert "封存簿" in said((await copy.verdict()).findings)


async def test_an_intact_folder_that_says_less_than_the_histories_is_found(copy: Copy) -> None:
    """A history left out, an event left out, a message left out: with every digest computed again and no book."""
    ledger = copy.ledger()
    first, last = [each.paper.name for each in ledger.papers if each.paper.name.startswith("history/")]
    copy.execute("DELETE FROM seals")
    whole = json.loads(copy.read(f"data/{last}"))
    events = [each for each in whole["events"] if each["eventId"] != "7"]
    copy.forge({last: json.dumps({"events": events}).encode()})
    assert "第 7 个事件的编号应为 7，实为 8" in said((await copy.verdict()).findings)
    copy.forge({last: json.dumps({"events": whole["events"][:-1]}).encode()})
    assert "最后一个事件应为运行结束" in said((await copy.verdict()).findings)
    copy.forge(dict.fromkeys((last, first), json.dumps(whole).encode()))
    found = said((await copy.verdict()).findings)
    assert f"文件 data/{first}" in found and "这是另一轮运行" in found
    entries = read_journal(copy.read("data/journal.jsonl").decode()).entries[:-1]
    copy.forge({"journal.jsonl": journal_text(entries).encode()})
    assert "案卷记录里没有" in said((await copy.verdict()).findings)


async def test_what_the_archive_itself_can_make_again_needs_no_copy(copy: Copy) -> None:
    """Journal and histories from the server, snapshot and papers from the journal, the files above from the ledger."""
    [receipt] = [each for each in copy.files() if "papers/in/" in each]
    right = {name: copy.read(name) for name in copy.files() if name not in ("ledger.jsonl", receipt)}
    for name in right:
        copy.change_in_place(name)
    mended = await copy.mended(offline=False)
    assert mended.verdict.is_sound, said(mended.verdict.findings) + said(mended.lacking)
    assert {name: copy.read(name) for name in right} == right
    sources = {step.source for step in mended.steps}
    assert sources >= {"服务器", "按案卷记录重算", "按案卷记录重新排印", "案卷里的登记簿"}
    # What nobody else has is named, with what it would take.
    digest = sha256(copy.read(receipt)).hexdigest()
    copy.change_in_place(receipt)
    lost = await copy.mended(offline=False)
    assert not lost.verdict.is_sound and digest in said(lost.lacking)
    (copy.home / "scans").mkdir()
    (copy.home / "scans" / digest).write_bytes(b"%PDF-1.7 receipt?")
    assert not (await copy.mended(copy.home / "scans")).verdict.is_sound


async def test_a_folder_that_is_gone_comes_back(copy: Copy, backup: Path) -> None:
    shutil.rmtree(copy.bag)
    for offline in (True, False):
        found = await copy.verdict(offline=offline)
        assert "封存簿上有这一卷" in said(found.findings)
    mended = await copy.mended(backup)
    assert mended.verdict.is_sound and is_bag(copy.home / "archive", copy.case)


CHANGES = {
    "a column": "UPDATE cases SET title = 'x'",
    "a revision": "UPDATE cases SET revision = revision + 7",
    "a moment": "UPDATE cases SET run_started_at = '2031-01-01 00:00:00.000000'",
    "a row below": "UPDATE letters SET state = 'drafted'",
    "a position": "UPDATE facts SET position = position + 100 WHERE seq = 2",
    "a row too few": "DELETE FROM facts WHERE seq = 3",
    "a row too many": "INSERT INTO items SELECT \"case\", 'x', 9, 'x', 'other', 'open', '', NULL, '', NULL FROM cases",
    "the whole case": "DELETE FROM cases",
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_changed_registry_is_found_and_written_again(copy: Copy, change: str) -> None:
    assert copy.execute(CHANGES[change]) == 1
    assert (await copy.verdict()).is_sound
    verdict = await copy.verdict(offline=False)
    assert places(verdict) == {"登记库"}, said(verdict.findings)
    mended = await copy.mended(offline=False)
    assert mended.verdict.is_sound, said(mended.verdict.findings)
    assert [step.what for step in mended.steps] == ["登记库的各行"]


async def test_rows_are_written_from_a_folder_that_is_proved_and_from_no_other(
    copy: Copy, backup: Path
) -> None:
    copy.forge(copy.forged_journal("核查", "踏勘"))
    copy.execute("UPDATE cases SET title = 'x'")
    look = await copy.mended(backup, by="", offline=False)
    assert "登记库的各行" in said(look.lacking) and "登记库的各行" not in [each.what for each in look.steps]
    assert not (await copy.mended(offline=False)).verdict.is_sound
    mended = await copy.mended(backup, offline=False)
    assert mended.verdict.is_sound and mended.lacking == []
    assert mended.steps[-1].what == "登记库的各行"


async def test_rows_that_the_case_writes_while_it_is_mended_are_not_written_over(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case goes on between the asking and the writing: what it has written itself stays, or what it says now is written."""
    copy.execute("UPDATE cases SET title = 'x'")
    ask, asked = Workshop._told, 0

    async def goes_on(workshop: Workshop, verdict: Verdict) -> Told:
        nonlocal asked
        asked += 1
        told = await ask(workshop, verdict)
        if asked > 1:
            return told
        copy.execute("UPDATE cases SET revision = revision + 1, title = 'newer'")
        behind = told.snapshot.case.model_copy(update={"title": "older"})
        return told._replace(snapshot=told.snapshot.model_copy(update={"case": behind}))

    monkeypatch.setattr(Workshop, "_told", goes_on)
    mended = await copy.mended(offline=False)
    assert asked == 2 and mended.verdict.is_sound, said(mended.verdict.findings)


async def test_without_the_books_nothing_is_put_back(copy: Copy, backup: Path) -> None:
    copy.change_in_place("data/journal.jsonl")
    changed = copy.read("data/journal.jsonl")
    (copy.home / "registry.db").unlink()
    assert not (await copy.mended(backup, by="")).verdict.is_sound
    with pytest.raises(Unreachable, match="封存簿读不到"):
        await copy.mended(backup)
    assert copy.read("data/journal.jsonl") == changed


async def test_the_book_of_seals(copy: Copy) -> None:
    """Another voucher in the book is found and never written over; one that is lacking is entered again from the server."""
    assert copy.execute("UPDATE seals SET voucher = replace(voucher, substr(voucher, 1, 1), 'x')") == 1
    verdict = await copy.verdict()
    assert places(verdict) == {"ledger.jsonl"}
    assert not (await copy.mended(offline=False)).verdict.is_sound
    copy.execute("DELETE FROM seals")
    assert "封存簿上没有" in said((await copy.verdict()).findings)
    offline = await copy.mended()
    assert not offline.verdict.is_sound and "从封存簿的备份取回" in said(offline.lacking)
    mended = await copy.mended(offline=False)
    assert mended.verdict.is_sound, said(mended.verdict.findings)
    assert (await copy.verdict()).is_sound


async def test_a_server_that_says_otherwise_is_found(copy: Copy) -> None:
    [_, last] = [each.paper.name for each in copy.ledger().papers if each.paper.name.startswith("history/")]
    copy.execute("DELETE FROM seals")
    copy.forge(
        {last: copy.read(f"data/{last}").replace(b"EVENT_TYPE_TIMER_STARTED", b"EVENT_TYPE_TIMER_FIRED")}
    )
    verdict = await copy.verdict(offline=False)
    assert any(each.file == f"data/{last}" and "服务器上的不同" in each.what for each in verdict.findings)


async def test_an_open_case_against_its_rows_and_its_papers(world: World) -> None:
    case = await awaiting_reply(world, 9703)
    name = case.opening.case
    await case.at_rest()
    await case.settled()
    site = Copy(world.settings.home, name, world)
    assert said((await site.verdict(offline=False)).findings) == ""
    offline = await site.verdict()
    assert offline.is_sound and "须向服务器核对" in said(offline.unmade)
    assert site.execute("UPDATE letters SET served_on = '2020-01-01'") == 1
    assert "letters[" in said((await site.verdict(offline=False)).findings)
    assert (await site.mended(offline=False)).verdict.is_sound
    assert site.execute("UPDATE cases SET stage = 'closed', revision = 99") == 1
    mended = await site.mended(offline=False)
    assert mended.verdict.is_sound and [each.source for each in mended.steps] == ["在办案件"]
    assert site.execute("DELETE FROM cases") == 1
    assert (await site.mended(offline=False)).verdict.is_sound
    # A write that was cut short is finished: a paper without its name in the folder, files of a sealing that came to nothing.
    [paper] = [each for each in site.files() if each.endswith(".pdf")]
    (site.bag / paper).unlink()
    assert "没有写完" in said((await site.verdict()).findings)
    assert (await site.mended()).verdict.is_sound and paper in site.files()
    (site.bag / "bag-info.txt").write_text("torn")
    assert "没有写完" in said((await site.verdict()).findings)
    assert (await site.mended()).verdict.is_sound and "bag-info.txt" not in site.files()
    # Its ledger with a line changed and no sum computed again.
    genuine = site.read("ledger.jsonl")
    site.change_in_place("ledger.jsonl")
    assert places(await site.verdict()) == {"ledger.jsonl"}
    assert not (await site.mended()).verdict.is_sound
    site.change_in_place("ledger.jsonl", genuine)
    # Its paper forged, with every digest computed again: the case itself knows what it was.
    site.forge({paper.removeprefix("data/"): b"%PDF forged"})
    verdict = await site.verdict(offline=False)
    assert places(verdict) == {paper} and "记录第" in said(verdict.findings)


async def test_a_case_filed_twice_is_sound_and_the_later_folder_speaks_for_it(world: World) -> None:
    case = await awaiting_reply(world, 9704)
    task = (await finished_tasks(case))[1]
    await closed(case)
    await filed(case)
    await reset(case, task)
    async with within(60):
        await world.client.get_workflow_handle(case.opening.case).result()
    await filed(Case(world, world.client.get_workflow_handle(case.opening.case), case.opening))
    site = Copy(world.settings.home, case.opening.case, world)
    verdict = await site.verdict(offline=False)
    assert said(verdict.findings) == "" and verdict.package is not None
    assert verdict.package.folder != case.opening.case
    assert site.execute("DELETE FROM cases") == 1
    assert (await site.mended(offline=False)).verdict.is_sound


async def test_a_seal_is_entered_once(world: World) -> None:
    book = SealBook(world.world.database)
    seal = Seal(
        folder="urging-350481-2021-9705",
        case="urging-350481-2021-9705",
        voucher="a" * 64,
        head="b" * 64,
        run="r1",
        program="0.1.0",
        sealed_at=datetime(2021, 12, 1, tzinfo=UTC),
    )
    book.enter(seal)
    book.enter(replace(seal, sealed_at=datetime(2022, 1, 1, tzinfo=UTC)))
    for other in (replace(seal, voucher="c" * 64), replace(seal, head="c" * 64), replace(seal, run="r2")):
        with pytest.raises(Refusal, match="封存簿里已有"):
            book.enter(other)
    assert book.seals() == {seal.folder: seal}


async def test_a_forged_folder_in_a_bucket_is_found(copy: Copy, s3_server: S3Server, tmp_path: Path) -> None:
    """The same papers sealed in a bucket have the same voucher; an owner of the bucket who covers pages is found by it."""
    bucket = bucket_archive(s3_server, tmp_path / "incoming")
    ledger = copy.ledger()
    for filed_paper in ledger.papers:
        paper = filed_paper.paper
        content = copy.read(f"data/{paper.name}")
        bucket.store(copy.case, paper.name, content, media_type=paper.media_type, meta=filed_paper.meta)
    assert ledger.seal is not None
    assert bucket.seal(copy.case, ledger.seal) == copy.seal_voucher()

    async def verdict() -> Verdict:
        async with called(copy.settings, offline=True) as witnesses:
            witnesses.archive = bucket
            return await verified(witnesses, copy.case)

    assert (await verdict()).is_sound
    copy.forge(copy.forged_journal("已整改", "未整改"))
    forged = copy.ledger()
    for name in ("journal.jsonl", "snapshot.json"):
        found = forged.find(name)
        assert found is not None
        bucket.bucket.create(
            f"objects/sha256/{found.paper.digest[:2]}/{found.paper.digest}", copy.read(f"data/{name}"), {}
        )
    before = forged
    while number := len(before.papers) + (before.seal is not None):
        text = before.text()
        page = tmp_path / "page"
        page.write_text(text, encoding="utf-8")
        digest = sha256(text.encode()).hexdigest()
        bucket.bucket.put(
            f"cases/{copy.case}/ledger/{number:06d}.jsonl", page, len(text.encode()), {"digest": digest}
        )
        papers = before.papers if before.seal is not None else before.papers[:-1]
        before = replace(before, papers=papers, seal=None)
    found_there = await verdict()
    words = said(found_there.findings)
    assert "封存时留下的指纹" in words and "被覆盖或删除过" in words
    [line] = [each.line for each in found_there.findings if each.line and "运行记录里没有" in each.what]
    assert "未整改" in copy.read("data/journal.jsonl").decode().splitlines()[line - 1]


async def test_the_command(
    copy: Copy, backup: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit codes, JSON, preview, and what is said when server or database are away."""
    monkeypatch.setenv("MINGJIAN_HOME", str(copy.home))
    monkeypatch.setenv("MINGJIAN_TEMPORAL_ADDRESS", copy.world.server.address)
    monkeypatch.setenv("MINGJIAN_TASK_QUEUE", copy.world.queue)

    async def run(*words: str, code: int = 0) -> tuple[str, str]:
        answered = await asyncio.to_thread(script.run, ["verify", *words])
        out, err = capsys.readouterr()
        assert answered == code, f"{words}: {out}{err}"
        return out, err

    out, _ = await run(copy.case, "--json")
    assert json.loads(out) == {"case": copy.case, "sound": True, "findings": [], "unmade": []}
    with monkeypatch.context() as away:
        away.setenv("MINGJIAN_TEMPORAL_ADDRESS", "127.0.0.1:1")
        out, err = await run(copy.case, code=3)
        assert "没有核对：服务器上的案件没有核对" in err
    assert "登记库、服务器没有核对" in (await run("--offline"))[1]
    [name] = [each for each in copy.files() if each.endswith("告知函.pdf")]
    copy.change_in_place(name)
    line = json.loads((await run("--json", "--offline", code=1))[0])
    assert name in {each["file"] for each in line["findings"]} and not line["sound"]
    out, err = await run("--repair", "--offline", "--from", str(backup), code=1)
    assert "可恢复" in out and "试看" in err and not copy.repairs()
    assert "--by" in (await run("--repair", "--yes", code=2))[1]
    assert "没有文件夹" in (await run("--repair", "--from", "nowhere", code=2))[1]
    assert "--repair" in (await run("--from", str(backup), code=2))[1]
    out, _ = await run(copy.case, "--repair", "--from", str(backup), "--yes", "--by", "周九")
    assert f"已恢复：案卷 {copy.case} 的 {name}" in out
    assert [each.by for each in copy.repairs()] == ["周九"]
    (copy.home / "registry.db").unlink()
    out, err = await run(copy.case, "--json", code=3)
    assert "封存簿、登记库没有核对" in err and json.loads(out)["findings"] == []
