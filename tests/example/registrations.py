"""A fictional year in the rooms: who registers, takes part, volunteers, is referred, interviewed and surveyed.

Every table is a list of rows as the rooms would export them over the whole year; nobody in it exists.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .agreement import QUESTIONS, ROOM_ALIASES, ROOM_NAMES, ROOMS, YEAR, Cell

Row = dict[str, Cell]
Tables = dict[str, list[Row]]

DAYS = np.arange(f"{YEAR}-01-01", f"{YEAR + 1}-01-01", dtype="datetime64[D]")
MONTH_BUSTLE = np.array([0.85, 0.95, 1.05, 1.0, 1.05, 1.0, 0.65, 0.6, 1.1, 1.2, 1.15, 0.9])
HOLIDAYS = np.array(
    ["2021-01-01", "2021-04-05", "2021-04-27", "2021-05-13", "2021-05-24",
     *np.arange("2021-08-02", "2021-08-08", dtype="datetime64[D]"),  # the summer closing
     *np.arange("2021-12-25", "2022-01-01", dtype="datetime64[D]")],  # between Christmas and New Year
    dtype="datetime64[D]",
)  # fmt: skip

# What each room reaches by 31 December (CJM, MB, DH): some above, some near, some below the agreed targets.
PERSONS = (552, 479, 424)
BY_CATEGORY = {
    "sociale ontmoeting": (372, 333, 318),
    "formulieren": (262, 231, 254),
    "computer": (58, 41, 51),
    "taal": (46, 71, 38),
    "schuldhulp": (66, 52, 33),
    "werk": (11, 16, 13),
}
JOBS_DONE = (163, 138, 121)
VOLUNTEERS = (44, 29, 33)
QUARTER_HOURS = (42622, 30808, 32570)  # 26,500 hours in all
GROUPS = (12, 10, 11)
KEYS = (17, 15, 14)
MEMBERS, LATE_MEMBERS, FORMER_MEMBERS = (96, 86, 74), (16, 11, 9), (5, 6, 4)
REFERRED = {  # target group: (referred, of whom take part)
    "uitkering": ((23, 12), (19, 10), (17, 6)),
    "nieuwe bewoner": ((41, 23), (36, 19), (44, 22)),
    "overig": ((30, 18), (24, 13), (21, 9)),
}
PLACEMENTS = (5, 3, 4)
FOUND_WORK = (4, 6, 5)
PARTNERS = (24, 21, 17)
INTERVIEWS = {  # theme: (interviewed, of whom less)
    "uitkering en zorg": ((44, 3), (41, 2), (38, 0)),
    "huisuitzetting en huurschuld": ((26, 7), (24, 5), (22, 3)),
    "overlast en vandalisme": ((46, 2), (39, 1), (42, 3)),
}
SURVEYED, PARTNERS_SURVEYED, PARTNERS_WITHOUT_ROOM = (118, 96, 87), (14, 13, 12), 10
AGREE = {"vertrouwen": (0.58, 0.49, 0.61), "prettig wonen": (0.66, 0.74, 0.72)}
MARKS = {"inzet": (8.3, 7.9, 8.2), "overleg": (7.8, 8.3, 8.4)}
ANONYMOUS_VISITS = 220
IN_TWO_ROOMS = 35  # of each room, also seen in the next

MEAN_VISITS = {  # of someone who comes all year
    "sociale ontmoeting": 15, "formulieren": 3.5, "computer": 11, "taal": 18, "schuldhulp": 5, "werk": 6,
}  # fmt: skip
ACTIVITIES = {
    "sociale ontmoeting": ("inloop", "eettafel", "lunchcafé", "handwerken", "vrouwengroep"),
    "formulieren": ("formulierenspreekuur", "post doornemen"),
    "computer": ("computerles", "hulp met DigiD"),
    "taal": ("taalles", "praatgroep", "huiswerkhulp"),
    "schuldhulp": ("budgetspreekuur", "schulden ordenen"),
    "werk": ("cv maken", "solliciteren"),
}
GROUP_NAMES = (
    "klussendienst", "tuingroep", "formulierenbrigade", "kookgroep", "taalteam", "computerhulp", "gastteam",
    "naaiatelier", "fietswerkplaats", "schoonmaakploeg", "activiteitenteam", "huiswerkhulp",
)  # fmt: skip
PARTNER_NAMES = (
    "Buurtteam", "Wijkagent", "Huisartsenpraktijk", "Fysiotherapie", "Wijkverpleging", "GGZ-team", "Ouder- en Kindteam",
    "Basisschool", "Voortgezet onderwijs", "Bibliotheek", "Voedselbank", "Kledingbank", "Taalhuis", "Jongerenwerk",
    "Opbouwwerk", "Ouderenwerk", "Maatschappelijk werk", "Schuldhulpbureau", "Rechtswinkel", "Buurtbemiddeling",
    "Gebiedsteam", "Werkplein", "Sociale werkvoorziening", "Moskee", "Kerk", "Wijkbeheer", "Vrijwilligerscentrale",
)  # fmt: skip
AGENCIES = ("Wijkteam", "Buurtteam", "Werkplein", "Huisarts", "Vluchtelingenwerk", "Woningcorporatie", "GGZ-team")
JOB_KINDS = ("kleine reparatie", "tuin", "fiets", "schoonmaak", "verhuishulp")
AGREE_WORDS, DISAGREE_WORDS = ("Mee eens", "Helemaal mee eens"), ("Neutraal", "Mee oneens", "Helemaal mee oneens")


@dataclass
class Room:
    """A room and the registration numbers of its people, those who take part first.

    index is its place in every tuple above.
    """

    index: int
    code: str
    people: np.ndarray
    volunteers: np.ndarray


def registrations(seed: int) -> tuple[Tables, list[Row]]:
    """Give the tables of the year by name, and the rows of the survey; the same seed gives the same rows."""
    streams = iter(np.random.default_rng(seed).spawn(12))
    rooms = _rooms(next(streams))
    visits = _visits(next(streams), rooms)
    makers = {
        "klussen": _jobs,
        "vrijwilligersuren": _hours,
        "sleutelbeheer": _keys,
        "doorverwijzingen": _referrals,
        "plekken": _placements,
        "uitstroom": _outcomes,
        "samenwerking": _partners,
        "interviews": _interviews,
    }
    tables = {"deelnemers": _register(next(streams), rooms, visits), "deelnames": visits}
    tables |= {name: make(next(streams), rooms) for name, make in makers.items()}
    return {name: _by_day(rows) for name, rows in tables.items()}, _survey(next(streams))


def day(index: int) -> datetime.date:
    """Give the date of a day of the year, counted from 0."""
    return DAYS[index].item()


def _by_day(rows: list[Row]) -> list[Row]:
    """Sort by the table's own day; the registers have none and keep their order."""
    return sorted(rows, key=_day_of)


def _day_of(row: Row) -> datetime.date:
    return row.get("Datum", datetime.date.min)


def _open_weights() -> np.ndarray:
    """How busy each day of the year is; 0 when the rooms are closed."""
    weekday = (DAYS.astype(int) + 3) % 7  # 1 January 1970 was a Thursday
    bustle = MONTH_BUSTLE[DAYS.astype("datetime64[M]").astype(int) % 12]
    return bustle * np.where(weekday == 6, 0, np.where(weekday == 5, 0.25, 1)) * ~np.isin(DAYS, HOLIDAYS)


OPEN_WEIGHTS = _open_weights()


def _draw_days(rng: np.random.Generator, size: int, first: int = 0, last: int = len(DAYS) - 1) -> list[int]:
    """Draw different days on which the rooms are open, in order; fewer when there are not that many."""
    weights = OPEN_WEIGHTS[first : last + 1]
    size = min(size, int(np.count_nonzero(weights)))
    return sorted((first + rng.choice(len(weights), size, replace=False, p=weights / weights.sum())).tolist())


def _draw_day(rng: np.random.Generator, first: int = 0, last: int = len(DAYS) - 1) -> int:
    return _draw_days(rng, 1, first, last)[0]


def _rooms(rng: np.random.Generator) -> list[Room]:
    """Deal registration numbers (participants and volunteers share one number space) over the rooms."""
    newcomers, registered_only, volunteers_only = np.array(PERSONS) - IN_TWO_ROOMS, 40, 8
    sizes = newcomers + registered_only + volunteers_only
    own = np.split(rng.permutation(np.arange(1, sizes.sum() + 1)), np.cumsum(sizes)[:-1])
    rooms = []
    for index, code in enumerate(ROOMS):
        shared = own[index - 1][:IN_TWO_ROOMS]
        taking_part, others, volunteering = np.split(own[index], [newcomers[index], -volunteers_only])
        helping = rng.choice(taking_part, VOLUNTEERS[index] - volunteers_only, replace=False)
        people = np.concatenate([taking_part, shared, others])
        rooms.append(Room(index, code, people, np.concatenate([helping, volunteering])))
    return rooms


def person(number: int) -> str:
    """Give a registration number as the exports write it: text, with the zeros in front."""
    return f"{number:05d}"


def full_name(number: int) -> str:
    """Give the name of someone who plainly does not exist."""
    return f"Fictief Persoon {number:04d}"


def _pick(rng: np.random.Generator, options: Sequence[str]) -> str:
    """Pick one text; a good deal faster than `rng.choice`, which makes an array of the texts first."""
    return options[int(rng.integers(len(options)))]


def _spelling(rng: np.random.Generator, room: Room) -> str:
    """Write a room as colleagues do: mostly its code, else its name or an alias."""
    return _pick(rng, (*[room.code] * 6, *[ROOM_NAMES[room.code]] * 3, *ROOM_ALIASES[room.code]))


def _services(rng: np.random.Generator, room: Room) -> list[tuple[int, str]]:
    """Pair people with categories: each category its number of people, everyone at least one category."""
    people = room.people[: PERSONS[room.index]]
    wanted = {category: counts[room.index] for category, counts in BY_CATEGORY.items()}
    shuffled, first = rng.permutation(people), wanted.pop("sociale ontmoeting")
    pairs = [(int(number), "sociale ontmoeting") for number in shuffled[:first]]
    places = np.repeat(list(wanted), list(wanted.values()))
    rest = shuffled[first:]
    for number, category in zip(rest, rng.permutation(places)[: len(rest)], strict=True):
        pairs.append((int(number), str(category)))
    for category, count in wanted.items():
        has = {number for number, of in pairs if of == category}
        others = rng.permutation([number for number in people if number not in has])
        pairs += [(int(number), category) for number in others[: count - len(has)]]
    return pairs


def _visits(rng: np.random.Generator, rooms: list[Room]) -> list[Row]:
    rows: list[Row] = []
    for room in rooms:
        first_day = {number: 3 if rng.random() < 0.45 else _draw_day(rng, last=345) for number in room.people.tolist()}
        for number, category in _services(rng, room):
            share_of_year = 1 - first_day[number] / len(DAYS)
            count = 1 + rng.poisson(rng.gamma(0.7, share_of_year * MEAN_VISITS[category] / 0.7))
            for index in _draw_days(rng, count, first_day[number]):
                rows.append(_visit(rng, room, index, number, category))
        for index in rng.choice(len(DAYS), ANONYMOUS_VISITS, p=OPEN_WEIGHTS / OPEN_WEIGHTS.sum()).tolist():
            rows.append(_visit(rng, room, index, None, "sociale ontmoeting"))
    return rows


def _visit(rng: np.random.Generator, room: Room, index: int, number: int | None, category: str) -> Row:
    return {
        "Datum": day(index),
        "Kamer": _spelling(rng, room),
        "Deelnemer": None if number is None else person(number),
        "Naam": None if number is None else full_name(number),
        "Categorie": category,
        "Activiteit": "inloop" if number is None else _pick(rng, ACTIVITIES[category]),
    }


def _register(rng: np.random.Generator, rooms: list[Room], visits: list[Row]) -> list[Row]:
    codes = {spelling: room for room in ROOMS for spelling in (room, ROOM_NAMES[room], *ROOM_ALIASES[room])}
    first_visit = {(codes[str(row["Kamer"])], row["Deelnemer"]): row["Datum"] for row in reversed(_by_day(visits))}
    rows: list[Row] = []
    for room in rooms:
        counts = MEMBERS[room.index], FORMER_MEMBERS[room.index], LATE_MEMBERS[room.index]
        kinds = iter(["member"] * counts[0] + ["former"] * counts[1] + ["late"] * counts[2])
        for number in sorted(room.people.tolist()):
            seen = first_visit.get((room.code, person(number)), day(_draw_day(rng)))
            known_before = seen < day(75)
            enrolled = day(0) - datetime.timedelta(int(rng.integers(30, 1800))) if known_before else seen
            kind = next(kinds, "") if known_before and rng.random() < 0.8 else ""
            since = enrolled + (day(0) - enrolled) * float(rng.uniform(0, 1)) if kind in ("member", "former") else None
            leaves = not kind and rng.random() < 0.04
            rows.append(
                {
                    "Deelnemer": person(number),
                    "Voornaam": "Fictief",
                    "Achternaam": f"Persoon {number:04d}",
                    "Geboortedatum": datetime.date(1940, 1, 1) + datetime.timedelta(int(rng.integers(0, 23000))),
                    "Adres": f"Voorbeeldstraat {number}",
                    "Telefoon": f"06-{number:08d}",
                    "E-mail": f"persoon{number:04d}@voorbeeld.invalid",
                    "Kamer": room.code,
                    "Ingeschreven": enrolled,
                    "Uitgeschreven": day(int(rng.integers(355, 360))) if leaves else None,
                    "Lid sinds": day(_draw_day(rng, 60, 330)) if kind == "late" else since,
                    "Lid tot": day(_draw_day(rng, 100)) if kind == "former" else None,
                }
            )
    return rows


def _jobs(rng: np.random.Generator, rooms: list[Room]) -> list[Row]:
    """`Klaar op` is the day a job was done; the exports only show whether it was done by then."""
    rows: list[Row] = []
    for room in rooms:
        unfinished = 6
        asked = sorted(_draw_day(rng, last=357) for _ in range(JOBS_DONE[room.index] + unfinished))
        for serial, index in enumerate(asked, start=1):
            done = min(index + int(rng.integers(1, 25)), len(DAYS) - 1)
            rows.append(
                {
                    "Datum": day(index),
                    "Kamer": _spelling(rng, room),
                    "Klus": f"{room.code}-{serial:03d}",
                    "Soort": _pick(rng, JOB_KINDS),
                    "Adres": f"Voorbeeldstraat {int(rng.choice(room.people))}",
                    "Klaar op": None if serial % 25 == 0 and serial <= 25 * unfinished else day(done),
                }
            )
    return rows


def _hours(rng: np.random.Generator, rooms: list[Room]) -> list[Row]:
    rows: list[Row] = []
    for room in rooms:
        starts = [0 if rng.random() < 0.7 else _draw_day(rng, last=300) for _ in room.volunteers]
        effort = rng.gamma(6, size=len(starts)) * (len(DAYS) - np.array(starts))
        shifts = 1 + rng.multinomial(QUARTER_HOURS[room.index] // 12, effort / effort.sum())
        drawn = [
            (index, place)
            for place, (start, count) in enumerate(zip(starts, shifts.tolist(), strict=True))
            for index in _draw_days(rng, count, start)
        ]
        quarters = rng.integers(8, 17, len(drawn))
        missing = QUARTER_HOURS[room.index] - int(quarters.sum())
        quarters += missing // len(drawn)
        quarters[: missing % len(drawn)] += 1
        for (index, place), length in zip(drawn, quarters.tolist(), strict=True):
            number = int(room.volunteers[place])
            group = place + (7 if rng.random() < 0.15 else 0)
            rows.append(
                {
                    "Datum": day(index),
                    "Kamer": _spelling(rng, room),
                    "Vrijwilliger": person(number),
                    "Naam": full_name(number),
                    "Groep": GROUP_NAMES[group % GROUPS[room.index]],
                    "Uren": length / 4,
                }
            )
    return rows


def _keys(rng: np.random.Generator, rooms: list[Room]) -> list[Row]:
    rows: list[Row] = []
    for room in rooms:
        holders = rng.permutation(room.volunteers)[: KEYS[room.index] + 2].tolist()
        for place, number in enumerate(holders):
            new = place in (2, 3)
            since = day(_draw_day(rng, 20, 200)) if new else day(0) - datetime.timedelta(int(rng.integers(20, 1200)))
            until = day(_draw_day(rng, 210, 330)) if place < 2 else None
            rows.append({"Kamer": room.code, "Vrijwilliger": person(number), "Naam": full_name(number),
                         "Vanaf": since, "Tot": until})  # fmt: skip
    return rows


def _referrals(rng: np.random.Generator, rooms: list[Room]) -> list[Row]:
    """A referral is a row when it is made, and another each time its status changes."""
    rows: list[Row] = []
    for room in rooms:
        people = iter(rng.permutation(room.people).tolist())
        for group, by_room in REFERRED.items():
            referred, taking_part = by_room[room.index]
            for place in range(referred):
                number, index = next(people), _draw_day(rng, last=325)
                steps = {"aangemeld": index}
                if place < taking_part:
                    steps["doet mee"] = _draw_day(rng, index + 1, index + 25)
                    if rng.random() < 0.15:
                        steps["gestopt"] = _draw_day(rng, steps["doet mee"] + 1)
                referral = {
                    "Kamer": _spelling(rng, room),
                    "Deelnemer": person(number),
                    "Naam": full_name(number),
                    "Richting": "naar" if group == "overig" and place % 3 else "van",
                    "Instantie": _pick(rng, AGENCIES),
                    "Doelgroep": "beperkte loonwaarde" if group == "uitkering" and place % 4 == 0 else group,
                }
                rows += [{"Datum": day(when), **referral, "Status": status} for status, when in steps.items()]
    return rows


def _placements(rng: np.random.Generator, rooms: list[Room]) -> list[Row]:
    kinds = ("participatie", "leerwerk", "stage", "dagbesteding", "sw")
    rows: list[Row] = []
    for room in rooms:
        for place, number in enumerate(rng.choice(room.people, PLACEMENTS[room.index], replace=False).tolist()):
            index = _draw_day(rng, last=300)
            begin = day(0) - datetime.timedelta(int(rng.integers(20, 300))) if place < 2 else day(index)
            end = day(_draw_day(rng, 120)) if place == 0 else None
            rows.append({"Kamer": room.code, "Deelnemer": person(number), "Naam": full_name(number),
                         "Soort": kinds[place % len(kinds)], "Begin": begin, "Eind": end})  # fmt: skip
    return rows


def _outcomes(rng: np.random.Generator, rooms: list[Room]) -> list[Row]:
    rows: list[Row] = []
    for room in rooms:
        kinds = [("betaald werk", "ja")] * FOUND_WORK[room.index] + [("betaald werk", "nee"), ("opleiding", "ja"),
                 ("opleiding", "ja"), ("opleiding", "nee"), ("anders", "nee")]  # fmt: skip
        numbers = rng.choice(room.people, len(kinds), replace=False).tolist()
        for number, (kind, thanks) in zip(numbers, kinds, strict=True):
            rows.append({"Datum": day(_draw_day(rng)), "Kamer": _spelling(rng, room), "Deelnemer": person(number),
                         "Naam": full_name(number), "Soort": kind, "Mede dankzij": thanks})  # fmt: skip
    return rows


def _partners(rng: np.random.Generator, rooms: list[Room]) -> list[Row]:
    rows: list[Row] = []
    for room in rooms:
        partners = rng.permutation(PARTNER_NAMES).tolist()
        contacts = [(partner, _pick(rng, ("opschalen", "afschalen")))
                    for partner in partners[: PARTNERS[room.index]] for _ in range(1 + rng.poisson(1.2))]  # fmt: skip
        contacts += [(_pick(rng, partners), "overleg") for _ in range(30)]
        days = rng.permutation(_draw_days(rng, len(contacts))).tolist()
        for (partner, form), index in zip(contacts, days, strict=True):
            rows.append({"Datum": day(index), "Kamer": _spelling(rng, room), "Partner": partner,
                         "Vorm": form, "Verslag": "Fictief verslag."})  # fmt: skip
    return rows


def _interviews(rng: np.random.Generator, rooms: list[Room]) -> list[Row]:
    """Of every sixth person there are two interviews on a theme; the later one counts."""
    rows: list[Row] = []
    for room in rooms:
        for theme, by_room in INTERVIEWS.items():
            count, fewer = by_room[room.index]
            outcomes = ["minder"] * fewer + ["meer"] * (count // 6) + ["gelijk"] * (count - fewer - count // 6)
            numbers = rng.choice(room.people, count + 2, replace=False).tolist()
            for place, (number, outcome) in enumerate(zip(numbers, [*outcomes, "onbekend", "onbekend"], strict=True)):
                index = _draw_day(rng, 20)
                held = [(index, outcome)]
                if place % 6 == 5:
                    held.append((_draw_day(rng, 10, index - 1), "gelijk"))
                for when, said in held:
                    rows.append({"Datum": day(when), "Kamer": _spelling(rng, room), "Deelnemer": person(number),
                                 "Naam": full_name(number), "Thema": theme, "Uitkomst": said,
                                 "Toelichting": "Fictieve toelichting."})  # fmt: skip
    return rows


def _survey(rng: np.random.Generator) -> list[Row]:
    """Two rounds, in spring and in autumn; residents answer three questions, partners and funders the fourth."""
    texts = {code: text for code, text, *_ in QUESTIONS}
    rows: list[Row] = []
    for place, room in enumerate(ROOMS):
        count = SURVEYED[place]
        answers = {texts[code]: _agreement_answers(rng, count, shares[place]) for code, shares in AGREE.items()}
        answers[texts["inzet"]] = _marks(rng, count, MARKS["inzet"][place])
        rows += _respondents(rng, ROOM_NAMES[room], answers)
        marks = _marks(rng, PARTNERS_SURVEYED[place], MARKS["overleg"][place])
        rows += _respondents(rng, ROOM_NAMES[room], {texts["overleg"]: marks})
    marks = _marks(rng, PARTNERS_WITHOUT_ROOM, 8.1)
    rows += _respondents(rng, None, {texts["overleg"]: marks})
    rows.sort(key=lambda row: row["Voltooiingstijd"])
    for serial, row in enumerate(rows, start=1):
        row |= {"Id": serial, "E-mail": f"respondent{serial:03d}@voorbeeld.invalid", "Naam": f"Fictief {serial:03d}"}
    columns = ("Id", "Begintijd", "Voltooiingstijd", "E-mail", "Naam", "Buurtwerkkamer", *texts.values(), "Toelichting")
    return [{column: row.get(column) for column in columns} for row in rows]


def _respondents(rng: np.random.Generator, room: str | None, answers: Mapping[str, Sequence[Cell]]) -> list[Row]:
    rows: list[Row] = []
    for values in zip(*answers.values(), strict=True):
        index = _draw_day(rng, 136, 168) if rng.random() < 0.5 else _draw_day(rng, 297, 329)
        noon = datetime.datetime.combine(day(index), datetime.time(12))
        finished = noon + datetime.timedelta(seconds=int(rng.integers(-10000, 20000)))
        started = finished - datetime.timedelta(seconds=int(rng.integers(90, 900)))
        row: Row = {"Begintijd": started, "Voltooiingstijd": finished, "Buurtwerkkamer": room}
        rows.append(row | dict(zip(answers, values, strict=True)) | {"Toelichting": "Fictieve toelichting."})
    return rows


def _agreement_answers(rng: np.random.Generator, count: int, share: float) -> list[Cell]:
    agree = round(count * share)
    words = [_pick(rng, AGREE_WORDS if place < agree else DISAGREE_WORDS) for place in range(count)]
    return list(rng.permutation(words).tolist())


def _marks(rng: np.random.Generator, count: int, mean: float) -> list[Cell]:
    """Marks from 1 to 10 around a mean that they keep to within a few hundredths."""
    spread = mean + np.linspace(-1.6, 1.6, count)
    return list(rng.permutation(np.clip(np.round(spread), 1, 10).astype(int)).tolist())
