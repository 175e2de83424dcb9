"""The remote generator, against a real HTTP server on the loopback."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tailorbird.adapters.openai_compatible.generator import OpenAiCompatibleGenerator
from tailorbird.ports.generator import GeneratorError
from tailorbird.testing.generator_conformance import CHECKS, SAMPLE_REQUEST

pytestmark = pytest.mark.slow


class Server:
    """Answers chat completions; `script` holds (status, headers, text) answers to give first."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.script: list[tuple[int, dict[str, str], str]] = []
        self.unknown: set[str] = set()
        self.one_at_a_time = False
        server = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.bodies.append({**body, "path": self.path, "auth": self.headers.get("Authorization")})
                status, headers, text = server.answer(body)
                if not status:
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(text.encode()))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"

    def closing(self) -> None:
        """Close the next connection without an answer."""
        self.script.append((0, {}, ""))

    def answer(self, body: dict[str, Any]) -> tuple[int, dict[str, str], str]:
        if self.script:
            return self.script.pop(0)
        for name in sorted(self.unknown & set(body)):
            return 400, {}, json.dumps({"error": {"message": f"Unrecognized request argument supplied: {name}"}})
        count = 1 if self.one_at_a_time else body.get("n", 1)
        logprobs = {"content": [{"token": "a", "logprob": -0.4}, {"token": "b", "logprob": -0.6}]}
        choice = {"message": {"content": " Have a look "}, "finish_reason": "stop",
                  "logprobs": logprobs if body.get("logprobs") else None}  # fmt: skip
        usage = {"prompt_tokens": 100, "completion_tokens": 5 * count}
        return 200, {}, json.dumps({"choices": [choice] * count, "usage": usage})


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.http.shutdown()
    running.http.server_close()


@pytest.mark.parametrize("check", CHECKS)
def test_it_conforms(check: Any, server: Server) -> None:
    check(lambda: OpenAiCompatibleGenerator(server.url, "m"))


def test_one_request_carries_all_candidates_and_costs_what_was_configured(server: Server) -> None:
    generator = OpenAiCompatibleGenerator(
        server.url + "/", "m", api_key="k", prompt_token_micros=0.5, completion_token_micros=2.0
    )
    completion = generator.complete(SAMPLE_REQUEST)
    assert len(server.bodies) == 1
    assert server.bodies[0]["path"] == "/v1/chat/completions"
    assert server.bodies[0]["auth"] == "Bearer k"
    assert [sample.mean_logprob for sample in completion.samples] == [pytest.approx(-0.5)] * 9
    assert completion.samples[0].text == "Have a look"
    assert completion.cost_micros == 100 * 0.5 + 45 * 2.0


def test_a_busy_server_is_asked_again_after_the_time_it_says(server: Server) -> None:
    waits: list[float] = []
    server.script = [(429, {"Retry-After": "7"}, ""), (503, {}, "")]
    generator = OpenAiCompatibleGenerator(server.url, "m", sleep=waits.append)
    assert len(generator.complete(SAMPLE_REQUEST).samples) == 9
    assert waits == [7.0, 1.0]


def test_a_server_that_stays_broken_is_an_error_that_names_it(server: Server) -> None:
    server.script = [(500, {}, "out of order")] * 3
    generator = OpenAiCompatibleGenerator(server.url, "m", retries=2, sleep=lambda _: None)
    with pytest.raises(GeneratorError, match=r"127\.0\.0\.1.*500: out of order"):
        generator.complete(SAMPLE_REQUEST)


def test_options_that_the_server_does_not_know_are_left_out_and_recorded(server: Server) -> None:
    server.unknown = {"grammar", "min_p"}
    generator = OpenAiCompatibleGenerator(server.url, "m")
    request = replace(SAMPLE_REQUEST, grammar="root ::= [a-z]+")
    generator.complete(request)
    assert generator.dropped == {"grammar", "min_p"}
    calls = len(server.bodies)
    generator.complete(request)
    assert len(server.bodies) == calls + 1


def test_a_server_that_gives_one_sample_at_a_time_is_asked_until_there_are_enough(server: Server) -> None:
    server.one_at_a_time = True
    completion = OpenAiCompatibleGenerator(server.url, "m").complete(SAMPLE_REQUEST)
    assert len(completion.samples) == 9
    assert len({body["seed"] for body in server.bodies}) == 9
    assert completion.prompt_tokens == 900


def test_a_refusal_that_no_option_explains_is_an_error(server: Server) -> None:
    server.script = [(401, {}, '{"error": "no key"}')]
    with pytest.raises(GeneratorError, match="401"):
        OpenAiCompatibleGenerator(server.url, "m").complete(SAMPLE_REQUEST)


def test_an_answer_that_is_no_json_asks_whether_the_address_is_right(server: Server) -> None:
    server.script = [(200, {}, "<html>")]
    with pytest.raises(GeneratorError, match="is the address right"):
        OpenAiCompatibleGenerator(server.url, "m").complete(SAMPLE_REQUEST)


def test_an_unreachable_server_is_an_error_that_names_it() -> None:
    generator = OpenAiCompatibleGenerator("http://127.0.0.1:9/v1", "m", sleep=lambda _: None)
    with pytest.raises(GeneratorError, match=r"http://127\.0\.0\.1:9/v1 cannot be reached"):
        generator.complete(SAMPLE_REQUEST)


def test_no_secret_is_in_an_error_even_if_the_server_repeats_it(server: Server) -> None:
    server.script = [(401, {}, "you sent Bearer sk-very-secret and user:pass-word")]
    url = server.url.replace("http://", "http://user:pass-word@")
    with pytest.raises(GeneratorError) as raised:
        OpenAiCompatibleGenerator(url, "m", api_key="sk-very-secret").complete(SAMPLE_REQUEST)
    assert "sk-very-secret" not in str(raised.value)
    assert "pass-word" not in str(raised.value)
    assert server.url in str(raised.value)
    assert raised.value.__cause__ is None


def test_the_card_says_which_server_answered_and_no_secret(server: Server) -> None:
    url = server.url.replace("http://", "http://user:pass-word@")
    assert OpenAiCompatibleGenerator(url, "m").card().endpoint == server.url


@pytest.mark.parametrize(
    "answer",
    [
        "[]",
        '{"choices": "none"}',
        '{"choices": [1, "two", null]}',
        '{"choices": [{"message": "hello"}]}',
        '{"choices": [{"message": {"content": null}}]}',
    ],
)
def test_an_answer_that_is_no_completion_is_one_error(server: Server, answer: str) -> None:
    server.script = [(200, {}, answer)]
    with pytest.raises(GeneratorError, match="completion"):
        OpenAiCompatibleGenerator(server.url, "m").complete(SAMPLE_REQUEST)


def test_a_refusal_that_names_no_option_drops_none(server: Server) -> None:
    server.script = [(400, {}, "refused by the content management policy")]
    generator = OpenAiCompatibleGenerator(server.url, "m")
    with pytest.raises(GeneratorError, match="content management policy"):
        generator.complete(SAMPLE_REQUEST)
    assert generator.dropped == set()
    assert len(server.bodies) == 1


def test_the_newer_name_of_the_token_limit_is_used_where_it_is_asked_for(server: Server) -> None:
    server.script = [(400, {}, "'max_tokens' is not supported, use 'max_completion_tokens' instead")]
    generator = OpenAiCompatibleGenerator(server.url, "m")
    generator.complete(SAMPLE_REQUEST)
    assert len(server.bodies) == 2
    assert server.bodies[1]["max_completion_tokens"] == SAMPLE_REQUEST.max_tokens
    assert "max_tokens" not in server.bodies[1]
    assert generator.dropped == set()


def test_a_connection_that_is_closed_without_an_answer_is_tried_again(server: Server) -> None:
    server.closing()
    waits: list[float] = []
    assert OpenAiCompatibleGenerator(server.url, "m", sleep=waits.append).complete(SAMPLE_REQUEST).samples
    assert waits == [0.5]


def test_every_time_that_the_prompt_was_sent_is_counted_also_where_nothing_came_of_it(server: Server) -> None:
    generator = OpenAiCompatibleGenerator(server.url, "m", retries=2, sleep=lambda seconds: None)
    server.script = [(503, {}, "busy"), (429, {}, "slow down")]
    assert generator.complete(SAMPLE_REQUEST).requests == 3
    server.script = [(503, {}, "busy")] * 3
    with pytest.raises(GeneratorError) as caught:
        generator.complete(SAMPLE_REQUEST)
    assert caught.value.requests == 3
