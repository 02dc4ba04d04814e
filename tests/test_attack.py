"""Nobody's small number can be worked out of all that is published of a year, however pages and editions are combined."""

import pytest
from attack import SENSITIVE, attacked, made_up, published, world

from bwk_analysis import alone
from bwk_analysis.disclosure import ANALYST, EDITIONS, PUBLIC

OTHERS = (("P6", "P7", "I1"), ("O5", "Z1"), ("P8", "O9"))  # sensitive in other agreements
WORLDS = [
    (1, "A", 8, SENSITIVE), (2, "AB", 5, SENSITIVE), (3, "AB", 14, SENSITIVE), (4, "ABC", 6, SENSITIVE),
    (5, "ABC", 18, SENSITIVE), (6, "ABCD", 10, SENSITIVE), (7, "ABC", 26, SENSITIVE), (8, "A", 20, OTHERS[0]),
    (9, "AB", 9, OTHERS[0]), (10, "ABC", 7, OTHERS[1]), (11, "AB", 12, OTHERS[2]), (0, "ABCD", 4, SENSITIVE),
]  # fmt: skip


@pytest.mark.parametrize(("seed", "rooms", "size", "sensitive"), WORLDS)
def test_no_small_number_is_recovered_from_all_that_is_published_of_a_year(seed, rooms, size, sensitive):
    data = made_up(world(seed, rooms, size), rooms, sensitive)
    quarters = published(data)
    for editions in (EDITIONS, (PUBLIC,)):
        year, sought = attacked(data, quarters, editions)
        assert sought
        assert year.attack.holds_for(year.truth) == []
        assert year.attack.recovered(sought) == []


def test_the_attack_recovers_everything_where_nothing_is_in_steps():
    data = made_up(world(2, "AB", 5), "AB")
    year, sought = attacked(data, published(data, [ANALYST]), [ANALYST])
    assert year.attack.holds_for(year.truth) == []
    assert len(year.attack.recovered(sought)) > 0.9 * len(sought) > 50


def visits(**persons):
    """Of each service as many people, each of them once, in the quarter that its name ends in."""
    return [
        {"datum": f"2021-{3 * int(name[-1]) - 1:02d}-0{1 + at % 9}", "kamer": "A", "deelnemer": f"p{name}{at}",
         "categorie": name[:-1]}
        for name, number in persons.items() for at in range(number)
    ]  # fmt: skip


TOLD_BY_STEPS = {
    "the whole less its parts": visits(taal1=16, schuldhulp1=4),
    "four came while all shown services stood still": visits(taal1=16, werk1=9, schuldhulp2=4),
}


@pytest.mark.parametrize("name", TOLD_BY_STEPS)
def test_the_attack_recovers_what_steps_alone_would_tell(name, monkeypatch):
    rows = TOLD_BY_STEPS[name] + [row | {"deelnemer": None} for row in TOLD_BY_STEPS[name]] * 9
    data = made_up({"deelnames": rows, "grootboek": world(0, "A")["grootboek"]}, "A")
    year, sought = attacked(data, published(data), EDITIONS)
    assert year.attack.recovered(sought) == []
    monkeypatch.setattr(alone, "_tells", lambda *_: [])
    careless = made_up({"deelnames": rows, "grootboek": world(0, "A")["grootboek"]}, "A")
    year, sought = attacked(careless, published(careless), EDITIONS)
    assert year.attack.recovered(sought)
