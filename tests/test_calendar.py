"""The calendar: the days of three published sources, editions that never change, unknown years that say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from lunar_python.util import HolidayUtil

from models.calendar import FIRST_DAY, LAST_DAY, Calendar, calendar, editions
from models.errors import InputError
from models.year_files import load_year, read_year

SHIPPED = Path(__file__).parents[1] / "models" / "calendars"


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(n) for n in range((last - first).days + 1))


def day(text: str) -> date:
    return date.fromisoformat(text)


# against published sources


def test_every_day_is_what_chinesecalendar_publishes() -> None:
    latest = calendar()
    last_year = max(chinese_calendar.holidays).year
    assert latest.years[-1].year == last_year, "chinesecalendar 有新的一年：补上年度日历文件"
    wrong = [
        each
        for each in days(date(2004, 1, 1), date(last_year, 12, 31))
        if latest.is_working(each) != chinese_calendar.is_workday(each)
    ]
    # 国办发明电〔2005〕35号: “12月31日（星期六）上班”, which the package lacks.
    assert wrong == [date(2005, 12, 31)]
    assert latest.is_working(date(2005, 12, 31)) and latest.notice_of(2006) == "国办发明电〔2005〕35号"
    assert latest.add_working_days(date(2005, 12, 28), 5) == date(2006, 1, 5)


def test_every_day_of_2015_to_2026_is_what_holidays_publishes() -> None:
    latest = calendar()
    published = holidays.country_holidays("CN", years=range(2015, 2027))
    wrong = [
        each
        for each in days(date(2015, 1, 1), date(2026, 12, 31))
        if latest.is_working(each) != published.is_working_day(each)
    ]
    assert wrong == []


def test_every_day_of_2015_to_2026_is_what_lunar_python_publishes() -> None:
    latest = calendar()

    def is_worked(each: date) -> bool:
        holiday = HolidayUtil.getHoliday(each.isoformat())
        return each.weekday() < 5 if holiday is None else bool(holiday.isWork())

    wrong = [
        each
        for each in days(date(2015, 1, 1), date(2026, 12, 31))
        if latest.is_working(each) != is_worked(each)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("stem", "notice"),
    [
        ("2019", "国办发明电〔2018〕15号"),
        ("2019-03", "国办发明电〔2019〕3号"),
        ("2020", "国办发明电〔2019〕16号"),
        ("2020-01", "国办发明电〔2020〕1号"),
        ("2021", "国办发明电〔2020〕27号"),
        ("2022", "国办发明电〔2021〕11号"),
        ("2023", "国办发明电〔2022〕16号"),
        ("2024", "国办发明电〔2023〕7号"),
        ("2025", "国办发明电〔2024〕12号"),
        ("2026", "国办发明电〔2025〕7号"),
    ],
)
def test_each_shipped_year_names_its_notice(stem: str, notice: str) -> None:
    file = load_year(SHIPPED / f"{stem}.toml")
    assert file.notice == notice
    assert file.issued_on is not None
    assert calendar(stem).notice_of(file.year) == notice


# editions


# The digests of the years an edition shipped with: an edition that has been released never changes.
SHIPPED_DIGESTS = {
    "2019": "f59c7d60",
    "2019-03": "d62ed422",
    "2020": "1a58d148",
    "2020-01": "c08a467d",
    "2021": "236c1825",
    "2022": "a080a046",
    "2023": "91a41f83",
    "2024": "3796c52d",
    "2025": "eefd1509",
    "2026": "2e6a9dc4",
}


def test_a_shipped_edition_never_changes() -> None:
    assert {stem: load_year(SHIPPED / f"{stem}.toml").digest() for stem in editions()} == SHIPPED_DIGESTS


def test_the_default_edition_is_the_latest() -> None:
    assert calendar() == calendar("2026")
    assert calendar().name == editions()[-1] == "2026"


def test_an_edition_knows_no_later_year() -> None:
    for name in editions():
        known = calendar(name)
        year = int(name[:4])
        assert known.knows(date(year, 6, 1)) and known.knows(date(2004, 1, 1))
        assert not known.knows(date(year + 1, 1, 1)) and not known.knows(date(2003, 12, 31))


def test_the_spring_festival_of_2020_was_extended_while_it_ran() -> None:
    before, after = calendar("2020"), calendar("2020-01")
    assert [str(each) for each in days(day("2020-01-20"), day("2020-02-05")) if before.is_working(each)] == [
        *("2020-01-20", "2020-01-21", "2020-01-22", "2020-01-23"),
        *("2020-01-31", "2020-02-01", "2020-02-03", "2020-02-04", "2020-02-05"),
    ]
    assert not any(after.is_working(each) for each in days(day("2020-01-24"), day("2020-02-02")))
    assert after.is_working(day("2020-02-03"))
    assert calendar("2021").add_working_days(day("2020-01-23"), 1) == day("2020-02-03")


def test_labour_day_of_2019_was_lengthened_in_march() -> None:
    before, after = calendar("2019"), calendar("2019-03")
    assert before.is_working(day("2019-05-02")) and not after.is_working(day("2019-05-02"))
    assert not before.is_working(day("2019-04-28")) and after.is_working(day("2019-04-28"))


def test_an_edition_that_ends_in_2025_answers_2026_from_the_law_alone() -> None:
    old = calendar("2025")
    assert not old.is_working(date(2026, 1, 1))
    assert old.is_working(date(2026, 2, 16)) and not calendar().is_working(date(2026, 2, 16))


def test_an_unknown_edition_lists_those_there_are() -> None:
    with pytest.raises(InputError, match="2020-01、2021") as caught:
        calendar("2018")
    assert caught.value.exit_code == 2


# counting: golden dates checked by hand against the notices


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2021-09-15", 5, "2021-09-23"),  # Saturday 18 September worked, 19–21 Mid-Autumn
        ("2021-09-24", 5, "2021-09-30"),  # Sunday 26 September worked
        ("2023-09-22", 5, "2023-10-07"),  # ends on a Saturday that was worked
        ("2024-09-10", 5, "2024-09-18"),
        ("2021-09-15", 10, "2021-09-29"),
        ("2025-01-20", 10, "2025-02-08"),
        ("2021-09-23", -5, "2021-09-15"),
        ("2021-10-08", -1, "2021-09-30"),
        ("2021-10-03", -1, "2021-09-30"),
        ("2021-10-03", 1, "2021-10-08"),
        ("2021-10-03", 0, "2021-10-03"),
    ],
)
def test_working_days_are_added(start: str, n: int, end: str) -> None:
    assert calendar().add_working_days(day(start), n) == day(end)


def test_rolling() -> None:
    latest = calendar()
    assert latest.roll_forward(day("2021-10-01")) == day("2021-10-08")
    assert latest.roll_forward(day("2021-09-18")) == day("2021-09-18")
    assert latest.roll_back(day("2021-10-05")) == day("2021-09-30")
    assert latest.roll_back(day("2021-09-30")) == day("2021-09-30")
    assert latest.working_days_between(day("2021-09-15"), day("2021-09-23")) == 5


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2021-09-18", "调休上班"),
        ("2021-09-21", "中秋节"),
        ("2021-09-25", "周末"),
        ("2021-09-22", ""),
        ("2015-09-04", "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"),
        ("2010-02-15", "春节"),
        ("2027-10-03", "国庆节"),
        ("2027-10-04", ""),
    ],
)
def test_a_day_that_is_not_ordinary_has_a_name(text: str, name: str) -> None:
    assert calendar().name_of(day(text)) == name


# unknown years


def test_an_unknown_year_works_monday_to_friday_less_the_fixed_holidays() -> None:
    latest = calendar()
    resting = [
        f"{each:%m-%d}"
        for each in days(date(2027, 1, 1), date(2027, 12, 31))
        if each.weekday() < 5 and not latest.is_working(each)
    ]
    assert resting == ["01-01", "10-01"]  # in 2027, 1 and 2 May, 2 and 3 October are a weekend
    assert not latest.is_working(date(2028, 5, 2)) and latest.is_working(date(2028, 5, 3))
    assert not any(latest.is_working(each) for each in days(date(2028, 9, 30), date(2028, 10, 1)))


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ("2026-12-24", "2026-12-24", ()),
        ("2026-12-24", "2026-12-25", (2027,)),
        ("2026-12-31", "2026-12-31", (2027,)),
        ("2025-12-25", "2025-12-31", ()),
        ("2026-11-01", "2028-01-03", (2027, 2028)),
        ("2003-12-31", "2004-01-05", (2003,)),
        ("2004-01-01", "2026-12-24", ()),
        ("2030-12-30", "2030-12-31", (2030,)),
    ],
)
def test_what_a_span_of_days_depends_on(first: str, last: str, years: tuple[int, ...]) -> None:
    assert calendar().doubts(day(first), day(last)) == years
    assert calendar().provisional(day(first), day(last)) == bool(years)


def test_a_gap_between_published_years_stays_unknown() -> None:
    text = YEAR_2027.replace("2027", "2028").replace("2026-12-31", "2027-12-31")
    year_2028 = read_year(text.replace("2028-01-09", "2028-01-08"))
    gap = calendar().with_years([year_2028])
    assert gap.doubts(date(2026, 12, 20), date(2028, 3, 1)) == (2027,)
    assert gap.doubts(date(2028, 3, 1), date(2028, 12, 24)) == ()
    assert gap.doubts(date(2028, 3, 1), date(2028, 12, 25)) == (2029,)


def test_a_day_beyond_the_range_is_refused_in_words() -> None:
    latest = calendar()
    for ask in (
        lambda: latest.add_working_days(LAST_DAY, 1),
        lambda: latest.add_working_days(FIRST_DAY, -1),
        lambda: latest.add_working_days(date(2200, 1, 1), 1),
        lambda: latest.add_working_days(date(2026, 1, 1), 10**9),
        lambda: latest.roll_forward(FIRST_DAY - timedelta(1)),
        lambda: latest.roll_back(FIRST_DAY),
        lambda: latest.is_working(date(2111, 1, 1)),
        lambda: latest.name_of(date(2111, 1, 1)),
        lambda: latest.working_days_between(date(1, 1, 1), date(2026, 1, 1)),
    ):
        with pytest.raises(InputError, match="超出可计算的范围"):
            ask()


def test_the_range_ends_on_a_day_one_can_roll_to() -> None:
    assert calendar().roll_forward(LAST_DAY) == LAST_DAY


# year files


YEAR_2027 = """
year = 2027
notice = "国办发明电〔2026〕9号"
issued_on = 2026-11-05
source = "国务院办公厅关于2027年部分节假日安排的通知"
holidays = [
  { from = 2026-12-31, to = 2027-01-02, name = "元旦" },
  { from = 2027-02-05, to = 2027-02-12, name = "春节" },
  { from = 2027-05-01, to = 2027-05-05, name = "劳动节" },
  { from = 2027-10-01, to = 2027-10-07, name = "国庆节" },
]
made_up = [2027-01-09]
"""


def test_a_year_laid_over_an_edition_makes_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "2027.toml"
    path.write_text(YEAR_2027, encoding="utf-8")
    latest, laid = calendar(), calendar(str(path))
    assert laid.name.startswith("2026+2027@") and laid == latest.with_years([load_year(path)])
    assert laid != latest and latest.with_years([]) is latest
    assert laid.knows(date(2027, 3, 1)) and laid.notice_of(2027) == "国办发明电〔2026〕9号"
    assert laid.is_working(date(2027, 1, 9)) and laid.name_of(date(2027, 2, 5)) == "春节"
    assert laid.doubts(date(2026, 12, 25), date(2027, 6, 1)) == ()
    # It rules on December of the year before as well, and the edition beneath it is what it was.
    assert not laid.is_working(date(2026, 12, 31)) and latest.is_working(date(2026, 12, 31))


def test_other_content_is_another_edition() -> None:
    one, other = read_year(YEAR_2027), read_year(YEAR_2027.replace("2027-02-12", "2027-02-11"))
    assert calendar().with_years([one]).name != calendar().with_years([other]).name
    assert calendar().with_years([one]) == calendar().with_years([read_year(YEAR_2027)])


def test_a_year_amended_while_it_runs_keeps_what_the_next_said_of_its_december() -> None:
    year_2026 = load_year(SHIPPED / "2026.toml")
    both = calendar().with_years([read_year(YEAR_2027), year_2026])
    assert not both.is_working(date(2026, 12, 31))


def test_every_problem_of_a_year_file_is_told_at_once() -> None:
    text = """
year = 2027
notic = "x"
issued_on = "2026-11-05"
holidays = [
  { from = 2027-01-01, to = 2027-01-03, name = "元旦" },
  { from = 2027-01-03, to = 2027-01-04, name = "" },
  { from = 2027-01-03, to = 2027-01-04, name = "又一个" },
  { from = 2027-05-02, to = 2027-05-01, name = "劳动节" },
  { from = 2028-05-02, to = 2028-05-03, name = "劳动节" },
  { from = "2027-06-01", to = 2027-06-02, name = "端午节" },
  { from = 2027-10-01, to = 2027-10-07 },
]
made_up = [2027-01-03, 2027-01-05, 2027-01-16, 2027-01-16, 2025-12-27, "x"]
"""
    with pytest.raises(InputError) as caught:
        read_year(text, file="2027.toml")
    told = [str(problem) for problem in caught.value.problems]
    assert all("文件 2027.toml" in each for each in told)
    for piece in (
        "字段 notic：不认识",
        "字段 issued_on：不是日期",
        "字段 source：没有填写",
        "字段 holidays 第 2 项：没有写节日名称",
        "字段 holidays 第 4 项：区间颠倒",
        "字段 holidays 第 5 项：2028-05-02 不属于 2027 年",
        "字段 holidays 第 6 项：from 和 to 应为日期",
        "字段 holidays 第 7 项：应恰有 from、to、name",
        "2027-01-03 列了两次（元旦、又一个）",
        "2027-01-05 是周二，调休上班日只能是周六或者周日",
        "2027-01-16 列了两次",
        "2027-01-03 既是又一个假期又是调休上班日",
        "字段 made_up 第 5 项：2025-12-27 不属于 2027 年",
        "字段 made_up 第 6 项：不是日期",
    ):
        assert any(piece in each for each in told), (piece, told)


def test_a_year_file_states_its_whole_year() -> None:
    cut_short = YEAR_2027.replace("2027-10-07", "2027-10-01").replace("2027-05-01, to", "2027-05-02, to")
    with pytest.raises(InputError) as caught:
        read_year(cut_short)
    assert [problem.what for problem in caught.value.problems] == [
        "缺 2027 年 5 月 1 日（劳动节，法定休假日）",
        "缺 2027 年 10 月 2 日（国庆节，法定休假日）",
        "缺 2027 年 10 月 3 日（国庆节，法定休假日）",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("year = ", "不是有效的 TOML"),
        ("year = 27\nsource = 'x'\nholidays = 3", "年份缺失"),
        ("source = 'x'\nholidays = []\nmade_up = 3", "应为日期的列表"),
        ("year = true\nsource = 3\nholidays = [3]", "应为文字"),
    ],
)
def test_a_file_that_is_no_year_file(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_year(text)


def test_a_year_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="找不到"):
        calendar(str(tmp_path / "2027.toml"))
    path = tmp_path / "2028.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="不是 UTF-8 文本"):
        load_year(path)
    with pytest.raises(InputError, match="是文件夹"):
        load_year(tmp_path)


def test_a_calendar_without_any_year_knows_nothing() -> None:
    empty = Calendar("empty", ())
    assert empty.provisional(date(2021, 1, 4), date(2021, 1, 4))
    assert empty.is_working(date(2021, 1, 4)) and not empty.is_working(date(2021, 1, 1))
