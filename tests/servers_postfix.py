"""A real Postfix with a configuration of its own: takes mail over STARTTLS for one domain and keeps it in a Maildir."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from needs import require
from servers import Authority, free_port

MAIN = """
compatibility_level = 3.6
queue_directory = {base}/queue
data_directory = {base}/data
maillog_file = {base}/log
maillog_file_prefixes = {base}
mail_owner = postfix
setgid_group = postdrop
myhostname = localhost
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = {domain}
virtual_mailbox_maps = static:inbox/
virtual_mailbox_base = {base}/mail
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_recipient_restrictions = check_recipient_access inline:{{{refused}=REJECT}}, reject_unauth_destination
smtpd_relay_restrictions = reject_unauth_destination
message_size_limit = {size}
mailbox_size_limit = 0
virtual_mailbox_limit = 0
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


class PostfixServer:
    """Postfix on a port of its own. Use as a context manager; skips the test where it cannot be started.

    Attributes:
        domain: the domain it takes mail for.
        refused: the one address in it that it refuses.
    """

    domain, refused, size_limit = "council.gov.uk", "nobody@council.gov.uk", 2_000_000

    def __init__(self) -> None:
        self._postfix = require("postfix")
        if os.geteuid() != 0:
            pytest.skip("postfix starts as root only")
        self.base = Path(tempfile.mkdtemp(prefix="postfix-"))
        self.base.chmod(0o755)
        authority = Authority(self.base / "tls")
        self.ca_file, self.port = authority.ca_file, free_port()
        owner = pwd.getpwnam("postfix")
        for name in ("conf", "queue", "data", "mail"):
            (self.base / name).mkdir()
        for name in ("data", "mail"):
            os.chown(self.base / name, owner.pw_uid, owner.pw_gid)
        values = {"base": self.base, "uid": owner.pw_uid, "gid": owner.pw_gid, "domain": self.domain, "refused": self.refused}
        tls = {"certificate": authority.certificate, "key": authority.key, "size": self.size_limit}
        (self.base / "conf" / "main.cf").write_text(MAIN.format(**values, **tls))
        (self.base / "conf" / "master.cf").write_text(MASTER.format(port=self.port))

    def __enter__(self) -> PostfixServer:
        if self._run("start").returncode:
            said = (self.base / "start.log").read_text()[-400:]
            shutil.rmtree(self.base, ignore_errors=True)
            pytest.skip(f"postfix does not start here: {said}")
        return self

    def __exit__(self, *exc: object) -> None:
        self._run("stop")
        shutil.rmtree(self.base, ignore_errors=True)

    def _run(self, word: str) -> subprocess.CompletedProcess[bytes]:
        with (self.base / "start.log").open("ab") as log:
            command = [self._postfix, "-c", str(self.base / "conf"), word]
            return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=60, check=False)

    def arrived(self, count: int) -> list[bytes]:
        """The messages in the mailbox, once there are so many."""
        new = self.base / "mail" / "inbox" / "new"
        for _ in range(200):
            found = sorted(new.iterdir()) if new.is_dir() else []
            if len(found) >= count:
                return [path.read_bytes() for path in found]
            time.sleep(0.1)
        raise TimeoutError((self.base / "log").read_text()[-2000:])
