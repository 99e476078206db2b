"""Written times become the chat's local wall-clock time."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.importers.date_order import YEAR_FIRST, iso_day, numbers_of
from curation.importers.times import local_times, parse_times


def parsed(*values: str) -> list[str]:
    times = parse_times(pa.array(values, type=pa.large_string()))
    assert times.dtype == "datetime64[s]"
    return [str(time) for time in times]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("2024-10-04 11:42:05", "2024-10-04T11:42:05", id="usual"),
        pytest.param("2024/10/4 11:42", "2024-10-04T11:42:00", id="re-saved by a spreadsheet"),
        pytest.param("2024/10/4 1:02:03", "2024-10-04T01:02:03", id="no leading zeros"),
        pytest.param("2024-10-04", "2024-10-04T00:00:00", id="no time of day"),
        pytest.param(" 2024-10-04 11:42:05 ", "2024-10-04T11:42:05", id="outer blanks"),
        pytest.param("2024-10-04T11:42:05", "2024-10-04T11:42:05", id="ISO"),
        pytest.param("2024-10-04T11:42:05.999", "2024-10-04T11:42:05", id="milliseconds"),
        pytest.param("2024-10-04T16:42:05.000Z", "2024-10-05T00:42:05", id="UTC"),
        pytest.param("2024-10-04T16:42:05Z", "2024-10-05T00:42:05", id="UTC without milliseconds"),
        pytest.param("2024-10-04T16:42:05+09:00", "2024-10-04T15:42:05", id="an offset"),
        pytest.param("2024-10-04 16:42:05 -0130", "2024-10-05T02:12:05", id="an odd offset"),
        pytest.param("1728013325", "2024-10-04T11:42:05", id="unix seconds"),
        pytest.param("1728013325.0", "2024-10-04T11:42:05", id="unix seconds as a float"),
        pytest.param("1728013325123", "2024-10-04T11:42:05", id="unix milliseconds"),
        pytest.param("2024年10月4日 11:42", "2024-10-04T11:42:00", id="Chinese date"),
        pytest.param("2024年10月4日", "2024-10-04T00:00:00", id="Chinese date alone"),
        pytest.param("2024年10月4日 星期五 11:42:05", "2024-10-04T11:42:05", id="with weekday"),
        pytest.param("2024年10月4日 下午 3:05", "2024-10-04T15:05:00", id="afternoon in Chinese"),
        pytest.param("2024年10月4日 15时05分", "2024-10-04T15:05:00", id="hours in Chinese"),
        pytest.param("2024/10/4 上午 12:05:09", "2024-10-04T00:05:09", id="midnight in Chinese"),
        pytest.param("2024/10/4 中午 12:30", "2024-10-04T12:30:00", id="noon in Chinese"),
        pytest.param("2024/10/4 凌晨 1:30", "2024-10-04T01:30:00", id="small hours in Chinese"),
        pytest.param("2024/10/4 3:05 PM", "2024-10-04T15:05:00", id="PM behind"),
        pytest.param("2024/10/4 12:05 am", "2024-10-04T00:05:00", id="am behind"),
        pytest.param("2024/10/4 13:05 PM", "2024-10-04T13:05:00", id="PM that says it twice"),
        pytest.param("2024-02-29 23:59:59", "2024-02-29T23:59:59", id="leap day"),
        pytest.param("2023-02-29 00:00:00", "NaT", id="no leap day"),
        pytest.param("2024-13-01 00:00:00", "NaT", id="13th month"),
        pytest.param("2024-10-04 24:00:00", "NaT", id="24 o'clock"),
        pytest.param("2024-10-04 11:60:00", "NaT", id="60 minutes"),
        pytest.param("2024-10-04T11:42:05+99:00", "NaT", id="impossible offset"),
        pytest.param("1999-12-31 23:59:59", "NaT", id="before 2000"),
        pytest.param("2100-01-01 00:00:00", "NaT", id="after 2099"),
        pytest.param("0000-00-00 00:00:00", "NaT", id="year 0"),
        pytest.param("9999-12-31T23:59:59-12:00", "NaT", id="beyond the last year"),
        pytest.param("9999999999", "NaT", id="seconds far away"),
        pytest.param("99999999999999999999999", "NaT", id="overflow"),
        pytest.param("1e9", "NaT", id="scientific"),
        pytest.param("昨天 11:42", "NaT", id="words"),
        pytest.param("", "NaT", id="empty"),
    ],
)
def test_a_time_is_understood_or_refused(written: str, expected: str) -> None:
    assert parsed(written) == [expected]
    assert parsed("2024-10-04 11:42:05", written)[1] == expected
    assert parsed("2024-10-04T16:42:05.000Z", written)[1] == expected


@pytest.mark.parametrize(
    ("written", "zone", "expected"),
    [
        pytest.param("2024-07-01T12:00:00Z", "Europe/Berlin", "2024-07-01T14:00:00", id="summer"),
        pytest.param("2024-01-01T12:00:00Z", "Europe/Berlin", "2024-01-01T13:00:00", id="winter"),
        pytest.param("1728013325", "America/New_York", "2024-10-03T23:42:05", id="unix"),
        pytest.param("1728013325123", "UTC", "2024-10-04T03:42:05", id="milliseconds"),
        pytest.param("2024-10-04T11:42:05+08:00", "UTC", "2024-10-04T03:42:05", id="an offset"),
        pytest.param("2024-10-04 11:42:05", "UTC", "2024-10-04T11:42:05", id="local stays"),
    ],
)
def test_a_time_with_a_zone_becomes_the_chats_local_time(
    written: str, zone: str, expected: str
) -> None:
    for others in ((), ("words",)):
        values = pa.array([written, *others], type=pa.large_string())
        assert str(parse_times(values, zone)[0]) == expected


def test_unix_times_below_zero_or_far_away_are_none() -> None:
    numbers = np.array([-1, 0, 1728013325, 1728013325123, 10**18], dtype="int64")
    assert [str(time) for time in local_times(numbers, "Asia/Shanghai")] == [
        "NaT",
        "NaT",
        "2024-10-04T11:42:05",
        "2024-10-04T11:42:05",
        "NaT",
    ]


def test_no_values_give_no_times() -> None:
    assert parsed() == []


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("0123456789-/: T.Z+"), max_size=30), max_size=4))
def test_any_text_gives_a_time_or_none(values: list[str]) -> None:
    assert len(parsed(*values)) == len(values)


@pytest.mark.parametrize("date", ["", "May", "13", "13 ſep", "5/13", "13 Foo 2024"])
def test_what_is_no_date_of_three_numbers_is_no_possible_date(date: str) -> None:
    assert iso_day(numbers_of(date), YEAR_FIRST) == ""
