"""tailorbird audit text: is a text true, allowed and safe?"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tailorbird.cli.text_lines import GivenLine
    from tailorbird.pipeline.validation.text_judge import TextJudge

_CODES = {"pass": 0, "review": 3}
_BLOCKED = 1


def register(app: typer.Typer, group: str) -> None:
    """Add the command to the group `audit`, which is there already."""
    from tailorbird.cli.audit import audit

    audit.command("text")(audit_text)


def audit_text(
    text: Annotated[str | None, typer.Option("--text", help="The text to judge.")] = None,
    file: Annotated[str | None, typer.Option("--file", help="A file with the text; - for standard input.")] = None,
    lines: Annotated[bool, typer.Option("--lines", help="--file has a text in each line, as JSON.")] = False,
    facts: Annotated[str | None, typer.Option("--facts", help="A JSON file: what the text may state.")] = None,
    project: Annotated[str | None, typer.Option("--project", help="A project whose catalog has the facts.")] = None,
    item: Annotated[list[str] | None, typer.Option("--item", help="Items that the text is about, by id.")] = None,
    locale: Annotated[str, typer.Option("--locale", help="The text's locale. [default: the project's, or en]")] = "",
    channel: Annotated[str, typer.Option("--channel", help="Where it will stand: email, sms, push, web, …")] = "",
    country: Annotated[str, typer.Option("--country", help="Where it will be read: GB, DE, US-NY, …")] = "",
    block: Annotated[str, typer.Option("--block", help="The part of the message: subject, headline, …")] = "",
    pack: Annotated[list[str] | None, typer.Option("--pack", help="A policy pack. [default: the project's]")] = None,
    flag: Annotated[list[str] | None, typer.Option("--flag", help="personalized_price, ai_chat, …")] = None,
    unattended: Annotated[bool, typer.Option("--unattended", help="Nobody reads it before it goes out.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Judge a text against facts. Example: tailorbird audit text --facts facts.json --text "It costs £48."

    Exit code 0: every text passes; 1: one is blocked, or must be mended; 3: a person should look at one. A file whose
    name ends in .jsonl has many texts: each line is a text in quotes, or an object with "text" and perhaps "id",
    "facts", "items", "locale", "channel", "country", "block", "attended", "packs" and "flags".
    """
    from tailorbird.cli.terminal import print_json
    from tailorbird.cli.text_lines import is_json_lines

    several = lines or (file is not None and is_json_lines(file))
    found: list[dict[str, Any]] | None = [] if as_json else None
    statuses: Counter[str] = Counter()
    once: set[str] = set()
    said: dict[str, Any] = {"channel": channel, "country": country, "block": block, "attended": not unattended}
    said |= {"packs": pack} if pack else {}
    said |= {"flags": flag} if flag else {}
    judge = _opened(project, facts, item or [], locale, said)
    for beside, answer in _judged(judge, _asked(text, file, several)):
        statuses[answer["status"]] += 1
        if found is not None:
            found.append(beside | answer)
        else:
            _show(beside, answer, once)
    if found is not None:
        print_json({"texts": found, "counts": dict(statuses)} if several else found[0])
    elif several:
        print(", ".join(f"{number:,} {status}" for status, number in statuses.items()) or "no text")
    code = _BLOCKED if set(statuses) - set(_CODES) else max((_CODES[status] for status in statuses), default=0)
    if code:
        raise typer.Exit(code)


def _opened(folder: str | None, facts: str | None, items: list[str], locale: str, said: dict[str, Any]) -> "TextJudge":
    """The judge that the options describe."""
    from dataclasses import replace

    from tailorbird.bootstrap.validation import open_text_judge
    from tailorbird.cli.target import read_target
    from tailorbird.cli.text_lines import read_whole
    from tailorbird.pipeline.validation.given_text import GivenError, read_policy
    from tailorbird.stages.facts.given import parse_facts

    if facts is not None and (folder is not None or items):
        raise GivenError("give --facts, or --project and --item: not both")
    if items and folder is None:
        raise GivenError("--item is an item of a project: name it by --project")
    judge = open_text_judge(read_target([folder])[0] if folder is not None else None)
    given = parse_facts(read_whole(facts), facts) if facts is not None else None
    own = read_policy(said, judge.policies.own)
    policy = replace(judge.policy, **{key: getattr(own, key) for key in said})
    return replace(judge, given=given, items=items, policy=policy, locale=locale or judge.locale)


def _asked(text: str | None, file: str | None, several: bool) -> Iterator[tuple[int, "GivenLine | str"]]:
    """(line, text) of each text that is to be judged; line 0 where it is the only one."""
    from tailorbird.cli.text_lines import GivenLine, read_lines, read_whole
    from tailorbird.pipeline.validation.given_text import GivenError

    if (text is None) == (file is None):
        raise GivenError('give --text "…" or --file FILE: one of them')
    if file is None:
        if several:
            raise GivenError("--lines is for --file")
        yield 0, GivenLine(text or "")
    elif several:
        yield from read_lines(file)
    else:
        yield 0, GivenLine(read_whole(file))


def _judged(
    judge: "TextJudge", asked: "Iterable[tuple[int, GivenLine | str]]"
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """({"line", "id"}, the verdict as JSON) of each text; of a line that cannot be judged, why."""
    from tailorbird.pipeline.validation.given_text import verdict_document
    from tailorbird.types.errors import TailorbirdError

    for number, line in asked:
        beside = {"line": number} if number else {}
        if isinstance(line, str):
            yield beside, {"status": "error", "reason": line}
            continue
        if "id" in line.beside:
            beside["id"] = line.beside["id"]
        try:
            verdict, locale = judge.judge(line.text, {key: line.beside[key] for key in line.beside if key != "id"})
        except TailorbirdError as error:
            if not number:
                raise
            yield beside, {"status": "error", "reason": str(error)}
            continue
        yield beside, verdict_document(verdict, locale)


def _show(beside: dict[str, Any], answer: dict[str, Any], once: set[str]) -> None:
    """The verdict to read: its status, and each place of the text with what was found there.

    Facts that could not be used are told with the first text alone: `once` remembers them.
    """
    from tailorbird.cli.marked_text import marked
    from tailorbird.cli.terminal import printable

    where = f"line {beside['line']}" if beside else ""
    where += f" ({printable(str(beside['id']), 60)})" if "id" in beside else ""
    print(f"{where}: {answer['status']}" if where else answer["status"])
    if "reason" in answer:
        print(f"  {printable(answer['reason'], 300)}")
        return
    shown: tuple[int, int] | None = None
    for found in answer["findings"]:
        if found["type"] == "unusable_fact" and found["reason"] in once:
            continue
        once |= {found["reason"]} if found["type"] == "unusable_fact" else set()
        span = (found["span"][0], found["span"][1])
        if span != shown and span != (0, 0):
            print("\n".join(f"  {line}" for line in marked(answer["text"], span)))
        shown = span
        print(f"  {found['severity']}: {printable(found['reason'], 300)} [{found['check']}/{found['type']}]")
        told = [f"{name}: {printable(found[name], 300)}" for name in ("evidence", "source") if found[name]]
        if found["repair"] is not None:
            told.append(f"write: {printable(found['repair'], 300)}" if found["repair"] else "take it out")
        print("".join(f"    {line}\n" for line in told), end="")
