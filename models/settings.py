"""What a site can set: from `MINGJIAN_…` in the environment, else files of a secrets folder, else a TOML
file, else a default.

The TOML file is `MINGJIAN_SETTINGS`, or `settings.toml` in the home folder when there is one; the secrets
folder is `MINGJIAN_SECRETS`, or /run/secrets when there is one, with a file for each value
(`mingjian_registry_password`). Names in the TOML file are those of the fields below; in the environment
they are in capitals with `MINGJIAN_` before them. An unknown name is an error, wherever it stands.

How to reach a Temporal server is not repeated here: `connection` reads `TEMPORAL_ADDRESS`,
`TEMPORAL_PROFILE` and the `temporal.toml` that the `temporal` command reads too.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import time
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from models.addresses import is_mail_address
from models.errors import InputError, Problem
from models.homes import (
    PREFIX,
    SECRETS_FOLDER,
    SETTINGS_FILE,
    default_cache,
    default_home,
    secrets_folder,
    settings_file,
)
from models.keeping import Keeping, KeepingPeriods
from models.reach import HIGHEST, Level, Reach
from models.terms import CaseKind

_BUCKET_URL = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9_-]+)*/?")
_MAILBOX_URL = re.compile(
    r"imaps://(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?(?:/[^\s\"\\?#]*)?", re.ASCII
)
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")

_SMTP_PORTS = {"starttls": 587, "tls": 465, "plain": 25}


class Settings(BaseSettings):
    """The settings of one machine; folders are absolute, whether or not they exist yet."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    home: Path = Field(default_factory=default_home)
    """Everything that must be kept: registry, archive, outbox, and on one machine Temporal's database."""
    cache: Path = Field(default_factory=default_cache)
    """Programs and fonts that were fetched or built; can be deleted at any time."""

    registry_url: str = Field(default_factory=lambda given: f"sqlite:///{given['home'] / 'registry.db'}")
    """SQLAlchemy address of books and registry, without a password; default `registry.db` in the home
    folder.
    """
    registry_password: SecretStr | None = None
    archive_folder: Path = Field(default_factory=lambda given: given["home"] / "archive")
    """Where papers and histories are archived; default `archive` in the home folder."""
    archive_url: str = ""
    """`s3://bucket/prefix` to archive in a bucket of an S3 server instead of in the folder."""
    archive_endpoint: str = ""
    """Address of the S3 server; https, or http to this machine itself."""
    archive_region: str = "us-east-1"
    archive_key_id: str = ""
    archive_secret: SecretStr | None = None
    archive_certificate: Path | None = None
    """PEM file of the authority that vouches for the S3 server, when it is the site's own."""
    archive_lock: Literal["compliance", "governance"] = "compliance"
    """compliance: nobody can shorten a lock; governance: who holds that right can."""
    archive_years: dict[Keeping, int] = Field(default_factory=lambda: dict(KeepingPeriods().years))
    """保管期限: years of lock of each class after the year of closing."""
    archive_keeping: dict[CaseKind, Keeping] = Field(default_factory=dict)
    """The class of each kind of case; kinds not named are 长期."""
    outbox_folder: Path = Field(default_factory=lambda given: given["home"] / "outbox")
    """Where notices are put as .eml files; default `outbox` in the home folder."""
    intake_folder: Path = Field(default_factory=lambda given: given["home"] / "intake")
    """Where scans and saved mails are dropped; default `intake` in the home folder."""
    intake_mailbox: str = ""
    """`imaps://host/folder` of the mailbox from which `mingjian inbox fetch` copies mails into the intake folder; empty: none."""
    intake_mailbox_user: str = ""
    intake_mailbox_password: SecretStr | None = None
    intake_mailbox_authority: Path | None = None
    """PEM file of the certificate authority of that mail server; None: those of this machine."""
    calendar_folder: Path = Field(default_factory=lambda given: given["home"] / "calendars")
    """The site's own year files of holidays; default `calendars` in the home folder."""
    calendar_pace: int = Field(default=20, ge=1, le=1000)
    """Cases told of a published calendar in a second, so that decisions stay quick meanwhile."""
    jurisdiction: Path | None = None
    """The jurisdiction file; None: the one shipped for Sanming."""
    font_folders: Annotated[tuple[Path, ...], NoDecode] = ()
    """The site's own fonts, searched before the fetched ones; in the environment separated as PATH is."""

    smtp_host: str = ""
    """The mail server; empty: all notices go to the outbox folder."""
    smtp_security: Literal["starttls", "tls", "plain"] = "starttls"
    """starttls: encrypted after the greeting; tls: from the first byte; plain: not at all, on this machine only."""
    smtp_port: int = Field(
        default_factory=lambda given: _SMTP_PORTS[given.get("smtp_security", "starttls")], ge=1, le=65535
    )
    """Default 587, 465 or 25, as `smtp_security` says."""
    smtp_user: str = ""
    """Empty: no login."""
    smtp_password: SecretStr | None = None
    smtp_authority: Path | None = None
    """PEM file of the certificate authority of the mail server; None: those of this machine."""
    mail_from: str = ""
    """The address that notices come from; needed with a mail server."""

    digest_at: str = Field(default="09:00", pattern=r"^(([01]\d|2[0-3]):[0-5]\d|off)$")
    """When a recipient gets the day's reminders in one mail, Beijing time; off: each reminder by itself, at once."""

    temporal_address: str = ""
    """`host:port` of a Temporal server; empty: as `connection` finds it."""
    temporal_namespace: str = "default"
    temporal_port: int = Field(default=7233, ge=1, le=65535)
    """Port on 127.0.0.1 of the server that `mingjian up` starts."""
    ui_port: int = Field(default=8233, ge=1, le=65535)
    """Port on 127.0.0.1 of the web UI that `mingjian up` starts."""
    task_queue: str = "mingjian"

    desk: str = Field(default="", max_length=40)
    """What this desk is called, such as 永安市院; empty: it has no name."""
    desk_counties: Annotated[tuple[str, ...], NoDecode] = ()
    """行政区划码 of the places whose cases this desk sees, a city's with its counties; empty: all. Commas in the environment."""
    desk_level: Level = HIGHEST
    """The highest level of confidentiality that this desk sees: ordinary or internal."""

    log_format: Literal["auto", "json", "console"] = "auto"
    """auto: readable on a terminal, JSON lines everywhere else."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator(
        "home",
        "cache",
        "archive_folder",
        "outbox_folder",
        "intake_folder",
        "calendar_folder",
        "jurisdiction",
        "archive_certificate",
        "smtp_authority",
        "intake_mailbox_authority",
    )
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser().absolute()

    @field_validator("font_folders", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            value = [part for part in value.split(os.pathsep) if part]
        if isinstance(value, list | tuple):
            return tuple(Path(str(part)).expanduser().absolute() for part in value)
        return value

    @field_validator("desk_counties", mode="before")
    @classmethod
    def _places(cls, value: object) -> object:
        places = value.replace("，", ",").split(",") if isinstance(value, str) else value
        if not isinstance(places, list | tuple):
            return value
        found = tuple(str(each).strip() for each in places if str(each).strip())
        if any(not re.fullmatch(r"[1-9]\d{5}", each, re.ASCII) for each in found):
            raise ValueError("应为行政区划码（六位数字，如 350481），几个的用逗号分开")
        return found

    @field_validator("registry_url")
    @classmethod
    def _no_password(cls, url: str) -> str:
        if "://" not in url or urlsplit(url).password is not None:
            raise ValueError(
                "应为不含口令的数据库地址（如 postgresql+psycopg://user@host/mingjian），"
                "口令写在 registry_password"
            )
        return url

    @field_validator("archive_url")
    @classmethod
    def _bucket(cls, url: str) -> str:
        if url and not _BUCKET_URL.fullmatch(url):
            raise ValueError("应写作 s3://存储桶/前缀（存储桶为小写字母、数字、点和短横，3 至 63 个）")
        return url.rstrip("/")

    @field_validator("archive_endpoint")
    @classmethod
    def _endpoint(cls, url: str) -> str:
        parts = urlsplit(url)
        if not url or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE):
            return url.rstrip("/")
        if parts.scheme != "https" or not parts.hostname or parts.username or parts.path.strip("/"):
            raise ValueError("应写作 https://主机:端口；只有本机（127.0.0.1）可以写 http")
        return url.rstrip("/")

    @field_validator("archive_years")
    @classmethod
    def _years(cls, years: dict[Keeping, int]) -> dict[Keeping, int]:
        if any(not 1 <= each <= 1000 for each in years.values()):
            raise ValueError("保管年数应在 1 至 1000 之间")
        return {**KeepingPeriods().years, **years}

    @model_validator(mode="after")
    def _whole_archive(self) -> Self:
        if self.archive_url and not (self.archive_endpoint and self.archive_key_id and self.archive_secret):
            raise ValueError(
                "用 S3 存档（archive_url）时，archive_endpoint、archive_key_id、archive_secret 都要写明"
            )
        return self

    @model_validator(mode="after")
    def _ports_differ(self) -> Self:
        if self.temporal_port == self.ui_port:
            raise ValueError("temporal_port 与 ui_port 不能相同")
        return self

    @model_validator(mode="after")
    def _mail_can_be_sent(self) -> Self:
        problems = []
        if self.mail_from and not is_mail_address(self.mail_from):
            problems.append("mail_from 不是电子邮件地址")
        if self.smtp_host and not self.mail_from:
            problems.append("写了 smtp_host，还须写 mail_from（发件地址）")
        if self.smtp_host and self.smtp_security == "plain" and not _is_this_machine(self.smtp_host):
            problems.append("smtp_security 为 plain 的，smtp_host 只能是本机；其余用 starttls 或 tls")
        if bool(self.smtp_user) != (self.smtp_password is not None):
            problems.append("smtp_user 与 smtp_password 须一并写明")
        if problems:
            raise ValueError("；".join(problems))
        return self

    @model_validator(mode="after")
    def _mailbox_can_be_read(self) -> Self:
        problems = []
        url = self.intake_mailbox
        if url and not (url.isascii() and _MAILBOX_URL.fullmatch(url)):
            problems.append("intake_mailbox 应写作 imaps://主机:端口/文件夹，不含用户和口令")
        given = (bool(url), bool(self.intake_mailbox_user), self.intake_mailbox_password is not None)
        if any(given) and not all(given):
            problems.append("intake_mailbox、intake_mailbox_user、intake_mailbox_password 须一并写明")
        if problems:
            raise ValueError("；".join(problems))
        return self

    @property
    def registry(self) -> str:
        """The address of books and registry with its password, for the engine; never to be printed or
        logged.
        """
        if self.registry_password is None:
            return self.registry_url
        parts = urlsplit(self.registry_url)
        user, _, host = parts.netloc.rpartition("@")
        password = quote(self.registry_password.get_secret_value(), safe="")
        return urlunsplit(parts._replace(netloc=f"{user}:{password}@{host}"))

    @property
    def reach(self) -> Reach:
        """What this desk may see; the worker sees everything, whatever is set here."""
        return Reach(self.desk_counties, self.desk_level, self.desk)

    @property
    def digest_time(self) -> time | None:
        """`digest_at` as a time of day; None: off."""
        return None if self.digest_at == "off" else time.fromisoformat(self.digest_at)

    @property
    def temporal_folder(self) -> Path:
        """Database and logs of the server that `mingjian up` starts."""
        return self.home / "temporal"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        sources = [init_settings, env_settings]
        if (folder := secrets_folder()) is not None:
            sources.append(SecretsSettingsSource(settings_cls, secrets_dir=folder))
        if (file := settings_file()) is not None:
            sources.append(InitSettingsSource(settings_cls, init_kwargs=_read_toml(file)))
        return tuple(sources)


def load_settings(**overrides: Any) -> Settings:
    """The settings in force, `overrides` before everything else; raises InputError with every problem at
    once.
    """
    problems = [
        Problem(
            f"不认识的环境变量 {name}",
            remedy=f"可用的有：{'、'.join(known_variables())}",
            field=name,
        )
        for name in sorted(os.environ)
        if name.upper().startswith(PREFIX) and name.upper() not in known_variables()
    ]
    folder = secrets_folder()
    if folder is not None and not folder.is_dir():
        problems.append(
            Problem("密钥文件夹不存在", remedy=f"建立它，或去掉 {SECRETS_FOLDER}", file=str(folder))
        )
    else:
        try:
            settings = Settings(**overrides)
        except ValidationError as error:
            problems += [_problem(each) for each in error.errors()]
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return settings


def known_variables() -> tuple[str, ...]:
    """Every environment variable that is read, in the order of the fields."""
    return (*(PREFIX + name.upper() for name in Settings.model_fields), SETTINGS_FILE, SECRETS_FOLDER)


def connection(settings: Settings) -> dict[str, Any]:
    """Arguments for `temporalio.client.Client.connect`, with TLS and keys where a profile gives them.

    The address is `temporal_address`, else what `TEMPORAL_ADDRESS` or a `temporal.toml` profile says, else
    the server of `mingjian up` on this machine. Raises InputError for a profile that cannot be read.
    """
    from temporalio.envconfig import ClientConfig

    try:
        found: Mapping[str, Any] = ClientConfig.load_client_connect_config()
    except Exception as error:  # the SDK raises its own and the core's errors, of no common kind
        raise InputError(
            Problem(
                f"Temporal 连接配置读不懂：{error}",
                remedy="检查 temporal.toml 和 TEMPORAL_ 开头的环境变量",
            )
        ) from None
    arguments = {"namespace": settings.temporal_namespace, **found}
    if settings.temporal_address:
        arguments["target_host"] = settings.temporal_address
    arguments.setdefault("target_host", f"127.0.0.1:{settings.temporal_port}")
    if "temporal_namespace" in settings.model_fields_set:
        arguments["namespace"] = settings.temporal_namespace
    return arguments


def _is_this_machine(host: str) -> bool:
    """Whether a host is the loopback interface, which nobody else can listen to."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            Problem("设置文件不存在", remedy=f"建立它，或去掉 {SETTINGS_FILE}", file=str(path))
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(
            Problem(f"设置文件读不懂：{error}", remedy="按 TOML 写法改正", file=str(path))
        ) from None


_MEANINGS = {
    "extra_forbidden": "不认识的设置项",
    "string_pattern_mismatch": "写法不对（时刻写作 09:00）",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "string_type": "应为文字",
    "path_type": "应为路径",
    "literal_error": "只能是 {expected}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "tuple_type": "应为路径的列表",
    "dict_type": "应为一组名称和值",
    "enum": "只能是 {expected}",
}


def _problem(each: ErrorDetails) -> Problem:
    name = ".".join(str(part) for part in each["loc"])
    meaning = _MEANINGS.get(each["type"])
    context = {key: str(value).replace(" or ", "、") for key, value in each.get("ctx", {}).items()}
    what = meaning.format(**context) if meaning else each["msg"].removeprefix("Value error, ")
    variable = PREFIX + name.upper()
    from_environment = variable in os.environ
    file = settings_file()
    return Problem(
        what,
        remedy=f"见 {variable}" if from_environment else "改正设置文件",
        field=variable if from_environment else name,
        file="" if from_environment or file is None else str(file),
    )
