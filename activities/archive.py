"""The archive as the rest of the house sees it: papers by case and name, and by digest.

Adapters: `folder_archive.FolderArchive` (a folder on one machine's own disk), `s3_archive.S3Archive` (a bucket of an
S3 server). `open_archive` makes the one that the settings name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol
from urllib.parse import urlsplit

from models.bags import FiledPaper, Finding, Ledger, PaperRef
from models.keeping import KeepingPeriods

if TYPE_CHECKING:
    from activities.s3_archive import S3Archive
    from models.settings import Settings


class Shelf(Protocol):
    """Cases' folders, to be read: an archive, or bags that lie outside of any (`loose_bags`).

    Any method may raise Unreachable, or InputError for an unfit name.
    """

    def cases(self) -> Sequence[str]:
        """The ids of all cases that have a folder, in order."""
        ...

    def ledger(self, case_id: str) -> Ledger | None:
        """What a case's folder holds, and what its seal says; None for a case without a folder."""
        ...

    def papers(self, case_id: str) -> tuple[FiledPaper, ...]:
        """A case's papers in the order of filing; none for a case without a folder."""
        ...

    def is_sealed(self, case_id: str) -> bool:
        """Whether a case's folder was closed; False where there is none."""
        ...

    def open(self, case_id: str, name: str) -> BinaryIO:
        """A case's paper as a stream, to be closed by the caller; Refusal when there is none."""
        ...

    def read(self, digest: str) -> bytes:
        """A paper's bytes, checked against the digest; Refusal when there is none, or a damaged one."""
        ...


class Archive(Shelf, Protocol):
    """Where papers are kept for good."""

    def store(
        self,
        case_id: str,
        name: str,
        content: bytes | Path | BinaryIO,
        *,
        media_type: str,
        meta: Mapping[str, str],
    ) -> PaperRef:
        """File a paper in a case's folder, durably and once: the same paper under the same name is one.

        `name` is a path below `data/`, such as `papers/检察建议书.pdf`; `meta` says source, receipt.
        Raises InputError for a paper that is missing, empty or too large; Refusal for another paper under
        the name and for a sealed folder. Either way nothing is kept.
        """
        ...

    def seal(self, case_id: str, bag_info: Mapping[str, str]) -> str:
        """Close a folder at filing away, with fields for bag-info.txt (RFC 8493, 2.2.2); it takes nothing
        more.

        Answers the digest that vouches for all that is in the folder: whoever writes it down elsewhere can
        prove later that nothing was changed. The same seal again is no change; another one raises Refusal.
        """
        ...

    def verify(self, case_id: str, *, sealed: str = "") -> list[Finding]:
        """What is wrong with a case's folder, all of it read; `sealed` is what `seal` answered, if known."""
        ...

    def repair(self, case_id: str) -> bool:
        """Finish a write that was cut short; whether there was one. Refusal for what no crash can explain."""
        ...

    def put_back(self, case_id: str, paper: PaperRef, content: bytes | Path) -> None:
        """Put a paper of the ledger back where its bytes are gone or damaged. Refusal for bytes of another digest: then nothing
        is written.
        """
        ...

    def write_again(self, ledger: Ledger) -> None:
        """Write a case's ledger and what follows from it; whoever asks has proved the ledger by its voucher."""
        ...

    def tidy(self) -> None:
        """Remove the copies that writers who died left unfinished, a day later; others may be writing meanwhile."""
        ...


def open_archive(settings: Settings) -> Archive:
    """The archive that the settings name; reaches no server yet."""
    if settings.archive_url:
        return open_bucket(settings)
    from activities.folder_archive import FolderArchive

    return FolderArchive(settings.archive_folder)


def open_bucket(settings: Settings) -> S3Archive:
    """The archive in the bucket that the settings name; InputError when its certificate cannot be read."""
    # Each adapter is loaded where it is used: the script starts quicker without the other.
    from activities.s3_archive import S3Archive
    from activities.s3_requests import Access

    place = urlsplit(settings.archive_url)
    secret = settings.archive_secret
    assert secret is not None  # the settings see to it
    access = Access(
        endpoint=settings.archive_endpoint,
        bucket=place.netloc,
        region=settings.archive_region,
        key_id=settings.archive_key_id,
        secret=secret.get_secret_value().strip(),
        certificate=settings.archive_certificate,
    )
    return S3Archive(
        access,
        settings.home / "incoming",
        prefix=place.path.strip("/"),
        keeping=KeepingPeriods(
            settings.archive_years, {kind.value: each for kind, each in settings.archive_keeping.items()}
        ),
        mode=settings.archive_lock,
    )
