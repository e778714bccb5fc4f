"""What the words of a note say of proof and of judgments: by what a thing was found, what was ordered, within how long."""

from __future__ import annotations

import re

from models.said.public_suits import Performance
from models.terms import Instance, Proof, Relief
from models.wire import Period

_RELIEFS = (
    (re.compile(r"责令|判令|限期?[^，；。]{0,8}(?:内|履|处理)"), Relief.ORDERED),
    (re.compile(r"确认[^，；。]*违法|违法"), Relief.DECLARED_UNLAWFUL),
    (re.compile(r"撤销"), Relief.ANNULLED),
    (re.compile(r"驳回"), Relief.DISMISSED),
    (re.compile(r"维持"), Relief.UPHELD),
)
_PROOFS = (
    (re.compile(r"卫星|遥感|影像"), Proof.SATELLITE),
    (re.compile(r"无人机|航拍"), Proof.DRONE),
    (re.compile(r"挖|铲|探"), Proof.EXCAVATION),
    (re.compile(r"检测|监测"), Proof.TEST),
    (re.compile(r"鉴定"), Proof.APPRAISAL),
    (re.compile(r"专家"), Proof.EXPERT_OPINION),
    (re.compile(r"第三方|评估"), Proof.THIRD_PARTY),
    (re.compile(r"人民监督员"), Proof.PEOPLES_SUPERVISOR),
    (re.compile(r"听证"), Proof.HEARING),
    (re.compile(r"督察|销号"), Proof.INSPECTORATE),
    (re.compile(r"验收"), Proof.AGENCY_ACCEPTANCE),
    (re.compile(r"入库|凭证|票据"), Proof.ACCOUNTS),
    (re.compile(r"实地|现场|回头看|巡查|复查"), Proof.SITE_SURVEY),
)
_NUMERALS = {each: number for number, each in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_LENGTH = re.compile(r"(\d+|[一二三四五六七八九十两])(个?工作日|日|天|个月)")
_LONGER = re.compile(r"延长[^，；。]*?(\d+|[一二两三])个?月")


def proofs(told: str) -> tuple[Proof, ...]:
    """By what a thing was found."""
    return tuple(proof for pattern, proof in _PROOFS if pattern.search(told))


def reliefs(note: str) -> tuple[Relief, ...]:
    """What a judgment says."""
    return tuple(relief for pattern, relief in _RELIEFS if pattern.search(note))


def orders(note: str) -> tuple[Performance, ...]:
    """What a judgment orders within a period, where its source tells one."""
    told = _LENGTH.search(note)
    if told is None:
        return ()
    unit = "months" if "月" in told[2] else "working_days" if "工作" in told[2] else "days"
    within = Period.model_validate({"amount": _number(told[1]), "unit": unit})
    return (Performance(what=note[:500], within=within),)


def instance(word: str, note: str) -> Instance:
    """By which court."""
    if re.search(r"二审|终审|中级人民法院判决|中院判决", note):
        return Instance.SECOND
    return Instance.RETRIAL if word == "retrial_judgment" else Instance.FIRST


def panel(note: str) -> str:
    """The bench, where it is told."""
    told = re.search(r"[三五七]人(?:制)?合议庭|[三五七]名法官", note)
    return told[0] if told else ""


def defendant(note: str) -> str:
    """Whom a suit is said to be against."""
    told = re.search(r"诉(?!讼)([\w（）]+)", note)
    return told[1][:100] if told else ""


def longer(note: str) -> Period | None:
    """By how much the review for suit is said to have been lengthened."""
    told = _LONGER.search(note)
    return Period(amount=_number(told[1]), unit="months") if told else None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMERALS[text]
