"""Settings: where a value comes from, and that nothing misspelt is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import InputError
from models.settings import connection, known_variables, load_settings
from models.terms import CaseKind


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.upper().startswith(("MINGJIAN_", "TEMPORAL_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MINGJIAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "temporal.toml"))


def _problems(**overrides: object) -> str:
    with pytest.raises(InputError) as raised:
        load_settings(**overrides)
    return str(raised.value)


def test_everything_kept_lies_in_the_home_folder(tmp_path: Path) -> None:
    settings = load_settings()
    home = tmp_path / "home"
    assert settings.home == home
    assert settings.archive_folder == home / "archive"
    assert settings.outbox_folder == home / "outbox"
    assert settings.intake_folder == home / "intake"
    assert settings.calendar_folder == home / "calendars"
    assert settings.registry == f"sqlite:///{home}/registry.db"
    assert settings.jurisdiction is None
    assert (settings.temporal_port, settings.ui_port) == (7233, 8233)
    assert not home.exists(), "reading settings makes nothing"


def test_environment_before_secrets_before_file_before_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.toml").write_text(
        'task_queue = "file"\ntemporal_namespace = "file"\nlog_level = "debug"\n', encoding="utf-8"
    )
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "mingjian_task_queue").write_text("secret")
    (tmp_path / "secrets" / "mingjian_temporal_namespace").write_text("secret\n")
    (tmp_path / "secrets" / "of_another_program").write_text("x")
    monkeypatch.setenv("MINGJIAN_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("MINGJIAN_SECRETS", str(tmp_path / "secrets"))
    monkeypatch.setenv("MINGJIAN_TASK_QUEUE", "environment")
    monkeypatch.setenv("MINGJIAN_UI_PORT", "")  # empty is as if not set
    settings = load_settings()
    assert settings.task_queue == "environment"
    assert settings.temporal_namespace == "secret"
    assert settings.log_level == "debug"
    assert settings.ui_port == 8233
    assert load_settings(task_queue="argument").task_queue == "argument"


def test_settings_file_in_the_home_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.toml").write_text('task_queue = "at-home"\n', encoding="utf-8")
    assert load_settings().task_queue == "at-home"


def test_every_problem_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('tusk_queue = "x"\nui_port = 99999\n', encoding="utf-8")
    monkeypatch.setenv("MINGJIAN_SETTINGS", str(file))
    monkeypatch.setenv("MINGJIAN_TYPO", "1")
    monkeypatch.setenv("MINGJIAN_LOG_FORMAT", "yaml")
    text = _problems()
    assert "MINGJIAN_TYPO" in text and "不认识的环境变量" in text
    assert f"文件 {file}，字段 tusk_queue：不认识的设置项" in text
    assert f"文件 {file}，字段 ui_port：不能大于 65535" in text
    assert "字段 MINGJIAN_LOG_FORMAT：只能是 'auto', 'json'、'console'" in text
    assert "field required" not in text.lower() and "Input should" not in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("task_queue = ", "读不懂"),
        ("temporal_port = 8233", "不能相同"),
        ("task_queue = 7", "应为文字"),
        ('ui_port = "many"', "应为整数"),
        ('registry_url = "postgresql://a:secret@b/c"', "口令"),
        ('registry_url = "mingjian.db"', "数据库地址"),
        ('digest_at = "9"', "写作 09:00"),
    ],
)
def test_wrong_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, said: str
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(content, encoding="utf-8")
    monkeypatch.setenv("MINGJIAN_SETTINGS", str(file))
    text = _problems()
    assert said in text and str(file) in text
    assert "secret" not in text


def test_missing_file_and_folder_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGJIAN_SETTINGS", str(tmp_path / "nowhere.toml"))
    assert "设置文件不存在" in _problems()
    monkeypatch.setenv("MINGJIAN_SECRETS", str(tmp_path / "nowhere"))
    assert "密钥文件夹不存在" in _problems()


def test_password_reaches_the_engine_and_nothing_else() -> None:
    settings = load_settings(
        registry_url="postgresql+psycopg://mingjian@db:5432/mingjian", registry_password="p@ss/word"
    )
    assert settings.registry == "postgresql+psycopg://mingjian:p%40ss%2Fword@db:5432/mingjian"
    assert "p@ss" not in repr(settings) and "p@ss" not in settings.model_dump_json()
    assert "p%40ss" not in repr(settings)


_BUCKET = {
    "archive_url": "s3://mingjian/archive",
    "archive_endpoint": "https://s3.example:7070/",
    "archive_key_id": "mingjian",
    "archive_secret": "a secret word",
}


def test_a_bucket_is_named_with_all_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().archive_url == ""
    settings = load_settings(**_BUCKET)
    assert settings.archive_endpoint == "https://s3.example:7070"
    assert settings.archive_years == {"永久": 100, "长期": 60, "短期": 30}
    assert "a secret word" not in repr(settings) + settings.model_dump_json()
    monkeypatch.setenv("MINGJIAN_ARCHIVE_YEARS", '{"短期": 20}')
    monkeypatch.setenv("MINGJIAN_ARCHIVE_KEEPING", '{"public_interest": "永久"}')
    settings = load_settings(**_BUCKET)
    assert settings.archive_years == {"永久": 100, "长期": 60, "短期": 20}
    assert settings.archive_keeping == {CaseKind.PUBLIC_INTEREST: "永久"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"archive_secret": None}, "都要写明"),
        ({"archive_endpoint": ""}, "都要写明"),
        ({"archive_endpoint": "http://s3.example:7070"}, "只有本机"),
        ({"archive_endpoint": "http://127.0.0.1.example"}, "只有本机"),
        ({"archive_endpoint": "https://s3.example/path"}, "https://主机:端口"),
        ({"archive_endpoint": "ftp://s3.example"}, "https://主机:端口"),
        ({"archive_url": "https://s3.example/mingjian"}, "s3://存储桶/前缀"),
        ({"archive_url": "s3://x"}, "s3://存储桶/前缀"),
        ({"archive_url": "s3://mingjian/../x"}, "s3://存储桶/前缀"),
        ({"archive_lock": "none"}, "只能是"),
        ({"archive_years": {"长期": 0}}, "1 至 1000"),
        ({"archive_years": {"中期": 3}}, "只能是"),
        ({"archive_keeping": {"urging": "很久"}}, "只能是"),
        ({"archive_keeping": {"nothing": "永久"}}, "只能是"),
    ],
)
def test_a_bucket_that_cannot_be_is_refused(given: dict[str, object], said: str) -> None:
    text = _problems(**{**_BUCKET, **given})
    assert said in text and "a secret word" not in text


@pytest.mark.parametrize("host", ["127.0.0.1:7070", "localhost:7070", "[::1]:7070"])
def test_this_machine_may_be_asked_without_tls(host: str) -> None:
    assert load_settings(**{**_BUCKET, "archive_endpoint": f"http://{host}"}).archive_endpoint


def test_font_folders_are_parted_as_in_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGJIAN_FONT_FOLDERS", f"{tmp_path}/a:{tmp_path}/b")
    assert load_settings().font_folders == (tmp_path / "a", tmp_path / "b")


def test_connection_takes_the_profile_that_temporals_own_command_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection(load_settings()) == {"target_host": "127.0.0.1:7233", "namespace": "default"}
    (tmp_path / "temporal.toml").write_text(
        '[profile.default]\naddress = "profile:7233"\nnamespace = "court"\napi_key = "k"\n', encoding="utf-8"
    )
    found = connection(load_settings())
    assert (found["target_host"], found["namespace"], found["api_key"]) == ("profile:7233", "court", "k")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "environment:7233")
    assert connection(load_settings())["target_host"] == "environment:7233"
    settings = load_settings(temporal_address="set:1", temporal_namespace="own")
    assert (connection(settings)["target_host"], connection(settings)["namespace"]) == ("set:1", "own")
    monkeypatch.setenv("TEMPORAL_PROFILE", "missing")
    with pytest.raises(InputError, match=r"temporal\.toml"):
        connection(load_settings())


def test_every_variable_is_in_the_operators_manual() -> None:
    manual = (Path(__file__).parents[1] / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in known_variables() if name not in manual] == []
