"""Sentences of a publication: what they say of the golden dataset, and what they never say of any data."""

import itertools
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bwk_analysis import publication
from bwk_analysis.indicators import NO_DATA
from bwk_analysis.pages import text as words
from bwk_analysis.privacy import BOARD, EDITIONS, HIDDEN, PUBLIC

OF_A_ROOM = [words.conclusions, words.highlights, words.uncertain, words.money, words.explanations]
OF_ALL = [words.about_the_data, words.method, words.edition]
ROW = {
    "period": "2023Q3", "room": "De Luwte", "indicator": "P4", "name": "Taal", "level": "proces", "value": 60.0,
    "numerator": 60.0, "denominator": np.nan, "unit": "personen", "target": 50.0, "target_denominator": np.nan,
    "interim_target": 37.5, "operator": ">=", "status": "gehaald", "lower": np.nan, "upper": np.nan, "n": np.nan,
    "uncertain": False, "hidden": "", "definition": "Hoeveel mensen Nederlands oefenden.",
}  # fmt: skip


def scorecard(*rows: dict) -> pd.DataFrame:
    """Rows that differ from ROW as said; value and targets as objects, as in a publication."""
    frame = pd.DataFrame([ROW | row for row in rows], columns=list(ROW))
    return frame.astype({"value": object, "target": object, "interim_target": object})


def with_rows(p, *rows: dict, before: tuple[dict, ...] = ()):
    return replace(p, scorecard=scorecard(*rows), previous=scorecard(*before))


def everything(p, rooms: tuple[str, ...] = ("", "De Luwte")) -> list[str]:
    """All sentences about a publication, some of its rooms and two of its funders."""
    of_rooms = [say(p, room) for say in OF_A_ROOM for room in rooms]
    of_funders = [words.funder(p, name) for name in p.agreement.funding["funder"].unique()[:2]]
    return [*itertools.chain(*of_rooms, *of_funders, *(say(p) for say in OF_ALL))]


def text_of(sentences: list[str]) -> str:
    """The sentences as one text, with plain spaces."""
    return " ".join(sentences).replace("\N{NO-BREAK SPACE}", " ")


def without(p, *kinds: str):
    """A publication without the figures of these kinds of finance, as when the table was not delivered."""
    return replace(p, finance=p.finance.assign(value=p.finance["value"].mask(p.finance["kind"].isin(kinds))))


def assert_fit_to_read(sentences: list[str]) -> None:
    for sentence in sentences:
        assert sentence == sentence.strip()
        assert not re.search(r"\b(nan|none|nat|inf)\b|  |–|\(\)|, \.|[{}]", sentence, re.IGNORECASE), sentence
        assert sentence[-1] in ".”", sentence


# --- what they say of the golden dataset ------------------------------------------------------------------------------


def test_conclusions_count_the_statuses_and_say_that_above_and_below_is_expected(board):
    first = words.conclusions(board)[0]
    assert "op 30 september 2023, over 27 indicatoren: " in first
    statuses = board.scorecard[board.scorecard["room"] == "Totaal"]["status"].value_counts()
    for status in ("gehaald", "nabij", "achter"):
        assert f"{statuses[status]} {status}" in first
    assert first.endswith(words.ENERGY)


def test_conclusions_hold_the_leading_indicator_the_hours_and_the_money(board):
    told = text_of(words.conclusions(board))
    assert "‘Unieke deelnemers’: 9 mensen, en het tussendoel is minstens 10." in told
    assert "De streefwaarde voor het hele jaar is 13." in told
    assert "Er is € 12.701 uitgegeven. Dat is 33% van de begroting voor het hele jaar (€ 38.000)" in told
    assert "Er is € 12.500 ontvangen. Dat is 33% van de € 37.900" in told
    assert "75% van het jaar is voorbij" in told


def test_key_figures_are_those_of_the_conclusions(editions, board):
    statuses = board.scorecard[board.scorecard["room"] == "Totaal"]["status"].value_counts()
    judged = statuses[["gehaald", "nabij", "achter"]].sum()
    cards = words.key_figures(board)
    assert cards[0] == ("Streefwaarden gehaald", str(statuses["gehaald"]), f"van {judged}", "")
    assert cards[1] == ("Unieke deelnemers", "9", "tussendoel 10", "nabij")
    assert [text_of([card[1]]) for card in cards[3:]] == ["€ 12.701", "€ 12.500"]
    everyone = with_rows(editions[PUBLIC], {"indicator": "P8", "room": "De Luwte"})
    assert words.key_figures(everyone, "De Luwte")[1] == ("Taal", "ongeveer 60", "tussendoel 38", "gehaald")


def test_what_was_not_delivered_or_is_hidden_has_no_card(board):
    hidden = {"indicator": "P8", "value": np.nan, "status": HIDDEN, "hidden": "<5"}
    p = without(with_rows(board, hidden), "realised", "funding_realised", "volunteer_hours")
    assert len(words.key_figures(p, "De Luwte")) == 1


def test_a_room_has_its_own_conclusions(board):
    told = words.conclusions(board, "Het Haventje")
    assert told[0].startswith("Bij Het Haventje is de stand op 30 september 2023, over 27 indicatoren: ")
    assert "1 cijfer is verborgen, omdat het om weinig mensen gaat." in told[0]
    assert "2 zonder gegevens" in told[0]
    assert not any("per kamer" in sentence for sentence in told)


def test_a_negative_verdict_says_how_many_euros_short(board):
    told = words.highlights(board, "Het Haventje")
    assert (
        "‘Geen tekort’ is Negatief bij Het Haventje: de afgesproken financiering is € 100 lager dan de begroting."
        in text_of(told)
    )


def test_failed_controls_of_the_ledger_are_named_in_the_whole_and_referred_to_in_a_room(board):
    whole = next(sentence for sentence in words.highlights(board) if "Verantwoorde" in sentence)
    assert "de regel heeft geen kostenplaats (kamer) (2 keer)" in whole
    room = next(sentence for sentence in words.highlights(board, "Het Haventje") if "Verantwoorde" in sentence)
    assert "de lijst met problemen zegt bij welke regels" in room


def test_an_uncertain_share_is_said_with_n_and_its_interval(board):
    assert words.uncertain(board)[0] == (
        "‘Vertrouwen’: 57% (n = 7), waarschijnlijk tussen 25% en 84%. De streefwaarde, meer dan 50%, ligt daartussen."
    )
    assert "‘Vertrouwen’" in words.conclusions(board)[-1]


def test_a_funder_gets_its_euros_its_share_and_what_its_rooms_achieved(board):
    told = words.funder(board, board.agreement.funding["funder"].iloc[0])
    assert text_of(told[:1]) == (
        "Van Gemeente Plasdam is voor 2023 € 22.000 afgesproken. Dat is 58% van alle afgesproken financiering."
    )
    assert any(sentence.startswith("Bereikt door De Luwte, over 27 indicatoren") for sentence in told)
    assert any("populaire investering" in sentence for sentence in told)


def test_a_name_that_is_no_funder_gets_no_sentence(board):
    assert words.funder(board, "Onbekend") == []


def test_the_data_are_said_to_be_fictional_or_real(board):
    assert "verzonnen" in words.about_the_data(board)[0]
    real = replace(
        board, agreement=replace(board.agreement, settings=replace(board.agreement.settings, fictional=False))
    )
    assert "verzonnen" not in text_of(words.about_the_data(real))


def test_the_rows_add_up_as_in_the_accounting(board):
    rows = [["a.xlsx", "deelnames", 1200, 1190, 4, 6, 0], ["a.xlsx", "klussen", 40, 40, 0, 0, 0]]
    counted = replace(board, accounting=pd.DataFrame(rows, columns=board.accounting.columns))
    assert "Meegeteld: 1.230 van de 1.240 gelezen regels. Niet meegeteld: 4 met een fout en 6 dubbel." in (
        words.about_the_data(counted)
    )


def test_sheets_of_which_the_rows_are_hidden_are_said_to_be(board):
    rows = [["a.xlsx", "deelnames", 12, 12, 0, 0, 0], ["a.xlsx", "interviews", *[np.nan] * 5]]
    counted = replace(board, accounting=pd.DataFrame(rows, columns=board.accounting.columns))
    told = text_of(words.about_the_data(counted))
    assert "Meegeteld: 12 van de 12 gelezen regels. Van 1 werkblad is het aantal regels verborgen" in told
    nothing = counted.accounting.iloc[1:]
    assert "Meegeteld" not in text_of(words.about_the_data(replace(board, accounting=nothing)))


def test_only_the_printed_totals_that_differ_from_their_lines_are_listed(board):
    told = text_of(words.about_the_data(board))
    wrong = board.printed_totals[board.printed_totals["difference"] != 0]
    assert len(wrong) == told.count("de regels geven") == 2


def test_each_edition_says_what_it_hides(editions):
    assert "minder dan 5 mensen" in text_of(words.edition(editions[BOARD]))
    public = text_of(words.edition(editions[PUBLIC]))
    assert "minder dan 10 mensen" in public
    assert "veelvoud van 5" in public


def test_a_share_of_the_costs_called_sroi_is_not_the_method_of_that_name(board):
    named = replace(board.agreement, ratios=board.agreement.ratios.assign(ratio="SROI"))
    assert "niet de methode" in text_of(words.method(replace(board, agreement=named)))
    other = replace(board.agreement, ratios=board.agreement.ratios.assign(ratio="Mensen"))
    assert "niet de methode" not in text_of(words.method(replace(board, agreement=other)))


# --- figures in words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({}, "‘Taal’: 60 mensen, 60% boven het tussendoel van 37,5."),
        ({"value": 95.0}, "‘Taal’: 95 mensen, 2,5 keer het tussendoel van 38."),
        ({"value": 75.0}, "‘Taal’: 75 mensen, 2 keer het tussendoel van 38."),
        ({"value": 1.0, "status": "achter"}, "‘Taal’: 1 persoon, 97% onder het tussendoel van 38."),
        ({"value": 0.0, "status": "achter"}, "‘Taal’: 0 mensen, en het tussendoel is minstens 38."),
        ({"target": 37.5}, "‘Taal’: 60 mensen, 60% boven de streefwaarde van 38."),
        ({"denominator": 80.0}, "‘Taal’: 60 van de 80 mensen, 60% boven het tussendoel van 38."),
        ({"unit": "aantal"}, "‘Taal’: 60, 60% boven het tussendoel van 38."),
        ({"interim_target": 7.5, "value": 9.0, "operator": ">"}, "‘Taal’: 9 mensen, en het tussendoel is meer dan 8."),
        (
            {"unit": "aandeel", "value": 0.7, "interim_target": 0.5, "target": 0.5, "n": 40.0, "operator": ">"},
            "‘Taal’: 70% (n = 40), en de streefwaarde is meer dan 50%.",
        ),
    ],
)
def test_a_highlight_says_the_figure_beside_what_was_agreed(board, row, sentence):
    told = words.highlights(with_rows(board, row), "De Luwte")
    assert [text.replace("37,5", "38") for text in told] == [sentence.replace("37,5", "38")]


def test_what_is_uncertain_hidden_or_as_good_as_expected_is_no_highlight(board):
    share = {"unit": "aandeel", "value": 0.9, "interim_target": 0.5, "target": 0.5, "lower": 0.4, "upper": 1.0}
    rows = [share | {"uncertain": True}, {"hidden": "<5", "value": np.nan, "status": HIDDEN}, {"value": 38.0}]
    for row in rows:
        assert words.highlights(with_rows(board, row), "De Luwte") == []


def test_where_one_or_two_people_are_expected_a_gap_is_no_highlight(board):
    assert words.highlights(with_rows(board, {"value": 0.0, "interim_target": 1.5, "status": "achter"})) == []


def test_the_whole_names_the_room_and_each_indicator_once(board):
    rows = [{"room": room, "value": value} for room, value in (("De Luwte", 50.0), ("Het Haventje", 60.0))]
    told = words.highlights(with_rows(board, *rows))
    assert len(told) == 1
    assert told[0].startswith("‘Taal’ bij Het Haventje: 60 mensen")


def change(numerator: float, before: float, **more) -> tuple[dict, dict]:
    now = {"value": numerator, "numerator": numerator, "status": "achter" if numerator < 34 else "nabij"} | more
    return now, {"value": before, "numerator": before, "interim_target": 25.0, "status": "gehaald"} | more


def test_a_change_is_one_of_the_part_of_the_interim_target_that_was_reached(board):
    now, before = change(30.0, 28.0)
    assert "Sinds het vorige kwartaal ging ‘Taal’ van 112% naar 80% van het tussendoel." in words.highlights(
        with_rows(board, now, before=(before,)), "De Luwte"
    )


def test_what_was_and_is_above_its_interim_target_is_no_news(board):
    now, before = change(60.0, 55.0)
    told = words.highlights(with_rows(board, now | {"status": "gehaald"}, before=(before,)), "De Luwte")
    assert not any("vorige kwartaal" in sentence for sentence in told)


@pytest.mark.parametrize(("numerator", "stated"), [(24.0, False), (28.0, False), (29.0, True), (30.0, True)])
def test_a_change_of_a_sensitive_indicator_below_the_threshold_is_not_stated(board, numerator, stated):
    now, before = change(numerator, 24.0, indicator="P6", name="Schuldhulp")
    told = words.highlights(with_rows(board, now, before=(before | {"interim_target": 20.0},)), "De Luwte")
    assert any("vorige kwartaal" in sentence for sentence in told) == stated


def test_everyone_reads_about_how_many_people_it_is(editions):
    public = with_rows(editions[PUBLIC], {})
    assert "ongeveer 60 mensen" in words.highlights(public, "De Luwte")[0]
    nought = with_rows(editions[PUBLIC], {"value": 0.0, "status": "achter"})
    assert "‘Taal’: 0 mensen" in words.highlights(nought, "De Luwte")[0]


def test_a_total_of_rounded_rooms_is_not_held_against_a_target(editions):
    row = {"indicator": "P8", "room": "Totaal", "status": HIDDEN, "value": 1150.0}
    told = text_of(words.conclusions(with_rows(editions[PUBLIC], row)))
    assert "ongeveer 1.150 mensen, opgeteld over de kamers die te zien zijn" in told
    assert "1.047" not in told


def test_a_hidden_leading_figure_is_fewer_than_the_threshold(board):
    row = {"indicator": "P8", "value": np.nan, "status": HIDDEN, "hidden": "<5"}
    assert "‘Taal’: minder dan 5." in words.conclusions(with_rows(board, row), "De Luwte")


def test_one_is_singular_and_nought_is_plural(board):
    assert "over 1 indicator: 1 gehaald." in words.conclusions(with_rows(board, {}), "De Luwte")[0]
    row = {"indicator": "P8", "value": 1.0, "status": "geen streefwaarde"}
    assert "‘Taal’: 1 persoon." in words.conclusions(with_rows(board, row), "De Luwte")


def test_what_is_just_over_the_budget_is_not_a_hundred_percent(board):
    spent = {"kind": "realised", "item": "Totaal", "room": "Totaal"}
    rows = (board.finance[list(spent)] == pd.Series(spent)).all(axis=1)
    over = replace(board, finance=board.finance.assign(value=board.finance["value"].mask(rows, 38_100.0)))
    assert "Dat is 100,3% van de begroting" in text_of(words.conclusions(over))


# --- the rooms' own words ---------------------------------------------------------------------------------------------


def explained(p, text: str, indicator: str = "P2", room: str = "De Luwte"):
    rows = [[indicator, room, "2023Q3", text, "", "", 2]]
    return replace(p, explanations=pd.DataFrame(rows, columns=p.explanations.columns))


def test_a_rooms_own_words_are_quoted_with_room_and_indicator(board):
    told = words.explanations(explained(board, "De  werkplaats\nwas dicht."))
    assert told == ["De Luwte over ‘Klussen’: “De werkplaats was dicht.”"]
    assert words.explanations(explained(board, "Dicht."), "Het Haventje") == []


def test_words_beside_a_hidden_figure_are_left_out_and_that_is_said(board):
    told = words.explanations(explained(board, "Het waren er drie.", indicator="P6"))
    assert told == ["1 toelichting van de kamers staat er niet bij, om geen kleine aantallen te verraden."]


def test_everyone_reads_no_words_that_hold_a_figure(editions):
    assert "63" not in text_of(words.explanations(explained(editions[PUBLIC], "Er kwamen 63 mensen.")))
    assert "Dicht." in text_of(words.explanations(explained(editions[PUBLIC], "Dicht.")))


# --- whatever the data are --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_sentence_is_fit_to_read(editions, edition):
    assert_fit_to_read(everything(editions[edition]))
    assert len(words.conclusions(editions[edition])) >= 5


def test_every_edge_of_the_data_is_fit_to_read(board):
    one = board.agreement.funding.iloc[:1]
    board = replace(board, agreement=replace(board.agreement, funding=one))
    card = board.scorecard
    hidden = card.assign(
        value=None, numerator=np.nan, status=HIDDEN, hidden="niet getoond", lower=np.nan, uncertain=False
    )
    nothing = card.assign(value=None, numerator=np.nan, unit=np.nan, status=NO_DATA, lower=np.nan, uncertain=False)
    no_target = card.assign(
        target=np.nan, interim_target=np.nan, operator=np.nan, status="geen streefwaarde", uncertain=False
    )
    only = board.agreement.rooms.iloc[:1]
    edges = {
        "no ledger": without(
            board, "realised", "funding_realised", "ratio_realised", "share_realised", "cost_per_result"
        ),
        "no finance": replace(board, finance=board.finance.iloc[:0]),
        "no hours": without(board, "volunteer_hours", "volunteer_value"),
        "no quarter before": replace(board, previous=card.iloc[:0]),
        "no leading indicator": replace(board, leading=""),
        "a verdict leads": replace(board, leading="N1"),
        "all hidden": replace(board, scorecard=hidden, previous=hidden),
        "no data": replace(board, scorecard=nothing, previous=nothing),
        "no targets": replace(board, scorecard=no_target, previous=no_target),
        "no indicators": replace(board, scorecard=card.iloc[:0], previous=card.iloc[:0]),
        "one room": replace(board, agreement=replace(board.agreement, rooms=only)),
        "nothing read": replace(
            board, accounting=board.accounting.iloc[:0], problems=board.problems.iloc[:0], files={}
        ),
    }
    for edge, p in edges.items():
        try:
            assert_fit_to_read(everything(p, rooms=("",)))
        except Exception as error:
            raise AssertionError(edge) from error


def test_without_a_ledger_nothing_is_said_of_money_spent(board):
    p = without(board, "realised", "funding_realised", "ratio_realised", "share_realised", "cost_per_result")
    told = text_of(words.conclusions(p))
    assert "Er is geen grootboek aangeleverd." in told
    assert "uitgegeven" not in told


def test_at_the_end_of_the_year_the_year_is_over(board):
    p = replace(board, period=pd.Period("2023Q4"))
    assert "het jaar is voorbij" in text_of(words.conclusions(p))
    assert "het hele jaar" in words.method(p)[0]


FIGURES = st.sampled_from([np.nan, 0.0, 1.0, 2.0, 4.0, 37.0, 37.5, 38.0, 1234.5, 1e6])


@st.composite
def rows_of_any_kind(draw):
    unit = draw(st.sampled_from(["personen", "aantal", "uren", "aandeel", "cijfer"]))
    value, target = draw(FIGURES), draw(FIGURES)
    if unit == "aandeel":
        value, target = min(value, 1.0), min(target, 1.0)
    status = draw(st.sampled_from(["gehaald", "nabij", "achter"]))
    status = NO_DATA if np.isnan(value) else "geen streefwaarde" if np.isnan(target) else status
    row = {"indicator": draw(st.sampled_from(["P4", "P6", "P8"])), "unit": unit, "value": value, "numerator": value}
    row |= {"target": target, "interim_target": target * draw(st.sampled_from([1.0, 0.75])), "status": status}
    row |= {"operator": draw(st.sampled_from([">", ">="])), "denominator": draw(FIGURES), "n": draw(FIGURES)}
    row |= {"room": draw(st.sampled_from(["De Luwte", "Het Haventje", "Totaal"]))}
    row |= {"name": draw(st.sampled_from(["Taal", "<script>alert(1)</script>", "=1+1", "Dubbele  spatie", "{x}"]))}
    if unit == "aandeel" and status not in (NO_DATA, "geen streefwaarde"):
        row |= {"lower": 0.1, "upper": 0.9, "uncertain": draw(st.booleans())}
    if draw(st.booleans()):
        row |= {"value": np.nan, "numerator": np.nan, "denominator": np.nan, "n": np.nan, "lower": np.nan}
        row |= {"uncertain": False, "status": HIDDEN, "hidden": draw(st.sampled_from(["<5", "<10", "niet getoond"]))}
    return row


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    now=st.lists(rows_of_any_kind(), max_size=4),
    before=st.lists(rows_of_any_kind(), max_size=4),
    edition=st.sampled_from(EDITIONS),
    room=st.sampled_from(["", "De Luwte"]),
)
def test_any_figures_give_sentences_that_are_fit_to_read(editions, now, before, edition, room):
    p = with_rows(editions[edition], *now, before=tuple(before))
    for say in (words.conclusions, words.highlights, words.uncertain):
        assert_fit_to_read([sentence.replace("{x}", "x") for sentence in say(p, room)])


@pytest.mark.parametrize(("edition", "indicator", "most"), [(BOARD, "P6", 4), (PUBLIC, "P6", 9), (PUBLIC, "P8", 9)])
def test_no_sentence_differs_with_a_hidden_number(golden_quarters, edition, indicator, most):
    """Whatever the number below the threshold is, the sentences are the same: it cannot be worked out from them."""
    told = set()
    for persons in (1, most):
        now, before = (few(result, indicator, float(persons)) for result in golden_quarters)
        told.add("\n".join(everything(publication.publish(now, edition, before.scorecard))))
    assert len(told) == 1


def few(result, indicator: str, persons: float):
    """Results in which so many persons are counted in De Luwte, and none elsewhere."""
    card = result.scorecard.copy()
    rows = card["indicator"] == indicator
    counted = card.loc[rows, "room"].map({"LW": persons, "HV": 0.0, "Totaal": persons})
    card.loc[rows, "value"] = counted.astype(object)
    card.loc[rows, "numerator"] = counted.astype(float)
    return replace(result, scorecard=card)
