"""A judge of entailment behind a real server on the loopback, which speaks the chat protocol."""

import json
import math
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.openai_compatible.generator import OpenAiCompatibleGenerator
from tailorbird.adapters.sql.database import open_database
from tailorbird.adapters.sql.drafts import SqlDraftCache
from tailorbird.adapters.sql.exposures import SqlExposures
from tailorbird.pipeline.model_calls import ModelCalls, VendorRules
from tailorbird.pipeline.validation.model_entailment import ModelEntailment
from tailorbird.stages.privacy.masking import Masker, MaskingRules
from tailorbird.testing.state import FixedClock
from tailorbird.types.prompt import Prompt

PROMPT = Prompt(
    "entailment", 1, "Answer A, B or C.", "{% for p in premises %}- {{ p }}\n{% endfor %}Claim: {{ claim }}", "h", "p"
)


class Judge:
    """Answers by the claim's words: 'sure' is A, 'wrong' is B, anything else C; each with probability `sureness`."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status, self.sureness = 200, 0.97
        judge = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                text = json.dumps(judge.answer(body)).encode()
                self.send_response(judge.status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        asked = str(body["messages"][-1]["content"])
        self.asked.append(asked)
        claim = asked.rpartition("Claim")[2]
        letter = "A" if "sure" in claim else "B" if "wrong" in claim else "C"
        logprobs = {"content": [{"token": letter, "logprob": math.log(self.sureness)}]}
        choice = {"message": {"content": letter}, "finish_reason": "stop", "logprobs": logprobs}
        return {"choices": [choice], "usage": {"prompt_tokens": 50, "completion_tokens": 1}}


@pytest.fixture
def server() -> Iterator[Judge]:
    running = Judge()
    yield running
    running.http.shutdown()


OpenJudge = Callable[..., tuple[ModelEntailment, SqlExposures]]


@pytest.fixture
def open_judge(server: Judge, tmp_path: Path) -> OpenJudge:
    """Opens the judge and the records of its calls; both share one database, like the processes of a project."""
    engine = open_database(f"sqlite:///{tmp_path / 'state.db'}")  # a file: a check may ask from a thread of its own

    def opened(rules: VendorRules | None = None, slots: tuple[str, ...] = ("item.name",)) -> Any:
        generator = OpenAiCompatibleGenerator(server.url, "judge-1", retries=0, sleep=lambda _: None)
        exposures = SqlExposures(engine)
        clock = FixedClock(datetime(2026, 6, 1, tzinfo=UTC))
        calls = ModelCalls(generator, Masker(MaskingRules()), SqlDraftCache(engine), exposures, clock, rules)
        return ModelEntailment(calls, PROMPT, slots), exposures

    return opened
