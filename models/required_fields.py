"""What some general papers must hold besides what every such paper holds, and which article asks for it."""

from __future__ import annotations

from collections.abc import Mapping

from models.document_types import DocumentType
from models.paper_parts import Required

_ADVICE_RULES = "《人民检察院检察建议工作规定》"
_PUBLIC_INTEREST_RULES = "《人民检察院公益诉讼办案规则》"
_SUPERVISION_RULES = "《人民检察院行政诉讼监督规则》"

REQUIRED_OF: Mapping[str, tuple[Required, ...]] = {
    DocumentType.FILING_REPORT.value: (
        Required("body", "报备案的事由和审查情况", f"{_ADVICE_RULES}第二十一条"),
        Required(
            "attachments",
            "报备案的文书（作为附件）",
            f"{_ADVICE_RULES}第二十一条、{_PUBLIC_INTEREST_RULES}第七十五条",
        ),
    ),
    DocumentType.EVIDENCE_NOTICE.value: (
        Required("body", "调取证据的事由", f"{_PUBLIC_INTEREST_RULES}第三十八条"),
        Required("points", "调取的证据（清单所列）", f"{_PUBLIC_INTEREST_RULES}第三十八条"),
        Required("basis", "调取证据的法律依据"),
        Required("attachments", "调取证据清单（作为附件）", f"{_PUBLIC_INTEREST_RULES}第三十八条"),
    ),
    DocumentType.CORRECTION_DECISION.value: (
        Required("body", "所补正的文书及其错误", f"{_SUPERVISION_RULES}第一百三十一条"),
        Required("points", "补正后的内容", f"{_SUPERVISION_RULES}第一百三十一条"),
    ),
    DocumentType.FILE_HANDOVER_LIST.value: (
        Required("body", "随何文书移送", f"{_SUPERVISION_RULES}第九十二条、第一百一十三条"),
        Required("points", "所送案卷的目录", f"{_SUPERVISION_RULES}第九十二条、第一百一十三条"),
    ),
    DocumentType.FLOW_NOTICE.value: (
        Required("body", "发现的不规范情形", f"{_SUPERVISION_RULES}第一百一十八条"),
        Required("points", "请查明、纠正的事项", f"{_SUPERVISION_RULES}第一百一十八条"),
        Required("reply", "书面回复的期限", f"{_SUPERVISION_RULES}第一百一十八条"),
    ),
    DocumentType.APPOINTMENT_CERTIFICATE.value: (
        Required("body", "聘请何人、从事何事、聘期", "协作配合意见第六条"),
    ),
}
"""By the identifier of the document type (`series`)."""


def required_of(series: str) -> tuple[Required, ...]:
    """What a paper of that type must hold besides; nothing for most."""
    return REQUIRED_OF.get(series, ())


def says_itself(series: str) -> bool:
    """Whether its text must be written by staff: no standing sentence takes its place."""
    return any(required.field == "body" for required in required_of(series))
