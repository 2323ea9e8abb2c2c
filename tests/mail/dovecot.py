"""A real mail server that keeps mailboxes, for the tests, where Dovecot is installed."""

import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from dashboard.mail.bounces.folder import modified_utf7, quoted
from tests.mail.certificates import self_signed
from tests.servers import free_port, running, short_folder, wait_for

IMAP: Final = (Path("/usr/lib/dovecot/imap"), Path("/usr/libexec/dovecot/imap"))
PLACES: Final = (Path("/usr/sbin"), Path("/usr/local/sbin"))
PASSWORD: Final = 'pass"w\\ö rd%'
SECONDS: Final = 20.0
PEOPLE: Final = 500
"""Dovecot notices new ones a second later only, so all are there from the beginning."""
CONFIG: Final = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/server.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
mail_max_userip_connections = 100
auth_failure_delay = 0
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {private}
  }}
}}
passdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A server on two ports of this machine: *plain* (with STARTTLS) and *private* (TLS)."""

    folder: Path
    plain: int
    private: int
    names: Iterator[str]

    @property
    def certificate(self) -> Path:
        """The file of its certificate, which nobody else has signed."""
        return self.folder / "certificate.pem"

    def somebody(self) -> "Somebody":
        """Give somebody whose mailbox there is empty."""
        return Somebody(self, next(self.names))


@dataclass(frozen=True)
class Somebody:
    """Whose mailbox it is."""

    server: Dovecot
    name: str

    def url(self, folder: str = "INBOX", *, scheme: str = "imaps", password: str = PASSWORD) -> str:
        """Give the address of a folder of theirs, whose server is believed."""
        port = self.server.private if scheme == "imaps" else self.server.plain
        user = f"{quote(self.name, safe='')}:{quote(password, safe='')}"
        ca = f"?ca={self.server.certificate}" if scheme == "imaps" else ""
        return f"{scheme}://{user}@127.0.0.1:{port}/{quote(folder, safe='')}{ca}"

    @contextmanager
    def signed_in(self) -> Iterator[imaplib.IMAP4]:
        """Give a connection of theirs, as of a mail program."""
        with imaplib.IMAP4("127.0.0.1", self.server.plain, timeout=SECONDS) as client:
            client.authenticate("PLAIN", lambda _: f"\0{self.name}\0{PASSWORD}".encode())
            yield client

    def gets(self, *messages: bytes, folder: str = "INBOX") -> None:
        """Let *messages* arrive, one behind the other."""
        with self.signed_in() as client:
            for message in messages:
                name = quoted(modified_utf7(folder))
                kind, said = client.append(name, "", None, message)
                assert kind == "OK", said

    def makes(self, folder: str, *, anew: bool = False) -> None:
        """Make a folder, or the same one anew: its numbers then begin again."""
        name = quoted(modified_utf7(folder))
        with self.signed_in() as client:
            if anew:
                assert client.delete(name)[0] == "OK"
            assert client.create(name)[0] == "OK"

    def flags(self, folder: str = "INBOX") -> list[bytes]:
        """Give the flags of all messages there, as a mail program shows them."""
        with self.signed_in() as client:
            client.select(quoted(modified_utf7(folder)), readonly=True)
            return [each for each in client.fetch("1:*", "(FLAGS)")[1] if isinstance(each, bytes)]


def why_not() -> str | None:
    """Say what is missing; None where Dovecot can be run."""
    program = _program()
    if program is None or not any(path.exists() for path in IMAP):
        return "no Dovecot is installed (apt install dovecot-imapd)"
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    if not version.startswith("2.3."):
        return f"this Dovecot ({version.strip()[:20]}) is set up in another way than 2.3"
    return None


@contextmanager
def dovecot_server() -> Iterator[Dovecot]:
    """Run Dovecot without any rights of its own, on loopback only and with all it has in a folder.

    Root gives its own up, and it runs as "nobody".
    """
    program = _program()
    assert program is not None
    with short_folder() as folder:
        account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        names = [f"bounces.{number}@example.org" for number in range(PEOPLE)]
        server = Dovecot(folder, free_port(), free_port(), iter(names))
        self_signed(folder)
        users = "".join(f"{name}:{{PLAIN}}{PASSWORD}::::::\n" for name in names)
        (folder / "users").write_text(users)
        (folder / "mail").mkdir()
        (folder / "run").mkdir()
        given = account or pwd.getpwuid(os.geteuid())
        settings = CONFIG.format(
            folder=folder,
            plain=server.plain,
            private=server.private,
            user=given.pw_name,
            group=grp.getgrgid(given.pw_gid).gr_name,
        )
        (folder / "dovecot.conf").write_text(settings)
        (folder / "server.log").touch()
        if account is not None:
            for path in (folder, *folder.iterdir()):
                os.chown(path, account.pw_uid, account.pw_gid)
        command: list[str | Path] = [program, "-F", "-c", folder / "dovecot.conf"]
        with running(command, folder, account) as process:
            wait_for(lambda: _answers(server.plain), process, folder)
            yield server


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0) as probe:
        return probe.recv(4) == b"* OK"
    return False


def _program() -> Path | None:
    found = shutil.which("dovecot")
    places = [Path(found)] if found else [folder / "dovecot" for folder in PLACES]
    return next((place for place in places if place.is_file()), None)
