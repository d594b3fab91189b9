"""The compose file holds to the Compose Specification and to what docker/README.md promises of a deployment."""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from pipeline import settings
from pipeline.dispatch.permission import permission
from pipeline.records.vault import load_keys
from pipeline.routing import directory

DOCKER = Path(__file__).parents[2] / "docker"
PLAY = DOCKER / "play" / "settings"


def with_defaults(node: Any) -> Any:
    """The file as Compose reads it with no variable set: `${NAME:-value}` is `value`."""
    if isinstance(node, str):
        return re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", node)
    if isinstance(node, dict):
        return {key: with_defaults(value) for key, value in node.items()}
    return [with_defaults(one) for one in node] if isinstance(node, list) else node


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The compose file, its merges done."""
    return with_defaults(yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def services(compose) -> dict[str, dict[str, Any]]:
    """Its services."""
    return compose["services"]


def test_it_holds_to_the_specification(compose):
    """No key is misspelt and no value of a kind that Compose refuses."""
    schema = json.loads(Path(__file__).with_name("compose-spec.schema.json").read_text(encoding="utf-8"))
    problems = [f"{'/'.join(map(str, one.absolute_path))}: {one.message}" for one in Draft7Validator(schema).iter_errors(compose)]
    assert problems == []


def test_the_schema_would_notice(compose):
    """A misspelt key is a problem to the schema, so that its silence means something."""
    schema = json.loads(Path(__file__).with_name("compose-spec.schema.json").read_text(encoding="utf-8"))
    wrong = compose | {"services": compose["services"] | {"gateway": compose["services"]["gateway"] | {"readonly": True}}}
    assert not Draft7Validator(schema).is_valid(wrong)


def test_every_service_is_hardened(services):
    """Read-only root, no capability, no new privileges, not root, a bound on processes, an image of a named version: all of them."""
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert not service.get("cap_add"), name
        assert not service.get("privileged"), name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert int(service["user"].split(":")[0]) > 0, name
        assert service["pids_limit"] > 0, name
        assert re.search(r":\d[\w.-]*$", service["image"]), f"{name}: {service['image']} names no version"
        assert all(place.startswith(("/tmp:size=", "/var/run/postgresql:size=")) for place in service["tmpfs"]), name


def test_every_lasting_service_says_how_it_is(services):
    """Each is asked whether it is well, but for the one that ends."""
    for name, service in services.items():
        assert service["healthcheck"].get("disable") or service["healthcheck"]["test"], name
    assert [name for name, service in services.items() if service["healthcheck"].get("disable")] == ["init"]


def test_nothing_is_open_to_other_machines(services):
    """A published port is for this machine only, and the database publishes none."""
    ports = {name: service.get("ports", []) for name, service in services.items()}
    assert all(port.startswith("127.0.0.1:") for found in ports.values() for port in found)
    assert not ports["postgres"]


def test_the_database_speaks_to_nobody_outside(compose, services):
    """PostgreSQL stands in a network without a way out; what publishes a port stands in one that has one, else it is not reached."""
    networks = {name: (options or {}).get("internal", False) for name, options in compose["networks"].items()}
    assert all(networks[name] for name in services["postgres"]["networks"])
    for name, service in services.items():
        assert not service.get("ports") or not all(networks[one] for one in service["networks"]), name


def test_no_secret_stands_in_the_file(compose, services):
    """Passwords and keys are files: none is a value here, and each service is given only those it reads."""
    assert all(set(one) == {"file"} for one in compose["secrets"].values())
    for name, service in services.items():
        assert set(service.get("secrets", [])) <= set(compose["secrets"]), name
        assert not [key for key in service.get("environment", {}) if re.search(r"(PASSWORD|SECRET|VAULT_KEY)$", key)], name
    assert services["prefect"].get("secrets", []) == []
    assert services["postgres"]["secrets"] == ["pg_password"]


def test_what_the_environment_sets_are_settings(services, monkeypatch, tmp_path):
    """The gateway's variables are accepted as settings and name the mounted secrets."""
    monkeypatch.chdir(tmp_path)
    for key, value in services["gateway"]["environment"].items():
        if key != "REPORTGATE_CONFIG":
            monkeypatch.setenv(key, value)
    chosen = settings.load(PLAY / "reportgate.toml")
    assert chosen.store_url.startswith("postgresql+psycopg://")
    assert chosen.key_file == Path("/run/secrets/vault_key")
    assert "vault_key" in services["gateway"]["secrets"]


@pytest.mark.parametrize("file", [PLAY / "reportgate.toml", DOCKER / "reportgate.example.toml"])
def test_the_settings_files_are_settings(services, file):
    """Both settings files load, and every secret they name is one the gateway is given."""
    chosen = settings.load(file)
    assert chosen.mailboxes
    assert chosen.outgoing is not None
    for name in re.findall(r"/run/secrets/(\w+)", file.read_text(encoding="utf-8")):
        assert name in services["gateway"]["secrets"]


def test_the_play_profile_plays(services):
    """The play settings speak to the play servers, and live mail may go to every address of the play directory."""
    chosen = settings.load(PLAY / "reportgate.toml")
    playing = {name for name, service in services.items() if service.get("profiles") == ["play"]}
    assert {chosen.mailboxes[0].host, chosen.outgoing.host} == playing
    known = directory.load(PLAY)
    places = [place for one in known.authorities for place in (one.reports_to, *one.copy_to, one.admin)]
    refused = permission(places)
    assert {refused(place.address) for place in places} == {None}


def test_the_play_directory_knows_every_shipped_authority(rules_dir):
    """Play and shipped rules know the same authorities by the same mailboxes and packs."""
    shipped, play = directory.load(rules_dir).authorities, directory.load(PLAY).authorities
    assert [(one.id, one.mailboxes, one.pack) for one in play] == [(one.id, one.mailboxes, one.pack) for one in shipped]


def test_the_image_says_where_the_rules_lie(services):
    """The operator's directory is mounted over the one that the wheel carries."""
    (mounted,) = [one for one in services["gateway"]["volumes"] if one.endswith("/directory:ro")]
    assert "/opt/reportgate/lib/python3.11/site-packages/pipeline/_rules/directory" in mounted
    assert "debian:12" in (DOCKER / "Dockerfile").read_text(encoding="utf-8")  # whose Python is 3.11


def prepare(folder: Path, *words: str) -> None:
    """Runs `prepare.sh` for whoever runs this test."""
    environment = {**os.environ, "GATEWAY_UID": str(os.getuid()), "POSTGRES_UID": str(os.getuid())}
    subprocess.run(["sh", str(folder / "prepare.sh"), *words], env=environment, check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """A copy of docker/ after `prepare.sh` and `prepare.sh play`, with secrets that belong to whoever runs this test."""
    folder = tmp_path_factory.mktemp("deployment")
    for name in ("prepare.sh", "reportgate.example.toml"):
        (folder / "docker").mkdir(exist_ok=True)
        (folder / "docker" / name).write_bytes((DOCKER / name).read_bytes())
    (folder / "rules" / "directory").mkdir(parents=True)
    (folder / "rules" / "directory" / "here.yaml").write_text("id: here\n")
    prepare(folder / "docker")
    prepare(folder / "docker", "play")
    return folder / "docker"


def test_every_secret_is_made_for_one_reader(prepared, compose):
    """Each file that the compose file names is there after `prepare.sh`, for its owner's eyes only."""
    for secret in compose["secrets"].values():
        file = prepared / secret["file"]
        assert file.is_file(), f"{file.name} was not made"
        assert file.stat().st_mode & 0o777 == 0o600


def test_the_secrets_are_usable(prepared):
    """The key opens a vault; the gateway's password line is the database's password; what was made stays on a second run."""
    before = {file.name: file.read_bytes() for file in (prepared / "secrets").iterdir()}
    assert load_keys(prepared / "secrets" / "vault_key").current
    password = (prepared / "secrets" / "pg_password").read_text()
    assert len(password) >= 40
    assert (prepared / "secrets" / "pgpass").read_text() == f"postgres:5432:reportgate:reportgate:{password}\n"
    prepare(prepared)
    assert {file.name: file.read_bytes() for file in (prepared / "secrets").iterdir()} == before


def test_the_operator_is_given_what_to_fill_in(prepared):
    """Settings and directory lie ready, readable by the gateway's account and never over those that are there."""
    assert (prepared / "live" / "reportgate.toml").stat().st_mode & 0o044
    assert (prepared / "live" / "directory" / "here.yaml").is_file()


@pytest.mark.parametrize("host", ["mailbox", "sink"])
def test_the_play_certificate_is_believed(prepared, host):
    """A connection with certificate and name checked, as the gateway makes it, succeeds with the play certificate."""
    secrets = prepared / "secrets"
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=str(secrets / "play_ca"))
    server.load_cert_chain(secrets / "play_certificate", secrets / "play_key")
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [client.wrap_bio(to_client, to_server, server_hostname=host), server.wrap_bio(to_server, to_client, server_side=True)]
    for _ in range(3):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert ends[0].version() == "TLSv1.3"
