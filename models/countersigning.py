"""会签 ([公文]22): who issues a document jointly signs its draft before it goes out, as does a department that the draft names;
and who must have decided upon it.

A draft that is changed or given back is signed anew. What is missing is asked at the door alone: documents were issued jointly
before their signatures were recorded here, and stay issued.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from models.correspondence import Correspondence
from models.dates import future
from models.errors import Problem
from models.facts import Countersigned
from models.letters import Countersignature, Letter, Letters
from models.terms import Role


class Countersigning:
    """Enters countersignatures with the drafts of a case."""

    def __init__(self, correspondence: Correspondence) -> None:
        self._letters = correspondence.letters

    def check(self, fact: Countersigned, today: date) -> list[Problem]:
        """Whether it is clear which draft was signed, by one of those who must."""
        letters = self._drafts(fact.document)
        problems = future(fact.on, today)
        documents = "、".join(dict.fromkeys(each.document for each in self._letters.pending()))
        if not letters:
            what = f"没有待会签的文书“{fact.document or '（未填）'}”"
            return [*problems, Problem(what, f"可选：{documents or '无'}", "document")]
        asked = letters[0].must_countersign
        if fact.organ not in asked:
            remedy = (
                f"可选：{'、'.join(asked)}" if asked else "须会签的，起草时写明 joint_issuers、countersigners"
            )
            problems.append(Problem(f"{letters[0].document} 不须“{fact.organ}”会签", remedy, "organ"))
        elif fact.organ not in letters[0].awaited_signatures:
            remedy = "日期、签名有误的，更正（correct）"
            problems.append(Problem(f"{fact.organ}已会签 {letters[0].document}", remedy, "organ"))
        elif (since := letters[0].signed_from) is not None and fact.on.latest < since:
            what = f"会签日 {fact.on} 在 {letters[0].document} 修改或者退回（{since}）以前，会签的不是本稿"
            problems.append(Problem(what, "请其重新会签；日期有误的，改正日期", "on"))
        return problems

    def take(self, fact: Countersigned, today: date) -> str:
        """Signed as the draft now reads."""
        letters = self._drafts(fact.document)
        signature = Countersignature(fact.id, fact.on, fact.organ, fact.signer, fact.opinion)
        for letter in letters:
            letter.countersignatures.append(signature)
        waits = letters[0].awaited_signatures
        rest = f"，尚待{'、'.join(waits)}会签" if waits else "，会签完毕"
        return f"{letters[0].document} 于{fact.on}由{fact.organ}{fact.signer}会签{rest}"

    def _drafts(self, document: str) -> list[Letter]:
        return [each for each in self._letters.of_document(document) if each.is_pending]


def against_issue(letters: Iterable[Letter]) -> list[Problem]:
    """Whose signatures a document still waits for, which may not go out without them."""
    drafts = [each for each in letters if each.is_pending]
    if not drafts or not (waits := drafts[0].awaited_signatures):
        return []
    what = f"{drafts[0].document} 尚未经{'、'.join(waits)}会签（《党政机关公文处理工作条例》第二十二条）"
    return [Problem(what, "会签后记录（countersigned），再制发", "document")]


def undecided(letters: Iterable[Letter], role: Role) -> list[Problem]:
    """Whether a 检察建议 goes out that neither the chief procurator nor the committee has decided upon ([建议]15)."""
    drafts = [each for each in letters if each.is_pending and each.type.is_suggestion]
    if not drafts or role.is_chief or all(each.approved_by_chief for each in drafts):
        return []
    what = f"{drafts[0].document} 尚未由检察长或者检察委员会决定（[建议]15）"
    return [Problem(what, "由检察长审批后再制发，或者由检察长签发", "by")]


def signatures_awaited(letters: Letters) -> Iterator[str]:
    """For each draft that waits for signatures a sentence that says whose."""
    told: set[str] = set()
    for letter in letters.pending():
        if letter.awaited_signatures and letter.document not in told:
            told.add(letter.document)
            yield f"{letter.document} {letter.type.label}待{'、'.join(letter.awaited_signatures)}会签"
