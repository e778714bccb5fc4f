"""What `mingjian doctor` finds of mail that goes out, and of the folder of what comes in. Nothing is sent, made or changed."""

from __future__ import annotations

import os

from models.errors import MingjianError
from models.settings import Settings
from starter.findings import Finding, room_left


def post(settings: Settings) -> Finding:
    """The mail server: reached, encrypted, logged in as for a mail."""
    from worker import post_of

    title = "邮件服务器"
    outbox = post_of(settings)
    if outbox is None:
        remedy = "没有设置 smtp_host：通知都存入发件文件夹，由工作人员转交"
        return Finding("mail", title, False, where=str(settings.outbox_folder), remedy=remedy, needed=False)
    where = f"{settings.smtp_host}:{settings.smtp_port}，发件地址 {settings.mail_from}"
    try:
        outbox.check()
    except MingjianError as error:
        return Finding("mail", title, False, where=where, remedy=str(error))
    return Finding("mail", title, True, settings.smtp_security, where)


def intake(settings: Settings) -> Finding:
    """The intake folder: whether it can be read and emptied, and how much waits in it."""
    from starter.recognising import DONE, files_in

    title, folder = "收件夹", settings.intake_folder
    done = folder / DONE
    if not folder.exists():
        remedy = "还没有收件夹：用 mingjian inbox 收件的，建立它，让放入文件的人能写入"
        return Finding("intake", title, False, where=str(folder), remedy=remedy, needed=False)
    if not folder.is_dir():
        return Finding("intake", title, False, where=str(folder), remedy="应为文件夹之处是文件，请移开")
    if not all(os.access(each, os.R_OK | os.W_OK | os.X_OK) for each in (folder, done) if each.exists()):
        return Finding("intake", title, False, where=str(folder), remedy="当前用户不能读写，请改正权限")
    if done.exists() and done.stat().st_dev != folder.stat().st_dev:
        return Finding(
            "intake", title, False, where=str(folder), remedy=f"{DONE} 在另一块磁盘上，请移到同一块"
        )
    free, warning = room_left(folder)
    return Finding("intake", title, True, f"{len(files_in(folder))} 件待收，{free}", str(folder), warning)
