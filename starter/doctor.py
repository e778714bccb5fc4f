"""What `mingjian doctor` finds: each part of the system, there or not, which version, where, and what to do
about it.

Nothing is fetched, made or changed.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path

from activities.sqlite_library import WAL_IS_SAFE, sqlite3
from models.dates import day_in_china
from models.errors import MingjianError, Problem, Refusal, Unreachable
from models.homes import settings_file
from models.settings import Settings, connection
from starter.findings import Finding, room_left
from starter.mail_findings import intake, post
from starter.provision import lock, programs

ROOMS = ("models", "workflows", "activities", "starter", "worker")
"""The top-level names that belong to this program alone."""

_ANSWER_SECONDS = 5.0


async def examine(settings: Settings) -> list[Finding]:
    """Look at every part, the slow ones side by side; never raises for a part that is broken."""
    looks: tuple[Callable[[Settings], Finding], ...] = (
        _python,
        _packages,
        _settings,
        _programs,
        _web_ui,
        _go,
        _fonts,
        _home,
        _sqlite,
        _registry,
        _archive,
        post,
        intake,
        _jurisdiction,
        _liaisons,
        _calendar,
    )
    # Two threads that are the first to import a package, both at once, see it half made.
    import_module("worker")
    return list(
        await asyncio.gather(*(asyncio.to_thread(look, settings) for look in looks), _server(settings))
    )


def strangers() -> list[Problem]:
    """Top-level names of ours that another distribution has put before ours on the path; cheap, for every
    start.
    """
    home = Path(__file__).resolve().parents[1]
    problems = []
    for room in ROOMS:
        spec = find_spec(room)
        origin = Path(spec.origin).resolve() if spec is not None and spec.origin else None
        expected = home / (f"{room}.py" if room == "worker" else f"{room}/__init__.py")
        if origin != expected:
            problems.append(
                Problem(
                    f"名为 {room} 的模块来自别处（{origin}）",
                    remedy="给本系统单独建立虚拟环境，不要设置 PYTHONPATH",
                )
            )
    return problems


def refuse_strangers() -> None:
    """Raise Refusal when a top-level name of ours is another's."""
    if problems := strangers():
        raise Refusal(problems)


def _python(settings: Settings) -> Finding:
    return Finding("python", "Python", True, sys.version.split()[0], sys.executable)


def _packages(settings: Settings) -> Finding:
    problems = [str(problem) for problem in strangers()]
    pinned = _pinned(lock.DEVELOPMENT if lock.DEVELOPMENT.is_file() else None)
    for name, wanted in pinned.items():
        have = _installed(name)
        if have is None:
            problems.append(f"缺 {name}")
        elif wanted and have != wanted:
            problems.append(f"{name} 是 {have}，锁定的是 {wanted}")
    where = str(lock.DEVELOPMENT) if lock.DEVELOPMENT.is_file() else "（安装的软件包，没有锁定文件可比）"
    remedy = "；".join(problems[:5]) + ("……" if len(problems) > 5 else "")
    remedy = f"{remedy}：运行 make setup" if problems else ""
    return Finding(
        "packages", "依赖", not problems, f"mingjian {_installed('mingjian') or '?'}", where, remedy
    )


def _pinned(file: Path | None) -> dict[str, str]:
    """Without what is marked for some machines only: the program does without it on others."""
    if file is None:
        required = [text for text in metadata.requires("mingjian") or () if ";" not in text]
        return {text.split(">")[0].split("[")[0].split("<")[0].strip(): "" for text in required}
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = (
        line.split()[0].split("==")
        for line in lines
        if "==" in line and ";" not in line and not line.startswith((" ", "#"))
    )
    return dict(pairs)


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _settings(settings: Settings) -> Finding:
    file = settings_file()
    where = str(file) if file else "（没有设置文件，用默认值和环境变量）"
    return Finding("settings", "设置", True, where=where)


def _programs(settings: Settings) -> Finding:
    try:
        found = programs.find_programs(fetch=False)
    except MingjianError as error:
        return Finding("server_programs", "Temporal 服务器程序", False, remedy=str(error))
    title = {"path": "PATH", "download": "SDK 下载", "go": "Go 编译"}[found.route]
    return Finding(
        "server_programs",
        f"Temporal 服务器程序（{title}）",
        True,
        found.version,
        str(found.cli or found.server),
    )


def _web_ui(settings: Settings) -> Finding:
    try:
        found = programs.find_programs(fetch=False)
    except MingjianError:
        return Finding("ui", "网页界面", False, remedy="随服务器程序一起准备：运行 make demo", needed=False)
    warning = "此界面能改动案件，只供查看时请当心" if found.cli else ""
    return Finding(
        "ui", "网页界面", True, found.ui_version, str(found.ui or found.cli), warning, needed=False
    )


def _go(settings: Settings) -> Finding:
    go = shutil.which("go")
    if go is None:
        return Finding("go", "Go 工具链", False, remedy="只在编译服务器时需要", needed=False)
    answer = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, timeout=20)
    return Finding("go", "Go 工具链", True, answer.stdout.strip(), go, needed=False)


def _fonts(settings: Settings) -> Finding:
    from starter.provision.fonts import font_folders

    said: list[str] = []
    try:
        folders = font_folders(settings.font_folders, fetch=False, say=said.append)
    except MingjianError as error:
        return Finding("fonts", "字体", False, remedy=str(error))
    return Finding("fonts", "字体", True, where="；".join(map(str, folders)), remedy="；".join(said))


def _home(settings: Settings) -> Finding:
    folder = settings.home
    if not folder.exists():
        return Finding(
            "home", "数据文件夹", False, where=str(folder), remedy="首次运行时自动建立", needed=False
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding("home", "数据文件夹", False, where=str(folder), remedy="当前用户不能写入，请改正权限")
    free, warning = room_left(folder)
    return Finding("home", "数据文件夹", True, free, str(folder), warning)


def _sqlite(settings: Settings) -> Finding:
    note = "" if WAL_IS_SAFE else "3.51.3 之前的 WAL 有缺陷，登记库因此使用回滚日志，写入较慢"
    return Finding("sqlite", "SQLite", True, sqlite3.sqlite_version, remedy=note)


def _registry(settings: Settings) -> Finding:
    from sqlalchemy import create_engine, make_url, text
    from sqlalchemy.exc import SQLAlchemyError

    shown = settings.registry_url
    try:
        url = make_url(settings.registry)
    except SQLAlchemyError as error:
        return Finding(
            "registry", "登记库", False, where=shown, remedy=f"地址读不懂（{type(error).__name__}）"
        )
    if url.get_backend_name() == "sqlite":
        if not url.database or not Path(url.database).exists():
            return Finding(
                "registry", "登记库", False, where=shown, remedy="首次运行时自动建立", needed=False
            )
        question, how = "select sqlite_version()", {"timeout": _ANSWER_SECONDS}
        driver = {"module": sqlite3}
    else:
        question, how = "select version()", {"connect_timeout": int(_ANSWER_SECONDS)}
        driver = {}
    try:
        engine = create_engine(url, connect_args=how, **driver)
        try:
            with engine.connect() as opened:
                answer = str(opened.execute(text(question)).scalar_one())
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError) as error:
        remedy = f"连不上（{type(error).__name__}）：查看数据库是否在运行，地址和口令是否正确"
        return Finding("registry", "登记库", False, where=shown, remedy=remedy)
    return Finding("registry", "登记库", True, " ".join(answer.split()[:2]), shown)


def _archive(settings: Settings) -> Finding:
    from activities.archive import open_bucket

    title = "档案库"
    if not settings.archive_url:
        where = str(settings.archive_folder)
        found = settings.archive_folder.is_dir()
        remedy = "" if found else "首次存入时自动建立"
        return Finding("archive", title, found, "文件夹" if found else "", where, remedy, needed=False)
    where = f"{settings.archive_url}（{settings.archive_endpoint}）"
    try:
        open_bucket(settings).bucket.check()
    except MingjianError as error:
        return Finding("archive", title, False, where=where, remedy=str(error))
    return Finding("archive", title, True, f"S3，锁定 {settings.archive_lock}", where)


async def _server(settings: Settings) -> Finding:
    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, GetSystemInfoRequest
    from temporalio.client import Client
    from temporalio.service import RPCError, RPCStatusCode

    title, patience = "Temporal 服务器", timedelta(seconds=_ANSWER_SECONDS)
    try:
        arguments = connection(settings)
    except MingjianError as error:
        return Finding("server", title, False, remedy=str(error))
    address = str(arguments["target_host"])
    where = f"{address}，命名空间 {arguments['namespace']}"
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            service = (await Client.connect(**arguments)).workflow_service
            system = await service.get_system_info(GetSystemInfoRequest(), timeout=patience)
            version = system.server_version
            await service.describe_namespace(
                DescribeNamespaceRequest(namespace=arguments["namespace"]), timeout=patience
            )
    except (TimeoutError, RuntimeError):
        return Finding(
            "server", title, False, where=where, remedy="没有应答：运行 make up，或核对地址", needed=False
        )
    except RPCError as error:
        missing = error.status == RPCStatusCode.NOT_FOUND
        remedy = (
            "没有这个命名空间：运行 make up，或由运维人员建立"
            if missing
            else f"应答异常（{error.status.name}）"
        )
        return Finding("server", title, False, where=where, remedy=remedy, needed=False)
    old = tuple(int(part) for part in version.split("-")[0].split(".")[:2]) < programs.OLDEST_SERVER
    return Finding("server", title, not old, version, where, "太旧，需要 1.32 以上" if old else "")


def _jurisdiction(settings: Settings) -> Finding:
    from activities.site_jurisdiction import site_jurisdiction
    from models.bodies import Jurisdiction
    from models.jurisdiction_file import only_file

    where = str(settings.jurisdiction or only_file())
    try:
        found = Jurisdiction.load(settings.jurisdiction)
    except MingjianError as error:
        return Finding("jurisdiction", "辖区文件", False, where=where, remedy=str(error))
    # A database that does not answer is told of by itself.
    with suppress(Unreachable):
        try:
            found = site_jurisdiction(settings)
        except Refusal as error:
            return Finding("jurisdiction", "辖区文件", False, where="mingjian agencies", remedy=str(error))
    counted = f"{found.name}，{len(found.places)} 地，{len(found.bodies)} 个机关"
    note = f"机构变动有 {len(found.unfit)} 处与辖区文件对不上：mingjian agencies" if found.unfit else ""
    return Finding("jurisdiction", "辖区文件", True, counted, where, note)


def _liaisons(settings: Settings) -> Finding:
    from activities.database import Database
    from activities.roll import RollBook
    from activities.site_jurisdiction import site_jurisdiction
    from models.roll import missing_offices, offices
    from starter.roll import names

    title, where = "联络员名册", "mingjian liaisons"
    try:
        jurisdiction = site_jurisdiction(settings)
        with closing(Database(settings.registry, patience=_ANSWER_SECONDS, reach=settings.reach)) as database:
            designations = RollBook(database).designations()
    except MingjianError as error:
        return Finding("liaisons", title, False, where=where, remedy=str(error), needed=False)
    if not designations:
        hint = "还没有登记联络员：mingjian liaisons import --template 有样例（第二条）"
        return Finding("liaisons", title, False, where=where, remedy=hint, needed=False)
    missing = missing_offices(jurisdiction, designations, day_in_china(datetime.now(UTC)))
    asked = len(offices(jurisdiction))
    warning = f"{len(missing)} 个单位没有联络员（{names(missing)}）" if missing else ""
    return Finding(
        "liaisons", title, True, f"{asked - len(missing)}/{asked} 个单位", where, warning, needed=False
    )


def _calendar(settings: Settings) -> Finding:
    from activities.calendars import site_edition
    from starter.site_years import overruled, published_in

    folder = settings.calendar_folder
    where = str(folder) if folder.is_dir() else "（随附）"
    try:
        published = published_in(settings)
        found = site_edition(folder, published)
    except MingjianError as error:
        return Finding("calendar", "工作日历", False, where=where, remedy=str(error))
    last = found.years[-1].year
    today = day_in_china(datetime.now(UTC))
    late = today.month == 12 and last <= today.year
    note = (
        f"{last + 1} 年的放假通知公布后请公布（mingjian calendar publish），此前跨年的期限都是暂定的"
        if late
        else ""
    )
    note = note or overruled(published)
    return Finding("calendar", "工作日历", True, f"{found.name}，至 {last} 年", where, note)
