"""The errors an OpenAI-compatible server answers with: a status, and {"error": {message, type, param, code}}."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A request that is answered with an error; `headers` go with the answer."""

    def __init__(
        self,
        status: int,
        message: str,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"error": {"message": message, "type": kind, "param": param, "code": code}}
        self.headers = headers or {}


def bad_request(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    return ApiError(400, message, param=param, code=code)


def not_found(what: str, name: str) -> ApiError:
    return ApiError(404, f"No such {what}: {name}", param="id")


def unknown_model(name: str) -> ApiError:
    return ApiError(404, f"The model `{name}` does not exist or you do not have access to it.", code="model_not_found")


def wrong_key(key: str) -> ApiError:
    if not key:
        return ApiError(401, "You didn't provide an API key. Send it as a Bearer token in an Authorization header.")
    shown = f"{key[:4]}{'*' * 8}{key[-4:]}" if len(key) > 12 else "*" * len(key)
    return ApiError(401, f"Incorrect API key provided: {shown}.", code="invalid_api_key")


def rate_limited(model: str, headers: dict[str, str]) -> ApiError:
    message = f"Rate limit reached for {model} in organization org-standin on requests per min. Please try again later."
    return ApiError(429, message, "requests", code="rate_limit_exceeded", headers=headers)


def no_quota() -> ApiError:
    message = "You exceeded your current quota, please check your plan and billing details."
    return ApiError(429, message, "insufficient_quota", code="insufficient_quota")


def server_error(status: int) -> ApiError:
    if status == 503:
        return ApiError(503, "The engine is currently overloaded, please try again later.", "service_unavailable")
    return ApiError(status, "The server had an error while processing your request. Sorry about that!", "server_error")
