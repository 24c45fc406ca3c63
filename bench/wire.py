# SPDX-License-Identifier: MIT
"""wire - the cases that judge libsio: beside a bare libuv loop, raw WebSocket and Socket.IO on Node, Socket.IO in Python."""
import dataclasses
import pathlib
import re
import subprocess
import tempfile

from rig import build, figure, run_load, server

OURS = [build / "tests/conformance/conformance", "bench", "127.0.0.1:0"]
PEERS = {"node": ["node", "peer.js"], "ws": ["node", "peer_ws.js"], "python": ["/usr/bin/python3", "peer.py"]}
WAYS = {"floor": "-bare", "ws": "-websocket"}  # how load speaks to those that do not speak Socket.IO
PROGRAMS = ["tests/conformance/conformance", "bench/load", "bench/floor", "bench/idle_tls"]
COLUMNS = {"floor": "bare loop", "ws": "ws", "node": "Socket.IO, Node", "python": "Socket.IO, Python", "ours": "ours"}


@dataclasses.dataclass
class Case:
    what: str
    load: str  # the case of bench/load
    sockets: int
    in_flight: int = 1
    floor: str = "each"  # how bench/floor writes
    peers: tuple = ("floor", "ws", "node", "python")
    way: str = ""  # of the load generator, for Socket.IO's servers
    to_floor: float = 0  # ours by the bare loop's, at most
    to_node: float = 0  # Node's by ours, at least
    most: float = 0  # bytes, at most


CASES = {
    "broadcast-1": Case("broadcast of 100 bytes to 1,000, one in flight", "broadcast", 1000, to_floor=1.15, to_node=1.9),
    "broadcast-16": Case("the same, sixteen in flight", "broadcast", 1000, 16, "together", to_floor=1.7, to_node=6),
    "echo-1": Case("echo of 100 bytes with acknowledgement, 200 sockets", "echo", 200, to_floor=1.25, to_node=3),
    "echo-4": Case("the same, four in flight", "echo", 200, 4, to_floor=1.6),
    "idle": Case("resident memory of an idle socket, 10,000 of them", "idle", 10000, most=1500, to_node=5),
    "idle-deflate": Case("the same, permessage-deflate negotiated", "idle", 10000, peers=("node",), way="-deflate", most=3000),
    "idle-tls": Case("the same with TLS", "idle", 10000, peers=("node",)),
}
FEW, MANY = 100, 8000  # sockets of `growth`
NAMES = [*CASES, "growth", "threads"]


def command_of(peer, case, files):
    if peer == "ours":
        return OURS + (["1", *files] if files else [])
    if peer == "floor":
        return [build / "bench/floor", case.floor, "echo" if case.load == "idle" else case.load]
    return PEERS[peer] + files


def measure_one(peer, case, seconds, files=()):
    with server(command_of(peer, case, list(files))) as (process, port):
        if files:
            return run_load("idle_tls", port, process.pid, case.sockets, seconds)[0]
        way = WAYS.get(peer, case.way)
        return run_load("load", case.load + way, port, process.pid, case.sockets, case.in_flight, seconds)[0]


def certificate(folder):
    files = [f"{folder}/cert.pem", f"{folder}/key.pem"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-keyout", files[1], "-out", files[0]], check=True, stderr=subprocess.DEVNULL)
    return files


def measure_growth(seconds):
    figures = {}
    for sockets in (FEW, MANY):
        case = Case("", "broadcast", sockets)
        figures |= {f"{peer} {sockets}": measure_one(peer, case, seconds) for peer in ("floor", "node", "ours")}
    return figures


def calls_and_messages(threads, seconds):
    """System calls of a whole run under strace, and the messages that were delivered in it."""
    with tempfile.NamedTemporaryFile("r", suffix=".strace") as counts:
        with server(["strace", "-f", "-c", "-o", counts.name, *OURS, str(threads)]) as (process, port):
            child = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0]
            messages = run_load("load", "broadcast", port, child, 1000, 1, seconds)[2]
            subprocess.run(["kill", child], check=True)
            process.wait()
        return int(re.search(r"^100\.00\s+\S+\s+\S+\s+(\d+)", counts.read(), re.MULTILINE)[1]), messages


def measure_threads(seconds):
    figures = {}
    case = Case("", "broadcast", 1000)
    for threads in (1, 2):
        with server([*OURS, str(threads)]) as (process, port):
            figures[f"cpu {threads}"] = run_load("load", case.load, port, process.pid, case.sockets, 1, seconds)[0]
        few, long = calls_and_messages(threads, 0.1), calls_and_messages(threads, seconds)
        figures[f"calls {threads}"] = (long[0] - few[0]) / (long[1] - few[1])
    return figures


def measure(name, seconds):
    if name == "growth":
        return measure_growth(seconds)
    if name == "threads":
        return measure_threads(seconds)
    case = CASES[name]
    if name != "idle-tls":
        return {peer: measure_one(peer, case, seconds) for peer in (*case.peers, "ours")}
    with tempfile.TemporaryDirectory() as folder:
        files = certificate(folder)
        return {peer: measure_one(peer, case, seconds, files) for peer in (*case.peers, "ours")}


def judge(case, f):
    """What a case must reach: as text, and whether it does."""
    if case.to_floor:
        ratio = f["ours"] / f["floor"]
        yield f"{ratio:.2f} × the bare loop (at most {case.to_floor})", ratio <= case.to_floor
    if case.most:
        yield f"at most {case.most:,.0f} B", f["ours"] <= case.most
    if case.to_node:
        ratio = f["node"] / f["ours"]
        yield f"{ratio:.1f} × less than Node (at least {case.to_node})", ratio >= case.to_node


def row_of(name, f):
    """What, a cell for each column, what is reached, whether that is enough."""
    if name == "growth":
        ratios = {peer: f[f"{peer} {MANY}"] / f[f"{peer} {FEW}"] for peer in ("floor", "node", "ours")}
        grows = ratios["ours"] / ratios["floor"]
        cells = [figure(ratios[peer], "×") if peer in ratios else "" for peer in COLUMNS]
        return (f"cost of a delivery, {MANY:,} sockets by {FEW}", *cells, f"{grows:.2f} × the bare loop's (at most 1.15)",
                grows <= 1.15)
    if name == "threads":
        cpu, calls = f["cpu 2"] / f["cpu 1"], f["calls 2"] / f["calls 1"]
        return ("broadcast to 1,000, `--threads 2` by `--threads 1`", "", "", "", "", figure(cpu, "×"),
                f"CPU at most 1.25 ×; system calls a delivery {f['calls 2']:.3f} to {f['calls 1']:.3f}", cpu <= 1.25 and calls <= 1.02)
    case = CASES[name]
    unit = "B" if case.load == "idle" else "µs"
    judged = list(judge(case, f))
    cells = [figure(f[peer], unit) if peer in f else "" for peer in COLUMNS]
    return case.what, *cells, "; ".join(text for text, _ in judged), all(ok for _, ok in judged)
