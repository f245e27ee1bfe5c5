"""Finding a Chromium for the browser journeys, or fetching Debian's."""

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Debian's own starter names /usr/lib; this one looks for the program, its libraries and the fonts beside itself.
STARTER = """\
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$(echo "$here"/usr/lib/*-linux-gnu)" XDG_DATA_HOME="$here/usr/share"
exec "$here/usr/lib/chromium/chromium" "$@"
"""
PACKAGES = ("chromium", "chromium-common", "libatomic1", "fonts-noto-core", "fonts-noto-cjk")


def find(unpacked: Path) -> Path | None:
    """$CHROMIUM, or one on PATH, or the one that `fetch` put into the folder `unpacked`."""
    given = os.environ.get("CHROMIUM")
    candidates = [given, *map(shutil.which, NAMES), unpacked / "chromium"]
    return next((Path(path) for path in candidates if path and os.access(path, os.X_OK)), None)


def fetch(unpacked: Path) -> Path | None:
    """Install Debian's Chromium as root, or unpack it into the folder `unpacked` without; None where neither works."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        _quietly(["apt-get", "update"])
        _quietly(["apt-get", "install", "--yes", "--no-install-recommends", *PACKAGES])
    else:
        _unpack(unpacked)
    return find(unpacked)


def _unpack(unpacked: Path) -> None:
    """Download the packages with all they need, as any user may, and unpack them. Nothing is installed."""
    parcels = unpacked / "parcels"
    parcels.mkdir(parents=True, exist_ok=True)
    asked = subprocess.run(
        ["apt-get", "install", "--simulate", "--no-install-recommends", *PACKAGES], capture_output=True, text=True
    )
    missing = {line.split()[1] for line in asked.stdout.splitlines() if line.startswith("Inst ")}
    if _quietly(["apt-get", "download", *missing.union(PACKAGES)], cwd=parcels):
        for parcel in parcels.glob("*.deb"):
            _quietly(["dpkg", "-x", str(parcel), str(unpacked)])
        starter = unpacked / "chromium"
        starter.write_text(STARTER)
        starter.chmod(0o755)
    shutil.rmtree(parcels)


def _quietly(command: list[str], **options: object) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, capture_output=True, env=environment, **options).returncode == 0
