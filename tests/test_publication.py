"""What a page gets: names in place of codes, both editions whole, also when there is hardly anything to show."""

from dataclasses import replace

import pandas as pd
import pytest
from registered import agreement, counted, dataset

from bwk_analysis import privacy, publication

TOTAL = "Totaal"
FRAMES = (
    "scorecard",
    "previous",
    "finance",
    "weekly",
    "hours",
    "registrations",
    "answers",
    "answer_shares",
    "referrals",
)
VISITS = [
    {"datum": f"2021-0{month}-05", "kamer": room, "deelnemer": f"{room}{i}", "categorie": "taal"}
    for room, many in (("A", 12), ("B", 30))
    for month in (2, 5, 8)
    for i in range(many)
]
LEDGER = [
    {"datum": "2021-02-01", "boekstuk": "B1", "rekening": "4000", "kostenplaats": "A", "debet": 1200.0, "credit": 0.0}
]


def computed(quarter, agreed, **tables):
    return counted(dataset(agreed, **tables), quarter)


@pytest.fixture(params=privacy.EDITIONS)
def edition(request):
    return request.param


def published(edition, quarter="2021Q3", before=None, agreed=None, **tables):
    return publication.publish(computed(quarter, agreed or agreement("AB"), **tables), edition, before)


def test_rooms_go_by_their_names_in_every_frame(edition):
    found = published(edition, before=computed("2021Q2", agreement("AB"), deelnames=VISITS).scorecard, deelnames=VISITS)
    for name in FRAMES:
        assert set(getattr(found, name)["room"]) <= {"Kamer A", "Kamer B", TOTAL, "niet toegewezen"}, name
    assert found.rooms == ["Kamer A", "Kamer B"]
    assert set(found.targets_by_room) == {"Kamer A", "Kamer B", TOTAL}


@pytest.mark.parametrize("tables", [{}, {"deelnames": []}, {"deelnames": VISITS}, {"grootboek": LEDGER}])
def test_a_dataset_with_hardly_anything_is_published_whole(edition, tables):
    found = published(edition, "2021Q1", **tables)
    assert len(found.scorecard) == 27 * 3
    assert found.previous.empty
    assert list(found.previous) == list(found.scorecard)


def test_every_indicator_has_its_name_and_its_definition(edition):
    card = published(edition, deelnames=VISITS).scorecard
    assert card["name"].notna().all()
    assert card["definition"].str.len().gt(10).all()
    assert not {"concealed", "at_most"} & set(card)


def test_the_quarter_before_is_protected_as_this_one_is(edition):
    agreed = agreement("AB", sensitive=["P4"])
    few = [*VISITS[:3], {"datum": "2021-08-08", "kamer": "A", "deelnemer": "x", "categorie": "taal"}]
    before = computed("2021Q2", agreed, deelnames=few).scorecard
    found = published(edition, before=before, agreed=agreed, deelnames=few)
    row = found.previous.set_index(["indicator", "room"]).loc[("P4", "Kamer A")]
    assert row["hidden"] in ("<5", "<10")
    assert (found.previous["period"] == "2021Q2").all()


def test_the_board_sees_the_exact_figures_of_what_is_not_sensitive():
    exact = computed("2021Q3", agreement("AB", sensitive=[]), deelnames=VISITS, grootboek=LEDGER)
    found = publication.publish(exact, privacy.BOARD)
    columns = ["indicator", "value", "numerator", "denominator", "status", "lower", "upper", "n"]
    pd.testing.assert_frame_equal(found.scorecard[columns], exact.scorecard[columns])
    pd.testing.assert_series_equal(found.finance["value"], exact.finance["value"])
    pd.testing.assert_frame_equal(found.accounting, exact.accounting, check_dtype=False)
    assert found.weekly.groupby("room")["persons"].last().to_dict() == {"Kamer A": 12, "Kamer B": 30, TOTAL: 42}


def test_everyone_sees_one_point_per_room_and_it_is_that_of_the_scorecard():
    found = published(privacy.PUBLIC, deelnames=VISITS)
    assert found.weekly[["room", "week", "persons"]].to_numpy().tolist() == [
        ["Kamer A", pd.Timestamp("2021-09-30"), 10.0],
        ["Kamer B", pd.Timestamp("2021-09-30"), 30.0],
    ]


def test_the_cost_per_participant_for_everyone_comes_from_the_rounded_number():
    found = published(privacy.PUBLIC, deelnames=VISITS, grootboek=LEDGER).finance
    costs = found[found["kind"] == "cost_per_result"].set_index(["item", "room"])["value"]
    assert costs["euro per deelnemer", "Kamer A"] == 120  # 1200 euros over 12, shown as 10
    assert costs["euro per deelnemer", TOTAL] == 1200 / 40
    assert costs["euro per deelname"].isna().all()


def test_statuses_for_everyone_come_from_the_rounded_numbers():
    card = published(privacy.PUBLIC, "2021Q4", deelnames=VISITS).scorecard.set_index(["indicator", "room"])
    assert card.loc[("P4", "Kamer B"), ["value", "status"]].tolist() == [30, "achter"]
    assert card.loc[("P4", TOTAL), ["value", "status"]].tolist() == [40, privacy.HIDDEN]


def test_problems_for_everyone_have_no_places_and_no_numbers_of_rows():
    exact = computed("2021Q3", agreement("AB"), deelnames=VISITS)
    row = ["q1.xlsx", "interviews", "A7", "datum", "error", "2 rijen zonder datum: rij 7-8", "Vul aan."]
    text = ["grootboek.xlsx", "Blad1", "A9", "", "warning", "grootboek: de regel heeft geen kostenplaats", "Herstel."]
    problems = pd.DataFrame([row, text], columns=exact.problems.columns)
    found = publication.publish(replace(exact, problems=problems), privacy.PUBLIC).problems
    assert found["severity"].tolist() == ["error", "warning"]
    assert found["problem"].tolist() == ["", "grootboek: de regel heeft geen kostenplaats"]
    assert (found[["file", "sheet", "cell", "column", "advice"]] == "").all(axis=None)


def test_publishing_leaves_the_results_as_they_were(edition):
    exact = computed("2021Q3", agreement("AB"), deelnames=VISITS[:7], grootboek=LEDGER)
    names = ("scorecard", "finance", "accounting", "problems")
    before = {name: getattr(exact, name).copy(deep=True) for name in names}
    publication.publish(exact, edition, computed("2021Q2", agreement("AB"), deelnames=VISITS[:7]).scorecard)
    for name in names:
        pd.testing.assert_frame_equal(getattr(exact, name), before[name])
