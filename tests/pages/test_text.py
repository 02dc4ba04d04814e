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
from bwk_analysis.disclosure import ANALYST, BOARD, EDITIONS, PUBLIC, Shown, Span
from bwk_analysis.pages import text
from bwk_analysis.pages.block import MIME
from bwk_analysis.pages.formats import euro, number, percent

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


def everything(room: str = "", **given) -> list[str]:
    """All sentences about a room, or about all rooms together."""
    rest = {"problems": PROBLEMS, "printed_totals": shown(PRINTED), "observations": shown(OBSERVED)}
    rest |= {"funder": golden_agreement().funding["funder"].iloc[0]}
    return [sentence for name in text.SENTENCES for sentence in write(name, room, **(rest | given))]


def assert_fit_to_read(sentences: list[str]) -> None:
    for sentence in sentences:
        assert sentence == sentence.strip()
        assert not re.search(r"\b(nan|none|nat|inf|span)\b|  |(?<![\d%])–|\(\)|, \.|[{}|]| [.,;:]", sentence, re.I), (
            sentence
        )
        assert sentence[-1] in ".”", sentence


# --- what they say of the golden dataset ------------------------------------------------------------------------------


def test_conclusions_count_the_statuses_and_say_that_above_and_below_is_expected():
    first = write("conclusions")[0]
    agreed = golden("scorecard").query("room != 'Totaal' and target.notna()")
    statuses = agreed["status"].value_counts()
    whole = f"over {len(agreed)} streefwaarden: {statuses['gehaald']} gehaald"
    assert first.startswith(f"In alle kamers samen is de stand op 30 september 2023, {whole}")
    chance = (agreed["status"].eq("gehaald") & agreed["uncertain"]).sum()
    assert f"(waarvan {chance} toeval {'kan' if chance == 1 else 'kunnen'} zijn)" in first
    for status in ("nabij", "achter"):
        assert f"{statuses[status]} {status}" in first
    assert first.endswith("een kamer werkt waar de energie van bewoners zit.")


def _plain(told: str) -> str:
    return told.replace("\N{NO-BREAK SPACE}", " ")


def _volunteers() -> tuple[float, float]:
    """The hours that volunteers made and those agreed, as worked out by hand."""
    hours = golden("finance").query("room == 'Totaal' and kind == 'volunteer_hours'").set_index("item")["value"]
    return hours["gerealiseerd"], hours["afgesproken"]


def test_conclusions_hold_the_leading_indicator_the_hours_and_the_money():
    told = " ".join(write("conclusions"))
    assert "‘Unieke deelnemers’: 9 mensen" in told
    figures = golden("finance").query("room == 'Totaal' and item == 'Totaal'").set_index("kind")["value"]
    received, promised = figures["funding_realised"], figures["funding_agreed"]
    hours, agreed = _volunteers()
    assert (
        f"Vrijwilligers maakten {number(hours)} uren. Dat is {percent(hours / agreed, 0)} van de {agreed:g} uren"
        in told
    )
    assert "Er is € 12.701 uitgegeven. Dat is 33% van de begroting voor het hele jaar (€ 38.000)" in told
    assert (
        _plain(f"Er is {euro(received)} ontvangen. Dat is {percent(received / promised, 0)} van de {euro(promised)}")
        in told
    )
    assert "75% van het jaar is voorbij" in told


@pytest.mark.parametrize("room", ["Het Haventje", "HV"])
def test_a_room_by_name_or_code_has_its_own_conclusions(room):
    told = write("conclusions", room)
    agreed = golden("scorecard").query("room == 'Het Haventje' and target.notna()")
    whole = f"over {len(agreed)} streefwaarden: "
    assert told[0].startswith(f"Bij Het Haventje is de stand op 30 september 2023, {whole}")
    assert f"{agreed['status'].eq('geen gegevens').sum()} zonder gegevens" in told[0]
    assert not any("per kamer" in sentence for sentence in told)


def test_key_figures_are_those_of_the_conclusions():
    cards = text.cards(shown(golden("scorecard")), shown(golden("finance")), golden_agreement())
    agreed = golden("scorecard").query("room != 'Totaal' and target.notna()")
    seen = repr(cards).replace("\N{NO-BREAK SPACE}", " ")
    chance = (agreed["status"].eq("gehaald") & agreed["uncertain"]).sum()
    met = f"Streefwaarden gehaald, waarvan {chance} toeval kunnen zijn"
    assert f"{met} {agreed['status'].eq('gehaald').sum()} van {len(agreed)}" in seen
    assert "Unieke deelnemers 9" in seen
    assert "Uitgegeven € 12.701 van € 38.000 in het hele jaar" in seen


def test_a_negative_verdict_says_how_many_euros_short():
    assert (
        "‘Geen tekort’ is Negatief bij Het Haventje: de afgesproken financiering is € 100 lager dan de begroting."
    ) in write("highlights", "Het Haventje")


def test_failed_controls_of_the_ledger_are_named_in_the_whole_and_referred_to_in_a_room():
    problems = pd.DataFrame({"severity": ["error"] * 2, "problem": ["grootboek: de regel heeft geen kamer"] * 2})
    whole = next(sentence for sentence in write("highlights", problems=problems) if "Verantwoorde" in sentence)
    assert whole.endswith("kloppen. Gevonden: de regel heeft geen kamer (2 keer).")
    room = next(s for s in write("highlights", "Het Haventje", problems=problems) if "Verantwoorde" in s)
    assert room.endswith("de lijst met problemen zegt bij welke regels.")


def test_an_uncertain_share_is_said_with_n_and_its_interval():
    assert write("uncertain")[0] == (
        "‘Vertrouwen’: 57% (n = 7), waarschijnlijk tussen 25% en 84%. De streefwaarde, meer dan 50%, ligt daartussen."
    )
    doubts = golden("scorecard").query("room != 'Totaal' and uncertain")
    assert f"onzeker bij {len(doubts)} aandelen" in write("conclusions")[-1]
    assert "‘Vertrouwen’" in write("conclusions", "De Luwte")[-1]


def test_money_tells_the_posts_the_funders_the_ratios_and_the_populaire_investering():
    told = write("money")
    assert "De afgesproken financiering is € 100 lager dan de begroting." in told
    assert (
        "Als deel van de kosten: SROI 25% (begroot 18%), mensen 84% (begroot 83%) en overhead 4% (begroot 10%)." in told
    )
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


@pytest.mark.parametrize(
    ("euro", "words"),
    [(-68.4, "Er is € 68 minder ontvangen dan uitgegeven."), (12.5, "Er is € 13 meer ontvangen dan uitgegeven."),
     (0.4, "Er is evenveel ontvangen als uitgegeven.")],
)  # fmt: skip
def test_what_is_left_is_told_in_the_conclusions_and_with_the_money(euro, words):
    finance = money(("result", "De Luwte", "ontvangen min uitgegeven", euro))
    for name in ("conclusions", "money"):
        assert words in write(name, "LW", finance=finance)


def test_lines_above_the_amount_of_their_year_are_told_and_nothing_is_held_against_the_date():
    rows = [("budget_left", "Totaal", "A1", -10.0), ("budget_left", "Totaal", "B1", 99.0)]
    told = write("money", finance=money(*rows, ("realised", "Totaal", "Totaal", 5.0)))
    posts = golden_agreement().budget["post"].nunique()
    over = f"Aan 1 van de {posts} posten is meer uitgegeven dan voor het hele jaar is begroot: aan A1 coördinator"
    assert f"{over} (€ 10 meer)." in told
    assert "75%" not in " ".join(told)


def test_what_is_still_to_come_is_told_with_from_whom():
    due = [("to_receive", "Totaal", "Stichting Thuishaven", 40.0), ("to_receive", "Totaal", "Gemeente Plasdam", 60.0)]
    finance = money(*due, ("to_receive", "Totaal", "Totaal", 100.0))
    whom = "van Gemeente Plasdam (€ 60) en Stichting Thuishaven (€ 40)"
    for name in ("conclusions", "money", "funders"):
        assert f"Van de afgesproken bijdragen is € 100 nog te ontvangen: {whom}." in write(name, finance=finance)
    paid = money(*due, ("funding_realised", "Totaal", "Gemeente Plasdam", 5.0))
    assert any("Nog te ontvangen is € 60." in s for s in write("funder", finance=paid, funder="Gemeente Plasdam"))
    many = [("to_receive", "Totaal", f"Fonds {word}", 10.0) for word in "abcdef"]
    told = " ".join(write("money", finance=money(*many, ("to_receive", "Totaal", "Totaal", 60.0))))
    assert "van 6 financiers; het meest van Fonds a (€ 10), Fonds b (€ 10) en Fonds c (€ 10)." in told


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


def test_a_funder_gets_its_euros_its_share_and_what_its_rooms_achieved():
    told = write("funder", funder="Gemeente Plasdam")
    assert (
        told[0]
        == "Van Gemeente Plasdam is voor 2023 € 22.000 afgesproken. Dat is 58% van alle afgesproken financiering."
    )
    assert any(sentence.startswith("Per kamer: voor De Luwte ") for sentence in told)
    assert any(re.match(r"Bereikt door De Luwte, over \d+ streefwaarden: ", sentence) for sentence in told)
    assert any("populaire investering" in sentence for sentence in told)


def earmarked(**given):
    place = {"file": "", "sheet": "", "row": 2}
    row = {
        "funder": "Gemeente Plasdam",
        "room": None,
        "euro": 900.0,
        "purpose": "de tuin",
        "post": None,
        "indicator": None,
    }
    return dataclasses.replace(golden_agreement(), earmarks=pd.DataFrame([row | given | place]))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "€ 900 is bestemd voor ‘de tuin’. Er is geen indicator afgesproken die meet wat hiermee is bereikt."),
        (
            {"room": "LW", "post": "A1", "indicator": "P2"},
            "€ 900 is bestemd voor ‘de tuin’ bij De Luwte. Daarvan is € 300 uitgegeven aan A1 coördinator. "
            "Wat ermee is bereikt, staat bij ‘Klussen’.",
        ),
    ],
)
def test_a_funder_reads_what_its_earmark_paid_and_where_its_result_stands(given, words):
    item = "Gemeente Plasdam / de tuin"
    figures = [("earmark_agreed", "Totaal", item, 900.0), ("earmark_cost", "Totaal", item, 300.0 if given else None)]
    assert words in write("funder", agreement=earmarked(**given), finance=money(*figures), funder="Gemeente Plasdam")


def test_a_funder_reads_its_own_reference():
    agreement = golden_agreement()
    funding = agreement.funding.assign(
        reference=["Z-12" if f == "Gemeente Plasdam" else None for f in agreement.funding["funder"]]
    )
    agreement = dataclasses.replace(agreement, funding=funding)
    assert any(
        "Kenmerk van Gemeente Plasdam: Z-12." in s
        for s in write("funder", agreement=agreement, funder="Gemeente Plasdam")
    )
    assert "Kenmerk" not in " ".join(write("funder", agreement=agreement, funder="Stichting Thuishaven"))


@pytest.mark.parametrize(("kind", "marked", "said"), [("Woningcorporatie", [], True), ("woningcorporatie", ["P2"], False),
                                                      ("fonds", [], False)])  # fmt: skip
def test_a_housing_association_reads_that_its_indicators_are_not_marked_where_none_is(kind, marked, said):
    agreement = golden_agreement()
    indicators = agreement.indicators
    indicators = indicators.assign(corporation=["ja" if code in marked else None for code in indicators["code"]])
    agreement = dataclasses.replace(agreement, funding=agreement.funding.assign(kind=kind), indicators=indicators)
    assert ("merkt met kleur" in " ".join(write("funder", agreement=agreement, funder="Gemeente Plasdam"))) == said
    assert agreement.marked_for("Gemeente Plasdam") == marked


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
    ("row", "sentence"),
    [
        ({}, "‘Taal’: 60 mensen, 60% boven het tussendoel van 38."),
        ({"value": 95.0}, "‘Taal’: 95 mensen, 2,5 keer het tussendoel van 38."),
        ({"value": 75.0}, "‘Taal’: 75 mensen, 2 keer het tussendoel van 38."),
        ({"value": 1.0, "status": "achter"}, "‘Taal’: 1 persoon, 97% onder het tussendoel van 38."),
        ({"value": 0.0, "status": "achter"}, "‘Taal’: 0 mensen, en het tussendoel is minstens 38."),
        ({"target": 37.5}, "‘Taal’: 60 mensen, 60% boven de streefwaarde van 38."),
        ({"denominator": 80.0}, "‘Taal’: 60 van de 80 mensen, 60% boven het tussendoel van 38."),
        ({"unit": "aantal"}, "‘Taal’: 60, 60% boven het tussendoel van 38."),
        ({"value": Span(60.0, 64.0)}, "‘Taal’: 60–64 mensen, en het tussendoel is minstens 38."),
        (
            {"value": Span(60.0, 64.0), "denominator": Span(80.0, 84.0)},
            "‘Taal’: 60–64 van de 80–84 mensen, en het tussendoel is minstens 38.",
        ),
        ({"interim_target": 7.5, "value": 9.0, "operator": ">"}, "‘Taal’: 9 mensen, en het tussendoel is meer dan 8."),
        (
            {"unit": "aandeel", "value": 0.7, "interim_target": 0.5, "target": 0.5, "n": 40.0, "operator": ">"},
            "‘Taal’: 70% (n = 40), en de streefwaarde is meer dan 50%.",
        ),
    ],
)
def test_a_highlight_says_the_figure_beside_what_was_agreed(row, sentence):
    assert [told.replace("37,5", "38") for told in write("highlights", "LW", scorecard=card(row))] == [sentence]


def test_the_whole_names_the_room():
    rows = [{"room": room, "value": value} for room, value in (("De Luwte", 50.0), ("Het Haventje", 60.0))]
    told = write("highlights", scorecard=card(*rows))
    assert [sentence[:37] for sentence in told] == ["‘Taal’ bij Het Haventje: 60 mensen, 6"]


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (20.0, {"value": 40.0}, "van 40 naar 20 mensen"),
        (Span(20.0, 24.0), {"value": Span(30.0, 34.0)}, "van 30–34 naar 20–24 mensen"),
    ],
)
def test_a_change_is_told_as_the_counts_themselves_beside_the_target_of_the_year(now, before, words):
    told = write("highlights", "LW", scorecard=card({"value": now, "status": "achter"}), previous=card(before))
    assert f"Sinds het vorige kwartaal ging ‘Taal’ {words}; de streefwaarde van het jaar is 50." in told


def test_in_a_month_the_change_is_one_since_the_month_before():
    rows = {"scorecard": card({"value": 20.0, "status": "achter"}), "previous": card({"value": 40.0})}
    told = write("highlights", "LW", pd.Period("2023-09"), **rows)
    assert any(sentence.startswith("Sinds de vorige maand ging") for sentence in told)
    assert "(september 2023)" in write("method", period=pd.Period("2023-09"))[0]


def test_a_status_that_cannot_be_told_is_counted_as_such():
    rows = [
        {"status": "niet te zeggen", "value": None},
        {"room": "Het Haventje"},
        {"room": "Totaal", "status": "niet te zeggen"},
    ]
    told = write("conclusions", scorecard=card(*rows))
    assert "Bij 1 streefwaarde is niet te zeggen hoe het ervoor staat" in told[0]
    assert told[1] == "Gehaald per kamer, voor zover te zeggen: De Luwte 0 en Het Haventje 1."


def test_a_leading_figure_in_steps_stands_beside_its_target_and_one_not_told_is_left_out():
    row = {"indicator": "P8", "status": "niet te zeggen", "value": Span(35.0, 39.0)}
    assert "‘Taal’: 35–39 mensen, en het tussendoel is minstens 38. De streefwaarde voor het hele jaar is 50." in write(
        "conclusions", "LW", scorecard=card(row)
    )
    assert "‘Taal’" not in " ".join(write("conclusions", "LW", scorecard=card(row | {"value": None})))


def test_one_is_singular():
    assert "over 1 streefwaarde: 1 gehaald." in write("conclusions", "LW", scorecard=card({}))[0]
    row = {"indicator": "P8", "value": 1.0, "status": "geen streefwaarde"}
    assert "‘Taal’: 1 persoon." in write("conclusions", "LW", scorecard=card(row))


def test_what_is_just_over_the_budget_is_not_a_hundred_percent():
    over = money(("realised", "Totaal", "Totaal", 38_100.0), ("budget", "Totaal", "Totaal", 38_000.0))
    assert "Dat is 100,3% van de begroting" in " ".join(write("conclusions", finance=over))


def test_hours_in_steps_give_a_part_and_a_worth_in_steps():
    finance = money(
        ("volunteer_hours", "Totaal", "gerealiseerd", Span(250.0, 259.0)), ("volunteer_hours", "Totaal", "afgesproken", 700.0),
        ("volunteer_value", "Totaal", "gerealiseerd", Span(2500.0, 2590.0)), ("funding_realised", "Totaal", "Totaal", 1000.0),
        ("cost_per_result", "Totaal", "euro per deelnemer", Span(320.0, 327.0)),
    )  # fmt: skip
    told = " ".join([*write("conclusions", finance=finance), *write("money", finance=finance)])
    assert "Vrijwilligers maakten 250–259 uren. Dat is 35%–37% van de 700 uren" in told
    assert "€ 320–327 per unieke deelnemer" in told
    assert "de populaire investering € 3.500–3.590." in told


def test_at_the_end_of_the_year_the_year_is_over():
    assert "het jaar is voorbij" in " ".join(write("conclusions", period=pd.Period("2023Q4")))
    assert "het hele jaar" in write("method", period=pd.Period("2023Q4"))[0]


def test_without_a_ledger_nothing_is_said_of_money_spent():
    finance = golden("finance")
    without = shown(
        finance[finance["kind"].isin(["budget", "funding_agreed", "ratio_budget", "share_agreed", "earmark_agreed"])]
    )
    told = " ".join(write("conclusions", finance=without))
    assert "Er is geen grootboek aangeleverd." in told
    assert "uitgegeven" not in told


def test_a_rooms_own_words_are_quoted_and_that_some_are_left_out_is_said():
    place = {"period": "2023Q3", "file": "", "sheet": "", "row": 2}
    words = [("P2", "LW", "De  werkplaats\nwas dicht."), ("P6", "LW", "Het waren er drie.")]
    rows = pd.DataFrame([{"indicator": code, "room": room, "text": said} | place for code, room, said in words])
    agreement = dataclasses.replace(golden_agreement(), explanations=rows)
    assert write("explanations", agreement=agreement) == [
        "De Luwte over ‘Klussen’: “De werkplaats was dicht.”",
        "1 toelichting van de kamers staat er niet bij, om geen kleine aantallen te verraden.",
    ]
    assert write("explanations", "HV", agreement=agreement) == []


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_frame_that_did_not_come_through_show_is_refused():
    with pytest.raises(TypeError, match=r"show\(frame, data, edition\)"):
        write("conclusions", scorecard=golden("scorecard"))
    for make in (text.cards, text.definitions):
        with pytest.raises(TypeError, match=r"show\(frame, data, edition\)"):
            make(*[golden("scorecard")] * (2 if make is text.cards else 1), golden_agreement())


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: write("conclusion"), ValueError, "bedoelt u conclusions"),
        (lambda: write("money", "De Luwt"), ValueError, "geen kamer 'De Luwt'; bedoelt u De Luwte"),
        (lambda: write("funder", funder="Gemeente Plasda"), ValueError, "bedoelt u Gemeente Plasdam"),
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
        assert_fit_to_read(everything(room, scorecard=shown(frame, edition), previous=shown(frame, edition)))


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
            assert_fit_to_read(everything(**{name: shown(of) for name, of in frames.items()}))
        except Exception as error:
            raise AssertionError(edge) from error


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
    row |= {
        "name": draw(
            st.sampled_from(["Taal", "<script>alert(1)</script>", "=1+1", "Dubbele  spatie\n\nen meer", "[x]"])
        )
    }
    if unit == "aandeel" and target is not None:
        row |= {"lower": 0.1, "upper": draw(st.sampled_from([0.9, Span(0.8, 0.9)])), "uncertain": draw(st.booleans())}
    return row


ANY_ROWS = st.lists(rows_of_any_kind(), max_size=4).map(lambda rows: card(*rows))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(now=ANY_ROWS, before=ANY_ROWS, room=st.sampled_from(["", "De Luwte"]))
def test_any_figures_give_sentences_that_are_fit_to_read_and_stay_text(now, before, room):
    for name in ("conclusions", "highlights", "uncertain"):
        assert_fit_to_read(write(name, room, scorecard=now, previous=before))
    html = text.sentences(
        "highlights", golden_agreement(), PERIOD, room, scorecard=now, previous=before, finance=money()
    )
    assert "<script>" not in html.html
    assert set(html._repr_mimebundle_()) == {MIME, "text/html", "text/plain"}


@settings(max_examples=60, deadline=None)
@given(
    now=st.integers(0, 40).map(lambda low: Span(max(5.0 * low, 1.0), 5.0 * low + 4)),
    then=st.integers(0, 40).map(lambda low: Span(max(5.0 * low, 1.0), 5.0 * low + 4)),
    status=st.sampled_from(["gehaald", "achter", "niet te zeggen"]),
)
def test_of_a_figure_in_steps_no_sentence_holds_another_number_than_is_told(now, then, status):
    rows = {"indicator": "P8", "name": "Taal", "numerator": None, "interim_target": 30.0, "target": 50.0}
    frames = {"scorecard": card(rows | {"value": now, "status": status}, edition=PUBLIC)}
    frames["previous"] = card(rows | {"value": then, "interim_target": 25.0}, edition=PUBLIC)
    told = [
        s
        for name in ("conclusions", "highlights")
        for s in write(name, "LW", finance=money(), **frames)
        if "‘Taal’" in s
    ]
    numbers = {float(number) for sentence in told for number in re.findall(r"\d+", sentence)}
    assert numbers <= {*now, *then, 25.0, 30.0, 50.0}
    assert not any("%" in sentence for sentence in told)


def test_what_a_frame_does_not_tell_is_in_no_sentence():
    """Everything that counts people taken out: what is left tells none of it."""
    frame = golden("scorecard")
    untold = frame.assign(uncertain=False, **dict.fromkeys({*NUMBERS} - {"target", "interim_target"}))
    told = " ".join(write("highlights", scorecard=shown(untold)) + write("uncertain", scorecard=shown(untold)))
    assert "mensen" not in told
    assert isinstance(shown(untold), Shown)
