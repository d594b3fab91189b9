"""Shows numbers, dates and times as a sheet's number formats would."""

from __future__ import annotations

import datetime as dt
import re

_QUOTED = re.compile(r'"([^"]*)"|\\(.)')


def shown(value: object, number_format: str) -> str:
    """A cell's value as printed; formats beyond dates, decimals, thousands and per cent give the plain number."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return _moment(value, number_format)
    if isinstance(value, int | float):
        return _number(value, number_format)
    return str(value).replace("_x000D_", "").replace("\r\n", "\n")


def _moment(value: dt.datetime | dt.date | dt.time | dt.timedelta, number_format: str) -> str:
    if isinstance(value, dt.timedelta):
        return str(value)
    if isinstance(value, dt.time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    date = value.strftime("%d %B %Y" if "mmmm" in number_format.lower() else "%d-%b-%Y" if "mmm" in number_format.lower() else "%d/%m/%Y")
    timed = isinstance(value, dt.datetime) and ("h" in number_format.lower() or (value.hour, value.minute) != (0, 0))
    return f"{date} {value.strftime('%H:%M')}" if timed else date


def _number(value: float, number_format: str) -> str:
    pattern = number_format.split(";")[1 if value < 0 and number_format.count(";") else 0]
    bare = _QUOTED.sub("", pattern)
    if not re.search(r"[0#]", bare):
        return f"{value:g}" if isinstance(value, float) and not value.is_integer() else str(int(value))
    scaled = value * 100 if "%" in bare else value
    decimals = re.search(r"\.([0#?]+)", bare)
    digits = len(decimals[1]) if decimals else 0
    text = f"{scaled:,.{digits}f}" if re.search(r"[0#],[0#]", bare) else f"{scaled:.{digits}f}"
    whole = re.match(r"0+", re.sub(r"^[^0#]*", "", bare))
    width = len(whole[0]) if whole and not decimals else 0
    prefix = _literal(pattern, before=True)
    return prefix + text.zfill(width) + ("%" if "%" in bare else _literal(pattern, before=False))


def _literal(pattern: str, *, before: bool) -> str:
    """Quoted words and currency signs before or behind the digits."""
    edge = re.search(r"[0#]", _QUOTED.sub(lambda match: "_" * len(match[0]), pattern))
    last = max((match.end() for match in re.finditer(r"[0#]", _QUOTED.sub(lambda match: "_" * len(match[0]), pattern))), default=0)
    part = pattern[: edge.start()] if before and edge else pattern[last:] if not before else ""
    quoted = "".join(match[1] or match[2] or "" for match in _QUOTED.finditer(part))
    return quoted + "".join(sign for sign in _QUOTED.sub("", part) if sign in "£$€" and "[" not in part)
