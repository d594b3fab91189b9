"""The settings file and the environment."""

from pathlib import Path

import pytest

from pipeline import settings
from pipeline.domain.errors import SettingsError


def test_every_default_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file or variables the embedded defaults are in force."""
    monkeypatch.chdir(tmp_path)

    assert settings.load().store_url.startswith("sqlite:///")


def test_the_environment_counts_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable overrides the same key in the file and leaves its neighbours."""
    file = tmp_path / "reportgate.toml"
    file.write_text("[reading]\npages = 10\nworkers = 3\n")
    monkeypatch.setenv("REPORTGATE_READING__PAGES", "20")

    read = settings.load(file).reading

    assert (read.pages, read.workers) == (20, 3)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[reading]\npages = 0", "reading.pages"),
        ("[reading]\npagse = 5", "reading.pagse"),
        ('[[mailboxes]]\nkind = "imap"\nname = "a"', "host"),
        ('[[mailboxes]]\nkind = "pop3"\nname = "a"', "mailboxes.0"),
        ("pages =", "not TOML"),
        ('[outgoing]\nkind = "smtp"\nhost = "h"\npassword = "geheim"\npassword_file = "f"', "outgoing"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path, text: str, named: str) -> None:
    """The error names the key, shows no value, and is one line."""
    file = tmp_path / "reportgate.toml"
    file.write_text(text)

    with pytest.raises(SettingsError) as caught:
        settings.load(file)

    assert named in str(caught.value)
    assert "geheim" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_misspelt_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable of ours that is no setting stops the start, since it was meant to do something."""
    monkeypatch.setenv("REPORTGATE_DATA_DIRECTORY", "x")

    with pytest.raises(SettingsError, match="REPORTGATE_DATA_DIRECTORY"):
        settings.load()


def test_secrets_do_not_show(tmp_path: Path) -> None:
    """Neither a password nor a database URL is in the repr of the settings."""
    file = tmp_path / "reportgate.toml"
    file.write_text('[store]\nurl = "postgresql+psycopg://u:geheim@h/d"\n[outgoing]\nkind = "smtp"\nhost = "h"\npassword = "geheim"\n')

    assert "geheim" not in repr(settings.load(file))
