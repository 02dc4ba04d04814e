"""Sentences built from a publication's values: conclusions, what stands out, money, a funder, the data and the method.

Dutch in plain words, and plain text: whoever shows a sentence escapes it. No figure is typed here. A hidden figure is
not stated and cannot be worked out from a sentence. Rooms work where the energy of their residents is, so above one
target and below another is expected and no sentence blames or praises.
"""

import re
from collections.abc import Iterable
from itertools import groupby

import pandas as pd

from bwk_analysis import periods, privacy
from bwk_analysis.agreement import NEGATIVE, round_half_up
from bwk_analysis.finance import HOURS_PER_EURO, PER_PERSON, PER_VISIT, REALISED, UNASSIGNED, VOLUNTEERS
from bwk_analysis.indicators import BEHIND, CONFIDENCE, MET, NO_DATA, NO_TARGET
from bwk_analysis.pages import formats
from bwk_analysis.pages.frames import JUDGED, TOTAL, Row, rows_in, values_of
from bwk_analysis.publication import Publication

MOST = 3  # of each kind of highlight, and names in one sentence
TIMES = 2  # from twice the target on, "2,5 keer" reads better than "150% boven"
EUROS = 1000  # volunteers' hours are told beside so many euros of paid people
FEW = 5  # where fewer are expected, a gap is one or two people
SMALL = 20  # of fewer than this a percentage says little
LEDGER = "grootboek: "  # how the problems of ledger controls begin
ENERGY = "Boven de ene streefwaarde en onder de andere is verwacht: een kamer werkt waar de energie van bewoners zit."


# --- conclusions ------------------------------------------------------------------------------------------------------


def conclusions(p: Publication, room: str = "") -> list[str]:
    """What a reader should know first: indicators, participants, hours, money and what is uncertain.

    room : the name of a room; without it, all rooms together. What was not delivered is never guessed.
    """
    return [
        *_standing(p, room),
        *_met_by_room(p, room),
        *_leading(p, room or TOTAL),
        *_hours(p, room or TOTAL),
        *_costs(p, room or TOTAL),
        *_income(p, room or TOTAL),
        *_doubts(p, room or TOTAL),
    ]


def key_figures(p: Publication, room: str = "") -> list[tuple[str, str, str, str]]:
    """What to show large: label, figure, note and status ("" for none). What was not delivered has no card."""
    where = room or TOTAL
    rows = _judged_rows(p, room)
    judged = sum(_count(rows, status) for status in JUDGED)
    found = [("Streefwaarden gehaald", formats.number(_count(rows, MET)), f"van {formats.number(judged)}", "")]
    row = _leading_row(p, where)
    if row is not None and _is_number(row.value):
        figure, target = formats.figure_beside_target(row.value, row.interim_target, row.unit)
        about = "ongeveer " if _is_rounded(p, row) else ""
        status = row.status if row.status in JUDGED else ""
        found.append((row.name, about + figure, f"tussendoel {target}" if status else "", status))
    hours = values_of(p.finance, "volunteer_hours", where)
    pairs = [
        ("Uren van vrijwilligers", hours.get(REALISED), hours.get("afgesproken"), formats.number),
        ("Uitgegeven", _total(p, "realised", where), _total(p, "budget", where), formats.euro),
        ("Ontvangen", _total(p, "funding_realised", where), _total(p, "funding_agreed", where), formats.euro),
    ]
    for label, realised, agreed, shown in pairs:
        if realised is not None:
            note = f"van {shown(agreed)} in het hele jaar" if agreed else ""
            found.append((label, shown(round_half_up(realised, 0)), note, ""))
    return found


def _standing(p: Publication, room: str) -> list[str]:
    rows = _judged_rows(p, room)
    if not rows:
        return []
    place = f"Bij {_clean(room)}" if room else "In alle kamers samen" if len(p.rooms) > 1 else "In de kamer"
    sentences = [f"{place} is de stand op {_reference_day(p)}, {_tally(rows)}."]
    hidden = _count(rows, privacy.HIDDEN)
    if hidden:
        sentences.append(
            f"{formats.plural(hidden, 'cijfer is', 'cijfers zijn')} verborgen, omdat het om weinig mensen gaat."
        )
    if _count(rows, MET) and _count(rows, BEHIND):
        sentences.append(ENERGY)
    return [" ".join(sentences)]


def _judged_rows(p: Publication, room: str) -> list[Row]:
    """The rows whose statuses are counted; everyone sees sums of rounded rooms, which have no status of their own."""
    by_room = not room and p.edition == privacy.PUBLIC and len(p.rooms) > 1
    return [row for place in (p.rooms if by_room else [room or TOTAL]) for row in _rows(p, place)]


def _tally(rows: list[Row]) -> str:
    """`over 27 indicatoren: 13 gehaald, 9 nabij en 4 achter`, or outcomes where rooms are counted apart."""
    indicators = len({row.indicator for row in rows})
    over = formats.plural(indicators, "indicator", "indicatoren")
    if len(rows) > indicators:
        over = f"{formats.number(len(rows))} uitkomsten ({over} per kamer)"
    counted = [f"{formats.number(_count(rows, status))} {status}" for status in JUDGED if _count(rows, status)]
    without = [f"{formats.number(_count(rows, s))} zonder {word}" for s, word in _WITHOUT.items() if _count(rows, s)]
    return f"over {over}: {formats.join([*counted, *without]) or 'geen enkele is met een streefwaarde te vergelijken'}"


_WITHOUT = {NO_DATA: "gegevens", NO_TARGET: "streefwaarde"}


def _met_by_room(p: Publication, room: str) -> list[str]:
    if room or len(p.rooms) < 2 or not any(row.status in JUDGED for name in p.rooms for row in _rows(p, name)):
        return []
    met = [f"{_clean(name)} {formats.number(_count(_rows(p, name), MET))}" for name in p.rooms]
    return [f"Gehaald per kamer: {formats.join(met)}."]


def _leading(p: Publication, where: str) -> list[str]:
    row = _leading_row(p, where)
    if row is None or not _figure(p, row):
        return []
    start = f"{_quoted(row.name)}: {_figure(p, row)}"
    if row.status == privacy.HIDDEN and not row.hidden:
        return [
            f"{start}, opgeteld over de kamers die te zien zijn. Wie in twee kamers komt, telt zo twee keer; "
            "daarom houden we dit totaal niet tegen een streefwaarde."
        ]
    if row.status not in JUDGED:
        return [f"{start}."]
    target = formats.target_text(row.target, "", row.unit)
    whole_year = "" if row.interim_target == row.target else f" De streefwaarde voor het hele jaar is {target}."
    return [f"{start}, {_against_goal(row)}.{whole_year}"]


def _hours(p: Publication, where: str) -> list[str]:
    hours = values_of(p.finance, "volunteer_hours", where)
    realised, agreed = hours.get(REALISED), hours.get("afgesproken")
    if realised is None:
        return ["Over de uren van vrijwilligers zijn geen gegevens aangeleverd."] if agreed else []
    if not agreed:
        return [f"Vrijwilligers maakten {_of_hours(realised)}."]
    return [
        f"Vrijwilligers maakten {_of_hours(realised)}. Dat is {_part(realised, agreed)} van de "
        f"{_of_hours(agreed)} die voor het hele jaar zijn afgesproken; {_part_of_year(p)}."
    ]


def _costs(p: Publication, where: str) -> list[str]:
    spent, budget = _total(p, "realised", where), _total(p, "budget", where)
    if spent is None:
        return ["Er is geen grootboek aangeleverd. Over kosten en inkomsten is daarom nog niets te zeggen."]
    if not budget:
        return [f"Er is {formats.euro(spent)} uitgegeven."]
    return [
        f"Er is {formats.euro(spent)} uitgegeven. Dat is {_part(spent, budget)} van de begroting voor "
        f"het hele jaar ({formats.euro(budget)}); {_part_of_year(p)}."
    ]


def _income(p: Publication, where: str) -> list[str]:
    received, agreed = _total(p, "funding_realised", where), _total(p, "funding_agreed", where)
    if received is None:
        return []
    if not agreed:
        return [f"Er is {formats.euro(received)} ontvangen."]
    return [
        f"Er is {formats.euro(received)} ontvangen. Dat is {_part(received, agreed)} van de "
        f"{formats.euro(agreed)} die voor het hele jaar is afgesproken."
    ]


def _doubts(p: Publication, where: str) -> list[str]:
    names = [_quoted(row.name) for row in _uncertain_rows(p, where)]
    if not names:
        return []
    of = formats.join(names) if len(names) <= MOST else formats.plural(len(names), "aandeel", "aandelen")
    return [f"Of de streefwaarde is gehaald, is onzeker bij {of}: het gaat om te weinig mensen om dat te zeggen."]


# --- what stands out --------------------------------------------------------------------------------------------------


def highlights(p: Publication, room: str = "") -> list[str]:
    """What stands out: figures furthest from what was agreed by now, largest changes, and negative verdicts.

    Without `room` every room is looked at, and named. Uncertain and hidden figures are no highlights. A change is
    one of the part of the interim target that was reached, for figures since 1 January always grow; what was and is
    above it is no news.
    """
    rows = [row for place in ([room] if room else p.rooms) for row in _rows(p, place)]
    named = not room and len(p.rooms) > 1
    return [*_gaps(p, rows, named), *_changes(p, rows, named), *_negative_verdicts(p, room)]


def _gaps(p: Publication, rows: list[Row], named: bool) -> list[str]:
    compared = sorted((row for row in rows if _is_comparable(row) and not _expects_few(row)), key=_ratio)
    margin = 1 - p.agreement.settings.near
    above = _one_per_indicator(row for row in reversed(compared) if _ratio(row) > 1 + margin)
    below = _one_per_indicator(row for row in compared if row.status == BEHIND)
    return [f"{_subject(row, named)}: {_figure(p, row)}, {_against_goal(row)}." for row in above[:MOST] + below[:MOST]]


def _expects_few(row: Row) -> bool:
    return row.unit not in ("aandeel", "cijfer") and row.interim_target < FEW


def _one_per_indicator(rows: Iterable[Row]) -> list[Row]:
    return list({row.indicator: row for row in reversed(list(rows))}.values())[::-1]


def _changes(p: Publication, rows: list[Row], named: bool) -> list[str]:
    before = {(row.room, row.indicator): row for row in rows_in(p.previous)}
    pairs = [(row, before[row.room, row.indicator]) for row in rows if (row.room, row.indicator) in before]
    pairs = [(now, then) for now, then in pairs if _stands_out(p, now, then) and not _gives_away(p, now, then)]
    pairs.sort(key=lambda pair: -abs(_ratio(pair[0]) - _ratio(pair[1])))
    return [
        f"Sinds het vorige kwartaal ging {_subject(now, named)} {_from_to(p, now, then)}." for now, then in pairs[:MOST]
    ]


def _stands_out(p: Publication, now: Row, then: Row) -> bool:
    """Whether a change is news, and more than chance, rounding or a few people."""
    if not (_is_comparable(now) and _is_comparable(then)) or (now.status == MET and _ratio(then) >= 1):
        return False
    change = abs(_ratio(now) - _ratio(then))
    if change < 1 - p.agreement.settings.near:
        return False
    if now.unit == "aandeel":
        return now.lower > then.upper or now.upper < then.lower
    if now.unit == "cijfer":
        return True
    return now.interim_target >= SMALL and change * now.interim_target >= privacy.PUBLIC_ROUNDING


def _gives_away(p: Publication, now: Row, then: Row) -> bool:
    """Whether a change is one of few people, of an indicator that is sensitive."""
    steps = [abs(now.numerator - then.numerator), abs(now.denominator - then.denominator)]
    return _is_sensitive(p, now) and any(step < p.agreement.settings.threshold for step in steps)


def _from_to(p: Publication, now: Row, then: Row) -> str:
    if now.interim_target == then.interim_target:
        return f"van {formats.figure(then.value, then.unit)} naar {_figure(p, now)}"
    about = "ongeveer " if _is_rounded(p, now) else ""
    return f"van {formats.percent(_ratio(then), 0)} naar {about}{formats.percent(_ratio(now), 0)} van het tussendoel"


def _negative_verdicts(p: Publication, room: str) -> list[str]:
    places = [room] if room else [*p.rooms, TOTAL] if len(p.rooms) > 1 else [TOTAL]
    fields = dict(zip(p.agreement.indicators["code"], p.agreement.indicators["field"], strict=True))
    sentences = []
    rows = p.scorecard[p.scorecard["value"].eq(NEGATIVE) & p.scorecard["room"].isin(places)]
    for code, of_indicator in groupby(rows_in(rows), key=lambda row: row.indicator):
        negative = list(of_indicator)
        why = _shortages if fields.get(code) == "saldo" else _failed_controls
        at = formats.join([_place(row.room) for row in negative])
        sentences.append(f"{_quoted(negative[0].name)} is {NEGATIVE} {at}: {why(p, [row.room for row in negative])}.")
    return sentences


def _shortages(p: Publication, rooms: list[str]) -> str:
    short = [formats.euro(-euros) for room in rooms if (euros := _funding_minus_budget(p, room)) is not None]
    if not short:
        return "de afgesproken financiering is lager dan de begroting"
    return f"de afgesproken financiering is {formats.join(short)} lager dan de begroting"


def _failed_controls(p: Publication, rooms: list[str]) -> str:
    texts = p.problems["problem"].astype("str")
    failed = texts[texts.str.startswith(LEDGER)].str.removeprefix(LEDGER).value_counts(sort=False)
    if TOTAL not in rooms or failed.empty:
        return "niet alle controles van het grootboek kloppen; de lijst met problemen zegt bij welke regels"
    found = "; ".join(f"{_clean(text)} ({formats.number(count)} keer)" for text, count in failed.items())
    return f"niet alle controles van het grootboek kloppen. Gevonden: {found}"


# --- what is uncertain ------------------------------------------------------------------------------------------------


def uncertain(p: Publication, room: str = "") -> list[str]:
    """The shares whose interval holds the target, each with n and its interval. Empty when there is none."""
    return [
        f"{_quoted(row.name)}: {_figure(p, row)}, waarschijnlijk tussen {formats.percent(row.lower, 0)} en "
        f"{formats.percent(row.upper, 0)}. De streefwaarde, {_in_words(row)}, ligt daartussen."
        for row in _uncertain_rows(p, room or TOTAL)
    ]


def _uncertain_rows(p: Publication, where: str) -> list[Row]:
    return [row for row in _rows(p, where) if row.uncertain and not row.hidden and not formats.is_missing(row.lower)]


# --- money ------------------------------------------------------------------------------------------------------------


def money(p: Publication, room: str = "") -> list[str]:
    """Costs, income, ratios, cost per result and the populaire investering of a room, or of all rooms together."""
    where = room or TOTAL
    return [
        *_costs(p, where),
        *_posts(p, where),
        *_income(p, where),
        *_not_received(p, where),
        *_balance(p, where),
        *_unassigned(p, where),
        *_ratios(p, where),
        *_cost_per_result(p, where),
        *_popular(p, where),
    ]


def _posts(p: Publication, where: str) -> list[str]:
    """The posts that are furthest, in euros, from the part of the year that has passed."""
    budget, spent = values_of(p.finance, "budget", where), values_of(p.finance, "realised", where)
    elapsed = float(periods.elapsed(p.period))
    about = p.agreement.budget.drop_duplicates("post").set_index("post")["description"]
    ahead = {post: spent[post] - budget[post] * elapsed for post in about.index if post in spent and post in budget}
    most, least = max(ahead, key=ahead.__getitem__, default=""), min(ahead, key=ahead.__getitem__, default="")
    sentences = []
    for post, sign, word in ((most, 1, "meer"), (least, -1, "minder")):
        if post and sign * ahead[post] >= 1:
            name = "" if formats.is_missing(about[post]) else f" {_clean(about[post])}"
            sentences.append(f"aan {post}{name} {formats.euro(sign * ahead[post])} {word}")
    yardstick = "de begroting" if elapsed == 1 else f"{formats.percent(elapsed, 0)} van de begroting"
    return [f"Vergeleken met {yardstick} is {formats.join(sentences)} uitgegeven."] if sentences else []


def _not_received(p: Publication, where: str) -> list[str]:
    agreed, received = values_of(p.finance, "funding_agreed", where), values_of(p.finance, "funding_realised", where)
    funders = p.agreement.funding["funder"].drop_duplicates()
    waiting = [_clean(name) for name in funders if agreed.get(name, 0) > 0 and received.get(name) == 0]
    return [f"Nog niets is ontvangen van {formats.join(waiting)}."] if waiting else []


def _balance(p: Publication, where: str) -> list[str]:
    difference = _funding_minus_budget(p, where)
    if difference is None:
        return []
    if abs(difference) < 1:
        return ["De afgesproken financiering is gelijk aan de begroting."]
    return [
        f"De afgesproken financiering is {formats.euro(abs(difference))} "
        f"{'hoger' if difference > 0 else 'lager'} dan de begroting."
    ]


def _unassigned(p: Publication, where: str) -> list[str]:
    sentences = []
    if where == TOTAL:
        for kind, word in (("realised", "kosten"), ("funding_realised", "inkomsten")):
            if euros := _total(p, kind, UNASSIGNED):
                sentences.append(
                    f"{formats.euro(euros)} aan {word} staat nog op geen kamer en telt alleen in het totaal mee."
                )
    loose = p.finance[(p.finance["kind"] == "realised") & (p.finance["item"] == UNASSIGNED)]
    euros = (loose if where == TOTAL else loose[loose["room"] == where])["value"].sum()
    if abs(euros) >= 1:
        sentences.append(f"{formats.euro(euros)} is geboekt op een rekening buiten de afspraak en telt nergens in mee.")
    return sentences


def _ratios(p: Publication, where: str) -> list[str]:
    budget, realised = values_of(p.finance, "ratio_budget", where), values_of(p.finance, "ratio_realised", where)
    parts = [
        f"{_clean(name)} {formats.percent(realised[name], 0)}"
        + (f" (begroot {formats.percent(budget[name], 0)})" if name in budget else "")
        for name in realised
    ]
    return [f"Als deel van de kosten: {formats.join(parts)}."] if parts else []


def _cost_per_result(p: Publication, where: str) -> list[str]:
    costs = values_of(p.finance, "cost_per_result", where)
    parts: list[str] = []
    sentences = []
    if PER_PERSON in costs:
        about = "ongeveer " if p.edition == privacy.PUBLIC else ""
        parts.append(f"{about}{formats.euro(costs[PER_PERSON])} per unieke deelnemer")
    if PER_VISIT in costs:
        parts.append(f"{formats.euro(costs[PER_VISIT], 2)} per deelname")
    if parts:
        sentences.append(f"Tot nu toe is {formats.join(parts)} uitgegeven.")
    if HOURS_PER_EURO in costs:
        hours = round_half_up(costs[HOURS_PER_EURO] * EUROS, 0)
        sentences.append(
            f"Tegenover elke {formats.euro(EUROS)} voor betaalde mensen "
            f"{'staat' if hours == 1 else 'staan'} {_of_hours(hours)} van vrijwilligers."
        )
    return [" ".join(sentences)] if sentences else []


def _popular(p: Publication, where: str) -> list[str]:
    worth = values_of(p.finance, "volunteer_value", where).get(REALISED)
    received = _total(p, "funding_realised", where)
    if worth is None:
        return []
    first = f"De uren van vrijwilligers zijn {formats.euro(worth)} waard, tegen het afgesproken bedrag per uur."
    if received is None:
        return [first]
    share = values_of(p.finance, "share_realised", where).get(f"{VOLUNTEERS} / populair")
    part = "" if share is None else f", waarvan {formats.percent(share, 0)} door vrijwilligers"
    return [
        f"{first} Met de ontvangen euro's samen is de populaire investering {formats.euro(worth + received)}{part}."
    ]


# --- a funder ---------------------------------------------------------------------------------------------------------


def funder(p: Publication, funder: str) -> list[str]:
    """What a funder agreed and paid, its part of the whole, and what the rooms it pays for achieved.

    Empty for a name that is not among the agreement's funders.
    """
    if funder not in set(p.agreement.funding["funder"]):
        return []
    agreed, received = _of_funder(p, "funding_agreed", funder), _of_funder(p, "funding_realised", funder)
    rooms = [room for room in p.rooms if agreed.get(room) or received.get(room)]
    return [
        *_funder_agreed(p, funder, agreed),
        *_funder_received(p, funder, agreed, received),
        *_funder_rooms(rooms, agreed, received),
        *_funder_popular(p, funder),
        *(sentence for room in rooms for sentence in _achieved(p, room)),
    ]


def _of_funder(p: Publication, kind: str, item: str) -> dict[str, float]:
    """Room -> value of a funder's item."""
    rows = p.finance[(p.finance["kind"] == kind) & (p.finance["item"] == item)].dropna(subset="value")
    return dict(zip(rows["room"], rows["value"].astype(float), strict=True))


def _funder_agreed(p: Publication, funder: str, agreed: dict[str, float]) -> list[str]:
    euros, share = agreed.get(TOTAL), _of_funder(p, "share_agreed", f"{funder} / euro").get(TOTAL)
    if not euros:
        return [f"Van {_clean(funder)} zijn voor {p.period.year} geen euro's afgesproken."]
    part = "" if share is None else f" Dat is {formats.percent(share)} van alle afgesproken financiering."
    return [f"Van {_clean(funder)} is voor {p.period.year} {formats.euro(euros)} afgesproken.{part}"]


def _funder_received(p: Publication, funder: str, agreed: dict[str, float], received: dict[str, float]) -> list[str]:
    euros = received.get(TOTAL)
    if euros is None:
        return ["Er is geen grootboek aangeleverd. Wat is ontvangen, is daarom nog niet bekend."]
    of_agreed = f", {_part(euros, agreed[TOTAL])} van het afgesproken bedrag" if agreed.get(TOTAL) else ""
    share = _of_funder(p, "share_realised", f"{funder} / euro").get(TOTAL)
    part = "" if share is None else f" Dat is {formats.percent(share)} van alles wat is ontvangen."
    loose = received.get(UNASSIGNED)
    unassigned = f" Daarvan staat {formats.euro(loose)} nog op geen kamer." if loose else ""
    return [f"Tot en met {_reference_day(p)} is {formats.euro(euros)} ontvangen{of_agreed}.{part}{unassigned}"]


def _funder_rooms(rooms: list[str], agreed: dict[str, float], received: dict[str, float]) -> list[str]:
    parts = [
        f"voor {_clean(room)} {formats.euro(agreed.get(room, 0.0))} afgesproken"
        + (f" en {formats.euro(received[room])} ontvangen" if room in received else "")
        for room in rooms
    ]
    return [f"Per kamer: {'; '.join(parts)}."] if parts else []


def _funder_popular(p: Publication, funder: str) -> list[str]:
    agreed, realised = (
        _of_funder(p, kind, f"{funder} / populair").get(TOTAL) for kind in ("share_agreed", "share_realised")
    )
    parts = [
        f"{formats.percent(share)} {words}"
        for share, words in ((agreed, "volgens de afspraak"), (realised, "tot nu toe"))
        if share is not None
    ]
    if not parts:
        return []
    return [f"Van de populaire investering, waarin ook de uren van vrijwilligers tellen, is dat {formats.join(parts)}."]


def _achieved(p: Publication, room: str) -> list[str]:
    rows = _rows(p, room)
    return [" ".join([f"Bereikt door {_clean(room)}, {_tally(rows)}.", *_leading(p, room)])] if rows else []


# --- the data ---------------------------------------------------------------------------------------------------------


def about_the_data(p: Publication) -> list[str]:
    """Where the figures come from: files, rows, problems, what in the agreement does not add up, and what is hidden."""
    return [fiction(p), *_files(p), *_rows_read(p), *_problems(p), *_printed(p), *_observed(p), *edition(p)]


def fiction(p: Publication) -> str:
    """Whether the data are made up."""
    if p.agreement.settings.fictional:
        return "De gegevens zijn verzonnen: ze laten zien hoe dit rapport werkt en gaan niet over echte mensen."
    return "De gegevens zijn echt: ze komen uit de registraties, de enquêtes en de boekhouding van de kamers."


def _files(p: Publication) -> list[str]:
    sheets = formats.plural(len(p.accounting), "werkblad", "werkbladen")
    files = formats.plural(len(p.files), "bestand", "bestanden")
    return [f"Er {'is' if len(p.files) == 1 else 'zijn'} {files} gelezen, met {sheets} aan registraties."]


def _rows_read(p: Publication) -> list[str]:
    if p.accounting.empty:
        return []
    shown = p.accounting.dropna(subset="rows_read")
    hidden = len(p.accounting) - len(shown)
    sentences = [_counted_rows(shown)] if len(shown) else []
    if hidden:
        sheets = formats.plural(hidden, "werkblad", "werkbladen")
        sentences.append(f"Van {sheets} is het aantal regels verborgen, om geen kleine aantallen te verraden.")
    return [" ".join(sentences)]


def _counted_rows(accounting: pd.DataFrame) -> str:
    rows = {name: accounting[f"rows_{name}"].sum() for name in ("read", "accepted", *_LEFT_OUT)}
    left_out = [f"{formats.number(rows[name])} {word}" for name, word in _LEFT_OUT.items() if rows[name]]
    read = formats.plural(rows["read"], "gelezen regel", "gelezen regels")
    first = f"Meegeteld: {formats.number(rows['accepted'])} van de {read}."
    return f"{first} Niet meegeteld: {formats.join(left_out)}." if left_out else first


_LEFT_OUT = {"rejected": "met een fout", "duplicate": "dubbel", "outside_year": "buiten het jaar"}


def _problems(p: Publication) -> list[str]:
    found = p.problems["severity"].value_counts()
    if found.empty:
        return ["Er zijn geen problemen in de bestanden gevonden."]
    words = {
        "error": ("fout", "fouten"),
        "warning": ("waarschuwing", "waarschuwingen"),
        "note": ("opmerking", "opmerkingen"),
    }
    parts = [formats.plural(int(found[severity]), *word) for severity, word in words.items() if severity in found]
    errors = " Een regel met een fout telt niet mee." if "error" in found else ""
    return [f"In de bestanden {'is' if found.sum() == 1 else 'zijn'} {formats.join(parts)} gevonden.{errors}"]


def _printed(p: Publication) -> list[str]:
    wrong = rows_in(p.printed_totals[p.printed_totals["difference"] != 0])
    if not wrong:
        return []
    parts = [
        f"{_clean(row.table)}, {_clean(row.item)}, {_clean(row.room)}: "
        f"er staat {formats.figure(row.printed, row.unit)}, de regels geven {formats.figure(row.computed, row.unit)}"
        for row in wrong
    ]
    of = formats.plural(len(p.printed_totals), "gedrukt totaal", "gedrukte totalen")
    verb = "klopt" if len(wrong) == 1 else "kloppen"
    return [
        f"In de afspraak {verb} {formats.number(len(wrong))} van de {of} niet met de regels. De regels tellen.",
        *(f"{part}." for part in map(_sentence_case, parts)),
    ]


def _observed(p: Publication) -> list[str]:
    names = _names(p)
    sentences = []
    for (subject, text), rows in groupby(rows_in(p.observations), key=lambda row: (row.subject, row.text)):
        about = " ".join(_quoted(names[word]) if word in names else word for word in subject.split())
        figures = formats.join([_observed_figure(row) for row in rows])
        sentences.append(f"{_sentence_case(about)}: {_clean(text)} ({figures}).")
    return sentences


def _observed_figure(row: Row) -> str:
    beside = "" if formats.is_missing(row.beside) or not row.beside else formats.figure(row.beside, row.unit)
    figure = f"{_place(row.room)} {formats.figure(row.value, row.unit)}"
    return f"{figure} tegenover {beside}" if beside else figure


def edition(p: Publication) -> list[str]:
    """What this edition hides, and why."""
    reason = "Zo is niemand te herkennen."
    if p.edition == privacy.PUBLIC:
        least, step = formats.number(privacy.PUBLIC_THRESHOLD), formats.number(privacy.PUBLIC_ROUNDING)
        return [
            f"Dit is de openbare uitgave. Een aantal van minder dan {least} mensen is verborgen en staat er als "
            f"<{least}; een groter aantal is afgerond op een veelvoud van {step}. {reason}",
            "Totalen en aandelen zijn berekend uit die afgeronde aantallen. Een totaal is de som van de kamers "
            "die te zien zijn: wie in twee kamers komt, telt daarin twee keer. Daarom heeft zo'n totaal geen status.",
        ]
    names = [_quoted(row.name) for row in rows_in(p.agreement.indicators) if row.sensitive == "ja"]
    if not names:
        return ["Dit is de uitgave voor het bestuur. Geen indicator is als gevoelig gemerkt; er is niets verborgen."]
    least = formats.number(p.agreement.settings.threshold)
    return [
        f"Dit is de uitgave voor het bestuur. Bij gevoelige indicatoren ({formats.join(names)}) is een aantal van "
        f"minder dan {least} mensen verborgen; het staat er als <{least}, zonder aandeel en status. {reason}",
        f"Ook wat zo'n aantal zou verraden, zoals het totaal van de kamers, staat er niet ({privacy.NOT_SHOWN}). "
        "Nul staat er als nul.",
    ]


# --- the method -------------------------------------------------------------------------------------------------------


def method(p: Publication) -> list[str]:
    """How the figures are made: window, interim target, status, interval, uniques, ratios and populaire investering."""
    near = formats.percent(p.agreement.settings.near, 0)
    return [
        _window(p),
        "Het tussendoel is het deel van de streefwaarde dat bij deze datum hoort: de streefwaarde maal het deel van "
        "het jaar dat voorbij is. Bij aandelen, gemiddelden, oordelen en standen op een peildatum of over een looptijd "
        "is het de hele streefwaarde.",
        "Gehaald: het cijfer voldoet aan het tussendoel zoals het is afgesproken; bij 'meer dan' is precies dat aantal "
        f"nog niet genoeg. Nabij: niet gehaald, maar wel minstens {near} van het tussendoel. Achter: minder dan dat.",
        "Geen gegevens betekent dat er niets is geregistreerd. Dat is iets anders dan nul.",
        "Bij een aandeel staat n, het aantal mensen waarover het gaat, en een interval waarin het werkelijke aandeel "
        f"waarschijnlijk ligt (Wilson, {formats.percent(CONFIDENCE, 0)}). Ligt de streefwaarde ook in dat interval, "
        "dan is de uitkomst onzeker.",
        "Uniek betekent dat iemand één keer telt, ook wie vaker komt of meer diensten gebruikt. Unieke aantallen zijn "
        "dus niet op te tellen over diensten, kamers of kwartalen.",
        *_ratio_definitions(p),
        *_popular_definition(p),
    ]


def _window(p: Publication) -> str:
    elapsed = periods.elapsed(p.period)
    passed = "het hele jaar" if elapsed == 1 else f"{formats.percent(float(elapsed))} van het jaar"
    first = formats.date(periods.start(p.period)).rsplit(" ", 1)[0]
    return (
        f"Alle cijfers gaan over {first} tot en met {_reference_day(p)} ({formats.quarter(p.period)}). Dat is {passed}."
    )


def _ratio_definitions(p: Publication) -> list[str]:
    sentences = []
    for row in rows_in(p.agreement.ratios):
        about = "" if formats.is_missing(row.explanation) else f" {_clean(row.explanation)}"
        sentences.append(
            f"{_clean(row.ratio)} is {_clean(row.numerator)} gedeeld door {_clean(row.denominator)}.{about}"
        )
        if re.search(r"sroi|social return", row.ratio, re.IGNORECASE):
            sentences.append(
                f"{_clean(row.ratio)} is hier een deel van de kosten. Het is niet de methode Social Return on "
                "Investment, die maatschappelijke opbrengsten in euro's uitdrukt."
            )
    return sentences


def _popular_definition(p: Publication) -> list[str]:
    rates = []
    for room in p.rooms:
        hours = values_of(p.finance, "volunteer_hours", room).get("afgesproken")
        euros = values_of(p.finance, "volunteer_value", room).get("afgesproken")
        if hours and euros is not None:
            rates.append(f"{_clean(room)} {formats.euro(euros / hours, 2)}")
    if not rates:
        return []
    return [
        "De populaire investering is het geld van de financiers plus de uren van vrijwilligers in euro's. "
        f"Een uur telt per kamer voor wat is afgesproken: {formats.join(rates)}."
    ]


# --- the rooms' own words ---------------------------------------------------------------------------------------------


def explanations(p: Publication, room: str = "") -> list[str]:
    """The rooms' own words about a figure, quoted.

    Words beside a hidden figure are left out, and in the edition for everyone any words that hold a figure: they could
    give away what is hidden or rounded. That some are left out is said.
    """
    mine = p.explanations[p.explanations["room"] == room] if room else p.explanations
    names = _names(p)
    told = [row for row in rows_in(mine) if not formats.is_missing(row.text)]
    shown = [row for row in told if _may_quote(p, row)]
    sentences = [
        f"{_clean(row.room)} over {_quoted(names.get(row.indicator, row.indicator))}: “{_clean(row.text)}”"
        for row in shown
    ]
    left_out = len(told) - len(shown)
    if left_out:
        verb = "staat" if left_out == 1 else "staan"
        count = formats.plural(left_out, "toelichting", "toelichtingen")
        sentences.append(f"{count} van de kamers {verb} er niet bij, om geen kleine aantallen te verraden.")
    return sentences


def _may_quote(p: Publication, row: Row) -> bool:
    figures = p.scorecard[(p.scorecard["room"] == row.room) & (p.scorecard["indicator"] == row.indicator)]
    hidden = any(figure.hidden for figure in rows_in(figures))
    return not hidden and not (p.edition == privacy.PUBLIC and any(map(str.isdigit, row.text)))


# --- figures in a sentence --------------------------------------------------------------------------------------------


def _rows(p: Publication, where: str) -> list[Row]:
    return rows_in(p.scorecard[p.scorecard["room"] == where])


def _names(p: Publication) -> dict[str, str]:
    """Indicator code -> name."""
    return dict(zip(p.agreement.indicators["code"], p.agreement.indicators["name"], strict=True))


def _leading_row(p: Publication, where: str) -> Row | None:
    return next((row for row in _rows(p, where) if row.indicator == p.leading), None)


def _count(rows: list[Row], status: str) -> int:
    return sum(row.status == status for row in rows)


def _is_number(value: object) -> bool:
    return not formats.is_missing(value) and not isinstance(value, str)


def _is_comparable(row: Row) -> bool:
    """Whether a figure may be held against its interim target: shown, judged, certain, and both are numbers."""
    if row.hidden or row.uncertain or row.status not in JUDGED:
        return False
    return _is_number(row.value) and _is_number(row.interim_target) and row.interim_target > 0


def _ratio(row: Row) -> float:
    return row.value / row.interim_target


def _is_sensitive(p: Publication, row: Row) -> bool:
    chosen = p.agreement.indicators
    return bool((chosen.loc[chosen["code"] == row.indicator, "sensitive"] == "ja").any())


def _is_rounded(p: Publication, row: Row) -> bool:
    return p.edition == privacy.PUBLIC and row.unit in ("personen", "aandeel") and row.value != 0


def _figure(p: Publication, row: Row) -> str:
    """A figure with what it counts: `76 mensen`, `ongeveer 15 van de 30 mensen`, `57% (n = 67)`, `minder dan 5`.

    Empty when there is nothing to state.
    """
    if row.hidden:
        return f"minder dan {row.hidden[1:]}" if row.hidden.startswith("<") else ""
    if formats.is_missing(row.value):
        return ""
    about = "ongeveer " if _is_rounded(p, row) else ""
    text = formats.figure_beside_target(row.value, row.interim_target, row.unit)[0]
    if row.unit in ("aandeel", "cijfer"):
        beside = "ongeveer" if p.edition == privacy.PUBLIC else "="
        return about + text + ("" if formats.is_missing(row.n) else f" (n {beside} {formats.number(row.n)})")
    of = "" if formats.is_missing(row.denominator) else f" van de {formats.number(row.denominator)}"
    return about + text + of + _noun(row.unit, row.denominator if of else row.value)


def _noun(unit: str, count: float) -> str:
    if unit == "personen":
        return " persoon" if count == 1 else " mensen"
    return (" uur" if count == 1 else " uren") if unit == "uren" else ""


def _against_goal(row: Row) -> str:
    """`2,5 keer het tussendoel van 30`, `24% onder …`; shares and marks beside what was agreed."""
    goal = "de streefwaarde" if row.interim_target == row.target else "het tussendoel"
    target = formats.figure_beside_target(row.value, row.interim_target, row.unit)[1]
    if row.unit in ("aandeel", "cijfer") or not _is_comparable(row) or row.value == 0 or row.interim_target < SMALL:
        return f"en {goal} is {_in_words(row)}"
    ratio = _ratio(row)
    if ratio >= TIMES:
        return f"{formats.number(ratio, 1).removesuffix(',0')} keer {goal} van {target}"
    if row.value == row.interim_target:
        return f"precies {goal} van {target}" + ("; meer dan dat is afgesproken" if row.operator == ">" else "")
    word = "boven" if ratio > 1 else "onder"
    distance = "net" if abs(ratio - 1) < 0.005 else formats.percent(abs(ratio - 1), 0)
    return f"{distance} {word} {goal} van {target}"


def _in_words(row: Row) -> str:
    target = formats.figure_beside_target(row.value, row.interim_target, row.unit)[1]
    if isinstance(row.interim_target, str):
        return target
    return f"{'meer dan' if row.operator == '>' else 'minstens'} {target}"


def _subject(row: Row, named: bool) -> str:
    return _quoted(row.name) + (f" {_place(row.room)}" if named else "")


def _place(room: str) -> str:
    return "in totaal" if room == TOTAL else f"bij {_clean(room)}"


def _total(p: Publication, kind: str, where: str) -> float | None:
    return values_of(p.finance, kind, where).get(TOTAL)


def _funding_minus_budget(p: Publication, where: str) -> float | None:
    funding, budget = _total(p, "funding_agreed", where), _total(p, "budget", where)
    return None if funding is None or budget is None else funding - budget


def _part(amount: float, whole: float) -> str:
    """The one as a percentage of the other; what is just over the whole is not shown as 100%."""
    return formats.figure_beside_target(amount / whole, 1.0, "aandeel")[0]


def _of_hours(hours: float) -> str:
    return formats.plural(round_half_up(hours, 0), "uur", "uren")


def _reference_day(p: Publication) -> str:
    return formats.date(periods.reference_day(p.period))


def _part_of_year(p: Publication) -> str:
    elapsed = float(periods.elapsed(p.period))
    return "het jaar is voorbij" if elapsed == 1 else f"{formats.percent(elapsed, 0)} van het jaar is voorbij"


def _clean(text: object) -> str:
    """Text of a workbook on one line, without double spaces."""
    return " ".join(str(text).split())


def _quoted(name: object) -> str:
    return f"‘{_clean(name)}’"


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]
