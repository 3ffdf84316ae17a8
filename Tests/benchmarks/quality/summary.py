"""What the tables say, in words: where ours is best, where it is not, and by how much."""

from __future__ import annotations

from .datasets import DATA_SETS
from .models import MODELS
from .protocol import AUC, LOG_LOSS, Outcome
from .statistics import best, click_logs, difference, mean, parts, peers, share

WITHIN = 0.001  # of the best peer
WITHIN_PARTS = 0.0005
NAMES = {AUC: "AUC", LOG_LOSS: "log loss"}


def words(outcomes: list[Outcome]) -> str:
    lines = [_data_set(outcome) for outcome in outcomes]
    compared = [outcome for outcome in outcomes if _can_judge(outcome)]
    if compared:
        behind = [outcome.name for outcome in compared if not is_good(outcome)]
        where = f"not on {', '.join(behind)}" if behind else "on every one"
        lines.append(f"**Aims met on {len(compared) - len(behind)} of {len(compared)} data sets**: {where}.")
    lines += _growth(outcomes)
    return "## Where ours is not best\n\n" + "".join(f"- {line}\n" for line in lines)


def is_good(outcome: Outcome) -> bool:
    """Ours is within WITHIN of the best peer in both figures, or reaches the data set's own aim; and it is within
    WITHIN_PARTS of its own parts."""
    aim = DATA_SETS[outcome.name].aim
    if aim is not None:
        against_peers = _reaches(outcome, aim)
    else:
        against_peers = all(_lead(outcome, figure, peers(outcome)) <= WITHIN for figure in NAMES)
    return against_peers and all(_lead(outcome, figure, parts(outcome)) <= WITHIN_PARTS for figure in NAMES)


def _can_judge(outcome: Outcome) -> bool:
    return "ours" in outcome.cells and bool(peers(outcome))


def _reaches(outcome: Outcome, aim: tuple[float, float]) -> bool:
    auc, log_loss = aim
    return outcome.values("ours", AUC).mean() >= auc and outcome.values("ours", LOG_LOSS).mean() <= log_loss


def _lead(outcome: Outcome, figure: str, models: list[str]) -> float:
    """By how much the best of these models is better than ours; below 0 where ours is better."""
    if not models:
        return -1.0
    apart = round(difference(outcome, best(outcome, figure, models), figure).value, 9)  # 0.5 − 0.499 is 0.001 then
    return apart if figure == AUC else -apart


def _data_set(outcome: Outcome) -> str:
    if outcome.skipped is not None:
        return f"**{outcome.name}** was skipped: {outcome.skipped}."
    failed = "".join(f" {MODELS[key].name} failed: {reason}." for key, reason in outcome.failed.items())
    if "ours" not in outcome.cells:
        return f"**{outcome.name}**: ours was not run.{failed}"
    sentences = [_against_peers(outcome, figure) for figure in NAMES] if peers(outcome) else []
    sentences += [_against_part(outcome, part) for part in parts(outcome)]
    aim = DATA_SETS[outcome.name].aim
    if aim is not None:
        reached = "is reached" if _reaches(outcome, aim) else "is not reached"
        sentences.append(f"The aim, AUC {aim[0]} or more and log loss {aim[1]} or less, {reached}.")
    return f"**{outcome.name}**: {' '.join(sentence for sentence in sentences if sentence)}{failed}"


def _against_peers(outcome: Outcome, figure: str) -> str:
    rival = best(outcome, figure, peers(outcome))
    ours, apart = mean(outcome.values("ours", figure)), difference(outcome, rival, figure)
    lead = _lead(outcome, figure, peers(outcome))
    said = f"{NAMES[figure]} {ours.value:.4f} is"
    theirs = f"{MODELS[rival].name}'s {mean(outcome.values(rival, figure)).value:.4f}"
    if lead <= 0:
        return f"{said} best, next to {theirs} ({apart.text(signed=True)})."
    if lead <= WITHIN:
        return f"{said} within {WITHIN} of the best, {theirs} ({apart.text(signed=True)})."
    return f"{said} **not best**: {theirs} ({apart.text(signed=True)})."


def _against_part(outcome: Outcome, part: str) -> str:
    worse = [figure for figure in NAMES if _lead(outcome, figure, [part]) > WITHIN_PARTS]
    if not worse:
        return ""
    apart = " and ".join(f"{NAMES[figure]} {difference(outcome, part, figure).text(signed=True)}" for figure in worse)
    return f"**Below its own part** ({MODELS[part].name}): {apart}."


def _growth(outcomes: list[Outcome]) -> list[str]:
    """Of the click logs: does our share of the gap grow with the log, and is it above every peer's?"""
    found = {log.name: closed for log in click_logs(outcomes) if (closed := share(log, "ours")) is not None}
    if not found:
        return []
    values = [closed.value for closed in found.values()]
    grows = "it grows with the log" if values == sorted(values) else "it does **not** grow with the log"
    text = f"Of the gap between the testbed's LR and the oracle ours closes {', '.join(f'{one:.0%}' for one in values)}"
    lines = [f"{text}: {grows}." if len(values) > 1 else f"{text}."]
    for log in click_logs(outcomes):
        shares = {peer: closed.value for peer in peers(log) if (closed := share(log, peer)) is not None}
        if log.name in found and shares:
            first = max(shares, key=lambda peer: shares[peer])
            if shares[first] > found[log.name].value:
                ours = f"{found[log.name].value:.1%}"
                lines.append(f"On {log.name} {MODELS[first].name} closes more: {shares[first]:.1%}, ours {ours}.")
    return lines
