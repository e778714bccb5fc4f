"""Whom a procuratorate may address by itself ([建议]3)."""

from __future__ import annotations

from models.bodies import Body, Jurisdiction
from models.errors import Problem
from models.terms import BodyKind


def against_addressing(
    jurisdiction: Jurisdiction, issuer: Body, recipient: Body, *, involved: bool = False
) -> list[Problem]:
    """What [建议]3 has against this issuer addressing this recipient by itself, and what to do instead.

    `involved`: the recipient is the unit of the very case (涉案单位), which may be addressed directly though it
    is a superior or a subordinate one; in another place its procuratorate is asked first all the same. Empty for
    an unchecked body: nothing is known of its level and place.
    """
    if issuer.kind is not BodyKind.PROCURATORATE:
        return [Problem(f"{issuer.name}不是人民检察院", remedy="制发单位写本院")]
    if recipient.kind is BodyKind.PROCURATORATE:
        return [Problem(f"收件单位{recipient.name}是检察院", remedy="检察院之间用移送、层报或者指令")]
    if not (issuer.checked and recipient.checked) or issuer.place == recipient.place:
        return []
    court = recipient.kind is BodyKind.COURT
    related = recipient.place in jurisdiction.above(issuer.place) or issuer.place in jurisdiction.above(
        recipient.place
    )
    if involved and related and not court:
        return []
    basis = "行政诉讼监督应向同级法院提出" if court else "检察建议工作规定第三条"
    counterpart = jurisdiction.of(recipient.place, BodyKind.PROCURATORATE)
    theirs = counterpart.name if counterpart else f"{recipient.name}所在地同级人民检察院"
    if recipient.place in jurisdiction.above(issuer.place):
        return [
            Problem(
                f"{issuer.name}不能自行向上级单位{recipient.name}提出检察建议（{basis}）",
                remedy=f"提请{theirs}监督" if court else f"层报{theirs}决定并提出，或者制作后报其审核并转送",
            )
        ]
    if issuer.place in jurisdiction.above(recipient.place):
        return [
            Problem(
                f"{issuer.name}不能自行向下级单位{recipient.name}提出检察建议（{basis}）",
                remedy=f"指令{theirs}提出",
            )
        ]
    if court:
        remedy = f"移送{theirs}监督"
    elif recipient.level and issuer.level and recipient.level.rank < issuer.level.rank:
        remedy = f"层报至与其同级的人民检察院，由该院征求{theirs}的意见后决定"
    else:
        remedy = f"先征求{theirs}的意见；意见不同而仍坚持的，层报共同的上级人民检察院决定"
    return [Problem(f"{recipient.name}不在{issuer.name}的辖区（{basis}）", remedy=remedy)]
