"""What was agreed, as names and labels; and rounding as on paper."""

from registered import agreement

from bwk_analysis.agreement import round_half_up


def test_a_half_is_rounded_up_as_on_paper():
    assert [round_half_up(value, 0) for value in (0.5, 1.5, 2.5, -0.5)] == [1, 2, 3, -1]
    assert round_half_up(1.005, 2) == 1.01


def test_budget_lines_stand_below_each_other_per_group_and_the_whole_comes_last():
    agreed = agreement()
    assert agreed.groups == {"A": "A", "C": "C", "Totaal": "Totaal"}
    assert agreed.posts == {"A1": "A1 A1", "A": "A samen", "C1": "C1 C1", "C": "C samen", "Totaal": "Totaal"}


def test_rooms_funders_and_kinds_come_in_the_order_of_the_agreement_and_once():
    agreed = agreement()
    assert (agreed.room_codes, agreed.funders, agreed.kinds) == (
        ["A", "B", "C"],
        ["Stad", "Fonds"],
        ["gemeente", "fonds"],
    )
    assert agreed.room_names == {"A": "Kamer A", "B": "Kamer B", "C": "Kamer C", "Totaal": "Totaal"}
