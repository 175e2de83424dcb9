"""An erasure goes on after a crash, beside a run, and on PostgreSQL."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from tailorbird import bootstrap
from tailorbird.cli.run import run_steps
from tailorbird.cli.terminal import Quiet
from tests.person_search import NOW, everybody_wrote, find, is_sound, places_with

pytestmark = pytest.mark.slow


def test_erasing_goes_on_where_it_was_killed(ran: Any) -> None:
    project = ran.project
    who = everybody_wrote(project)
    values = (who, *find(project, who).addresses, *find(project, who).traces)
    program = (
        "import sys, os, signal\n"
        "from pathlib import Path\n"
        "from tailorbird import bootstrap\n"
        "from tailorbird.cli.terminal import Quiet\n"
        "from tailorbird.project.project import load_project\n"
        "class Deadly(Quiet):\n"
        "    def stage(self, name, total=None):\n"
        "        if name == sys.argv[3]: os.kill(os.getpid(), signal.SIGKILL)\n"
        "project = load_project(Path(sys.argv[1]))\n"
        "bootstrap.finish_erasures(project, Deadly())\n"
        "person = bootstrap.find_anybody(project, sys.argv[2])[0]\n"
        "if person: bootstrap.forget_person(project, person, 'asked', Deadly())\n"
    )
    for step in ("suppressed", "rows", "files", "events", "rows again", "pages"):
        killed = subprocess.run([sys.executable, "-c", program, str(ran.root), who, f"erase {step}"], check=False)
        assert killed.returncode == -signal.SIGKILL
    assert len(bootstrap.finish_erasures(project, Quiet())) == 1
    assert places_with(project, values) == []
    assert is_sound(project).sound
    assert bootstrap.finish_erasures(project, Quiet()) == []


def test_a_run_under_way_neither_writes_to_an_erased_person_nor_brings_rows_back(shop: Any) -> None:
    project, campaign = shop.project, shop.campaign
    warehouse = bootstrap.open_events(project)
    who: list[str] = []
    values: list[str] = []

    class Erasing(Quiet):
        """Erases somebody at the moment when a step of the run begins."""

        def stage(self, name: str, total: int | None = None) -> None:
            if name not in ("decide", "stitch", "deliver"):
                return
            gone = set(who)
            decided = bootstrap.open_state(project).decisions.find("win_back", "1")
            treated = [d.person_id for d in decided if d.arm == "treatment" and d.person_id not in gone]
            known = [row[0] for row in warehouse.rows("SELECT person_id FROM people ORDER BY person_id")]
            chosen = treated[0] if treated else known[0]
            person = find(project, chosen)
            values.extend([chosen, *person.addresses, *person.traces])
            who.append(chosen)
            bootstrap.forget_person(project, person, "asked", Quiet())

    details = run_steps(project, campaign, NOW.isoformat(), Erasing(), True, True, 0)
    assert len(who) == 3
    assert details["deliver"]["sent"] > 50
    assert places_with(project, tuple(values)) == []
    assert is_sound(project).sound


def test_a_state_on_postgresql_is_erased_too(shop: Any) -> None:
    base = os.environ.get("TAILORBIRD_POSTGRES", "postgresql+psycopg://127.0.0.1:5432/test")
    schema = f"tb_erase_{os.getpid()}"
    try:
        admin = sa.create_engine(base)
        with admin.begin() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
    except (sa.exc.OperationalError, ModuleNotFoundError) as error:
        if "postgres" in os.environ.get("TAILORBIRD_REQUIRE", "").split(","):
            raise
        pytest.skip(f"no PostgreSQL: {error}")
    try:
        settings = replace(shop.project.settings, state=f"{base}?options=-csearch_path%3D{schema}")
        project = replace(shop.project, settings=settings)
        # The import wrote into the audit log of the shop's own database, whose second record this is.
        shutil.rmtree(project.state_dir / "audit")
        run_steps(project, shop.campaign, NOW.isoformat(), Quiet(), True, True, 0)
        person = find(project, everybody_wrote(project))
        values = (*person.ids(), *person.addresses, *person.traces)
        assert "tb_outbox" in {place for place, _ in places_with(project, values)}
        bootstrap.forget_person(project, person, "asked", Quiet())
        assert places_with(project, values) == []
        assert is_sound(project).sound
    finally:
        with admin.begin() as connection:
            connection.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
        admin.dispose()
