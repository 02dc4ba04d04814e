"""Write the second golden dataset: three rooms, of which one opens on 1 July and one closes on 31 May, year 2023.

Every row carries its reason. The expected_*.csv files beside this one were worked out by hand from the definitions (see
NOTE.md); nothing here computes a measure. Run: `python build_july.py`, it writes dataset/*.xlsx with the same bytes each
time. All people, rooms, funders and amounts are invented.
"""

# A row of a table is one line, however long.

import runpy
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FIRST = runpy.run_path(str(HERE.parent / "build.py"))
day, workbook_bytes = FIRST["day"], FIRST["workbook_bytes"]

# ------------------------------------------------------------------ agreement

KAMERS = [
    ["kamer", "naam", "buurt", "aliassen", "vanaf", "tot"],
    ["AL", "De Alk", "Noordoever", "Alk", None, None],  # the whole year
    ["BE", "De Berk", "Zuidoever", "Berk", day(1, 7), None],  # opens: its own part is 184 days
    ["CE", "De Ceder", "Oostoever", "Ceder", None, "31-05-2023"],  # closes: its own part is 151 days
]

INDICATOREN = [
    [
        "code", "niveau", "indicator", "meetwijze", "tabel", "maat", "veld", "filter", "teller", "tijd",
        "gevoelig", "leeg_is_nul", "corporatie", "toelichting", "verloop", "totaal",
    ],
    ["K1", "proces", "Kleding", "Uniek #", "deelnames", "uniek", "deelnemer", "categorie = kleding", None, "datum", "nee"],  # no course; a word of the agreement's own
    ["K2", "proces", "Een uur of langer", "Aantal", "deelnames", "aantal", None, "minuten >= 60", None, "datum", "nee"],  # an own column; in a straight line
    ["K3", "proces", "Unieke deelnemers", "Uniek #", "deelnames", "uniek", "deelnemer", None, None, "datum", "nee", None, None, None, "40 65 85 100"],
    ["K4", "output", "Vrijwilligers", "Aantal", "vrijwilligersuren", "uniek", "vrijwilliger", "uren > 0", None, "datum", "nee", None, None, None, "recht", "per kamer"],
    ["K5", "impact", "Vertrouwen", "Enquête", "enquete", "aandeel", "respondent", "vraag = vertrouwen", "antwoord >= 4", "datum", "nee"],
    ["N1", "input", "Geen tekort", "Begroting", None, "verdict", "saldo", None, None, None, "nee"],
    ["N2", "input", "Verantwoorde besteding", "Controle", None, "verdict", "controles", None, None, None, "nee"],  # there is no ledger
]  # fmt: skip

STREEFWAARDEN = [
    ["code", "kamer", "streefwaarde"],
    ["K1", "AL", 3],
    ["K1", "BE", 5],
    ["K1", "CE", 3],
    ["K2", "AL", 6],
    ["K2", "BE", 8],  # for its own half year
    ["K2", "CE", 3],  # for its own five months
    ["K3", "AL", 7],
    ["K3", "BE", 6],
    ["K3", "CE", 3],
    ["K3", "Totaal", 12],
    ["K4", "AL", 3],
    ["K4", "BE", 4],
    ["K4", "CE", 2],
    ["K5", "AL", "> 50%"],
    ["K5", "BE", "> 50%"],
    ["K5", "CE", "> 50%"],
    ["N1", "AL", "Positief"],
    ["N1", "BE", "Positief"],
    ["N1", "CE", "Positief"],
    ["N2", "AL", "Positief"],
    ["N2", "BE", "Positief"],
    ["N2", "CE", "Positief"],
]

KOLOMMEN = [
    ["tabel", "kolom", "soort", "aliassen"],
    ["deelnames", "minuten", "getal", "duur in minuten; tijdsduur"],
]

ALIASSEN = [
    ["tabel", "kolom", "woord", "alias"],
    ["deelnames", "categorie", "kleding", "kledingruil"],  # kleding is in no list yet: a new word, with a note
]

BEGROTING = [
    ["post", "groep", "omschrijving", "AL", "BE", "CE"],
    ["A1", "A", "coördinator", 8000, 4000, 3500],
    ["C1", "C", "huur", 2000, 1000, 1000],
]

FINANCIERING = [
    ["financier", "soort", "AL", "BE", "CE"],
    ["Gemeente Oeverstad", "gemeente", 10000, 6000, 4000],
]

VRIJWILLIGERSINZET = [
    ["kamer", "uren", "euro"],
    ["AL", 200, 2000],
    ["BE", 100, 1000],
    ["CE", 100, 1000],
]

KENGETALLEN = [
    ["kengetal", "teller", "noemer", "toelichting"],
    ["mensen", "A", "A+C", None],
]

GEDRUKTE_TOTALEN = [
    ["tabel", "regel", "kamer", "bedrag"],
    ["begroting", "Totaal", "Totaal", 19500],
]

VRAGEN = [
    ["vraag", "tekst", "schaal", "doelgroep"],
    ["vertrouwen", "Ik heb meer vertrouwen in wat ik zelf kan", "eens5", "deelnemers"],
]

REKENINGEN = [
    ["rekening", "naam", "post", "financier"],
    ["4000", "Loon coördinator", "A1", None],
    ["8000", "Bijdrage", None, "Gemeente Oeverstad"],
]

INSTELLINGEN = [
    ["sleutel", "waarde"],
    ["jaar", 2023],
    ["nabij", "90%"],
    ["kosten_per", "K3"],
    ["betaalde_mensen", "A"],
    ["fictief", "ja"],
]

# -------------------------------------------------------------------- exports

DEELNAMES = [
    ["datum", "kamer", "deelnemer", "categorie", "activiteit", "Tijdsduur"],  # the own column by its alias
    [day(10, 1), "AL", "001", "taal", None, 90],
    [day(12, 4), "AL", "002", "kleding", None, 60],  # exactly an hour: counts
    [day(3, 5), "AL", "001", "Kledingruil", None, "45,5"],  # by the alias of the new word; under an hour
    [day(14, 6), "AL", "003", "taal", None, None],  # no minutes: meets no condition
    [day(8, 8), "AL", "004", "kleding", None, "75"],
    [day(31, 8), "AL", "005", "taal", None, 120],  # the last day of August
    [day(1, 9), "AL", "006", "kleding", None, 60],  # after August
    [day(5, 7), "BE", "011", "kleding", None, 60],
    [day(5, 7), "BE", "011", "kleding", None, 60],  # equal in one sheet: two rows, one person
    [day(20, 8), "De Berk", "001", "taal", None, 30],  # a person of AL too
    [day(21, 8), "BE", "012", "KLEDING", None, 61],
    [day(2, 2), "CE", "021", "taal", None, 60],
    [day(9, 3), "CE", "022", "kleding", None, 90],
    [day(30, 5), "CE", "023", "taal", None, 15],
    [day(31, 5), "CE", "021", "kleding", None, 59],  # the room's last day
]

VRIJWILLIGERSUREN = [
    ["datum", "kamer", "vrijwilliger", "groep", "uren"],
    [day(9, 1), "AL", "V1", "tuin", 3],
    [day(1, 3), "AL", "V2", "tuin", 2],
    [day(2, 8), "AL", "V2", "tuin", 4],
    [day(1, 9), "AL", "V3", "tuin", 2],  # after August
    [day(4, 7), "BE", "V1", "keuken", 2],  # one person in two rooms: counts in both, and twice in Totaal
    [day(30, 8), "BE", "V4", "keuken", 0],  # no hours: not active
    [day(6, 2), "CE", "V5", "keuken", 3],
    [day(31, 5), "CE", "V6", "keuken", 1],
]

ENQUETE = [
    ["datum", "kamer", "respondent", "vraag", "antwoord"],
    [day(11, 4), "AL", "R1", "vertrouwen", 5],
    [day(12, 4), "AL", "R2", "vertrouwen", 4],
    [day(15, 8), "AL", "R3", "vertrouwen", 2],
    [day(22, 8), "BE", "R4", "vertrouwen", 4],
    [day(20, 3), "CE", "R5", "vertrouwen", 3],
    [day(20, 3), "CE", "R6", "vertrouwen", "mee eens"],  # 4
]

WORKBOOKS: dict[str, dict[str, list[Any]]] = {
    "afspraak.xlsx": {
        "kamers": KAMERS,
        "indicatoren": INDICATOREN,
        "streefwaarden": STREEFWAARDEN,
        "kolommen": KOLOMMEN,
        "aliassen": ALIASSEN,
        "begroting": BEGROTING,
        "financiering": FINANCIERING,
        "vrijwilligersinzet": VRIJWILLIGERSINZET,
        "kengetallen": KENGETALLEN,
        "gedrukte_totalen": GEDRUKTE_TOTALEN,
        "vragen": VRAGEN,
        "rekeningen": REKENINGEN,
        "instellingen": INSTELLINGEN,
    },
    "registraties.xlsx": {
        "deelnames": DEELNAMES,
        "vrijwilligersuren": VRIJWILLIGERSUREN,
        "enquete": ENQUETE,
    },
}


def build(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, sheets in WORKBOOKS.items():
        (folder / name).write_bytes(workbook_bytes(sheets))


if __name__ == "__main__":
    build(HERE / "dataset")
