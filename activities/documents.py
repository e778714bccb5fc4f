"""Making papers: number, typeset, archive; once under each order, however often it is tried."""

from __future__ import annotations

from typing import Protocol

from temporalio import activity

from activities.archive import Archive
from activities.folders import acting_run, find_paper, folder_beside, paper_in
from activities.numbers import numbered_as
from models.bags import Ledger, PaperRef
from models.documents import Paper, series_of
from models.errors import Problem, Refusal
from models.messages import PaperMade
from models.orders import PaperOrder
from models.tasks import Task


class Typesetting(Protocol):
    """Sets a paper as PDF; the same paper gives the same bytes."""

    def render(self, paper: Paper) -> bytes: ...


class Numbers(Protocol):
    """Gives internal numbers without gaps, and keeps official ones unique."""

    def number(self, county: str, kind: str, year: int, key: str) -> int:
        """The number that belongs to a key: the next one, or the one it already has."""
        ...

    def issued_number(
        self, county: str, kind: str, year: int, key: str, *, issuer: str, official_no: str
    ) -> int:
        """The same for a paper with an official 文号, which is entered too; Refusal when another document holds it."""
        ...


class Documents:
    """Makes the papers that cases order."""

    def __init__(self, typesetter: Typesetting, numbers: Numbers, archive: Archive) -> None:
        self._typesetter = typesetter
        self._numbers = numbers
        self._archive = archive

    # Not interrupted, for the reason given at `SettlingRoom.settle`.
    @activity.defn(name=Task.MAKE_PAPER.value, no_thread_cancel_exception=True)
    def make(self, order: PaperOrder) -> PaperMade:
        """Number, set and archive one paper.

        Refusal for a 文号 that is taken, text that cannot be set, and a name under which another paper of the case lies.
        """
        name = f"papers/out/{order.name}"
        ledger = self._archive.ledger(order.case)
        folder = folder_beside(ledger, order.case, acting_run())
        # Asked before anything is numbered: a number is never taken back.
        stored = self._stored(order, ledger, folder, name)
        paper, series = order.paper, series_of(order.paper)
        key = f"{order.case}/{order.document}"
        if order.official_no:
            number = self._numbers.issued_number(
                order.county, series, order.year, key, issuer=order.issuer, official_no=order.official_no
            )
        else:
            number = self._numbers.number(order.county, series, order.year, key)
        internal_no = numbered_as(order.county, series, order.year, number)
        if stored is None:
            stored = self._archive.store(
                folder,
                name,
                self._typesetter.render(paper.model_copy(update={"internal_number": internal_no})),
                media_type="application/pdf",
                meta={"order": order.order, "internal_no": internal_no, "official_no": order.official_no},
            )
        return PaperMade(id=f"{order.order}/made", order=order.order, paper=stored, internal_no=internal_no)

    def _stored(self, order: PaperOrder, ledger: Ledger | None, folder: str, name: str) -> PaperRef | None:
        """The paper as it was made before; one that was sealed is not made again by a run that was reset to before it."""
        filed = paper_in(ledger, name)
        if filed is None and folder != order.case:
            filed = find_paper(self._archive, folder, name)
        if filed is None:
            return None
        if filed.meta.get("order") != order.order:
            raise Refusal(
                Problem(
                    f"案卷中已有另一份文书名为“{order.name}”，本份（{order.order}）不能以此名存入",
                    "核对案卷文件夹里的该份文书，由运维人员查明来历",
                    file=name,
                )
            )
        return filed.paper
