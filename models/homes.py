"""Where Mingjian lies on this machine: known without reading any setting, so that a quick question stays quick."""

from __future__ import annotations

import os
from pathlib import Path

PREFIX = "MINGJIAN_"
SETTINGS_FILE = f"{PREFIX}SETTINGS"
SECRETS_FOLDER = f"{PREFIX}SECRETS"
_DEFAULT_SECRETS = Path("/run/secrets")


def default_home() -> Path:
    """The home folder where no setting names another."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "mingjian"


def default_cache() -> Path:
    """The folder of fetched programs and fonts where no setting names another."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "mingjian"


def settings_file() -> Path | None:
    """The TOML file in force, or None."""
    if given := os.environ.get(SETTINGS_FILE):
        return Path(given).expanduser().absolute()
    usual = _home() / "settings.toml"
    return usual.absolute() if usual.is_file() else None


def secrets_folder() -> Path | None:
    """The folder of secret files in force, or None."""
    if given := os.environ.get(SECRETS_FOLDER):
        return Path(given).expanduser().absolute()
    return _DEFAULT_SECRETS if _DEFAULT_SECRETS.is_dir() else None


def may_have_calendars() -> bool:
    """Whether the site may have year files of its own: then the settings must be asked where they lie."""
    named = os.environ.get(f"{PREFIX}CALENDAR_FOLDER")
    return bool(named) or settings_file() is not None or (_home() / "calendars").is_dir()


def plain_registry() -> Path | None:
    """The file of books and registry where no setting can name another; None where one may: then the settings must be asked."""
    may_be_named = (
        f"{PREFIX}REGISTRY_URL" in os.environ or settings_file() is not None or secrets_folder() is not None
    )
    return None if may_be_named else _home() / "registry.db"


def _home() -> Path:
    given = os.environ.get(f"{PREFIX}HOME")
    return Path(given).expanduser() if given else default_home()
