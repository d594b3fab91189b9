"""Real servers for tests, each in a folder of its own and on ports of its own: an IMAP server (Dovecot) with a certificate of our own."""

from __future__ import annotations

import base64
import datetime as dt
import grp
import hashlib
import hmac
import ipaddress
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """A certificate authority nobody else trusts, with one server certificate for localhost."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.ca_file, self.certificate, self.key = folder / "ca.pem", folder / "server.pem", folder / "server.key"
        ca_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        ca = self._signed(ca_key, ca_key, "reportgate test authority", "reportgate test authority", authority=True)
        server = self._signed(server_key, ca_key, "localhost", "reportgate test authority", authority=False)
        self.ca_file.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
        self.certificate.write_bytes(server.public_bytes(serialization.Encoding.PEM))
        self.key.write_bytes(
            server_key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )

    @staticmethod
    def _signed(
        key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey, name: str, issuer: str, *, authority: bool
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=authority,
            crl_sign=authority,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        )
        if not authority:
            names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(signer, hashes.SHA256())


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


DOVECOT_CONF = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
auth_verbose = yes
instance_name = {instance}
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
ssl_cert = <{certificate}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = yes
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
auth_cache_size = 0
mail_location = maildir:{base}/mail/%u
mail_max_userip_connections = 50
maildir_copy_with_hardlinks = yes
first_valid_uid = {uid}
first_valid_gid = {gid}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login_user}
mail_uid = {uid}
mail_gid = {gid}
imap_capability = {capability}
imap_logout_format = in=%i out=%o body=%{{fetch_body_bytes}} head=%{{fetch_hdr_bytes}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {base}/oauth2.conf.ext
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {starttls_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


class DovecotServer:
    """Dovecot over TLS and STARTTLS, with one password for everybody and access tokens it checks itself (HS256).

    Attributes:
        tls_port, starttls_port: on 127.0.0.1; the certificate is for `localhost`.
        password: everybody's.
        log: its log file, for tests that count what was fetched.
    """

    host = "localhost"
    password = "correct-horse"
    token_key = b"a key of thirty-two bytes or more"

    def __init__(self, program: str, *, without: tuple[str, ...] = (), prefix: str = "", separator: str = "/") -> None:
        base = Path(tempfile.mkdtemp(prefix="dovecot-"))  # a short path, for its sockets, which its login user may enter
        base.chmod(0o755)
        self.program, self.base = program, base
        self.authority = Authority(base / "tls")
        self.ca_file = self.authority.ca_file
        self.tls_port, self.starttls_port = free_port(), free_port()
        self.log = base / "dovecot.log"
        keys = base / "keys" / "default" / "HS256"
        keys.mkdir(parents=True)
        (keys / "default").write_bytes(base64.b64encode(self.token_key))
        (base / "oauth2.conf.ext").write_text(
            "introspection_mode = local\n"
            f"local_validation_key_dict = fs:posix:prefix={base}/keys/\n"
            "username_attribute = email\ntokeninfo_url =\nscope =\n"
        )
        account = pwd.getpwnam("dovecot") if os.getuid() == 0 else pwd.getpwuid(os.getuid())  # it serves no mail as root
        self.uid, self.gid = account.pw_uid, account.pw_gid
        self._own(base / "mail")
        self._write(without=without, prefix=prefix, separator=separator)

    def _write(self, *, without: tuple[str, ...], prefix: str, separator: str) -> None:
        as_root = os.getuid() == 0  # then it insists on users of its own, which its package makes
        able = "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ UNSELECT NAMESPACE UIDPLUS MOVE"
        text = DOVECOT_CONF.format(
            base=self.base,
            instance=self.base.name,
            ssl="yes",
            certificate=self.authority.certificate,
            key=self.authority.key,
            uid=self.uid,
            gid=self.gid,
            user=pwd.getpwuid(self.uid).pw_name,
            group=grp.getgrgid(self.gid).gr_name,
            login_user="dovenull" if as_root else pwd.getpwuid(self.uid).pw_name,
            capability=" ".join(word for word in able.split() if word not in without),
            password=self.password,
            prefix=prefix,
            separator=separator,
            starttls_port=self.starttls_port,
            tls_port=self.tls_port,
        )
        (self.base / "dovecot.conf").write_text(text)

    def start(self) -> DovecotServer:
        """Starts it and waits until it answers. Its output goes to a file: it daemonises, and a pipe would never end."""
        with (self.base / "start.log").open("wb") as output:
            done = subprocess.run(
                [self.program, "-c", str(self.base / "dovecot.conf")], stdout=output, stderr=output, timeout=30, check=False
            )
        if done.returncode:
            raise RuntimeError((self.base / "start.log").read_text())
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.tls_port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return self
        raise RuntimeError(self.log.read_text())

    @property
    def pid(self) -> int:
        """Its master process."""
        return int((self.base / "run" / "master.pid").read_text())

    def stop(self) -> None:
        """Kills it with every session of it, in the middle of whatever they do, and waits until nobody listens."""
        try:
            master = self.pid
        except (OSError, ValueError):
            return
        killed = (master, *_children(master))
        for pid in killed:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
        (self.base / "run" / "master.pid").unlink(missing_ok=True)
        deadline = time.monotonic() + 10
        while any(map(_lives, killed)) and time.monotonic() < deadline:
            time.sleep(0.02)  # until then its sockets answer, and a new one refuses to start
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.tls_port), timeout=1).close()
            except OSError:
                return
            time.sleep(0.02)

    def close(self) -> None:
        """Ends it and removes its folder."""
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    def maildir(self, user: str) -> Path:
        """The user's Maildir on disk."""
        return self.base / "mail" / user

    def deliver(self, user: str, *messages: bytes, when: float | None = None) -> None:
        """Puts messages into the user's inbox as a delivery agent would."""
        folder = self.maildir(user)
        self._own(folder)
        for part in ("new", "cur", "tmp"):
            self._own(folder / part)
        for number, raw in enumerate(messages):
            name = f"{int(when or time.time())}.M{time.monotonic_ns()}N{number}.localhost"
            (folder / "tmp" / name).write_bytes(raw)
            os.chown(folder / "tmp" / name, self.uid, self.gid)
            if when:
                os.utime(folder / "tmp" / name, (when, when))
            (folder / "tmp" / name).rename(folder / "new" / name)

    def _own(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        os.chown(folder, self.uid, self.gid)

    def token(self, user: str, *, seconds: int = 3600) -> str:
        """An access token for the user, as a login service would sign it; negative seconds: one that has ended."""
        now = int(time.time())
        claims = {"email": user, "sub": user, "iat": now - 10_000, "nbf": now - 10_000, "exp": now + seconds, "aud": "", "scope": ""}
        head, body = (_b64(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "HS256"}, claims))
        signature = hmac.new(self.token_key, f"{head}.{body}".encode(), hashlib.sha256).digest()
        return f"{head}.{body}.{_b64(signature)}"


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _lives(pid: int) -> bool:
    """Whether a process still holds anything: a dead one that nobody has asked after does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found
