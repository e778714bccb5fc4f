"""The chain of the journal: what each message says as bytes, its digest, and the hash of a line over the line before it.

All of it must come out the same in every later release: it is what an archived journal is checked by.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from models.messages import MESSAGES, Message

# What stands around a message in the journal: number, moment, chain.
_BYTES_AROUND = 160


def as_said(message: Message) -> bytes:
    """A message as it is written down (JSON): fields at their defaults left out, so that a later release, which knows more
    fields, writes the same.
    """
    return MESSAGES.dump_json(message, exclude_defaults=True)


def weight_of(said: bytes) -> int:
    """How many bytes a message adds to what is carried over a continue-as-new, about."""
    return len(said) + _BYTES_AROUND


def digest_of(message: Message, said: bytes) -> str:
    """The digest of what a message says (SHA-256, hex)."""
    return hashlib.sha256(f"{message.kind}\n".encode() + said).hexdigest()


def linked(previous: str, seq: int, at: datetime, digest: str) -> str:
    """The hash of a journal line over the line before it (SHA-256, hex): the audit trail."""
    line = hashlib.sha256(previous.encode())
    line.update(f"\n{seq}\n{at.isoformat()}\n".encode())
    line.update(digest.encode())
    return line.hexdigest()


def weight(message: Message) -> int:
    """`weight_of` a message."""
    return weight_of(as_said(message))


def canonical(message: Message) -> str:
    """`digest_of` a message."""
    return digest_of(message, as_said(message))


def chained(previous: str, seq: int, at: datetime, message: Message) -> str:
    """`linked` for a message."""
    return linked(previous, seq, at, canonical(message))
