"""Measures how soon the sign-in form shows on slow networks, behind HTTP/2 and brotli: this portal and an earlier one.

``python -m bench.portal main`` compares with the branch main in the same run. ``--lighthouse`` runs Lighthouse too; npm
installs it into ``.local``.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import sync_playwright

from simulators.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from playwright.sync_api import Browser, CDPSession

_RUNS = 5
_PHONE: Final = {"width": 360, "height": 740}
_SERVE = """
import inspect, sys
from tools.pages import serving_pages
options = {"as_published": True} if "as_published" in inspect.signature(serving_pages).parameters else {}
with serving_pages(**options) as origin:
    print(origin, flush=True)
    sys.stdin.read()
"""
_WATCH = """
new MutationObserver((_, observer) => {
  if (!document.querySelector("main #identifier")) return;
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.formShownAt = performance.now(); }));
}).observe(document, { childList: true, subtree: true });
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.shifted = (window.shifted ?? 0) + one.value;
}).observe({ type: "layout-shift", buffered: true });
"""
_SHOWN = """new Promise((told) => {
  const look = () => (window.formShownAt ? told(window.formShownAt) : setTimeout(look, 20));
  look();
})"""
_LIGHTHOUSE = ROOT / "bench" / "lighthouse"


@dataclass(frozen=True)
class Network:
    """What Chromium pretends: the latency of each request in ms, kbit/s both ways, and how much slower the CPU is."""

    name: str
    latency: float
    kilobits: float
    slower: float


NETWORKS: Final = (
    Network("none", 0, 0, 1),
    Network("150 ms, 1.6 Mbit/s, CPU at a quarter", 150, 1600, 4),
    Network("400 ms, 400 kbit/s, CPU at a quarter", 400, 400, 4),
    Network("2 s, 400 kbit/s, CPU at a quarter", 2000, 400, 4),
)


@dataclass(frozen=True)
class Visit:
    """One visit of the sign-in screen.

    Attributes:
        seconds: until the form shows.
        requests: those that reached the network.
        kilobytes: received, with headers.
        shift: the sum of layout shifts.
    """

    seconds: float
    requests: int
    kilobytes: float
    shift: float


def main(arguments: Sequence[str]) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.portal", description=__doc__)
    parser.add_argument("earlier", nargs="*", help="commits or branches to compare with")
    parser.add_argument("--lighthouse", action="store_true")
    chosen = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        certificate = _certificate(folder)
        fronts = {}
        for name in [*chosen.earlier, "this"]:
            tree = ROOT if name == "this" else _extracted(name, folder / name.replace("/", "-"))
            origin = stack.enter_context(_printing([sys.executable, "-c", _SERVE], tree, _paths(tree)))
            command = [shutil.which("node") or "node", "bench/http2_front.mjs", origin]
            port = stack.enter_context(_printing([*command, *map(str, certificate)], ROOT, {}))
            fronts[name] = f"https://localhost:{port}/"
        trusted = f"--ignore-certificate-errors-spki-list={_key_hash(certificate[1])}"
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", trusted]
        )
        _print_visits(browser, fronts)
        browser.close()
        if chosen.lighthouse:
            _print_lighthouse(fronts, trusted)


def _print_visits(browser: Browser, fronts: dict[str, str]) -> None:
    for again in (False, True):
        _say(
            f"\n{'A later' if again else 'The first'} visit: seconds until the form shows, requests, kB, layout shift\n"
        )
        _say(f"| network, CPU | {' | '.join(fronts)} |")
        _say(f"|---|{'---|' * len(fronts)}")
        for network in NETWORKS:
            # In turn, so that all share what else the machine does.
            rounds = [[_visit(browser, url, network, again=again) for url in fronts.values()] for _ in range(_RUNS)]
            cells = [_cell([one[index] for one in rounds]) for index in range(len(fronts))]
            _say(f"| {network.name} | {' | '.join(cells)} |")


def _cell(visits: list[Visit]) -> str:
    last = visits[-1]
    seconds = statistics.median(one.seconds for one in visits)
    shift = max(one.shift for one in visits)
    return f"{seconds:.2f} s, {last.requests}, {last.kilobytes:.1f} kB, {shift:.3f}"


def _visit(browser: Browser, url: str, network: Network, *, again: bool) -> Visit:
    context = browser.new_context(viewport=_PHONE, locale="fr-FR")  # type: ignore[arg-type]  # width and height
    with context:
        page = context.new_page()
        page.add_init_script(_WATCH)
        if again:
            page.goto(url)
            page.evaluate(_SHOWN)
            page.wait_for_load_state("networkidle")
            page.goto("about:blank")
        session = context.new_cdp_session(page)
        sizes = _sizes(session)
        _slow_down(session, network)
        page.goto(url, wait_until="commit")
        shown = page.evaluate(_SHOWN)
        page.wait_for_load_state("networkidle")
        shift = page.evaluate("window.shifted ?? 0")
        return Visit(shown / 1000, len(sizes), sum(sizes) / 1000, shift)


def _sizes(session: CDPSession) -> list[float]:
    """Collect the sizes of the answers that come from the network."""
    sizes: list[float] = []
    cached: set[str] = set()
    session.send("Network.enable")
    session.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))

    def note(event: dict[str, Any]) -> None:
        if event["requestId"] not in cached and event["encodedDataLength"]:
            sizes.append(event["encodedDataLength"])

    session.on("Network.loadingFinished", note)
    return sizes


def _slow_down(session: CDPSession, network: Network) -> None:
    throughput = network.kilobits * 1000 / 8 if network.kilobits else -1
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": network.latency,
            "downloadThroughput": throughput,
            "uploadThroughput": throughput,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": network.slower})


def _print_lighthouse(fronts: dict[str, str], trusted: str) -> None:
    program = _installed_lighthouse()
    _say("\n| Lighthouse | performance | accessibility | best practices | SEO | CLS |")
    _say("|---|---|---|---|---|---|")
    for name, url in fronts.items():
        for device, options in {"phone": [], "desktop": ["--preset=desktop"]}.items():
            reports = [_lighthouse([program, url, *options], trusted) for _ in range(_RUNS)]
            # Its documents advise the median, because performance varies with the machine.
            report = sorted(reports, key=lambda one: one["categories"]["performance"]["score"])[_RUNS // 2]
            scores = [f"{round(one['score'] * 100)}" for one in report["categories"].values()]
            shift = max(one["audits"]["cumulative-layout-shift"]["numericValue"] for one in reports)
            _say(f"| {name}, {device} | {' | '.join(scores)} | {shift:.3f} |")


def _lighthouse(command: list[str], trusted: str) -> dict[str, Any]:
    chromium = f"--chrome-flags=--headless=new --no-sandbox --disable-gpu {trusted}"
    done = subprocess.run(
        [*command, "--quiet", "--output=json", chromium],
        env={**os.environ, "CHROME_PATH": shutil.which("chromium") or ""},
        capture_output=True,
        text=True,
        check=True,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _installed_lighthouse() -> str:
    """Install it apart from the portal's tools, which every developer installs."""
    folder = ROOT / ".local" / "lighthouse"
    program = folder / "node_modules" / ".bin" / "lighthouse"
    folder.mkdir(parents=True, exist_ok=True)
    lock = (_LIGHTHOUSE / "package-lock.json").read_bytes()
    kept = folder / "package-lock.json"
    if not program.exists() or kept.read_bytes() != lock:
        shutil.copy(_LIGHTHOUSE / "package.json", folder)
        kept.write_bytes(lock)
        npm = [shutil.which("npm") or "npm", "ci", "--ignore-scripts", "--silent"]
        subprocess.run(npm, cwd=folder, check=True)
    return str(program)


def _extracted(commit: str, folder: Path) -> Path:
    """Write the files of a commit into a new folder."""
    archive = folder.with_suffix(".tar")
    command = [shutil.which("git") or "git", "archive", "--output", str(archive), commit]
    subprocess.run(command, cwd=ROOT, check=True)
    shutil.unpack_archive(archive, folder, filter="data")
    return folder


@contextmanager
def _printing(command: list[str], folder: Path, variables: dict[str, str]) -> Generator[str]:
    """Run a server until the end of the block, and yield its first line."""
    environment = {**os.environ, **variables}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=pipe, stdout=pipe, text=True) as server:
        try:
            yield server.stdout.readline().strip() if server.stdout else ""
        finally:
            server.terminate()


def _paths(tree: Path) -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join(str(tree / part) for part in (".", "layers/common", "functions"))}


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Make a key and a certificate of its own for localhost."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *(shutil.which("openssl") or "openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    return key, certificate


def _key_hash(certificate: Path) -> str:
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    return base64.b64encode(
        hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    ).decode()


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
