"""The stand-in server: in a test `with StandIn() as server: server.url`, or a process of its own:

    python tests/standin/server.py --port 0 --faults "rate_limit:0.05,500:0.02"

It prints its URL. GET /standin/log tells every request, POST /standin/faults sets rules, POST /standin/reset forgets.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import threading
import time
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

if not __package__:  # run as a program of its own
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from standin.batches import Batches, BatchRules
from standin.chat import check_chat
from standin.errors import ApiError, Json, rate_limited, wrong_key
from standin.faults import IN_TRANSIT, SAID, Fault, Faults, parse_faults, spoil
from standin.judge import ReplyFor, completion, reply_for
from standin.wire import json_object, limit_headers, model_object, multipart, refuse

KEY = "sk-standin-not-a-real-key"
MODELS = ("gpt-4o", "gpt-4o-2024-11-20", "gpt-4o-mini", "gpt-4.1", "o3", "o4-mini", "gpt-5", "standin-judge")


class StandIn:
    """A server on a port of its own, from `with` to its end.

    `latency` is how many seconds an answer takes, `per_second` how many chat completions are let through (None: all).
    """

    def __init__(
        self,
        faults: Iterable[Fault] = (),
        *,
        key: str = KEY,
        models: tuple[str, ...] = MODELS,
        reply: ReplyFor = reply_for,
        latency: float = 0.0,
        per_second: float | None = None,
        batch: BatchRules | None = None,
        seed: int = 0,
        port: int = 0,
    ) -> None:
        self.key, self.models, self.reply, self.latency, self.seed = key, models, reply, latency, seed
        self.per_second = per_second
        self.rules = batch or BatchRules()
        self.faults = Faults(faults, seed)
        self.ending = threading.Event()
        self._lock = threading.Lock()
        self._http = _Quiet(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._number = 0
        self.forget()

    def forget(self) -> None:
        """Empties the log, the files and the batches; keeps the rules."""
        self.batches = Batches(self.rules, self.models, self.batch_answer, self.faults.meet, self.seed)
        with self._lock:
            self.requests: list[Json] = []
            self.in_flight = self.max_in_flight = 0
            self._allowance, self._counted = self.per_second or 0.0, time.monotonic()

    @property
    def url(self) -> str:
        """The base URL, as OPENAI_BASE_URL wants it."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        self._http.shutdown()
        self._http.server_close()

    def log(self) -> Json:
        """`requests` as they came, `max_in_flight` of chat completions, and the batches with their custom ids."""
        with self._lock:
            requests, most = [dict(one) for one in self.requests], self.max_in_flight
        return {"requests": requests, "max_in_flight": most, "batches": self.batches.log()}

    # ---- what the handler asks

    def begin(self, method: str, path: str, body: bytes, fault: Fault | None, chat: bool) -> Json:
        with self._lock:
            self.in_flight += chat
            self.max_in_flight = max(self.max_in_flight, self.in_flight)
            entry = {
                "method": method,
                "path": path,
                "sha256": hashlib.sha256(body).hexdigest(),
                "start": time.time(),
                "end": None,
                "status": None,
                "fault": fault.kind if fault else None,
                "in_flight": self.in_flight,
            }
            self.requests.append(entry)
            return entry

    def end(self, entry: Json, status: int | None, chat: bool) -> None:
        with self._lock:
            self.in_flight -= chat
            entry["end"], entry["status"] = time.time(), status

    def number(self) -> int:
        with self._lock:
            self._number += 1
            return self._number

    def limits(self) -> dict[str, str]:
        """The rate limit's headers. Raises ApiError where there were too many requests in the last second."""
        rate = self.per_second
        if rate is None:
            return limit_headers(10_000, 9_999, 0.006)
        with self._lock:
            now = time.monotonic()
            self._allowance = min(max(rate, 1.0), self._allowance + (now - self._counted) * rate)
            self._counted = now
            if self._allowance < 1:
                wait = (1 - self._allowance) / rate
                said = {"retry-after": str(max(1, round(wait))), "retry-after-ms": str(round(wait * 1000))}
                raise rate_limited("this model", said | limit_headers(rate, 0, wait))
            self._allowance -= 1
            return limit_headers(rate, self._allowance, 1 / rate)

    def answer(self, body: Json, fault: Fault | None) -> Json:
        """The chat completion for a request. Raises ApiError where it is refused."""
        kind = fault.kind if fault else ""
        refuse(fault, str(body.get("model")))
        check_chat(body, self.models)
        made = completion(body, self.reply(body), self.number(), int(time.time()))
        return spoil(made, kind) if kind in SAID else made

    def batch_answer(self, body: Json, fault: Fault | None) -> tuple[int, Json]:
        try:
            return 200, self.answer(body, fault)
        except ApiError as error:
            return error.status, error.body


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that are killed in the middle of a request are what this server is for; other errors are shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _CutError(Exception):
    """The connection is to be cut, without an answer."""


def _handler(server: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        standin = server

    return Handler


class _Handler(BaseHTTPRequestHandler):
    standin: StandIn
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the log is kept."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self._read()
        split = urlsplit(self.path)
        query = dict(parse_qsl(split.query))
        if split.path.startswith("/standin/"):
            self._send(200, _control(self.standin, split.path, body), {})
            return
        chat = split.path.endswith("/chat/completions")
        fault = self.standin.faults.meet(self.command, split.path, body)
        entry = self.standin.begin(self.command, split.path, body, fault, chat)
        started, status = time.monotonic(), None
        try:
            if fault is not None and fault.kind in ("hang", "cut"):
                self.standin.ending.wait(fault.seconds if fault.kind == "hang" else 0)
                raise _CutError
            if chat and self.standin.latency:
                self.standin.ending.wait(self.standin.latency)
            headers: dict[str, str] = {}
            try:
                self._authorize(split.path)
                if chat:
                    headers = self.standin.limits()
                else:
                    refuse(fault, "this model")
                status, answer = 200, self._route(split.path, query, body, fault)
            except ApiError as error:
                status, answer, headers = error.status, error.body, headers | error.headers
            headers |= {
                "x-request-id": f"req_standin{self.standin.number():08d}",
                "openai-processing-ms": str(round((time.monotonic() - started) * 1000)),
                "openai-version": "2020-10-01",
            }
            self._send(status, answer, headers, fault if status == 200 else None)
        except (_CutError, OSError):
            self.close_connection = True
        finally:
            self.standin.end(entry, status, chat)

    def _read(self) -> bytes:
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("content-length") or 0))

    def _authorize(self, path: str) -> None:
        if path.startswith("/openai/"):
            if self.headers.get("api-key", "") != self.standin.key:
                error = ApiError(401, "")
                error.body = {"error": {"code": "401", "message": "Access denied due to invalid subscription key."}}
                raise error
            return
        given = self.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if given != self.standin.key:
            raise wrong_key(given)

    def _route(self, path: str, query: dict[str, str], body: bytes, fault: Fault | None) -> Json | bytes:
        batches, parts = self.standin.batches, path.strip("/").split("/")
        azure = parts[:2] == ["openai", "deployments"] and len(parts) > 3
        if azure and "api-version" in query and parts[3:] == ["chat", "completions"] and self.command == "POST":
            asked = json_object(body)
            if parts[2] not in self.standin.models:
                error = ApiError(404, "")
                said = "The API deployment for this resource does not exist."
                error.body = {"error": {"code": "DeploymentNotFound", "message": said}}
                raise error
            return self.standin.answer(asked | {"model": parts[2]}, fault)
        where = (self.command, *(parts[1:] if parts[0] == "v1" else ("?",)))
        match where:
            case ("POST", "chat", "completions"):
                return self.standin.answer(json_object(body), fault)
            case ("GET", "models"):
                return {"object": "list", "data": [model_object(name) for name in self.standin.models]}
            case ("POST", "files"):
                return batches.add_file(*multipart(body, self.headers.get("content-type", "")))
            case ("GET", "files"):
                return batches.files(query)
            case ("GET", "files", name):
                return batches.file(name)
            case ("DELETE", "files", name):
                return batches.delete_file(name)
            case ("GET", "files", name, "content"):
                return batches.content(name)
            case ("POST", "batches"):
                return batches.create(json_object(body))
            case ("GET", "batches"):
                return batches.batches(query)
            case ("GET", "batches", name):
                return batches.batch(name)
            case ("POST", "batches", name, "cancel"):
                return batches.cancel(name)
        raise ApiError(404, f"Invalid URL ({self.command} {path})")

    def _send(self, status: int, answer: Json | bytes, headers: dict[str, str], fault: Fault | None = None) -> None:
        kind = fault.kind if fault and fault.kind in IN_TRANSIT else ""
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        media = "application/octet-stream" if isinstance(answer, bytes) else "application/json"
        if kind == "late" and fault is not None:
            self.standin.ending.wait(fault.seconds)
        if kind in ("lost_answer", "late"):
            raise _CutError
        if kind == "garbage":
            body = random.Random(0).randbytes(200)
        elif kind == "html":
            status, media = 502, "text/html"
            body = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
        elif kind == "not_utf8":
            body = body[:20] + b"\xff\xfe\xfa" + body[20:]
        self.send_response(status)
        for name, value in (headers | {"content-type": media, "content-length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        if kind == "cut_body":
            self.wfile.write(body[: len(body) // 2])
            raise _CutError
        if kind == "drip" and fault is not None:
            step = max(1, len(body) // 10)
            for at in range(0, len(body), step):
                self.wfile.write(body[at : at + step])
                self.standin.ending.wait(fault.seconds / 10)
            return
        self.wfile.write(body)


def _control(server: StandIn, path: str, body: bytes) -> Json:
    if path == "/standin/reset":
        server.forget()
    elif path == "/standin/faults":
        server.faults.set(parse_faults(json.loads(body)))
    elif path == "/standin/outcomes":
        server.rules.outcomes[:] = json.loads(body)
    elif path == "/standin/log":
        return server.log()
    return {"ok": True}


def main() -> None:
    """Serves until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", default=KEY)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds an answer takes")
    parser.add_argument("--per-second", type=float, help="chat completions let through a second")
    parser.add_argument("--faults", default="", help="kind:probability,… or a JSON list of rules")
    parser.add_argument("--batch", type=json.loads, default={}, help="JSON object: fields of BatchRules")
    chosen = parser.parse_args()
    faults: Any = json.loads(chosen.faults) if chosen.faults.startswith("[") else chosen.faults
    with StandIn(
        parse_faults(faults), key=chosen.key, latency=chosen.latency, per_second=chosen.per_second,
        batch=BatchRules(**chosen.batch), seed=chosen.seed, port=chosen.port,
    ) as server:  # fmt: skip
        print(server.url, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
