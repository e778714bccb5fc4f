"""Bounces as mail servers write them, made by the tests: of Postfix, Exchange, qq.com, 163.com and Exim."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

Lines = Sequence[str | bytes]


def original(message_id: str, to: str) -> bytes:
    """A mail of ours, as it comes back."""
    return _joined(
        "From: =?utf-8?b?5piO6Ym0?= <mingjian@datian.example>",
        f"To: {to}",
        "Subject: =?utf-8?b?44CQ5o+Q6YaS44CR?=",
        "Date: Wed, 15 Sep 2021 12:00:00 +0800",
        f"Message-ID: {message_id}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "正文",
    )


def postfix(
    message_id: str,
    to: str,
    *,
    action: str = "failed",
    diagnostic: bytes = b"smtp; 550 5.1.1 <li@datian.example>: Recipient address\r\n    rejected: User unknown",
    own_id: str = "<20210915040100.1A2B3C@mx.datian.example>",
) -> bytes:
    """RFC 3464 to the letter."""
    return _report(
        own_id,
        [
            "Content-Description: Notification",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "This is the mail system at host mx.datian.example.",
            "",
            f"<{to}>: host mx.datian.example said: 550 5.1.1 User unknown",
        ],
        [
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.datian.example",
            "Arrival-Date: Wed, 15 Sep 2021 12:00:01 +0800 (CST)",
            "",
            f"Final-Recipient: rfc822; {to}",
            f"Original-Recipient: rfc822;{to}",
            f"Action: {action}",
            "Status: 5.1.1",
            b"Diagnostic-Code: " + diagnostic,
        ],
        ["Content-Type: message/rfc822", "", original(message_id, to)],
    )


def exchange(message_id: str, to: str, also: str = "other@datian.example") -> bytes:
    """Two recipients in one report, of whom the first was reached; headers only, the long Message-ID on a line of its own."""
    return _report(
        "<e5c1-4f@exchange.datian.example>",
        ["Content-Type: text/html; charset=us-ascii", "", "<html><b>Delivery has failed</b></html>"],
        [
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns;exchange.datian.example",
            "",
            f"Final-recipient: RFC822;{also}",
            "Action: delivered",
            "Status: 2.0.0",
            "",
            f"Final-recipient: RFC822;{to.upper()}",
            "Action: failed",
            "Status: 5.1.10",
            "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup",
        ],
        [
            "Content-Type: text/rfc822-headers",
            "",
            "Subject: x",
            "Message-ID:",
            f"\t{message_id}",
            f"To: {to}",
        ],
    )


def qq(message_id: str, to: str) -> bytes:
    """No report: words in GB 18030, packed, and the original beside them."""
    words = (
        "<div>抱歉，您的邮件被退回来了……</div>"
        f"<div>收件人：{to}</div><div>退信原因：收件人邮件地址不存在，邮件无法送达。</div>"
        "<div>host mx.datian.example said: 550 Mailbox not found (in reply to RCPT TO command)</div>"
    )
    return _mixed(
        [
            "From: PostMaster@qq.com",
            "Subject: =?gb18030?B?z7XNs83L0MU=?=",
            "Message-ID: <tencent_0A1B@qq.com>",
        ],
        [
            'Content-Type: text/html; charset="gb18030"',
            "Content-Transfer-Encoding: base64",
            "",
            b64encode(words.encode("gb18030")).decode(),
        ],
        ["Content-Type: message/rfc822", "", original(message_id, to)],
    )


def netease(message_id: str, to: str, *, words: str = "") -> bytes:
    """163.com: bare GBK bytes under no charset at all, the headers of the original beside them."""
    said = (
        words
        or f"很抱歉，您发给 {to} 的邮件未能送达。\r\n退信代码：550 User not found: {to}\r\n建议：核对地址。"
    )
    return _mixed(
        ["From: Postmaster@163.com", b"Subject: " + "系统退信".encode("gbk"), "Message-ID: <163-1@163.com>"],
        ["Content-Type: text/plain", "Content-Transfer-Encoding: 8bit", "", said.encode("gbk")],
        ["Content-Type: text/rfc822-headers", "", f"To: {to}", f"Message-ID: {message_id}"],
    )


def _report(own_id: str, *parts: Lines) -> bytes:
    kind = 'multipart/report; report-type=delivery-status; boundary="=_b"'
    sender = "From: MAILER-DAEMON@mx.datian.example (Mail Delivery System)"
    return _whole(
        [sender, "Subject: Undelivered Mail Returned to Sender", f"Message-ID: {own_id}"], kind, *parts
    )


def _mixed(headers: Lines, *parts: Lines) -> bytes:
    return _whole(headers, 'multipart/mixed; boundary="=_b"', *parts)


def _whole(headers: Lines, kind: str, *parts: Lines) -> bytes:
    lines = [
        *headers,
        "Date: Wed, 15 Sep 2021 12:01:00 +0800",
        "MIME-Version: 1.0",
        f"Content-Type: {kind}",
        "",
    ]
    for part in parts:
        lines += ["--=_b", *part, ""]
    return _joined(*lines, "--=_b--", "")


def _joined(*lines: str | bytes) -> bytes:
    return b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
