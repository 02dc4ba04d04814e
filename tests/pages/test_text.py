"""Sentences: what they say of the golden dataset, and what they never say of any frame."""

import dataclasses
import re

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rows import NUMBERS, PERIOD, card, golden, golden_agreement, money, steps
from shown import shown

from bwk_analysis.agreement import TOTAL
from bwk_analysis.disclosure import ANALYST, BOARD, EDITIONS, PUBLIC, Span
from bwk_analysis.pages import text
from bwk_analysis.pages.block import MIME
from bwk_analysis.pages.formats import euro, number, percent

YEAR = pd.Period("2023Q4")  # at its end
PROBLEMS = pd.DataFrame({"severity": ["error", "note", "note"], "problem": ["a", "b", "c"]})
PRINTED = pd.DataFrame({
    "table": ["begroting", "begroting"], "item": ["A", "B"], "room": ["Totaal", "Totaal"], "printed": [100.0, 5.0],
    "computed": [90.0, 5.0], "difference": [10.0, 0.0], "unit": ["euro", "euro"],
})  # fmt: skip
OBSERVED = pd.DataFrame({
    "subject": ["streefwaarde P8"] * 2, "room": ["De Luwte", "Totaal"], "text": ["dat is samen meer"] * 2,
    "value": [16.0, 20.0], "beside": [8.0, 0.0], "unit": ["personen"] * 2,
})  # fmt: skip


def write(name: str, room: str = "", period: pd.Period = PERIOD, agreement=None, **given) -> list[str]:
    """The sentences with plain spaces; the frames worked out by hand where none is given."""
    frames = {"scorecard": shown(golden("scorecard")), "finance": shown(golden("finance"))} | given
    written = text.lines(name, agreement or golden_agreement(), period, room, **frames)
    return [sentence.replace("\N{NO-BREAK SPACE}", " ") for sentence in written]


def everything(room: str = "", period: pd.Period = PERIOD, **given) -> list[str]:
    """All sentences about a room, or about all rooms together."""
    rest = {"problems": PROBLEMS, "printed_totals": shown(PRINTED), "observations": shown(OBSERVED)}
    rest |= {"funder": golden_agreement().funding["funder"].iloc[0]}
    return [sentence for name in text.SENTENCES for sentence in write(name, room, period, **(rest | given))]


def assert_fit_to_read(sentences: list[str]) -> None:
    for sentence in (part for line in sentences for part in line.split(" | ")):
        assert sentence == sentence.strip() != "."
        assert not re.search(r"\b(nan|none|nat|inf|span)\b|  |(?<![\d%])–|\(\)|, \.|[{}|]| [.,;:]", sentence, re.I), (
            sentence
        )
    assert all(line[-1] in ".”" for line in sentences)


# --- what they say of the golden dataset ------------------------------------------------------------------------------


def _plain(told: str) -> str:
    return told.replace("\N{NO-BREAK SPACE}", " ")


def _answer(name: str, room: str = "", **given) -> str:
    """The first sentence: the answer to the question above it."""
    return write(name, room, **given)[0]


def _statuses(room: str = "") -> pd.Series:
    """The words that readers see of what was agreed for rooms, counted by hand from the golden file."""
    rows = golden("scorecard").query("room != 'Totaal' and target.notna()")
    rows = rows[rows["room"].eq(room)] if room else rows
    running = rows["interim_target"].notna() & rows["interim_target"].ne(rows["target"])
    short = running & ((rows["value"] < rows["target"]) | (rows["operator"].eq(">") & rows["value"].eq(rows["target"])))
    words = rows["status"].replace({"nabij": "bijna", "achter": "niet gehaald", "geen gegevens": "zonder gegevens"})
    words = words.mask(running & rows["status"].eq("achter"), "achter op schema")
    return words.mask(short & rows["status"].eq("gehaald"), "op schema").value_counts()


@pytest.mark.parametrize("room", ["", "Het Haventje", "HV"])
def test_whether_rooms_did_what_was_agreed_is_answered_with_every_status_once(room):
    counts = _statuses("Het Haventje" if room else "")
    first, caution = write("did", room)
    assert first.startswith(f"Van de {counts.sum()} afspraken zijn er {counts['gehaald']} gehaald, ")
    assert {f"{count} {word}" for word, count in counts.items()} <= set(re.split(", | en | zijn er |[.]", first))
    assert caution.startswith("Let op: ")
    assert caution.endswith("een kamer doet waar de energie van bewoners zit.")


@pytest.mark.parametrize(
    ("unsure", "word"), [(1, "1 van de 2 die gehaald zijn, kan"), (2, "2 van de 2 die gehaald zijn, kunnen")]
)
def test_what_was_met_by_chance_is_cautioned(unsure, word):
    rows = [{"interim_target": 50.0, "uncertain": at < unsure} for at in range(2)]
    assert f"Let op: {word} toeval zijn (±)." in write("did", scorecard=card(*rows))[1]


@pytest.mark.parametrize(
    ("row", "first", "caution"),
    [
        ({}, "Van de 1 afspraak is er 1 gehaald.", ""),
        ({"status": "niet te zeggen", "value": Span(35.0, 39.0)}, "is er 1 niet te zeggen.", "het cijfer staat in een stap"),
        ({"status": "niet te zeggen", "value": None}, "is er 1 niet getoond.", "1 is niet getoond, zodat niemand"),
        ({"status": "onderweg", "interim_target": None}, "is er 1 onderweg.", "Onderweg betekent"),
        ({"status": "geen gegevens", "value": None}, "is er 1 zonder gegevens.", ""),
        ({"status": "geen streefwaarde", "target": None}, "Er is niets afgesproken.", ""),
    ],
)  # fmt: skip
def test_one_agreement_is_singular_and_a_status_that_needs_a_word_has_one(row, first, caution):
    told = write("did", "LW", scorecard=card(row))
    assert told[0].endswith(first)
    assert caution in " ".join(told[1:])


def test_who_took_part_is_told_once_for_all_rooms_and_beside_what_a_room_agreed():
    people = golden("scorecard").query("indicator == 'P8'").set_index("room")
    hours = golden("finance").query("kind == 'volunteer_hours'").set_index(["room", "item"])["value"]
    told = write("came")
    assert told[0] == f"{people['value'][TOTAL]:g} verschillende mensen deden mee."
    assert f"Vrijwilligers gaven {number(hours[TOTAL, 'gerealiseerd'])} uur; voor het hele jaar is {hours[TOTAL, 'afgesproken']:g} afgesproken." in told  # fmt: skip
    rooms = people.drop(TOTAL)["value"].sum()
    assert told[2].startswith(f"Let op: tel de kamers niet op. Samen tellen ze er {rooms:g}, want")
    apart = card(
        *(
            {"indicator": "P8", "room": name, "value": value}
            for name, value in (("De Luwte", 2.0), ("Het Haventje", 3.0), (TOTAL, 5.0))
        )
    )
    assert not any("Let op" in sentence for sentence in write("came", scorecard=apart))  # nobody comes to two rooms
    room = people.loc["De Luwte"]
    words = f"{room['value']:g} verschillende mensen deden mee; afgesproken "
    assert _answer("came", "LW") == f"{words}is voor het hele jaar {room['target']:g}."
    assert _answer("came", "LW", period=YEAR) == f"{words}was {room['target']:g}."


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"value": 1.0}, "1 mens deed mee; afgesproken is voor het hele jaar 50."),
        ({"value": Span(35.0, 39.0), "operator": ">"}, "35–39 verschillende mensen deden mee; afgesproken is voor het hele jaar > 50."),
        ({"value": None, "status": "niet te zeggen"}, "Hoeveel mensen meededen, is niet getoond, zodat niemand te herkennen is."),
        ({"value": None, "status": "geen gegevens"}, "Hoeveel mensen meededen, is niet bekend."),
        ({"indicator": "P4"}, "Hoeveel mensen meededen, is niet bekend."),
    ],
)  # fmt: skip
def test_a_number_of_people_that_is_one_in_steps_or_not_told_is_said_so(row, words):
    assert _answer("came", "LW", scorecard=card({"indicator": "P8"} | row)) == words


MONEY = [(kind, TOTAL, TOTAL, euros) for kind, euros in (("budget", 9e3), ("realised", 8e3), ("funding_realised", 7e3))]


@pytest.mark.parametrize(
    ("left", "due", "words"),
    [
        (-100.0, 32.0, "Net niet: ook als alles binnen is wat nog moet komen, blijft € 68 tekort over."),
        (-100.0, 0.0, "Nee: er blijft € 100 tekort over."),
        (-900.0, 400.0, "Nee: ook als alles binnen is wat nog moet komen, blijft € 500 tekort over."),
        (-32.0, 32.4, "Ja, precies: als alles binnen is wat nog moet komen, is er niets over en niets tekort."),
        (12.0, 0.0, "Ja: er blijft € 12 over."),
        (-100.0, 150.0, "Ja: als alles binnen is wat nog moet komen, blijft € 50 over."),
    ],
)  # fmt: skip
def test_at_the_years_end_the_money_is_enough_or_not(left, due, words):
    rows = [("result", TOTAL, "ontvangen min uitgegeven", left), ("to_receive", TOTAL, TOTAL, due)]
    assert _answer("enough", finance=money(*MONEY, *rows), period=YEAR) == words
    assert "moet dit jaar nog komen" in _answer("enough", finance=money(*MONEY, *rows)) or due < 1
    assert write("enough", finance=money(*rows), period=YEAR)  # without a budget


def test_during_the_year_it_is_told_what_came_and_went_and_that_too_little_was_agreed():
    figures = golden("finance").query("room == 'Totaal' and item == 'Totaal'").set_index("kind")["value"]
    told = write("enough")
    assert told[0] == _plain(
        f"Tot nu toe is {euro(figures['funding_realised'])} ontvangen en {euro(figures['realised'])} uitgegeven; "
        f"{euro(figures['to_receive'])} moet dit jaar nog komen."
    )
    less = figures["budget"] - figures["funding_agreed"]
    assert _plain(f"De toegezegde bijdragen zijn {euro(less)} lager dan de begroting van het jaar.") in told
    assert told[-1] == "Let op: € 250 staat op een onbekende rekening en telt hier niet mee."
    loose = ("realised", "niet toegewezen", TOTAL, 600.0)
    assert write("enough", finance=money(loose))[-1] == "Let op: € 600 staat op geen kamer."
    assert not any("Let op" in sentence for sentence in write("enough", "LW", finance=money(loose)))
    assert not any("lager dan" in sentence for sentence in write("enough", "LW"))


@pytest.mark.parametrize("period", [PERIOD, pd.Period("2023Q4")])
def test_without_a_ledger_nothing_is_said_of_money_spent(period):
    finance = golden("finance")
    without = finance[
        finance["kind"].isin(["budget", "funding_agreed", "ratio_budget", "share_agreed", "earmark_agreed"])
    ]
    told = " ".join(everything(period=period, finance=shown(without)))
    assert "er is geen grootboek aangeleverd." in told
    assert not re.search(r"is € \S+ uitgegeven|€ \S+ is ontvangen", told)
    assert "geen post" not in told.split("taalles")[0]


def test_what_changed_for_residents_are_the_shares_of_the_survey_beside_what_is_agreed_by_now():
    rows = golden("scorecard").set_index(["room", "indicator"])
    row = rows.loc["De Luwte", "I2"]
    told = _answer("changed", "LW")
    assert told.startswith(
        f"{percent(rows.loc[('De Luwte', 'I1'), 'value'])} bij ‘Vertrouwen’ (> 50% afgesproken; kan toeval zijn) en "
    )
    assert told.endswith(
        f"{percent(row['value'])} bij ‘Prettig wonen’ (> {percent(row['interim_target'])} afgesproken voor nu)."
    )
    assert "Overleg" not in told  # a mean of partners
    hidden = shown(golden("scorecard").assign(value=None, lower=None, upper=None, uncertain=False))
    assert _answer("changed", scorecard=hidden) == "Wat bewoners antwoordden, is niet getoond, zodat niemand te herkennen is."  # fmt: skip
    assert _answer("changed", scorecard=card({})) == "Er zijn nog geen antwoorden van bewoners."


@pytest.mark.parametrize(
    ("less", "more", "said"),
    [(Span(1, 4), Span(5, 9), True), (Span(5, 9), Span(5, 9), False), (None, Span(5, 9), False)],
)
def test_a_theme_of_which_surely_more_say_more_is_cautioned(less, more, said):
    rows = [("zorg en geld", "minder", less), ("zorg en geld", "meer", more), ("zorg en geld", "gelijk", Span(0, 0))]
    frame = pd.DataFrame(rows, columns=["theme", "outcome", "persons"]).assign(room=TOTAL)
    caution = "Let op: over ‘zorg en geld’ zeiden meer mensen ‘meer’ dan ‘minder’."
    assert (caution in write("changed", outcomes=shown(frame))) == said


def test_how_sure_it_is_counts_the_figures_with_a_mark_and_says_what_is_in_steps():
    told = write("sure", problems=PROBLEMS)
    unsure = golden("scorecard").query("uncertain and value.notna()")
    assert told[0].startswith(f"± staat {len(unsure)} keer bij een cijfer")
    assert told[1].startswith("Wat gevoelig is, staat in stappen")
    assert told[2] == "In de aangeleverde bestanden is 1 fout gevonden; een regel met een fout telt niet mee. Wat niet is geregistreerd, telt niet mee."  # fmt: skip
    assert write("sure", scorecard=card({}, edition=PUBLIC))[1].startswith("Aantallen mensen staan in stappen")
    assert not any("stappen" in sentence for sentence in write("sure", edition=ANALYST))
    share = {"unit": "aandeel", "value": 0.9, "lower": 0.8, "upper": 0.95}
    assert write("sure", scorecard=card(share))[0].startswith("Bij geen enkel getoond cijfer")
    assert write("sure", scorecard=card({}))[0] == "Er is geen cijfer uit de enquête of de interviews met een marge."


def test_a_room_that_was_not_open_all_year_and_a_table_that_fell_silent_are_named():
    agreed = golden_agreement()
    days = {"opens": [pd.NaT, pd.Timestamp(2023, 7, 1), pd.NaT], "closes": [pd.NaT] * 2 + [pd.Timestamp(2023, 9, 30)]}
    agreed = dataclasses.replace(agreed, rooms=agreed.rooms.iloc[[0, 1, 1]].assign(name=["A", "B", "C"], **days))
    told = write("sure", agreement=agreed, silent=["klussen", "deelnames"])
    assert told[-3].startswith("Let op: van klussen en deelnames zijn er in derde kwartaal 2023 nog geen rijen")
    assert told[-2].startswith("B was niet het hele jaar open: vanaf 1 juli 2023. Wat")
    assert told[-1].startswith("C was niet het hele jaar open: tot en met 30 september 2023. Wat")
    assert_fit_to_read(told)


def test_an_uncertain_share_is_said_with_its_answers_its_interval_and_what_it_is_held_against():
    assert write("uncertain")[0] == (
        "‘Vertrouwen’: 57% (7 antwoorden), waarschijnlijk tussen 25% en 84%. De streefwaarde, meer dan 50%, ligt daartussen."
    )
    row = {"unit": "aandeel", "value": 0.5, "n": 1.0, "lower": 0.1, "upper": 0.9, "uncertain": True}
    told = write("uncertain", "LW", scorecard=card(row | {"target": 0.7, "interim_target": 0.28}))
    assert told == [
        "‘Taal’: 50% (1 antwoord), waarschijnlijk tussen 10% en 90%. Het tussendoel, minstens 28%, ligt daartussen."
    ]


# --- what is asked ----------------------------------------------------------------------------------------------------


def asked(**given) -> dict[str, str]:
    """What is asked of the board: the request -> its amount and what is said about it."""
    pieces = [line.split(" | ") for line in write("asks", **given) if "|" in line]
    return {ask: f"{amount}: {about}" for amount, ask, about in pieces}


def decided(*texts: str, period: str = "2023Q3"):
    place = {"period": period, "file": "", "sheet": "", "row": 2}
    rows = pd.DataFrame([{"text": text} | place for text in texts])
    return dataclasses.replace(golden_agreement(), decisions=rows)


def test_money_that_is_still_to_come_is_asked_by_name_the_most_first():
    due = {"Stad": 10.0, "Fonds": 300.0, TOTAL: 310.0}
    finance = money(*(("to_receive", TOTAL, name, euros) for name, euros in due.items()))
    assert asked(finance=finance)["Volg wat dit jaar nog moet komen."] == "€ 310: Fonds € 300 en Stad € 10."
    assert asked(finance=finance, period=YEAR)["Vraag op wat nog moet komen."] == "€ 310: Fonds € 300 en Stad € 10."
    many = money(*(("to_receive", TOTAL, name, 10.0) for name in "abcdefg"), ("to_receive", TOTAL, TOTAL, 70.0))
    assert asked(finance=many)["Volg wat dit jaar nog moet komen."].endswith("e € 10 en 2 andere financiers.")
    for few in ([TOTAL, 0.4], [TOTAL, 1.2]):  # of nobody as much as a euro
        assert not any("komen" in ask for ask in asked(finance=money(("to_receive", TOTAL, *few))))


def test_a_shortfall_is_asked_about_with_each_rooms_part_of_it():
    agreed = [("funding_agreed", TOTAL, TOTAL, 900.0), ("budget", TOTAL, TOTAL, 1000.0)]
    agreed += [("funding_agreed", "De Luwte", TOTAL, 400.0), ("budget", "De Luwte", TOTAL, 550.0)]
    agreed += [("funding_agreed", "Het Haventje", TOTAL, 500.0), ("budget", "Het Haventje", TOTAL, 450.0)]
    about = "De Luwte komt € 150 tekort en Het Haventje houdt € 50 over."
    assert asked(finance=money(*agreed))["Besluit hoe het tekort op de begroting wordt gedekt."] == f"€ 100: {about}"
    left = [("result", room, "ontvangen min uitgegeven", -30.0) for room in (TOTAL, "De Luwte")]
    left += [("to_receive", room, TOTAL, 10.0) for room in (TOTAL, "De Luwte")]
    told = asked(finance=money(*left), period=YEAR)
    assert told["Besluit hoe het tekort wordt gedekt dat daarna overblijft."] == "€ 20: De Luwte komt € 20 tekort."
    left[0] = ("result", TOTAL, "ontvangen min uitgegeven", -60.0)
    loose = money(*left, ("result", "niet toegewezen", "ontvangen min uitgegeven", -30.0))
    assert "€ 50: De Luwte komt € 20 tekort en op geen kamer staat € 30 tekort." in asked(finance=loose, period=YEAR).values()  # fmt: skip
    assert "€ 50: Het staat bij geen kamer." in asked(finance=money(left[0], left[2]), period=YEAR).values()
    assert not any("tekort" in ask for ask in asked(finance=money(*agreed[2:])))


def test_bookings_to_mend_are_asked_with_where_they_stand():
    rows = [("result", "Het Haventje", "onbekende rekeningen", -250.0), ("realised", "niet toegewezen", TOTAL, 600.0)]
    told = asked(finance=money(*rows))["Laat de boekingen herstellen die niet kloppen."]
    assert told == "€ 850: € 250 op een rekening die de afspraak niet kent (Het Haventje) en € 600 zonder kamer."


def short(name: str, rooms: int, **more) -> list[dict]:
    names = golden_agreement().rooms["name"].tolist()
    row = {"indicator": name, "name": name, "value": 10.0, "status": "achter"} | more
    return [row | {"room": room} for room in names[:rooms]]


def test_what_two_rooms_missed_is_asked_about_and_what_one_missed_is_counted():
    one = asked(scorecard=card(*short("Taal | les", 2, interim_target=50.0), *short("B", 1)))
    assert one["Bespreek ‘Taal / les’."] == (
        "2 kamers: Niet gehaald bij De Luwte 10 (afgesproken 50) en Het Haventje 10 (afgesproken 50). "
        "Bij 1 andere afspraak blijft één kamer achter."
    )
    running = asked(scorecard=card(*short("A", 2, interim_target=37.397)))["Bespreek ‘A’."]
    assert running == "2 kamers: Achter op schema bij De Luwte 10 (afgesproken 37) en Het Haventje 10 (afgesproken 37)."
    verdict = {"value": "Negatief", "unit": "oordeel"} | dict.fromkeys(("target", "interim_target"), "Positief")
    told = asked(scorecard=card(*short("Saldo", 2, **verdict)))["Bespreek ‘Saldo’."]
    assert told == "2 kamers: Niet gehaald bij De Luwte en Het Haventje."
    many = card(*(row for name in "ABCD" for row in short(name, 2)), *short("E", 1))
    assert asked(scorecard=many)["Bespreek wat in twee of meer kamers achterblijft."] == (
        "4 afspraken: Vooral ‘A’, ‘B’ en ‘C’. Bij 1 andere afspraak blijft één kamer achter."
    )
    over = asked(scorecard=many, period=YEAR)["Bespreek wat in twee of meer kamers niet is gehaald."]
    assert over.endswith("Bij 1 andere afspraak haalde één kamer het doel niet.")


def test_printed_totals_that_are_wrong_are_asked_to_be_mended():
    ask = "Laat de afspraak verbeteren."
    one = asked(printed_totals=shown(PRINTED))[ask]
    assert one == "1 totaal: Het gedrukte totaal wijkt af van zijn regels: A van alle kamers € 10."
    many = pd.concat([PRINTED.iloc[:1]] * 4)
    assert asked(printed_totals=shown(many))[ask].endswith(
        "€ 10, A van alle kamers € 10 en A van alle kamers € 10, en meer."
    )
    assert ask not in asked(printed_totals=shown(PRINTED.iloc[1:]))


def test_matters_of_the_period_are_put_to_the_board_and_in_the_edition_for_everyone_without_figures():
    agreement = decided("Kiezen we A | B?", "Nemen we 3 mensen aan?")
    assert [line for line in write("asks", agreement=agreement) if "|" not in line] == [
        "Te besluiten: Kiezen we A / B?", "Te besluiten: Nemen we 3 mensen aan?"]  # fmt: skip
    everyone = write("asks", agreement=agreement, scorecard=card({}, edition=PUBLIC), finance=money())
    assert everyone == [
        "Te besluiten: Kiezen we A / B?",
        "1 besluit staat er in deze uitgave niet bij, om geen kleine aantallen te verraden.",
    ]
    nothing = "Te besluiten: de kamers en de coöperatie legden niets voor."
    assert write("asks", agreement=decided("Iets?", period="2023Q2"))[-1] == nothing


def test_at_most_five_things_are_asked_whatever_is_wrong():
    assert len(asked(printed_totals=shown(PRINTED), scorecard=card(*short("A", 2)))) == 5
    html = text.asks(golden_agreement(), PERIOD, scorecard=card(*short("<b>|", 2)), finance=money()).html
    assert "<b>/" not in html
    assert html.count("<li>") == 1


# --- money in full ----------------------------------------------------------------------------------------------------


def test_money_tells_the_posts_the_funders_the_ratios_and_the_populaire_investering():
    told = write("money")
    assert "De afgesproken financiering is € 100 lager dan de begroting." in told
    assert "Als deel van de kosten: SROI 25% (begroot 18%), mensen 84% (begroot 83%) en overhead 4% (begroot 10%)." in told  # fmt: skip
    figures = golden("finance").query("room == 'Totaal'").set_index(["kind", "item"])["value"]
    invested = figures["funding_realised", TOTAL] + figures["volunteer_value", "gerealiseerd"]
    share = figures["share_realised", "vrijwilligers / populair"]
    words = f"is de populaire investering {euro(invested)}, waarvan {percent(share, 0)} door vrijwilligers."
    assert words.replace("\N{NO-BREAK SPACE}", " ") in told[-1]


def test_euros_without_a_room_or_outside_the_agreement_are_said():
    rows = [("realised", "niet toegewezen", "Totaal", 600.0), ("result", "Totaal", "onbekende rekeningen", -250.0)]
    told = write("money", finance=money(*rows))
    assert "€ 600 aan kosten staat nog op geen kamer en telt alleen in het totaal mee." in told
    assert "Daarnaast is € 250 uitgegeven op rekeningen die niet in de afspraak staan; dat telt nergens in mee." in told
    assert "€ 600" not in " ".join(write("money", "LW", finance=money(*rows)))


def test_lines_above_the_amount_of_their_year_are_told_and_nothing_is_held_against_the_date():
    rows = [("budget_left", "Totaal", "A1", -10.0), ("budget_left", "Totaal", "B1", 99.0)]
    told = write("money", finance=money(*rows, ("realised", "Totaal", "Totaal", 5.0)))
    posts = golden_agreement().budget["post"].nunique()
    over = f"Aan 1 van de {posts} posten is meer uitgegeven dan voor het hele jaar is begroot: aan A1 coördinator"
    assert f"{over} (€ 10 meer)." in told
    assert "75%" not in " ".join(told)


def test_a_grant_paid_back_says_why_there_are_no_shares():
    finance = money(("funding_realised", "De Luwte", "Gemeente Plasdam", -500.0))
    words = "Er is per saldo € 500 aan Gemeente Plasdam (bij De Luwte) terugbetaald."
    assert any(sentence.startswith(words) for sentence in write("funders", finance=finance))
    assert any(sentence.startswith(words) for sentence in write("money", "LW", finance=finance))
    assert "terugbetaald" not in " ".join(write("money", "HV", finance=finance))


@pytest.mark.parametrize(("agreed", "said"), [(180.0, True), (None, False)])
def test_the_hours_of_a_volunteer_stand_beside_those_agreed(agreed, said):
    settings = dataclasses.replace(golden_agreement().settings, hours_per_volunteer=agreed)
    rows = [
        ("volunteer_hours", "Totaal", "per vrijwilliger per jaar", 242.4),
        ("volunteer_value", "Totaal", "gerealiseerd", 1.0),
    ]
    told = " ".join(
        write("money", agreement=dataclasses.replace(golden_agreement(), settings=settings), finance=money(*rows))
    )
    assert (
        "Een vrijwilliger maakt, omgerekend naar een heel jaar, gemiddeld 242 uren; afgesproken is 180." in told
    ) == said


def earmarked(**given):
    row = {"funder": "Gemeente Plasdam", "euro": 900.0, "purpose": "de tuin", "file": "", "sheet": "", "row": 2}
    rows = pd.DataFrame([row | dict.fromkeys(("room", "post", "indicator")) | given])
    return dataclasses.replace(golden_agreement(), earmarks=rows)


FUNDER = "Gemeente Plasdam"


def test_a_funder_reads_what_it_agreed_what_came_and_its_share_of_each_room():
    figures = golden("finance").query("room == 'Totaal' and item == @FUNDER").set_index("kind")["value"]
    told = write("funder_money", funder=FUNDER)
    assert told[0].startswith(_plain(
        f"{FUNDER} zegde {euro(figures['funding_agreed'])} toe; {euro(figures['funding_realised'])} is ontvangen "
        f"en {euro(figures['to_receive'])} moet nog komen."
    ))  # fmt: skip
    shares = golden("finance").query("kind == 'share_agreed'").set_index(["room", "item"])["value"]
    share = percent(shares["De Luwte", f"{FUNDER} / euro"])
    assert told[-1].startswith(f"De toezegging is {share} van het geld van De Luwte en ")
    assert "terugbetaald" not in " ".join(told)  # to another funder


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("funding_realised", TOTAL, FUNDER, 5.0)], ["Van Gemeente Plasdam is voor 2023 geen bedrag afgesproken; € 5 is ontvangen."]),
        ([], ["Van Gemeente Plasdam is voor 2023 geen bedrag afgesproken."]),
        ([("funding_agreed", TOTAL, FUNDER, 9.0)], ["Gemeente Plasdam zegde € 9 toe; wat is ontvangen, is zonder grootboek niet bekend."]),
        ([("funding_agreed", TOTAL, FUNDER, 9.0), ("funding_realised", TOTAL, FUNDER, 9.0), ("to_receive", TOTAL, FUNDER, 0.0)],
         ["Gemeente Plasdam zegde € 9 toe; € 9 is ontvangen."]),
        ([("funding_agreed", TOTAL, FUNDER, 9.0), ("funding_realised", TOTAL, FUNDER, -50.0), ("to_receive", TOTAL, FUNDER, 59.0)],
         ["Gemeente Plasdam zegde € 9 toe.", "Er is per saldo € 50 aan Gemeente Plasdam (in totaal) terugbetaald. "
          "Daardoor zijn de delen daar niet te berekenen; er staat een streepje."]),
    ],
)  # fmt: skip
def test_a_funder_without_a_sum_a_ledger_or_that_got_money_back_reads_so(rows, words):
    assert write("funder_money", funder=FUNDER, finance=money(*rows)) == words


@pytest.mark.parametrize(
    ("given", "cost", "words"),
    [
        ({}, None, "€ 900 was voor de tuin; wat daarmee is gedaan, is niet vastgelegd. "
         "De afspraak noemt bij dit bedrag geen post en geen indicator."),
        ({"room": "LW", "post": "A1", "indicator": "P2"}, 300.0,
         "€ 900 was voor de tuin bij De Luwte; daarvan is € 300 uitgegeven aan A1 coördinator. Wat ermee is bereikt, staat bij ‘Klussen’."),
        ({"post": "A1"}, 0.0, "€ 900 was voor de tuin; daarvan is € 0 uitgegeven aan A1 coördinator. "
         "Er is geen indicator afgesproken die meet wat ermee is bereikt."),
        ({"post": "A1"}, None, "€ 900 was voor de tuin; wat daarvan is uitgegeven aan A1 coördinator, is zonder grootboek niet bekend. "
         "Er is geen indicator afgesproken die meet wat ermee is bereikt."),
    ],
)  # fmt: skip
def test_a_funder_reads_what_its_earmark_paid_and_where_its_result_stands(given, cost, words):
    item = f"{FUNDER} / de tuin"
    finance = money(("earmark_agreed", TOTAL, item, 900.0), ("earmark_cost", TOTAL, item, cost))
    told = write("funder_purpose", agreement=earmarked(**given), finance=finance, funder=FUNDER)
    assert told[0] == words
    assert told[-1].startswith("Let op: het geld van alle financiers gaat in één budget per kamer.")
    other = write("funder_purpose", agreement=earmarked(funder="Stichting Thuishaven"), finance=finance, funder=FUNDER)
    assert other[0] == "De bijdrage is voor alles wat de kamers doen: de afspraak noemt geen eigen bestemming."


def test_what_a_participant_cost_stands_beside_what_was_agreed_at_the_years_end():
    rows = [("funding_agreed", "De Luwte", FUNDER, 1.0), ("budget", "De Luwte", TOTAL, 1000.0)]
    rows += [("cost_per_result", "De Luwte", "euro per deelnemer", Span(24.0, 26.0))]
    given = {"funder": FUNDER, "finance": money(*rows), "scorecard": card({"indicator": "P8"})}
    assert write("funder_costs", **given) == ["Alle kosten van de kamer, per deelnemer: € 24–26 bij De Luwte."]
    assert write("funder_costs", **given, period=YEAR)[0].endswith("€ 24–26 bij De Luwte (afgesproken: € 20).")
    without = {"funder": FUNDER, "finance": money(*rows[:2])}
    assert write("funder_costs", **without) == ["Wat een deelnemer kost, is niet bekend."]


def test_a_funder_reads_its_own_reference_its_rooms_and_its_kind():
    agreement, finance = golden_agreement(), shown(golden("finance"))
    funding = agreement.funding.assign(
        reference=["<Z-12>" if f == FUNDER else None for f in agreement.funding["funder"]]
    )
    agreement = dataclasses.replace(agreement, funding=funding)
    assert "Kenmerk <Z-12> Kamers De Luwte en Het Haventje Soort gemeente" in repr(
        text.facts(FUNDER, finance, agreement)
    )
    assert "<Z-12>" not in text.facts(FUNDER, finance, agreement).html
    other = repr(text.facts("Stichting Thuishaven", money(), agreement))
    assert "Kenmerk niet ingevuld in de afspraak Kamers geen" in other


@pytest.mark.parametrize(("kind", "marked", "said"), [("Woningcorporatie", [], True), ("woningcorporatie", ["P2"], False),
                                                      ("fonds", [], False)])  # fmt: skip
def test_a_housing_association_reads_that_its_indicators_are_not_marked_where_none_is(kind, marked, said):
    agreement = golden_agreement()
    indicators = agreement.indicators
    indicators = indicators.assign(corporation=["ja" if code in marked else None for code in indicators["code"]])
    agreement = dataclasses.replace(agreement, funding=agreement.funding.assign(kind=kind), indicators=indicators)
    assert ("merkt met kleur" in text.marks(FUNDER, agreement)) == said
    assert agreement.marked_for(FUNDER) == marked


def test_the_data_are_said_to_be_fictional_or_real():
    agreement = golden_agreement()
    assert "verzonnen" in write("data")[0]
    real = dataclasses.replace(agreement, settings=dataclasses.replace(agreement.settings, fictional=False))
    assert "verzonnen" not in " ".join(write("data", agreement=real))


def test_problems_are_counted_by_severity_and_only_wrong_totals_are_listed():
    told = write("data", problems=PROBLEMS, printed_totals=shown(PRINTED), observations=shown(OBSERVED))
    assert "In de bestanden zijn 1 fout en 2 opmerkingen gevonden. Een regel met een fout telt niet mee." in told
    assert "In de afspraak klopt 1 van de 2 gedrukte totalen niet met de regels. De regels tellen." in told
    assert "Begroting, A, Totaal: er staat € 100, de regels geven € 90." in told
    assert "Streefwaarde ‘Unieke deelnemers’: dat is samen meer (bij De Luwte 16 tegenover 8 en in totaal 20)." in told
    assert "Er zijn geen problemen in de bestanden gevonden." in write("data", problems=PROBLEMS.iloc[:0])


def test_each_edition_says_which_it_is_and_what_is_in_steps():
    board, public = (repr(text.edition(golden_agreement(), edition)) for edition in EDITIONS)
    assert "uitgave voor het bestuur" in board
    assert "Gevoelig zijn ‘Minder uitkering en zorg’, " in board
    assert "Precies" in board
    assert "openbare uitgave" in public
    assert "Precies" not in public
    assert all("in stappen van vijf: 0, 1–4, 5–9, " in edition for edition in (board, public))
    assert "analist" in repr(text.edition(golden_agreement(), ANALYST))


def test_a_share_of_the_costs_called_sroi_is_not_the_method_of_that_name():
    agreement = golden_agreement()
    for name, said in (("SROI", True), ("Mensen", False)):
        renamed = dataclasses.replace(agreement, ratios=agreement.ratios.assign(ratio=name))
        assert ("niet de methode" in " ".join(write("method", agreement=renamed))) == said


def test_definitions_are_the_words_of_the_agreement_and_stay_text():
    about = golden_agreement().indicators.assign(name="<b>Taal</b>")
    agreement = dataclasses.replace(golden_agreement(), indicators=about)
    html = text.definitions(card({}, {"room": "Totaal"}, {"indicator": "P8", "name": "<i>"}), agreement).html
    assert html.count("<dt>") == 2
    assert "&lt;i&gt;" in html
    assert "(P8)" in html


# --- figures in words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("euro", "words"),
    [(-68.4, "Er is € 68 minder ontvangen dan uitgegeven."), (12.5, "Er is € 13 meer ontvangen dan uitgegeven."),
     (0.4, "Er is evenveel ontvangen als uitgegeven.")],
)  # fmt: skip
def test_what_is_left_is_told_with_the_money(euro, words):
    assert words in write("money", "LW", finance=money(("result", "De Luwte", "ontvangen min uitgegeven", euro)))


def test_what_is_still_to_come_is_told_with_from_whom():
    due = [("to_receive", TOTAL, "Stichting Thuishaven", 40.0), ("to_receive", TOTAL, FUNDER, 60.0)]
    finance = money(*due, ("to_receive", TOTAL, TOTAL, 100.0))
    whom = "van Gemeente Plasdam (€ 60) en Stichting Thuishaven (€ 40)"
    for name in ("money", "funders"):
        assert f"Van de afgesproken bijdragen is € 100 nog te ontvangen: {whom}." in write(name, finance=finance)
    many = [("to_receive", TOTAL, f"Fonds {word}", 10.0) for word in "abcdef"]
    told = " ".join(write("money", finance=money(*many, ("to_receive", TOTAL, TOTAL, 60.0))))
    assert "van 6 financiers; het meest van Fonds a (€ 10), Fonds b (€ 10) en Fonds c (€ 10)." in told


def test_what_is_just_over_the_budget_is_not_a_hundred_percent():
    over = money(("realised", TOTAL, TOTAL, 38_100.0), ("budget", TOTAL, TOTAL, 38_000.0))
    assert "Dat is 100,3% van de begroting" in " ".join(write("money", finance=over))


def test_hours_in_steps_give_a_worth_in_steps():
    finance = money(
        ("volunteer_hours", TOTAL, "gerealiseerd", Span(250.0, 259.0)), ("funding_realised", TOTAL, TOTAL, 1000.0),
        ("volunteer_value", TOTAL, "gerealiseerd", Span(2500.0, 2590.0)),
        ("cost_per_result", TOTAL, "euro per deelnemer", Span(320.0, 327.0)),
    )  # fmt: skip
    told = " ".join(write("came", finance=finance) + write("money", finance=finance))
    assert "Vrijwilligers gaven 250–259 uur." in told
    assert "€ 320–327 per unieke deelnemer" in told
    assert "de populaire investering € 3.500–3.590." in told


def test_the_window_is_told_of_a_quarter_a_month_and_a_year():
    assert "(derde kwartaal 2023). Dat is 74,8% van het jaar." in write("method")[0]
    assert "(september 2023)" in write("method", period=pd.Period("2023-09"))[0]
    assert "het hele jaar" in write("method", period=YEAR)[0]


# --- a room's own words and its poster --------------------------------------------------------------------------------


def explained(*words: tuple, period: str = "2023Q3"):
    """The golden agreement with the words of rooms: indicator, room, text, and what, who and when of an action."""
    place = {"period": period, "file": "", "sheet": "", "row": 2}
    rows = [dict(zip(("indicator", "room", "text", "action", "who", "by"), row, strict=True)) | place for row in words]
    return dataclasses.replace(golden_agreement(), explanations=pd.DataFrame(rows))


SHUT = ("P2", "LW", "De  werkplaats\n<i>was</i> dicht.", "We huren een zaal.", "coördinator", "mei")
FEW = ("P6", "LW", "Het waren er drie.", "Bellen", None, None)


def test_a_rooms_own_words_are_quoted_and_that_some_are_left_out_is_said():
    agreement = explained(SHUT, FEW)
    assert write("explanations", agreement=agreement) == [
        "De Luwte over ‘Klussen’: “De werkplaats <i>was</i> dicht.”",
        "1 toelichting van de kamers staat er niet bij, om geen kleine aantallen te verraden.",
    ]
    assert write("explanations", "HV", agreement=agreement) == []


def test_a_rooms_own_words_stand_beside_its_figure_with_what_it_does_about_it():
    row = golden("scorecard").query("room == 'De Luwte' and indicator == 'P2'").iloc[0]
    found = text.said(shown(golden("scorecard")), explained(SHUT, FEW), PERIOD)
    about = f"De Luwte – Klussen, {row['value']:g} (afgesproken {row['target']:g})"
    told = _plain(repr(found))
    assert told.startswith(f"{about} De werkplaats <i>was</i> dicht. We huren een zaal. coördinator, mei")
    assert told.endswith("1 toelichting staat er niet bij Zo zijn er geen kleine aantallen te raden.")
    assert "<i>" not in found.html
    for rooms, agreement in ((["Het Haventje"], explained(SHUT, FEW)), ([], explained(SHUT, period="2023Q2"))):
        none = text.said(shown(golden("scorecard")), agreement, PERIOD, rooms)
        assert repr(none) == "De kamers gaven nog geen toelichting."


def test_words_beside_a_verdict_a_post_or_no_data_have_no_figure():
    words = [(code, "LW", "Zo is het.", None, None, None) for code in ("N1", "A1", "P2")]
    rows = [
        {"indicator": "N1", "value": "Negatief", "unit": "oordeel"},
        {"indicator": "P2", "value": None, "status": "geen gegevens"},
    ]
    told = repr(text.said(card(*rows), explained(*words), PERIOD))
    assert not re.search(r", \d|None|nan", told)
    assert told.count("Zo is het.") == 3


def poster(*rows: dict, period: pd.Period = PERIOD, agreement=None, finance=None) -> str:
    made = text.poster(card(*rows), finance or money(), agreement or golden_agreement(), period, "LW")
    return _plain(repr(made))


def test_a_poster_tells_who_came_what_went_well_what_to_work_on_and_what_happens_now():
    behind = {"value": 20.0, "status": "achter", "indicator": "P2", "name": "NT2 en <taal>", "operator": ">"}
    behind |= {"unit": "aantal"}
    finance = money(("volunteer_hours", "De Luwte", "gerealiseerd", 1234.0))
    told = poster({"indicator": "P8"}, {}, behind, agreement=explained(SHUT, FEW), finance=finance)
    assert told == (
        "60 mensen kwamen. We spraken 50 af voor het hele jaar. Vrijwilligers gaven samen 1.234 uur. Dank jullie wel! "
        "Dit ging goed 60 mensen: taal We spraken 50 af voor het hele jaar. "
        "Hier werken we aan 20 NT2 en <taal> We spraken meer dan 50 af voor het hele jaar. "
        "Wat gebeurt er nu? We huren een zaal. Wat willen wij doen? Schrijf het hier op."
    )
    assert "voor het hele jaar" not in poster({"indicator": "P8"}, {}, period=YEAR)


@pytest.mark.parametrize("row", [{"indicator": "P6"}, {"value": Span(60.0, 64.0)}, {"value": None, "status": "niet te zeggen"},
                                 {"unit": "aandeel", "value": 0.6, "target": 0.5, "interim_target": 0.5}])  # fmt: skip
def test_on_a_wall_hangs_nothing_that_is_sensitive_in_steps_or_not_told(row):
    nothing = "Dit ging goed Daar is nog niets van te zeggen. Hier werken we aan Er is nu niets dat achterblijft."
    assert poster(row).startswith(nothing)


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_frame_that_did_not_come_through_show_is_refused():
    frame, agreement = golden("scorecard"), golden_agreement()
    with pytest.raises(TypeError, match=r"show\(frame, data, edition\)"):
        write("did", scorecard=frame)
    with pytest.raises(TypeError, match=r"show\(frame, data, edition\)"):
        text.definitions(frame, agreement)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: write("enoug"), ValueError, "bedoelt u enough"),
        (lambda: write("money", "De Luwt"), ValueError, "geen kamer 'De Luwt'; bedoelt u De Luwte"),
        (lambda: write("funder_money", funder="Gemeente Plasda"), ValueError, "bedoelt u Gemeente Plasdam"),
        (lambda: text.facts("Gemeente Plasda", money(), golden_agreement()), ValueError, "bedoelt u Gemeente Plasdam"),
        (lambda: text.edition(golden_agreement(), "openbar"), ValueError, "bedoelt u openbaar"),
        (lambda: text.lines("money", golden_agreement(), PERIOD), TypeError, "de zinnen money missen 'finance'"),
    ],
)
def test_a_wrong_name_is_refused_with_the_nearest(call, error, words):
    with pytest.raises(error, match=words):
        call()


# --- whatever the frames are ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_sentence_is_fit_to_read(edition):
    frame = golden("scorecard") if edition == BOARD else steps(golden("scorecard"))
    for room in ("", "De Luwte"):
        assert_fit_to_read(everything(room, scorecard=shown(frame, edition)))


def test_every_edge_of_the_data_is_fit_to_read():
    frame, finance = golden("scorecard"), golden("finance")
    nothing = dict.fromkeys(("value", "numerator", "denominator", "lower", "upper", "n"))
    edges = {
        "no ledger": {"finance": finance[~finance["kind"].str.contains("realised|cost")]},
        "no finance": {"finance": finance.iloc[:0]},
        "no figure of the money told": {"finance": finance.assign(value=None)},
        "nothing told": {"scorecard": frame.assign(status="niet te zeggen", uncertain=False, **nothing)},
        "no data": {"scorecard": frame.assign(status="geen gegevens", uncertain=False, unit=None, **nothing)},
        "no targets": {"scorecard": frame.assign(status="geen streefwaarde", target=None, interim_target=None, uncertain=False)},
        "no indicators": {"scorecard": frame.iloc[:0]},
        "nothing wrong": {"printed_totals": PRINTED.iloc[1:], "observations": OBSERVED.iloc[:0]},
    }  # fmt: skip
    for edge, frames in edges.items():
        try:
            for period in (PERIOD, YEAR):
                assert_fit_to_read(everything(period=period, **{name: shown(of) for name, of in frames.items()}))
        except Exception as error:
            raise AssertionError(edge) from error


@pytest.mark.parametrize("many", [1, 10])
def test_one_room_and_ten_are_named_each(many):
    agreement = golden_agreement()
    names = [f"Een kamer met een lange naam {at}" for at in range(many)]
    rooms = pd.concat([agreement.rooms.iloc[:1]] * many, ignore_index=True).assign(name=names)
    rows = card(*({"indicator": code, "name": "Taal", "room": room, "status": "achter", "interim_target": 50.0}
                  for code in ("P4", "P8") for room in [*names, TOTAL]))  # fmt: skip
    given = {"agreement": dataclasses.replace(agreement, rooms=rooms), "scorecard": rows, "finance": money()}
    assert_fit_to_read([line for name in ("asks", "did", "came", "sure") for line in write(name, **given)])
    assert f"Van de {2 * many} afspraken zijn er {2 * many} niet gehaald." in write("did", **given)
    assert ("Let op: tel de kamers niet op" in " ".join(write("came", **given))) == (many > 1)
    assert bool(asked(**given)) == (many > 1)


FIGURES = st.sampled_from([None, 0.0, 1.0, 2.0, 4.0, 37.0, 37.5, 38.0, 1234.5, 1e6, Span(0.0, 4.0), Span(35.0, 39.0)])


@st.composite
def rows_of_any_kind(draw):
    unit = draw(st.sampled_from(["personen", "aantal", "uren", "aandeel", "cijfer"]))
    value, target = draw(FIGURES), draw(st.sampled_from([None, 0.0, 1.0, 37.0, 37.5, 1e6]))
    if unit == "aandeel":
        value = Span(0.2, 0.4) if isinstance(value, Span) else value and min(value, 1.0)
        target = target and min(target, 1.0)
    status = draw(st.sampled_from(["gehaald", "nabij", "achter", "niet te zeggen"]))
    status = "geen streefwaarde" if target is None else "niet te zeggen" if value is None else status
    row = {"indicator": draw(st.sampled_from(["P4", "P6", "P8"])), "unit": unit, "value": value, "status": status}
    row |= {"target": target, "interim_target": target and target * draw(st.sampled_from([1.0, 0.75]))}
    row |= {"operator": draw(st.sampled_from([">", ">="])), "denominator": draw(FIGURES), "n": draw(FIGURES)}
    row |= {"room": draw(st.sampled_from(["De Luwte", "Het Haventje", "Totaal"]))}
    names = ["Taal", "<script>alert(1)</script>", "=1+1", "Dubbele  spatie\n\nen meer", "[x]"]
    row |= {"name": draw(st.sampled_from(names))}
    if unit == "aandeel" and target is not None:
        row |= {"lower": 0.1, "upper": draw(st.sampled_from([0.9, Span(0.8, 0.9)])), "uncertain": draw(st.booleans())}
    return row


ANY_ROWS = st.lists(rows_of_any_kind(), max_size=4).map(lambda rows: card(*rows))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(now=ANY_ROWS, room=st.sampled_from(["", "De Luwte"]), period=st.sampled_from([PERIOD, YEAR]))
def test_any_figures_give_sentences_that_are_fit_to_read_and_stay_text(now, room, period):
    for name in ("asks", "did", "came", "changed", "sure", "uncertain"):
        assert_fit_to_read(write(name, room, period, scorecard=now))
    pieces = [
        text.answer(name, golden_agreement(), period, room, scorecard=now, finance=money()) for name in ("did", "came")
    ]
    pieces += [text.asks(golden_agreement(), period, scorecard=now, finance=money())]
    pieces += [text.poster(now, money(), golden_agreement(), period, "LW")]
    for piece in pieces:
        assert "<script>" not in piece.html
        assert not re.search(r"\b(None|nan)\b", repr(piece))
        assert set(piece._repr_mimebundle_()) == {MIME, "text/html", "text/plain"}


SUMS = st.sampled_from([None, 0.0, 0.4, -0.4, 1.0, -1.0, 68.2, -68.2, 1e6, -1e6])
KINDS = ["budget", "realised", "funding_agreed", "funding_realised", "to_receive", "volunteer_hours", "volunteer_value"]
EUROS = st.tuples(st.sampled_from(KINDS), st.sampled_from([TOTAL, "De Luwte", "niet toegewezen"]),
                  st.sampled_from([TOTAL, FUNDER, "gerealiseerd", "afgesproken"]), SUMS)  # fmt: skip
LEFT = st.tuples(st.just("result"), st.sampled_from([TOTAL, "De Luwte"]),
                 st.sampled_from(["ontvangen min uitgegeven", "onbekende rekeningen"]), SUMS)  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(EUROS | LEFT, max_size=8, unique_by=lambda row: row[:3]), room=st.sampled_from(["", "LW"]),
       period=st.sampled_from([PERIOD, YEAR]))  # fmt: skip
def test_any_euros_give_sentences_that_are_fit_to_read(rows, room, period):
    for name in ("asks", "came", "enough", "money", "funders", "funder_money", "funder_purpose", "funder_costs"):
        told = write(name, room, period, finance=money(*rows), funder=FUNDER)
        assert_fit_to_read(told)
        assert "€ -0" not in " ".join(told)


@settings(max_examples=20, deadline=None)
@given(
    now=st.integers(0, 40).map(lambda low: Span(max(5.0 * low, 1.0), 5.0 * low + 4)),
    status=st.sampled_from(["gehaald", "achter", "niet te zeggen"]),
)
def test_of_a_figure_in_steps_no_sentence_holds_another_number_than_is_told(now, status):
    row = {"indicator": "P8", "numerator": None, "value": now, "status": status}
    frame = card(row, row | {"room": "Het Haventje"}, edition=PUBLIC)
    told = [*write("came", "LW", scorecard=frame, finance=money()), *asked(scorecard=frame, finance=money()).values()]
    told += [_plain(repr(text.poster(frame, money(), golden_agreement(), PERIOD, "LW")))]
    numbers = {float(found) for sentence in told for found in re.findall(r"\d+", sentence.replace("37,5", "38"))}
    assert numbers <= {*now, 50.0, 38.0, 2.0}
    assert not any("%" in sentence for sentence in told)


def test_what_a_frame_does_not_tell_is_in_no_sentence():
    """Everything that counts people taken out: what is left tells none of it."""
    untold = shown(
        golden("scorecard").assign(uncertain=False, **dict.fromkeys({*NUMBERS} - {"target", "interim_target"}))
    )
    told = " ".join(
        line for name in ("came", "changed", "uncertain") for line in write(name, scorecard=untold, finance=money())
    )
    assert not re.search(r"\d", told)
