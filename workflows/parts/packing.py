"""What is large travels packed: a case's whole journal is carried over a continue-as-new in one payload, which may have 2 MiB."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

_ENCODING = b"binary/zlib"
_SMALLEST = 64 * 1024
"""In bytes; what is smaller stays legible in the web UI."""
_LARGEST = 16 * 1024 * 1024
"""In bytes, unpacked; what claims to be larger was not packed here."""


class Packing(PayloadCodec):
    """Packs payloads over 64 KiB, and unpacks what it finds packed."""

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [_packed(each) if each.ByteSize() > _SMALLEST else each for each in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [unpacked(each) for each in payloads]


def unpacked(payload: Payload) -> Payload:
    """What was packed; anything else, also what only says so, stays as it came, and is put before staff as unreadable.

    An exception here would fail every task of the case for ever.
    """
    if payload.metadata.get("encoding") != _ENCODING:
        return payload
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(payload.data, _LARGEST)
        return Payload.FromString(content) if unpacking.eof else payload
    except (zlib.error, DecodeError):
        return payload


def _packed(payload: Payload) -> Payload:
    return Payload(metadata={"encoding": _ENCODING}, data=zlib.compress(payload.SerializeToString(), 6))
