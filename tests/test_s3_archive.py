"""The archive in a bucket, when things go wrong: races, deaths, an absent server, tampering, attempts to delete."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.archive import open_archive
from activities.folder_archive import FolderArchive
from activities.s3_archive import S3Archive
from activities.s3_bucket import AT_ONCE, Bucket
from activities.s3_requests import Access, Refused, S3Requests, signed_headers
from models.errors import InputError, Refusal, Unreachable
from models.keeping import KeepingPeriods
from models.settings import load_settings
from starter.provision.s3_server import S3Server
from tests.kept_archives import CASE, LETTER, REPLY, SECRET, access_to, bucket_archive, kept_names, objects
from tests.test_archive import file_paper, names, said

pytest_plugins = ["tests.archives"]

DIED = 77
SEAL = {"Bagging-Date": "2021-12-01", "Source-Organization": "三明市人民检察院"}


@pytest.fixture
def archive(s3_server: S3Server, root: Path) -> S3Archive:
    return bucket_archive(s3_server, root)


def again(archive: S3Archive, **options: Any) -> S3Archive:
    """The same corner of the bucket, as another process has it."""
    return S3Archive(archive.bucket.access, archive._incoming, prefix=archive.bucket.prefix, **options)


def key(archive: S3Archive, name: str) -> str:
    return f"{archive.bucket.prefix}/{name}"


def delete(archive: S3Archive, name: str, version: str | None) -> None:
    """Delete an object as somebody with all rights would: its newest version, or one in particular."""
    archive.bucket.requests._ask("DELETE", key(archive, name), {"versionId": version} if version else None)


def version_of(archive: S3Archive, name: str) -> str:
    version = archive.bucket.store.head(name)["version"]
    assert version is not None
    return version


# Races


def test_of_two_contents_racing_for_a_name_one_wins(archive: S3Archive) -> None:
    def one(number: int) -> bool:
        try:
            return bool(file_paper(again(archive), LETTER, f"{number % 2}".encode()))
        except Refusal as refusal:
            assert said_by(refusal, "已有同名文件", "换一个文件名再存")
            return False

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(one, range(8)))
    winner = archive.read(archive.papers(CASE)[0].paper.digest)
    assert won == [f"{number % 2}".encode() == winner for number in range(8)]
    assert names(archive) == [LETTER] and archive.verify(CASE) == []


def test_many_writers_lose_no_line(archive: S3Archive) -> None:
    def writing(who: int) -> None:
        writer = again(archive)
        for number in range(6):
            file_paper(writer, f"papers/{who}-{number}.pdf", f"{who} {number}".encode())
            file_paper(writer, f"papers/共同-{number}.pdf", f"{number}".encode())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(writing, range(4)))
    assert len(names(archive)) == len(set(names(archive))) == 4 * 6 + 6
    assert archive.verify(CASE) == [] and objects(archive) == 4 * 6 + 6
    assert not archive._incoming.exists()  # small papers need no room aside


def test_nothing_slips_in_beside_a_seal(archive: S3Archive) -> None:
    file_paper(archive, LETTER, b"letter")

    def work(number: int) -> str:
        try:
            if number == 3:
                return again(archive).seal(CASE, SEAL)
            return file_paper(again(archive), f"papers/{number}.pdf", f"{number}".encode()).name
        except Refusal as refusal:
            assert said_by(refusal, "已经归档封存")
            return ""

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(work, range(6)))
    filed = [name for number, name in enumerate(done) if name and number != 3]
    assert set(names(archive)) == {LETTER, *filed} and archive.is_sealed(CASE)
    assert archive.verify(CASE, sealed=done[3]) == []


# Deaths


def test_death_at_any_request_loses_nothing(archive: S3Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that dies before its n-th request, for every n, at the filing and at the sealing."""

    class Died(BaseException):
        pass

    def dying_at(step: int, work: Callable[[S3Archive], object]) -> bool:
        left = step
        writer = again(archive)

        def doomed(call: Callable[..., Any]) -> Callable[..., Any]:
            def counted(*given: Any, **options: Any) -> Any:
                nonlocal left
                left -= 1
                if not left:
                    raise Died
                return call(*given, **options)

            return counted

        class Doomed:
            def __getattr__(self, name: str) -> Any:
                return doomed(getattr(again_store, name))

        again_store = writer.bucket.store
        monkeypatch.setattr(writer.bucket, "store", Doomed())
        monkeypatch.setattr(writer.bucket.requests, "_ask", doomed(writer.bucket.requests._ask))
        try:
            work(writer)
        except Died:
            return True
        return False

    earlier = [LETTER]
    file_paper(archive, LETTER, b"letter")
    for work, what in (
        (lambda each: file_paper(each, REPLY, b"reply"), "filing"),
        (lambda each: each.seal(CASE, SEAL), "sealing"),
    ):
        step = 1
        while dying_at(step, work):
            findings = archive.verify(CASE)
            assert {each.kind for each in findings} <= ({"unfinished"} if what == "sealing" else set())
            assert names(archive)[: len(earlier)] == earlier
            step += 1
        earlier = names(archive)
        assert archive.verify(CASE) == [] and step > 2, what
    assert earlier == [LETTER, REPLY] and objects(archive) == 2


def test_a_seal_cut_short_is_finished_by_a_repair(
    archive: S3Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_paper(archive, LETTER, b"letter")
    with monkeypatch.context() as patched:
        patched.setattr(archive.bucket.requests, "lock", lambda *_: (_ for _ in ()).throw(Unreachable("x")))
        with pytest.raises(Unreachable):
            archive.seal(CASE, SEAL)
    assert archive.is_sealed(CASE)
    assert [(each.kind, each.what) for each in archive.verify(CASE)] == [("unfinished", "封存后没有全部锁定")]
    assert archive.repair(CASE) is True
    assert archive.repair(CASE) is False
    assert archive.verify(CASE) == []


def test_a_server_killed_between_paper_and_ledger_is_no_harm(
    own_s3_server: S3Server, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = bucket_archive(own_s3_server, root)
    archive.bucket.make()
    file_paper(archive, LETTER, b"letter")
    with monkeypatch.context() as patched:
        keep = archive._keep

        def kept_then_killed(*given: Any) -> None:
            keep(*given)
            (watching,) = own_s3_server._running
            os.killpg(watching.pid, signal.SIGKILL)
            own_s3_server.stop()

        patched.setattr(archive, "_keep", kept_then_killed)
        begun = time.monotonic()
        with pytest.raises(Unreachable) as error:
            file_paper(archive, REPLY, b"reply")
        assert said(error, "没有应答", "查看 S3 服务是否在运行") and time.monotonic() - begun < 20
    own_s3_server.start()
    assert names(archive) == [LETTER] and archive.verify(CASE) == [] and objects(archive) == 2
    reply = file_paper(archive, REPLY, b"reply")
    assert names(archive) == [LETTER, REPLY] and archive.read(reply.digest) == b"reply"
    assert archive.verify(CASE) == [] and objects(archive) == 2
    assert not archive._incoming.exists()  # small papers need no room aside


def test_a_worker_killed_while_a_large_paper_goes_up_shows_nothing_of_it(
    archive: S3Archive, tmp_path: Path
) -> None:
    large = tmp_path / "录像.mp4"
    large.write_bytes(os.urandom(4 * AT_ONCE))
    digest = hashlib.sha256(large.read_bytes()).hexdigest()
    archive._incoming.mkdir(parents=True)
    command = [sys.executable, "-c", _FILING, *_where(archive), str(large)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as worker:
        # Once the whole paper lies aside, the first of its parts go up.
        while not any(path.stat().st_size == 4 * AT_ONCE for path in archive._incoming.iterdir()):
            assert worker.poll() is None
            time.sleep(0.005)
        worker.kill()
    assert kept_names(archive) == []
    (left,) = archive._incoming.iterdir()
    archive.tidy()
    assert left.exists()  # somebody may still be sending it
    os.utime(left, (0, 0))
    archive.tidy()
    assert not left.exists()
    paper = archive.store(CASE, "papers/录像.mp4", large, media_type="video/mp4", meta={})
    assert paper.digest == digest and archive.verify(CASE) == []


_FILING = """
import sys, time
from pathlib import Path
from activities.s3_archive import S3Archive
from activities.s3_requests import Access
endpoint, bucket, region, key_id, secret, incoming, prefix, paper = sys.argv[1:]
archive = S3Archive(Access(endpoint, bucket, region, key_id, secret), Path(incoming), prefix=prefix)
archive.papers("urging-1")
status = Path("/proc/self/status")  # what getrusage says would count the parent's memory too
def highest(): return int(status.read_text().split("VmHWM:")[1].split()[0]) if status.exists() else 0
before = highest()
begun = time.monotonic()
archive.store("urging-1", "papers/x.mp4", Path(paper), media_type="video/mp4", meta={})
assert archive.verify("urging-1") == []
print(highest() - before, time.monotonic() - begun)
"""


def _where(archive: S3Archive) -> list[str]:
    access = archive.bucket.access
    place = [access.endpoint, access.bucket, access.region, access.key_id, access.secret]
    return [*place, str(archive._incoming), archive.bucket.prefix]


def test_a_large_paper_takes_little_memory(archive: S3Archive, tmp_path: Path) -> None:
    """Of the whole process, obstore's own memory included: 64 MB go up and are read again."""
    large = tmp_path / "录像.mp4"
    with large.open("wb") as file:
        for _ in range(64):
            file.write(os.urandom(1024 * 1024))
    done = subprocess.run(
        [sys.executable, "-c", _FILING, *_where(archive), str(large)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    kilobytes, seconds = done.stdout.split()
    assert int(kilobytes) < 48 * 1024 and float(seconds) < 60, done.stdout
    assert again(archive).papers("urging-1")[0].paper.size == 64 * 1024 * 1024


def test_a_large_paper_twice_is_one_object(archive: S3Archive, tmp_path: Path) -> None:
    large = tmp_path / "录像.mp4"
    large.write_bytes(b"x" * (AT_ONCE + 1))
    for name in ("papers/一.mp4", "papers/二.mp4", "papers/一.mp4"):
        archive.store(CASE, name, large, media_type="video/mp4", meta={})
    assert objects(archive) == 1 and archive.bucket.meddled(f"cases/{CASE}") == []
    digest = archive.papers(CASE)[0].paper.digest
    assert list(archive.bucket.requests.meddled(key(archive, f"objects/sha256/{digest[:2]}/"))) == []
    with archive.open(CASE, "papers/二.mp4") as file:
        assert hashlib.sha256(file.read()).hexdigest() == digest


def test_a_case_whose_id_begins_like_another_is_another(archive: S3Archive) -> None:
    for case in ("urging-1", "urging-10"):
        file_paper(archive, LETTER, case.encode(), case)
    assert [archive.verify(case) for case in archive.cases()] == [[], []]
    assert list(archive.cases()) == ["urging-1", "urging-10"] and len(names(archive, "urging-1")) == 1


# The way to the server


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    nowhere = Access("http://127.0.0.1:9", "mingjian", "us-east-1", "k", "s")
    archive = S3Archive(nowhere, tmp_path)
    for ask in (
        lambda: file_paper(archive, LETTER, b"x"),
        lambda: archive.papers(CASE),
        lambda: archive.open(CASE, LETTER),
        lambda: archive.read("0" * 64),
        lambda: archive.seal(CASE, SEAL),
        lambda: archive.verify(CASE),
        lambda: archive.cases(),
        lambda: archive.is_sealed(CASE),
        lambda: archive.bucket.check(),
        lambda: archive.bucket.make(),
    ):
        with pytest.raises(Unreachable) as error:
            ask()
        assert said(error, "127.0.0.1:9", "没有应答", "查看 S3 服务是否在运行")


def test_a_wrong_secret_and_a_bucket_that_is_not_there_are_told_apart(
    s3_server: S3Server, tmp_path: Path
) -> None:
    stranger = S3Archive(access_to(s3_server, secret="wrong" * 8), tmp_path)
    elsewhere = S3Archive(access_to(s3_server, bucket="nowhere"), tmp_path)
    for archive, words in ((stranger, "拒绝访问"), (elsewhere, "没有这个存储桶")):
        for ask in (
            lambda each=archive: file_paper(each, LETTER, b"x"),
            lambda each=archive: each.read("0" * 64),
            lambda each=archive: each.verify(CASE),
            lambda each=archive: each.bucket.check(),
        ):
            with pytest.raises(Unreachable) as error:
                ask()
            assert said(error, words) and "wrongwrong" not in str(error.value)


def test_a_bucket_that_cannot_lock_is_refused(s3_server: S3Server, tmp_path: Path) -> None:
    plain = access_to(s3_server, bucket="plain")
    S3Requests(plain)._ask("PUT", "")
    for ask in (Bucket(plain).check, Bucket(plain).make):
        with pytest.raises(Unreachable) as error:
            ask()
        assert said(error, "没有启用对象锁定")


# The lock


def test_nothing_of_a_sealed_folder_can_be_deleted_or_shortened(archive: S3Archive) -> None:
    for name in (LETTER, REPLY):
        file_paper(archive, name, name.encode())
    voucher = archive.seal(CASE, SEAL)
    assert len(kept_names(archive)) == 5
    until = datetime(2082, 1, 1, tzinfo=UTC)  # 长期 60 years after the year of closing
    for name in kept_names(archive):
        version = version_of(archive, name)
        assert archive.bucket.requests.locked_until(key(archive, name)) == until
        with pytest.raises(Refused, match="AccessDenied"):
            delete(archive, name, version)
        with pytest.raises(Refused, match="AccessDenied"):
            sooner = "<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>2027-01-01T00:00:00Z</RetainUntilDate></Retention>"
            archive.bucket.requests._ask("PUT", key(archive, name), {"retention": ""}, sooner.encode())
        archive.bucket.requests.lock(key(archive, name), datetime(2030, 1, 1, tzinfo=UTC), "compliance")
        assert archive.bucket.requests.locked_until(key(archive, name)) == until
    assert archive.seal(CASE, SEAL) == voucher and archive.verify(CASE, sealed=voucher) == []


def test_the_voucher_is_the_one_of_the_folder_on_disk(archive: S3Archive, tmp_path: Path) -> None:
    folder = FolderArchive(tmp_path / "folder")
    for each in (archive, folder):
        file_paper(each, LETTER, b"letter")
    assert archive.seal(CASE, SEAL) == folder.seal(CASE, SEAL)


@pytest.mark.parametrize(
    ("kind", "year"), [("urging", 2052), ("public_interest", 2122), ("clue", 2082), ("campaign", 2082)]
)
def test_each_class_is_kept_for_its_years(s3_server: S3Server, root: Path, kind: str, year: int) -> None:
    """〔86〕高检会〔办〕字第11号：长期六十年，短期二十年至三十年；永久在此为一百年。"""
    keeping = KeepingPeriods(by_kind={"urging": "短期", "public_interest": "永久", "clue": "长期"})
    archive = bucket_archive(s3_server, root, keeping=keeping, mode="governance")
    case = f"{kind}-350400-2021-0007"
    file_paper(archive, LETTER, b"letter", case)
    archive.seal(case, SEAL)
    for name in kept_names(archive):
        assert archive.bucket.requests.locked_until(key(archive, name)) == datetime(year, 1, 1, tzinfo=UTC)


def test_a_paper_of_two_cases_is_kept_for_the_longer_period(s3_server: S3Server, root: Path) -> None:
    keeping = KeepingPeriods(by_kind={"clue": "短期"})
    archive = bucket_archive(s3_server, root, keeping=keeping)
    for case in ("urging-1", "clue-1"):
        digest = file_paper(archive, LETTER, b"letter", case).digest
    for case in ("urging-1", "clue-1"):
        archive.seal(case, SEAL)
        path = key(archive, f"objects/sha256/{digest[:2]}/{digest}")
        assert archive.bucket.requests.locked_until(path) == datetime(2082, 1, 1, tzinfo=UTC)
    assert archive.verify("urging-1") == archive.verify("clue-1") == []


def test_a_period_that_is_over_locks_nothing(s3_server: S3Server, root: Path) -> None:
    archive = bucket_archive(s3_server, root, keeping=KeepingPeriods({"永久": 100, "长期": 1, "短期": 1}))
    file_paper(archive, LETTER, b"letter")
    voucher = archive.seal(CASE, {"Bagging-Date": "1999-05-01"})
    assert archive.verify(CASE, sealed=voucher) == []
    assert archive.bucket.requests.locked_until(key(archive, kept_names(archive)[0])) is None


# Tampering


def rewrite(archive: S3Archive, name: str, content: bytes, **attributes: str) -> None:
    archive.bucket.store.put(name, content, attributes=dict(attributes))


def page(number: int) -> str:
    return f"cases/{CASE}/ledger/{number:06d}.jsonl"


def object_of(archive: S3Archive, name: str) -> str:
    digest = next(filed.paper.digest for filed in archive.papers(CASE) if filed.paper.name == name)
    return f"objects/sha256/{digest[:2]}/{digest}"


def forge(archive: S3Archive, number: int) -> None:
    """A page with another source, and the digest that goes with it."""
    content = bytes(archive.bucket.store.get(page(number)).bytes()).replace(
        "大田县".encode(), "永安市".encode()
    )
    rewrite(archive, page(number), content, digest=hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (lambda each: rewrite(each, object_of(each, LETTER), b"forged"), ["altered data/" + LETTER]),
        (lambda each: delete(each, object_of(each, LETTER), None), ["missing data/" + LETTER]),
        (lambda each: rewrite(each, f"cases/{CASE}/data/x.pdf", b"x"), ["unregistered data/x.pdf"]),
        (lambda each: rewrite(each, f"cases/{CASE}/x.txt", b"x"), ["unregistered x.txt"]),
        (
            lambda each: delete(each, page(2), None),
            ["altered ledger/000002.jsonl", "missing ledger/000002.jsonl"],
        ),
        (lambda each: delete(each, page(3), None), ["altered ledger/000003.jsonl"]),
        (
            lambda each: rewrite(each, page(2), b"\xff"),
            ["altered ledger/000002.jsonl", "altered ledger.jsonl"],
        ),
        (lambda each: rewrite(each, page(3), b"{}"), ["altered ledger/000003.jsonl", "altered ledger.jsonl"]),
        (lambda each: forge(each, 2), ["altered ledger/000002.jsonl"] * 2),
        (lambda each: forge(each, 3), ["altered ledger/000003.jsonl", "altered ledger/000002.jsonl"]),
    ],
)
def test_tampering_is_found_and_named(
    archive: S3Archive, harm: Callable[[S3Archive], object], found: list[str]
) -> None:
    for name in (LETTER, REPLY, "papers/三.pdf"):
        file_paper(archive, name, name.encode())
    harm(archive)
    findings = archive.verify(CASE)
    assert [f"{each.kind} {each.file}" for each in findings] == found
    assert all(each.what and each.remedy for each in findings)


def test_nothing_is_filed_in_a_folder_whose_ledger_was_changed(archive: S3Archive) -> None:
    file_paper(archive, LETTER, b"1")
    content = bytes(archive.bucket.store.get(page(1)).bytes())
    rewrite(archive, page(1), content.replace("大田县".encode(), "永安市".encode()))
    for write in (lambda: file_paper(again(archive), REPLY, b"2"), lambda: archive.seal(CASE, SEAL)):
        with pytest.raises(Refusal) as error:
            write()
        assert said(error, "ledger.jsonl", "可能被改动")
    rewrite(archive, page(1), content, digest=hashlib.sha256(content).hexdigest())
    file_paper(again(archive), REPLY, b"2")
    assert names(archive) == [LETTER, REPLY]


def test_who_wrote_the_last_page_goes_on_from_what_it_wrote(archive: S3Archive) -> None:
    """It does not ask for that page again: a change of it is told by `verify`, and what it said stands in the next."""
    file_paper(archive, LETTER, b"1")
    content = bytes(archive.bucket.store.get(page(1)).bytes())
    rewrite(archive, page(1), content.replace("大田县".encode(), "永安市".encode()))
    file_paper(archive, REPLY, b"2")
    assert names(again(archive)) == [LETTER, REPLY]
    assert "可能被改动" in str(archive.verify(CASE)) or "覆盖" in str(archive.verify(CASE))
    assert again(archive).papers(CASE) == archive.papers(CASE)


def test_a_damaged_paper_is_healed_by_the_next_that_is_the_same(archive: S3Archive) -> None:
    paper = file_paper(archive, LETTER, b"letter")
    rewrite(archive, object_of(archive, LETTER), b"forged")
    with pytest.raises(Refusal) as error:
        archive.read(paper.digest)
    assert said(error, "指纹不符")
    file_paper(archive, REPLY, b"letter")
    assert archive.read(paper.digest) == b"letter" and archive.verify(CASE) == []


# The signature


def test_the_signature_is_that_of_the_published_example() -> None:
    """GET Bucket Lifecycle, of the S3 documentation's examples of Signature Version 4."""
    access = Access(
        "https://examplebucket.s3.amazonaws.com",
        "",
        "us-east-1",
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )
    signed = signed_headers(
        access,
        "GET",
        "/",
        "lifecycle=",
        {},
        hashlib.sha256(b"").hexdigest(),
        datetime(2013, 5, 24, tzinfo=UTC),
    )
    assert signed["authorization"].endswith(
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
    )
    assert "wJalr" not in repr(access)


# Settings


def test_the_archive_is_the_one_that_the_settings_name(s3_server: S3Server, tmp_path: Path) -> None:
    assert isinstance(open_archive(load_settings(home=tmp_path)), FolderArchive)
    settings = load_settings(
        home=tmp_path,
        archive_url="s3://mingjian/by-settings",
        archive_endpoint=s3_server.endpoint,
        archive_key_id=s3_server.key_id,
        archive_secret=SECRET + "\n",
        archive_keeping={"urging": "永久"},
    )
    archive = open_archive(settings)
    assert file_paper(archive, LETTER, b"x").name == LETTER
    archive.seal(CASE, SEAL)
    assert isinstance(archive, S3Archive) and list(archive.cases()) == [CASE]
    locked = archive.bucket.requests.locked_until("by-settings/" + page(1))
    assert locked == datetime(2122, 1, 1, tzinfo=UTC)
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    "content", [None, "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n", "x"]
)
def test_a_certificate_that_is_none_is_told(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(InputError) as error:
        S3Archive(Access("https://127.0.0.1:9", "mingjian", "r", "k", "s", file), tmp_path)
    assert said(error, "证书读不懂", str(file))


def said_by(refusal: Refusal, *words: str) -> bool:
    return all(word in str(refusal) for word in words)
