"""The settings: the only reader of the settings file and of the environment.

A file `reportgate.toml` (named by --config or REPORTGATE_CONFIG, else in the working folder, else /etc/reportgate) and environment
variables over it: `REPORTGATE_STORE__URL` is `url` under `[store]`. Secrets are best named as files, such as `password_file`.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from pipeline.domain.errors import SettingsError

PLACES = (Path("reportgate.toml"), Path("/etc/reportgate/reportgate.toml"))


class _Section(BaseModel):
    """A table of the settings file; unknown keys are refused, and values never show in errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Secret(_Section):
    """A password or key: given as `password`, or as `password_file`, a file that holds nothing else."""

    password: SecretStr | None = None
    password_file: Path | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Secret:
        if self.password is not None and self.password_file is not None:
            raise ValueError("give password or password_file, not both")
        return self

    def reveal(self) -> str | None:
        """The secret itself, or None where none is given.

        Raises:
            SettingsError: the file cannot be read.
        """
        if self.password_file is None:
            return self.password.get_secret_value() if self.password else None
        try:
            return self.password_file.read_text(encoding="utf-8").rstrip("\n")
        except OSError as error:
            raise SettingsError(
                f"password_file {self.password_file} cannot be read ({error.strerror}); mend its path or permissions"
            ) from None


class OAuth(_Section):
    """Client credentials for Exchange Online (app-only)."""

    tenant: str
    client_id: str
    client_secret: SecretStr | None = None
    client_secret_file: Path | None = None
    authority: str = "https://login.microsoftonline.com"

    def secret(self) -> str:
        """The client secret.

        Raises:
            SettingsError: neither it nor its file is given, or the file cannot be read.
        """
        found = Secret(password=self.client_secret, password_file=self.client_secret_file).reveal()
        if not found:
            raise SettingsError("oauth.client_secret is missing; set client_secret_file to the file that holds it")
        return found


class Server(Secret):
    """A mail server and how we sign in to it."""

    host: str
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["tls", "starttls"] = "tls"
    user: str | None = None
    oauth: OAuth | None = None
    ca_file: Path | None = None
    timeout_seconds: float = Field(default=60.0, gt=0)


class ImapMailbox(Server):
    """A mailbox read over IMAP."""

    kind: Literal["imap"]
    name: str
    folder: str = "INBOX"
    after: Literal["move", "flag"] = "move"
    processed_folder: str = "Processed"
    held_folder: str = "Held"
    parked_folder: str = "Parked"
    since: str | None = Field(default=None, pattern=r"^\d{4}-\d\d-\d\d$", description="older mail is never looked at")


class MaildirMailbox(_Section):
    """A Maildir on this machine."""

    kind: Literal["maildir"]
    name: str
    path: Path


class SmtpOut(Server):
    """Letters leave over SMTP."""

    kind: Literal["smtp"]


class MaildirOut(_Section):
    """Letters are put into a Maildir: for trying things out, and for handing over to another program."""

    kind: Literal["maildir"]
    path: Path


class Store(_Section):
    """Where the gateway keeps its records. Without a URL: an SQLite file in the data folder."""

    url: SecretStr | None = None


class Vault(_Section):
    """The key that opens the stored originals: a file made by `reportgate init`, or the environment variable REPORTGATE_VAULT_KEY."""

    key_file: Path | None = None


class Reading(_Section):
    """Limits on what is opened, and on how long that may take. A message of 35 MB and 300 scanned pages stays within the defaults.

    Attributes:
        pages: of one file.
        file_bytes: of one file.
        unpacked_bytes, members, depth, ratio: of the containers of one attachment together; `ratio` is of unpacked to packed bytes.
        seconds: for one file, of wall and of processor time. A scanned page takes 4 to 6 s of a processor: 300 pages,
            175 of them scanned, took a quarter of an hour on two, and longer on busy ones; what is not read by then goes to review with
            what was.
        message_seconds: for all files of one message together; what is not read by then is named and goes to review with what was. The
            file that is being read then may still end, without more of its pictures of text.
        silent_seconds: for one file, until it is given up where no page gets done: how soon a hang is found.
        memory_bytes: of address space, for the reading process and for each program it starts.
        workers: reading processes; one for each lane of mail (`pipeline.storyline.Lane`), so that a short report waits for no long scan.
        ocr: whether pictures of text are read.
    """

    pages: int = Field(default=400, ge=1)
    file_bytes: int = Field(default=60_000_000, ge=1)
    unpacked_bytes: int = Field(default=400_000_000, ge=1)
    members: int = Field(default=1_000, ge=1)
    depth: int = Field(default=8, ge=1)
    ratio: int = Field(default=200, ge=10)
    seconds: float = Field(default=3600.0, gt=0)
    message_seconds: float = Field(default=7200.0, gt=0)
    silent_seconds: float = Field(default=300.0, gt=0)
    memory_bytes: int = Field(default=3_000_000_000, ge=100_000_000)
    workers: int = Field(default=2, ge=1)
    ocr: bool = True


class Antivirus(_Section):
    """clamd, where files are to be searched for viruses before they are opened. Once set, mail waits while it does not answer.

    Attributes:
        socket: the path of its Unix socket, or `host:port`; without it nothing is searched.
    """

    socket: str | None = None
    timeout_seconds: float = Field(default=60.0, gt=0)


class Copying(_Section):
    """How redacted copies are made and proved."""

    ocr_proof: bool = True
    ocr_whole_pages: bool = False
    dpi: int = Field(default=170, ge=100, le=400)


class Letters(_Section):
    """What our letters say of ourselves."""

    sender: str = "reportgate@reports.example"
    help_contact: str = ""


class Settings(BaseSettings):
    """Everything that can be set. Every default works on the embedded store with nothing else running."""

    model_config = SettingsConfigDict(
        env_prefix="REPORTGATE_", env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )
    _file: ClassVar[dict[str, Any]] = {}

    data_dir: Path = Path("reportgate-data")
    rules_dir: Path | None = None
    trusted_servers: tuple[str, ...] = ()
    alarm_after_minutes: int = Field(default=30, ge=1)
    mailboxes: tuple[Annotated[ImapMailbox | MaildirMailbox, Field(discriminator="kind")], ...] = ()
    outgoing: Annotated[SmtpOut | MaildirOut, Field(discriminator="kind")] | None = None
    store: Store = Store()
    vault: Vault = Vault()
    reading: Reading = Reading()
    antivirus: Antivirus = Antivirus()
    copying: Copying = Copying()
    letters: Letters = Letters()

    @property
    def store_url(self) -> str:
        """The database: as set, or SQLite in the data folder."""
        return self.store.url.get_secret_value() if self.store.url else f"sqlite:///{self.data_dir / 'reportgate.sqlite'}"

    @property
    def key_file(self) -> Path:
        """The file of the vault key."""
        return self.vault.key_file or self.data_dir / "vault.key"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment counts before the file (which comes in as arguments); no .env files and no secrets folder."""
        del settings_cls, dotenv_settings, file_secret_settings
        return (env_settings, init_settings)


IGNORED = {"REPORTGATE_CONFIG", "REPORTGATE_VAULT_KEY", "REPORTGATE_REQUIRE_ALL"}
"""Variables of ours that are not settings."""


def load(path: Path | None = None) -> Settings:
    """Reads the settings.

    Args:
        path: the file to read; without it, the first of REPORTGATE_CONFIG and the usual places that is there, else none.

    Raises:
        SettingsError: naming the key and the mend.
    """
    chosen = path or (Path(os.environ["REPORTGATE_CONFIG"]) if os.environ.get("REPORTGATE_CONFIG") else None)
    if chosen is not None and not chosen.is_file():
        raise SettingsError(f"there is no settings file {chosen}; write one with: reportgate init")
    chosen = chosen or next((place for place in PLACES if place.is_file()), None)
    return _checked(_parsed(chosen) if chosen else {}, str(chosen or "the environment"))


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {type(error).__name__}; mend its permissions or encoding (UTF-8)") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}") from None


def _checked(given: dict[str, Any], where: str) -> Settings:
    known = {f"REPORTGATE_{name.upper()}" for name in Settings.model_fields}
    for variable in os.environ:
        if variable.startswith("REPORTGATE_") and variable not in IGNORED and variable.split("__")[0] not in known:
            raise SettingsError(f"the environment variable {variable} is no setting; unset it or mend its name")
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "settings"
        raise SettingsError(f"{where}: {key}: {first['msg']}; see reportgate.toml as written by: reportgate init") from None
