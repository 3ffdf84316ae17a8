"""The report's first page: who hands in what, when, made with what, and from which log."""

from __future__ import annotations

from ...lab.compare.job import describe
from ...lab.report.text import Said, html
from ...messages import Message
from ...messages import hand_in_report as words
from ...switch.hook import ENVIRONMENT_VARIABLE
from ...version import __version__
from .found import Found
from .pieces import facts, section


def head(found: Found) -> str:
    test = len(found.comparison.run.test)
    lead = words.LEAD.format(test=f"{test:,}", clicks=f"{found.test_clicks:,}")
    return f'<h1>{html(words.TITLE)}</h1><p class="lead">{html(lead)}</p>{_who(found)}{_log(found)}'


def _who(found: Found) -> str:
    environment = found.comparison.environment
    packages = {name: version for name, version in environment["packages"].items() if name != "ctr-models"}
    versions = [f"testbed_adapter {__version__}", f"Python {environment['python']}"]
    versions += [f"{name} {version}" for name, version in packages.items()]
    entries: list[tuple[Message, Said]] = [
        (words.STUDENT, found.student),
        (words.DATE, found.date),
        (words.SEED, words.SEEDS.format(seed=found.seed)),
        (words.VERSIONS, ", ".join(versions)),
        (words.LIBRARY, environment["library"]),
        (words.MACHINE, words.CORES.format(cores=environment["cores"], processor=environment["processor"])),
        (words.TESTBED, _testbed(found)),
        (words.SWITCH, f"{ENVIRONMENT_VARIABLE}={found.switch.text}"),
    ]
    return section(words.WHO, words.WHO_NOTE, facts(entries))


def _testbed(found: Found) -> Said:
    state = found.checkout
    if state.commit is None:
        return found.testbed
    told = words.COMMIT.format(commit=state.commit)
    changed = words.CHANGED if state.changed else Message("", "")
    return Message(f"{found.testbed}, {told.en}{changed.en}", f"{found.testbed}，{told.zh}{changed.zh}")


def _log(found: Found) -> str:
    records = found.comparison.run.log.records
    counted, log = describe(records), found.log
    if log.generated in (0, len(records)):
        origin = words.GENERATED if log.generated else words.RECORDED
    else:
        origin = words.PARTLY.format(generated=f"{log.generated:,}", records=f"{len(records):,}")
    entries: list[tuple[Message, Said]] = [
        (words.FILE, found.comparison.run.log.source),
        (words.RECORDS, f"{counted['records']:,}"),
        (words.CLICKS, f"{sum(record['clicked'] for record in records):,}"),
        (words.CLICK_RATE, f"{counted['click_rate']:.4f}"),
        (words.QUERIES, f"{counted['queries']:,}"),
        (words.DOCUMENTS, f"{counted['documents']:,}"),
        (words.POSITIONS, f"{counted['positions']:,}"),
        (words.TIMES, f"{log.first} … {log.last}"),
        (words.ORIGIN, origin),
    ]
    return section(words.LOG, words.LOG_NOTE, facts(entries))
