"""Files and batches of the stand-in: a batch goes its way by the clock, and is looked at when it is asked for."""

from __future__ import annotations

import copy
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from standin.bodies import LINES
from standin.errors import ApiError, Json, bad_request, not_found
from standin.faults import Fault
from standin.judge import draw, prompt_tokens
from standin.lines import as_line, check_file, check_metadata, error, lines_of

ENDPOINTS = (
    "/v1/responses", "/v1/chat/completions", "/v1/embeddings", "/v1/completions", "/v1/moderations",
    "/v1/images/generations", "/v1/images/edits", "/v1/videos",
)  # fmt: skip
DAY, MONTH = 86_400, 30 * 86_400
EXPIRED = {"code": "batch_expired", "message": "This request could not be executed before the window expired."}
CANCELLED = {"code": "batch_cancelled", "message": "This request was not executed: the batch was cancelled."}
PENDING = ("validating", "in_progress", "finalizing", "cancelling")

# a body and the fault it meets -> status and body of the answer
Answer = Callable[[Json, Fault | None], tuple[int, Json]]
Meet = Callable[[str, str, bytes], Fault | None]


@dataclass(slots=True)
class BatchRules:
    """How batches fare: seconds in each state, the limits of a file, and how the next ones end.

    `outcomes` is used up one a batch: "completed", "expired", "failed", "stuck" (it stays in progress);
    when it is empty, batches complete. `reason` is what a batch says that fails.
    """

    validating: float = 0.0
    in_progress: float = 0.0
    finalizing: float = 0.0
    cancelling: float = 0.0
    max_requests: int = 50_000
    max_bytes: int = 200_000_000
    max_enqueued_tokens: int | None = None
    outcomes: list[str] = field(default_factory=list)
    reason: str = "The batch could not be processed."


@dataclass(slots=True)
class _File:
    shown: Json
    content: bytes


@dataclass(slots=True)
class _Batch:
    shown: Json
    outcome: str
    since: float  # when it came into its state, by the monotonic clock
    cancelled_from: str = ""
    tokens: int = 0


class Batches:
    """The files and batches of one server. All methods may be called from any thread."""

    def __init__(self, rules: BatchRules, models: tuple[str, ...], answer: Answer, meet: Meet, seed: int) -> None:
        self.rules, self.models, self.seed = rules, models, seed
        self._answer, self._meet = answer, meet
        self._files: dict[str, _File] = {}
        self._batches: dict[str, _Batch] = {}
        self._lock = threading.RLock()
        self._made = 0

    def add_file(self, name: str, purpose: str, content: bytes) -> Json:
        if purpose not in ("assistants", "batch", "fine-tune", "vision", "user_data", "evals"):
            raise bad_request(f"'{purpose}' is not one of the supported purposes.", "purpose")
        if purpose == "batch":
            if not name.endswith(".jsonl"):
                raise bad_request("Invalid file format for Batch API. Must be .jsonl")
            if len(content) > self.rules.max_bytes:
                raise bad_request("File is too large.")
        return self._keep(name, purpose, content)

    def _keep(self, name: str, purpose: str, content: bytes) -> Json:
        now = int(time.time())
        with self._lock:
            self._made += 1
            shown: Json = {
                "id": f"file-standin{self._made:06d}",
                "object": "file",
                "bytes": len(content),
                "created_at": now,
                "expires_at": now + MONTH if purpose.startswith("batch") else None,
                "filename": name,
                "purpose": purpose,
                "status": "processed",
                "status_details": None,
            }
            self._files[shown["id"]] = _File(shown, content)
            return shown

    def file(self, file_id: str) -> Json:
        return self._file(file_id).shown

    def content(self, file_id: str) -> bytes:
        return self._file(file_id).content

    def _file(self, file_id: str) -> _File:
        with self._lock:
            if file_id not in self._files:
                raise not_found("File object", file_id)
            return self._files[file_id]

    def delete_file(self, file_id: str) -> Json:
        with self._lock:
            self._file(file_id)
            del self._files[file_id]
        return {"id": file_id, "object": "file", "deleted": True}

    def files(self, query: dict[str, str]) -> Json:
        with self._lock:
            found = [
                one.shown
                for one in self._files.values()
                if query.get("purpose", one.shown["purpose"]) == one.shown["purpose"]
            ]
        return _page(found if query.get("order") == "asc" else found[::-1], query, 10_000, 10_000)

    def create(self, body: Json) -> Json:
        for name in ("input_file_id", "endpoint", "completion_window"):
            if not isinstance(body.get(name), str):
                raise bad_request(f"Missing required parameter: '{name}'.", name, "missing_required_parameter")
        if body["endpoint"] not in ENDPOINTS:
            raise bad_request(f"Invalid value: '{body['endpoint']}'.", "endpoint", "invalid_value")
        if body["completion_window"] != "24h":
            said = f"Invalid value: '{body['completion_window']}'. Value must be '24h'."
            raise bad_request(said, "completion_window", "invalid_value")
        check_metadata(body.get("metadata"))
        now = int(time.time())
        with self._lock:
            self._made += 1
            shown: Json = {
                "id": f"batch_standin{self._made:06d}",
                "object": "batch",
                "endpoint": body["endpoint"],
                "model": None,
                "errors": None,
                "input_file_id": body["input_file_id"],
                "completion_window": "24h",
                "status": "validating",
                "output_file_id": None,
                "error_file_id": None,
                "created_at": now,
                "in_progress_at": None,
                "expires_at": now + DAY,
                "finalizing_at": None,
                "completed_at": None,
                "failed_at": None,
                "expired_at": None,
                "cancelling_at": None,
                "cancelled_at": None,
                "request_counts": {"total": 0, "completed": 0, "failed": 0},
                "metadata": body.get("metadata"),
            }
            outcome = self.rules.outcomes.pop(0) if self.rules.outcomes else "completed"
            self._batches[shown["id"]] = _Batch(shown, outcome, time.monotonic())
            return dict(shown)

    def batch(self, batch_id: str) -> Json:
        with self._lock:
            if batch_id not in self._batches:
                raise not_found("batch", batch_id)
            return self._look(self._batches[batch_id])

    def batches(self, query: dict[str, str]) -> Json:
        with self._lock:
            shown = [self._look(batch) for batch in self._batches.values()]
        return _page(shown[::-1], query, 20, 100)

    def cancel(self, batch_id: str) -> Json:
        with self._lock:
            shown = self.batch(batch_id)
            if shown["status"] not in ("validating", "in_progress"):
                said = f"Cannot cancel a batch with status '{shown['status']}'."
                raise ApiError(409, said, "invalid_request_error")
            batch = self._batches[batch_id]
            batch.cancelled_from = shown["status"]
            self._enter(batch, "cancelling", time.monotonic())
            return dict(batch.shown)

    def log(self) -> list[Json]:
        """For each batch: its id, status, metadata and the custom ids of its file."""
        with self._lock:
            told = []
            for batch in self._batches.values():
                shown = self._look(batch)
                kept = self._files.get(shown["input_file_id"])
                ids = [line.get("custom_id") for line, _ in lines_of(kept.content)] if kept else []
                told.append({name: shown[name] for name in ("id", "status", "metadata")} | {"custom_ids": ids})
            return told

    # ---- the way of a batch

    def _enter(self, batch: _Batch, status: str, since: float) -> None:
        batch.shown["status"], batch.since = status, since
        batch.shown[f"{status}_at"] = int(time.time())

    def _look(self, batch: _Batch) -> Json:
        """Takes the batch as far as the clock allows, and returns a copy of what is shown of it."""
        now = time.monotonic()
        while True:
            status, rules = batch.shown["status"], self.rules
            over = batch.since + getattr(rules, status, 0.0)
            if status not in PENDING or now < over or (status == "in_progress" and batch.outcome == "stuck"):
                return copy.deepcopy(batch.shown)
            if status == "validating":
                self._validate(batch, over)
            elif status == "in_progress":
                if batch.outcome == "expired":
                    self._finish(batch, EXPIRED, 0.5)
                    self._enter(batch, "expired", over)
                else:
                    self._enter(batch, "finalizing", over)
            elif status == "finalizing":
                self._finish(batch, EXPIRED, 1.0)
                self._enter(batch, "completed", over)
            else:
                if batch.cancelled_from == "in_progress":
                    self._finish(batch, CANCELLED, 0.5)
                self._enter(batch, "cancelled", over)

    def _validate(self, batch: _Batch, at: float) -> None:
        shown = batch.shown
        kept = self._files.get(shown["input_file_id"])
        usable = kept is not None and kept.shown["purpose"] == "batch"
        content = kept.content if kept is not None and usable else None
        errors, lines = check_file(content, shown["endpoint"], self.models, self.rules.max_requests)
        if not errors and batch.outcome == "failed":
            errors = [error("server_error", self.rules.reason)]
        batch.tokens = sum(prompt_tokens(line["body"]) for line in lines) if not errors else 0
        limit = self.rules.max_enqueued_tokens
        waiting = sum(one.tokens for one in self._batches.values() if one.shown["status"] in PENDING)
        if not errors and limit is not None and waiting > limit:
            said = f"Enqueued token limit reached for {lines[0]['body']['model']} in organization org-standin. "
            said += (
                f"Limit: {limit:,} enqueued tokens. Please try again once some in_progress batches have been completed."
            )
            errors = [error("token_limit_exceeded", said)]
        if errors:
            shown["errors"] = {"object": "list", "data": errors}
            self._enter(batch, "failed", at)
            return
        shown["model"] = lines[0]["body"]["model"]
        shown["request_counts"]["total"] = len(lines)
        self._enter(batch, "in_progress", at)

    def _finish(self, batch: _Batch, undone: Json, part: float) -> None:
        """Answers the requests, or this part of them, and writes the two files."""
        shown = batch.shown
        out: list[bytes] = []
        wrong: list[bytes] = []
        usage = [0, 0]
        for line, raw in lines_of(self._files[shown["input_file_id"]].content):
            fault = self._meet("POST", f"batch:{line['url']}", raw)
            kind = fault.kind if fault else ""
            number = f"{int(draw(shown['id'], line['custom_id']) * 10**12):012d}"
            answer: Json = {"id": f"batch_req_{number}", "custom_id": line["custom_id"]}
            if draw(self.seed, line["custom_id"]) >= part or kind == "expired_line":
                wrong.append(as_line(answer | {"response": None, "error": undone}))
                continue
            if kind == "lost_line":
                continue
            status, body = self._answer(line["body"], fault)
            response = {"status_code": status, "request_id": f"req_{number}", "body": body}
            answer |= {"response": response, "error": None}
            if status != 200:
                wrong.append(as_line(answer))
                continue
            if kind == "foreign_line":
                answer["custom_id"] = "somebody-else-1"
            used = body["usage"]
            if kind in LINES:
                LINES[kind](answer)
            written = as_line(answer)
            if kind == "broken_line":
                written = written[: len(written) // 2] + b"\n"
            out += [written] * (2 if kind == "twice" else 1)
            usage[0] += used["prompt_tokens"]
            usage[1] += used["completion_tokens"]
        random.Random(f"{self.seed} {shown['id']}").shuffle(out)
        for name, lines in (("output", out), ("error", wrong)):
            if lines:
                kept = self._keep(f"{shown['id']}_{name}.jsonl", "batch_output", b"".join(lines))
                shown[f"{name}_file_id"] = kept["id"]
        shown["request_counts"] |= {"completed": len(out), "failed": len(wrong)}
        shown["usage"] = {
            "input_tokens": usage[0],
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": usage[1],
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": sum(usage),
        }


def _page(found: list[Json], query: dict[str, str], usual: int, most: int) -> Json:
    """A page of a list, as `after` and `limit` ask for it."""
    limit = int(query.get("limit", usual))
    if not 1 <= limit <= most:
        raise bad_request(f"Invalid 'limit': expected 1 to {most}.", "limit", "integer_out_of_range")
    if "after" in query:
        ids = [one["id"] for one in found]
        if query["after"] not in ids:
            raise not_found("object", query["after"])
        found = found[ids.index(query["after"]) + 1 :]
    page = found[:limit]
    return {
        "object": "list",
        "data": page,
        "first_id": page[0]["id"] if page else None,
        "last_id": page[-1]["id"] if page else None,
        "has_more": len(found) > limit,
    }
