"""Makes ids for records: sortable by time, unique, and saying nothing of anybody."""

from __future__ import annotations

import secrets
from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32, as in ULID


def new_id(prefix: str, now: datetime) -> str:
    """An id such as `S-01K6Z0…`: the time in milliseconds (48 bits), then 80 random bits."""
    number = (int(now.timestamp() * 1000) << 80) | secrets.randbits(80)
    return prefix + "-" + "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))
