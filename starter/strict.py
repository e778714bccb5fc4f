"""Checking what was written against a model of the core, strictly, with every problem at once and in Chinese.

The models themselves ignore fields they do not know, because an old worker meets new payloads; here, at the
edge where people type, an unknown field is a slip of the pen.
"""

from __future__ import annotations

import re
import types
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from models.body_names import split_names
from models.dates import EventDate
from models.errors import InputError, Problem
from models.terms import LabelledEnum
from models.wire import Period
from starter.written import Where, Written

Model = TypeVar("Model", bound=BaseModel)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PERIOD = re.compile(r"(\d+)\s*(\D+)")
_UNITS = {
    "个工作日": "working_days",
    "工作日": "working_days",
    "日": "days",
    "天": "days",
    "个月": "months",
    "月": "months",
}
_YES_NO = {"是": True, "否": False, "true": True, "false": False, "yes": True, "no": False}


def check(model: type[Model], written: Written) -> Model:
    """The model that was written; InputError with all that is wrong with it."""
    found, problems = attempt(model, written)
    if found is None or problems:
        raise InputError(problems)
    return found


def attempt(model: type[Model], written: Written) -> tuple[Model | None, list[Problem]]:
    """The model as far as it can be made, and all that is wrong with it."""
    walk = _Walk(written)
    value = walk.through(model, written.value, ())
    try:
        return TypeAdapter(model).validate_python(value), walk.problems
    except ValidationError as error:
        for each in error.errors():
            where = tuple(each["loc"])
            if not any(where[: len(known)] == known or known[: len(where)] == where for known in walk.wrong):
                walk.problems.append(written.problem(where, *_said(each)))
        return None, _in_order(walk.problems)


class _Walk:
    """Goes through what was written beside the model, and reads what the model would read too generously."""

    def __init__(self, written: Written) -> None:
        self._written = written
        self.problems: list[Problem] = []
        self.wrong: list[Where] = []

    def through(self, wanted: Any, value: Any, where: Where) -> Any:
        wanted = bare(wanted)
        if isinstance(wanted, type) and issubclass(wanted, BaseModel):
            return self._fields(wanted, value, where)
        if get_origin(wanted) is tuple:
            # One value where a list belongs is a list of one; several in one word stand apart by “；”.
            parts = value if isinstance(value, list) else _apart(value)
            return [self.through(get_args(wanted)[0], each, (*where, n)) for n, each in enumerate(parts)]
        if not isinstance(value, str):
            if wanted is str:
                self._refuse(where, "应为一段文字", "整段加引号，或用“|”另起一行写")
            return value
        if wanted is date:
            return self._day(value, where)
        if wanted is EventDate:
            return self._event_date(value, where)
        if wanted is bool:
            return self._yes_no(value, where)
        if get_origin(wanted) is Literal:
            return _UNITS.get(value.strip(), value.strip())
        if isinstance(wanted, type) and issubclass(wanted, LabelledEnum):
            return self._term(wanted, value, where)
        return value

    def _fields(self, model: type[BaseModel], value: Any, where: Where) -> Any:
        if model is Period and isinstance(value, str) and (period := _PERIOD.fullmatch(value.strip())):
            value = {"amount": period[1], "unit": period[2]}
        if not isinstance(value, dict):
            names = "、".join(model.model_fields)
            hint = (
                "冒号用半角“: ”"
                if isinstance(value, str) and "：" in value
                else f"写作“字段: 值”，可用字段：{names}"
            )
            self._refuse(where, "应为一组字段", hint)
            return value
        known = model.model_fields
        for key in value:
            if key not in known:
                near = get_close_matches(key, known, n=1, cutoff=0.6)
                remedy = f"是不是 {near[0]}" if near else f"可用字段：{'、'.join(known)}"
                self._refuse((*where, key), "不认识的字段", remedy)
        return {
            key: self.through(known[key].annotation, each, (*where, key))
            for key, each in value.items()
            if key in known
        }

    def _day(self, value: str, where: Where) -> Any:
        text = value.strip()
        if not _DAY.fullmatch(text):
            # pydantic would read 20210915 as seconds since 1970.
            self._refuse(where, f"“{text}”不是日期", "写作 2021-09-15")
            return value
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._refuse(where, f"“{text}”不是存在的日期", "请核对年、月、日")
            return value

    def _event_date(self, value: str, where: Where) -> Any:
        try:
            return EventDate.parse(value)
        except InputError as error:
            for each in error.problems:
                self._refuse(where, each.what, each.remedy)
            return value

    def _yes_no(self, value: str, where: Where) -> Any:
        if value.strip().lower() not in _YES_NO:
            self._refuse(where, f"“{value}”应为是或否", "写 true（是）或 false（否）")
            return value
        return _YES_NO[value.strip().lower()]

    def _term(self, terms: type[LabelledEnum], value: str, where: Where) -> Any:
        try:
            return terms(value.strip())
        except ValueError:
            self._refuse(where, f"不认识“{value}”", f"可用：{choices(terms)}")
            return value

    def _refuse(self, where: Where, what: str, remedy: str) -> None:
        self.wrong.append(where)
        self.problems.append(self._written.problem(where, what, remedy))


def _apart(value: Any) -> list[Any]:
    return list(split_names(value)) or [value] if isinstance(value, str) else [value]


def choices(terms: type[StrEnum]) -> str:
    """Every term with its label: `post 邮寄送达；direct 直接送达`."""
    return "；".join(f"{term.value} {getattr(term, 'label', '')}".strip() for term in terms)


def bare(wanted: Any) -> Any:
    """A field's type without `Annotated` and `| None`."""
    while get_origin(wanted) is Annotated:
        wanted = get_args(wanted)[0]
    if get_origin(wanted) in (Union, types.UnionType):
        real = [each for each in get_args(wanted) if each is not type(None)]
        if len(real) == 1:
            return bare(real[0])
    return wanted


_MEANINGS = {
    "missing": ("缺少这一项", "请填写"),
    "string_type": ("应为一段文字", "加上引号"),
    "string_too_short": ("不能为空", "请填写"),
    "string_too_long": ("过长", "不超过 {max_length} 字"),
    "string_pattern_mismatch": ("写法不对", "应符合 {pattern}"),
    "too_short": ("至少要有 {min_length} 项", "请补全"),
    "int_parsing": ("应为整数", "请更正"),
    "int_type": ("应为整数", "请更正"),
    "int_from_float": ("应为整数", "请更正"),
    "float_parsing": ("应为数字", "只写数字，单位写在别处"),
    "float_type": ("应为数字", "只写数字，单位写在别处"),
    "finite_number": ("应为数字", "请更正"),
    "greater_than": ("应大于 {gt}", "请更正"),
    "greater_than_equal": ("不能小于 {ge}", "请更正"),
    "less_than_equal": ("不能大于 {le}", "请更正"),
    "literal_error": ("不认识的值", "只能是 {expected}"),
}


def _said(error: ErrorDetails) -> tuple[str, str]:
    what, remedy = _MEANINGS.get(error["type"], ("填写得不对", "请核对"))
    context = {key: str(value).replace(" or ", "、") for key, value in error.get("ctx", {}).items()}
    return what.format(**context), remedy.format(**context)


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.file, problem.row or 0))
