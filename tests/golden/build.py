"""Write the golden dataset: an invented cooperative of two rooms, year 2023.

Every row carries its reason. The expected_*.csv files beside this one were worked out by hand from the
definitions (see NOTE.md); nothing here computes a measure. Run: `python build.py`, it writes dataset/*.xlsx
with the same bytes each time. All people, rooms, funders and amounts are invented.
"""

# A row of a table is one line, however long.

import io
import re
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import Workbook

HERE = Path(__file__).parent


class Percentage(float):
    """A number cell that is formatted as a percentage."""


def day(day_of_month: int, month: int, year: int = 2023) -> date:
    return date(year, month, day_of_month)


# ------------------------------------------------------------------ agreement

INDICATOR_COLUMNS = [
    "code", "niveau", "indicator", "meetwijze", "tabel", "maat", "veld", "filter", "teller", "tijd",
    "gevoelig", "leeg_is_nul", "corporatie", "toelichting", "verloop", "totaal",
]  # fmt: skip
OVERLAST = "thema = overlast en vandalisme; uitkomst != onbekend"
HUUR = "thema = huisuitzetting en huurschuld; uitkomst != onbekend"
ZORG = "thema = uitkering en zorg; uitkomst != onbekend"
VAN = "richting = van; doelgroep = uitkering | beperkte loonwaarde"
NIEUW = "doelgroep = nieuwe bewoner"
DOET_MEE = "status = doet mee"
MINDER = "uitkomst = minder"
EENS = "antwoord >= 4"
LID = "peildatum (lid_sinds, lid_tot)"
BAAN = "soort = betaald werk; mede_dankzij = ja"
OP_AF = "vorm = opschalen | afschalen"
MEET = "categorie = sociale ontmoeting"

INDICATOREN = [  # the 27 indicators; the last two columns are verloop and totaal, and are empty where they are not given
    INDICATOR_COLUMNS,
    ["I1", "impact", "Vertrouwen", "Enquête", "enquete", "aandeel", "respondent", "vraag = vertrouwen", EENS, "datum", "nee", None, None, None],
    ["I2", "impact", "Prettig wonen", "Enquête", "enquete", "aandeel", "respondent", "vraag = prettig wonen", EENS, "datum", "nee", None, None, None, "10 20 40 100", "per kamer"],  # a share with a course; R105 counts in HV and once more without a room
    ["I3", "impact", "Minder uitkering en zorg", "Interviews", "interviews", "aandeel", "deelnemer", ZORG, MINDER, "datum", "ja", None, None, None, "vast"],  # written out, the same as empty
    ["I4", "impact", "Minder huurschuld", "Interviews", "interviews", "uniek", "deelnemer", HUUR, MINDER, "datum", "ja", None, None, None],
    ["I5", "impact", "Minder overlast", "Interviews", "interviews", "aandeel", "deelnemer", OVERLAST, MINDER, "datum", "ja", None, None, None, None, "per kamer"],  # 0017: each room's own latest row counts
    ["O1", "output", "Sleutelbeheerders", "Aantal", "sleutelbeheer", "uniek", "vrijwilliger", None, None, "peildatum", "nee", None, None, None, "recht"],  # not over datum: a warning, and as empty
    ["O2", "output", "Vrijwilligers", "Aantal", "vrijwilligersuren", "uniek", "vrijwilliger", "uren > 0", None, "datum", "nee", None, None, None],
    ["O3", "output", "Groepen", "Aantal", "vrijwilligersuren", "uniek", "groep", "uren > 0", None, "datum", "nee", None, None, None, None, "per kamer"],  # tuin is a group of both rooms
    ["O4", "output", "Leden", "Aantal", "deelnemers", "uniek", "deelnemer", None, None, LID, "nee", None, None, None],
    ["O5", "output", "Doorverwezen doen mee", "Aantal", "doorverwijzingen", "uniek", "deelnemer", VAN, DOET_MEE, "datum", "nee", None, None, None, "recht", "per kamer"],  # 0012 takes part in both rooms
    ["O6", "output", "Plekken", "Aantal", "plekken", "uniek", "deelnemer", None, None, "looptijd", "nee", "ja", None, None],
    ["O7", "output", "Nieuwe bewoners", "Aantal", "doorverwijzingen", "uniek", "deelnemer", NIEUW, DOET_MEE, "datum", "nee", "nee", None, None, "0/0/0/100"],  # 0 % agreed until the fourth quarter
    ["O8", "output", "Betaald werk", "Aantal", "uitstroom", "uniek", "deelnemer", BAAN, None, "datum", "nee", "ja", None, None, "vast"],  # the full target at any time
    ["O9", "output", "Doorverwijzen", "Aantal", "doorverwijzingen", "uniek", "deelnemer", None, None, "datum", "nee", None, None, None],
    ["O10", "output", "Op- en afschalen", "Aantal", "samenwerking", "uniek", "partner", OP_AF, None, "datum", "nee", None, None, None, None, "per kamer"],  # one room has no data
    ["P1", "proces", "Sociale ontmoeting", "Uniek #", "deelnames", "uniek", "deelnemer", MEET, None, "datum", "nee", None, None, None, "recht"],  # different people, and still a straight line
    ["P2", "proces", "Klussen", "Klussen #", "klussen", "aantal", None, "afgerond = ja", None, "datum", "nee", None, None, None],
    ["P3", "proces", "Computer", "Uniek #", "deelnames", "uniek", "deelnemer", "categorie = computer", None, "datum", "nee", None, None, None, "geleidelijk"],  # an unknown word: a warning, and as empty
    ["P4", "proces", "Taal", "Uniek #", "deelnames", "uniek", "deelnemer", "categorie = taal", None, "datum", "nee", None, None, None],
    ["P5", "proces", "Formulieren", "Uniek #", "deelnames", "uniek", "deelnemer", "categorie = formulieren", None, "datum", "nee", None, None, None, "40 65 85 100"],  # 85 % at the end of September
    ["P6", "proces", "Schuldhulp", "Uniek #", "deelnames", "uniek", "deelnemer", "categorie = schuldhulp", None, "datum", "ja", None, None, None],
    ["P7", "proces", "Werk", "Uniek #", "deelnames", "uniek", "deelnemer", "categorie = werk", None, "datum", "nee", None, None, None],
    ["P8", "proces", "Unieke deelnemers", "Uniek #", "deelnames", "uniek", "deelnemer", None, None, "datum", "nee", None, None, None, "30%; 60%; 80%; 100%"],  # with signs between
    ["N1", "input", "Geen tekort", "Begroting", None, "verdict", "saldo", None, None, None, "nee", None, None, None],
    ["N2", "input", "Verantwoorde besteding", "Controle", None, "verdict", "controles", None, None, None, "nee", None, None, None],
    ["N3", "input", "Inzet", "Enquête", "enquete", "gemiddelde", "antwoord", "vraag = inzet", None, "datum", "nee", None, None, None],
    ["N4", "input", "Overleg", "Enquête", "enquete", "gemiddelde", "antwoord", "vraag = overleg", None, "datum", "nee", None, None, None],
]  # fmt: skip

KAMERS = [
    ["kamer", "naam", "buurt", "aliassen"],
    ["LW", "De Luwte", "Westkade", "Luwte; Buurtkamer De Luwte"],
    ["HV", "Het Haventje", "Oostkade", "Haventje; 't Haventje"],
]

STREEFWAARDEN = [
    ["code", "kamer", "streefwaarde"],
    ["I1", "LW", "> 50%"],  # the value is exactly 50 %: strict, so not met
    ["I1", "HV", "> 50%"],
    ["I2", "LW", "> 70%"],  # the rooms differ in operator: Totaal has no target
    ["I2", "Het Haventje", ">= 70%"],  # room by name
    ["I3", "LW", "> 2%"],
    ["I3", "HV", ">2%"],  # without the space
    ["I4", "LW", "> 2"],
    ["I4", "HV", "> 1"],
    ["I5", "LW", Percentage(0.02)],  # number cells formatted as a percentage, bare: at least
    ["I5", "HV", Percentage(0.55)],  # the share targets differ: Totaal has none
    ["O1", "LW", "> 3"],  # exactly 3: strict, so not met
    ["O1", "HV", "> 1"],
    ["O2", "LW", "> 5"],
    ["O2", "HV", "> 2"],
    ["O3", "LW", "> 3"],
    ["O3", "HV", "> 2"],
    ["O3", "Totaal", "> 4"],  # Totaal's own row goes before the sum 5; and is not that sum: a note
    ["O4", "LW", 2],  # exactly 2: a bare number means at least, so met
    ["O4", "HV", ">= 2"],  # the same operator, written out
    ["O4", "Totaal", 4],
    ["O5", "LW", "> 2 op 4"],
    ["O5", "HV", "> 4 op 6"],
    ["O6", "LW", "> 3"],
    ["O6", "HV", "> 1"],
    ["O7", "LW", "> 1 op 2"],
    ["O7", "HV", "> 1 op 2"],
    ["O8", "LW", "> 1"],
    ["O8", "HV", "> 1"],
    ["O9", "LW", "> 8"],
    ["O9", "HV", "> 4"],
    ["O9", "Totaal", "> 13"],  # more different people than the rooms together: a note
    ["O10", "LW", "> 1"],
    ["O10", "HV", "> 1"],
    ["P1", "LW", 7],
    ["P1", "HV", 1],
    ["P1", "Totaal", 8],  # agreed for the whole: in a straight line too
    ["P2", "LW", 3],
    ["P2", "HV", "1"],  # a number as text
    ["P3", "LW", "> 2"],  # the rooms differ in operator
    ["P3", "HV", 2],
    ["P4", "LW", 2],
    ["P4", "HV", 1],
    ["P5", "LW", 2],
    ["P5", "HV", 2],
    ["P6", "LW", "> 2"],
    ["P6", "HV", "> 1"],
    ["P7", "LW", 1],  # HV has no target for P7
    ["P7", "Totaal", 2],  # so Totaal is given its own
    ["P8", "LW", 8],
    ["P8", "HV", 5],
    ["P8", "Totaal", 12],
    ["N1", "LW", "Positief"],
    ["N1", "HV", "Positief"],
    ["N2", "LW", "Positief"],
    ["N2", "HV", "Positief"],
    ["N3", "LW", "> 8"],  # the mean is exactly 8: not met
    ["N3", "HV", "> 8"],
    ["N4", "LW", "> 8"],  # the mean is exactly 90 % of 8: near
    ["N4", "HV", "> 8"],
]

BEGROTING = [
    ["post", "groep", "omschrijving", "LW", "HV", "Totaal"],
    ["A1", "A", "coördinator", "€ 9.800", 8000, 17800],  # an amount as Dutch text
    ["A2", "A", "coach", 2000, 2000, 4000],
    ["A3", "A", "administratie", 1200, 1500, 2700],
    ["B1", "B", "werkplek", 4000, 3000, 7000],
    ["C1", "C", "huur", 2500, 3000, 5500],
    ["E1", "E", "vereniging", 500, 500, 1000],
]

FINANCIERING = [
    ["financier", "soort", "kenmerk", "rapport", "LW", "HV"],
    ["Gemeente Plasdam", "gemeente", "GP-2023-017", "ja", 12000, 10000],
    ["Wonen Overmeer", "woningcorporatie", None, None, 5000, "4.000,00"],
    ["Stichting Thuishaven", "woningcorporatie", "TH 23/4", None, 2000, 2500],
    ["Leden en activiteiten", "eigen inkomsten", None, "nee", 1000, 1000],
    ["Fonds Kompas", "fonds", None, None, 0, 400],  # pays in one room alone
]

OORMERKEN = [
    ["financier", "kamer", "bedrag", "waarvoor", "post", "indicator"],
    ["Wonen Overmeer", "LW", 1000, "huur", "C1", None],
    ["Wonen Overmeer", "De Luwte", 500, "huur", "C1", None],  # added to the row above: 1500
    ["Wonen Overmeer", "HV", 700, "huur", "C1", None],  # the same purpose in the other room
    ["Gemeente Plasdam", "LW", "€ 500", "huur", "C1", None],  # the same post and room as Wonen Overmeer: 1500 to 500
    ["Stichting Thuishaven", None, 3000, "werkplek", "B1", "O6"],  # no room: both; more is spent than this
    ["Gemeente Plasdam", "HV", 2500, "taalles", None, "P4"],  # no post: no cost
    ["Wonen Overmeer", "HV", 1000, "mensen", "A", None],  # a group; more is spent than this
    ["Fonds Kompas", None, 400, "tuin", "E1", None],  # no room: HV alone, where it pays; nothing spent
    ["Gemeente Plasdam", "LW", 100, "sport", "Z9", None],  # no such post: an error, not counted
]

VRIJWILLIGERSINZET = [
    ["kamer", "uren", "euro"],
    ["LW", 400, 5000],  # 12.50 an hour
    ["HV", 300, 3600],  # 12.00 an hour
]

KENGETALLEN = [
    ["kengetal", "teller", "noemer", "toelichting"],
    ["SROI", "B", "A+B+C+E", None],
    ["mensen", "A+B", "A+B+C+E", None],
    ["overhead", "A3+E", "A+B+C+E", None],  # a post and a group together
]

GEDRUKTE_TOTALEN = [
    ["tabel", "regel", "kamer", "bedrag"],
    ["begroting", "A", "LW", 13000],
    ["begroting", "A", "HV", 11500],
    ["begroting", "A", "Totaal", 24500],
    ["begroting", "A+B", "LW", 17000],
    ["begroting", "C1", "Totaal", 5500],
    ["begroting", "Totaal", "LW", 20000],
    ["begroting", "Totaal", "HV", "€ 18.500"],  # WRONG: the lines give 18000
    ["begroting", "Totaal", "Totaal", 38000],
    ["financiering", "Gemeente Plasdam", "Totaal", 22000],
    ["financiering", "woningcorporatie", "LW", 7000],
    ["financiering", "woningcorporatie", "HV", 6500],
    ["financiering", "Totaal", "LW", 20000],
    ["financiering", "Totaal", "HV", 17900],
    ["financiering", "Totaal", "Totaal", 37700],  # WRONG: the lines give 37900
    ["kengetallen", "SROI", "LW", "20%"],
    ["kengetallen", "SROI", "HV", "17%"],  # 16.67
    ["kengetallen", "SROI", "Totaal", "18,4%"],  # 18.42, one printed decimal
    ["kengetallen", "mensen", "Totaal", "83%"],  # 82.89
    ["kengetallen", "overhead", "LW", "9%"],  # exactly 8.5: half up, not half to even
    ["kengetallen", "overhead", "Totaal", "9,7%"],  # 9.74
    ["vrijwilligersinzet", "uren", "Totaal", 700],
    ["vrijwilligersinzet", "euro", "Totaal", 8600],
]

Q_VERTROUWEN = "Ik heb meer vertrouwen in wat ik zelf kan"
Q_WONEN = "Ik woon prettiger in deze buurt"
Q_INZET = "Welk cijfer geeft u de inzet in de kamer?"
Q_OVERLEG = "Welk cijfer geeft u het overleg?"

VRAGEN = [
    ["vraag", "tekst", "schaal", "doelgroep"],
    ["vertrouwen", Q_VERTROUWEN, "eens5", "deelnemers"],
    ["prettig wonen", Q_WONEN, "eens5", "deelnemers"],
    ["inzet", Q_INZET, "cijfer10", "deelnemers"],
    ["overleg", Q_OVERLEG, "cijfer10", "partners"],
]

REKENINGEN = [
    ["rekening", "naam", "post", "financier"],
    ["1000", "Bank", None, None],  # a balance-sheet account
    ["1600", "Crediteuren", None, None],  # a balance-sheet account
    ["4000", "Loon coördinator", "A1", None],
    ["4010", "Coach", "A2", None],
    ["4020", "Administratie", "A3", None],
    ["4100", "Werkplek", "B1", None],
    ["4300", "Huur", "C1", None],
    ["4500", "Vereniging", "E1", None],
    ["8000", "Bijdrage gemeente", None, "Gemeente Plasdam"],
    ["8010", "Bijdrage Overmeer", None, "Wonen Overmeer"],
    ["8020", "Bijdrage Thuishaven", None, "Stichting Thuishaven"],
    ["8030", "Bijdrage Kompas", None, "Fonds Kompas"],
    ["8090", "Leden", None, "Leden en activiteiten"],
]  # 4999 is in no row: an account that maps to nothing

INSTELLINGEN = [
    ["sleutel", "waarde"],
    ["jaar", 2023],
    ["drempel", 5],
    ["nabij", 0.9],
    ["uren_per_vrijwilliger", 250],
    ["kosten_per", "P8"],
    ["betaalde_mensen", "A+B"],
    ["fictief", "ja"],
]

# -------------------------------------------------- exports, the main workbook

DEELNAMES_A = [
    ["Overzicht deelnames buurtwerkkamers"],  # two title rows above the header
    ["uitgedraaid op 3 oktober 2023"],
    ["Datum", "Kamer", "Deelnemer", "Categorie", "Activiteit", "Naam"],
    [day(9, 1), "LW", "0012", "sociale ontmoeting", "koffie", "Verzonnen Persoon"],
    [day(9, 1), "De Luwte", 12, "sociale ontmoeting", "koffie", None],  # a number cell: 12 is not 0012
    [day(9, 1), "LW", None, "sociale ontmoeting", "koffie", None],  # anonymous visit
    [day(9, 1), "LW", None, "sociale ontmoeting", "koffie", None],  # anonymous again: both stay
    [day(16, 1), "LW", "0013", "Sociale  Ontmoeting ", "koffie", None],  # case and spaces
    [day(17, 1), "LW", "0012", "formulieren", None, None],  # a second service
    [day(17, 1), "LW", "0013", "formulieren", None, None],  # once here, twice in the second file
    [day(18, 1), "LW", "0013", "schuldhulp", None, None],
    [day(18, 1), "LW", "0017", "sport", None, None],  # unknown word: warning, the row stays (P8)
    [day(19, 1), "Het Haventje", "0021", "sociale ontmoeting", "koffie", None],
    [day(20, 1), "HV", "0012", "sociale ontmoeting", "koffie", None],  # a person in two rooms
    [day(20, 1), "HV", "0012", "formulieren", None, None],
    [day(21, 1), "Zonnehoek", "0024", "taal", None, None],  # rejected: unknown room
    ["16-01-2023", "lw", "0013", "sociale ontmoeting", "koffie", None],  # equal in one sheet: two are two
    [day(31, 12, 2022), "LW", "0018", "sociale ontmoeting", "koffie", None],  # outside the year
]

DEELNEMERS_A = [
    ["deelnemer", "kamer", "ingeschreven", "uitgeschreven", "Lid sinds", "Lid tot", "Naam", "Geboortedatum"],
    ["0012", "LW", day(1, 2, 2022), None, day(1, 3, 2022), None, "Verzonnen Persoon", day(1, 1, 1950)],  # member
    ["12", "LW", day(5, 1), None, day(5, 1), day(30, 9), None, None],  # ends on the reference day: member
    ["0013", "LW", day(10, 1), None, "n.v.t.", None, None, None],  # warning, becomes empty: no member
    ["0014", "LW", day(10, 2), None, day(10, 2), day(29, 9), None, None],  # ended the day before: no
    ["0015", "LW", day(1, 9), None, day(1, 10), None, None, None],  # begins the day after: no
    ["0016", "LW", "3 apr 2021", None, "03-04-2021", None, None, None],  # completed in the second file
    ["0021", "HV", "2023-01-15", None, "15-1-2023", None, None, None],  # member
    ["0012", "HV", day(1, 4), None, day(1, 4), None, None, None],  # member of a second room
    ["0022", "HV", day(1, 5), None, None, day(31, 12), None, None],  # an empty begin is never valid
    [None, "LW", day(1, 5), None, day(1, 5), None, None, None],  # rejected: no registration number
]

SLEUTELBEHEER_A = [
    ["kamer", "vrijwilliger", "vanaf", "tot", "telefoon"],
    ["LW", "V01", day(1, 1, 2022), None, "06-00000000"],  # valid
    ["LW", "V02", day(30, 9), None, None],  # begins on the reference day: valid
    ["LW", "V03", day(1, 3), day(30, 9), None],  # ends on it: valid
    ["LW", "V04", day(1, 3), day(29, 9), None],  # ended the day before: no
    ["LW", "V05", day(1, 10), None, None],  # begins the day after: no
    ["LW", "V06", day(1, 2), None, None],  # completed in the second file: that one wins
    ["HV", "V01", day(1, 5), None, None],  # one person, keys of two rooms
    ["HV", "V07", day(2, 1), None, None],  # valid
    ["LW", "V08", None, None, None],  # rejected: no begin
]

VRIJWILLIGERSUREN = [
    ["datum", "kamer", "vrijwilliger", "groep", "uren"],
    [day(10, 1), "LW", "V01", "Tuin", "3:30"],  # 3.5
    [day(11, 1), "LW", "V01", "tuin", 2],  # the same group
    [day(12, 1), "LW", "V02", "Keuken", "2,5"],  # 2.5
    [day(13, 1), "LW", "V03", "Kookgroep", 0],  # no hours: not active, no active group
    [day(14, 1), "LW", "V04", "Keuken", time(1, 30)],  # 1.5 as a time cell
    [day(30, 9), "LW", "V08", "keuken", 4],  # the last day of the window
    [day(1, 10), "LW", "V09", "Naaien", 5],  # after the window
    [day(15, 2), "LW", "V05", "Tuin", -2],  # rejected: negative hours
    [day(16, 2), "LW", "V05", "Tuin", "#N/A"],  # rejected: an error cell
    [day(10, 2), "HV", "V01", "TUIN", 4],  # the group's name in the other room, other case
    [day(11, 2), "HV", "V07", "Café", 6],
    [day(12, 2), "HV", "V07", "cafe", 2],  # without the accent: the same group
    [day(31, 12, 2022), "HV", "V07", "cafe", 8],  # outside the year
    [day(11, 2), "Haventje", "V07", "CAFÉ ", "6,00"],  # equal to 11 February after normalising: two are two
    ["Totaal", None, None, None, 36.5],  # a Totaal line: not read
]

KLUSSEN = [
    ["datum", "kamer", "klus", "soort", "afgerond"],
    [day(5, 1), "LW", "K1", "kraan", "nee"],  # first not done: the later row wins
    [day(12, 1), "LW", "K1", "kraan", "ja"],
    [day(6, 1), "LW", "K2", "lamp", "x"],  # x is ja
    [day(6, 1), "LW", "K3", "lamp", "nee"],  # not done
    [],  # an empty row is not read
    [day(7, 1), "HV", "K1", "verhuizen", "j"],  # the same number in another room: another job
    [day(1, 10), "HV", "K4", "lamp", "ja"],  # after the window
    [day(28, 12, 2022), "LW", "K0", "lamp", "ja"],  # outside the year
    [day(8, 1), "LW", None, "lamp", "ja"],  # rejected: no klus
]

DOORVERWIJZINGEN = [
    ["datum", "kamer", "deelnemer", "richting", "instantie", "doelgroep", "status"],
    [day(10, 1), "LW", "0012", "van", "Werkloket", "uitkering", "aangemeld"],
    [day(10, 3), "LW", "0012", "van", "Werkloket", "uitkering", "doet mee"],  # the same person, later
    [day(11, 1), "LW", "0013", "van", "Werkloket", "beperkte loonwaarde", "doet mee"],
    [day(12, 1), "LW", "0014", "van", "werkloket ", "uitkering", "gestopt"],  # O5: denominator only
    [day(13, 1), "LW", "0015", "naar", "Wijkteam", "uitkering", "doet mee"],  # naar: not O5
    [day(14, 1), "LW", "0016", "van", "Gemeente", "nieuwe bewoner", "doet mee"],  # O7
    [day(14, 1), "LW", "0017", "naar", "Gemeente", "nieuwe bewoner", "aangemeld"],  # O7: denominator only
    [day(2, 10), "LW", "0018", "van", "Werkloket", "uitkering", "doet mee"],  # after the window
    [day(10, 2), "HV", "0021", "van", "Werkloket", "Beperkte Loonwaarde", "Doet mee"],  # case
    [day(11, 2), "HV", "0012", "van", "Werkloket", "uitkering", "doet mee"],  # a person in two rooms
    [day(12, 2), "HV", "0022", "naar", "Huisarts", None, "aangemeld"],  # empty doelgroep: O9 only
    [day(12, 2), "HV", "0023", "van", "Werkloket", "uitkering", "aangemeld"],
    [day(13, 2), "Zonnehoek", "0024", "van", "Werkloket", "uitkering", "doet mee"],  # rejected: unknown room
    ["31-02-2023", "HV", "0025", "van", "Werkloket", "uitkering", "doet mee"],  # rejected: impossible date
    [day(11, 1), "Luwte", "0013", "van", "WERKLOKET", "beperkte loonwaarde", "doet mee"],  # equal in one sheet: two
]

PLEKKEN = [
    ["kamer", "deelnemer", "soort", "begin", "eind"],  # no row at all for HV: leeg_is_nul
    ["LW", "0012", "participatie", day(1, 6, 2022), day(1, 1)],  # ends on the window's first day: counts
    ["LW", "0013", "leerwerk", day(1, 6, 2022), day(31, 12, 2022)],  # ended the day before: no
    ["LW", "0014", "stage", day(30, 9), None],  # begins on the last day: counts
    ["LW", "0015", "dagbesteding", day(1, 10), None],  # begins the day after: no
    ["LW", "0012", "stage", day(1, 5), None],  # a second placement of one person: counts once
    ["LW", "0016", "proefplaatsing", day(1, 3), day(31, 3)],  # unknown word: warning, the row stays
]

UITSTROOM = [
    ["datum", "kamer", "deelnemer", "soort", "MEDE-DANKZIJ"],  # no row at all for HV: leeg_is_nul
    [day(1, 4), "LW", "0013", "betaald werk", "ja"],  # counts
    [day(1, 5), "LW", "0013", "betaald werk", "ja"],  # the same person: once
    [day(2, 5), "LW", "0014", "betaald werk", "nee"],
    [day(3, 5), "LW", "0015", "opleiding", "ja"],
    [day(1, 10), "LW", "0016", "betaald werk", "x"],  # after the window
    [day(11, 11, 2022), "LW", "0017", "betaald werk", "ja"],  # outside the year
    [day(4, 5), "LW", "0012", "betaald werk", None],  # rejected: mede_dankzij empty
]

INTERVIEWS = [
    ["datum", "kamer", "deelnemer", "thema", "uitkomst", "verslag"],
    [day(10, 2), "LW", "0012", "uitkering en zorg", "gelijk", "Verzonnen verslag"],  # overtaken
    [day(10, 8), "LW", "0012", "uitkering en zorg", "minder", None],  # the later row decides
    [day(11, 2), "LW", "0013", "uitkering en zorg", "minder", None],  # stays the latest within the filter
    [day(11, 8), "LW", "0013", "uitkering en zorg", "onbekend", None],  # not in the filter
    [day(5, 3), "LW", "0014", "uitkering en zorg", "gelijk", None],
    [day(5, 10), "LW", "0014", "uitkering en zorg", "minder", None],  # after the window
    [day(6, 3), "HV", "0021", "uitkering en zorg", "onbekend", None],  # HV: no denominator
    [day(12, 4), "LW", "0012", "huisuitzetting en huurschuld", "minder", None],
    [day(12, 4), "LW", "0015", "huisuitzetting en huurschuld", "minder", None],
    [day(13, 4), "LW", "0016", "huisuitzetting en huurschuld", "meer", None],
    [day(14, 4), "HV", "0021", "huisuitzetting en huurschuld", "gelijk", None],
    [day(20, 5), "LW", "0017", "overlast en vandalisme", "meer", None],  # counts in LW
    [day(20, 6), "HV", "0017", "overlast en vandalisme", "minder", None],  # counts in HV too, and once more in Totaal
    [day(21, 5), "HV", "0022", "overlast en vandalisme", "gelijk", None],
    [day(22, 5), "Zonnehoek", "0024", "overlast en vandalisme", "minder", None],  # rejected: unknown room
    [day(13, 4), "LW", "0016", "Huisuitzetting en huurschuld", "meer", None],  # equal in one sheet: two, one person
    [day(1, 6), "HV", "0012", "huisuitzetting en huurschuld", "meer", None],  # later than LW: decides Totaal
]

ENQUETE_LONG = [
    ["datum", "kamer", "respondent", "vraag", "antwoord"],
    [day(1, 3), "LW", "R101", "vertrouwen", 2],  # overtaken
    [day(1, 6), "LW", "R101", "vertrouwen", "4"],  # the latest in the window
    [day(15, 10), "LW", "R101", "vertrouwen", 1],  # after the window
    [day(2, 5), "LW", "R102", "overleg", "7"],
    [day(2, 5), "LW", "R103", "overleg", "7,4"],
    [day(2, 5), "HV", "R104", "overleg", 9],  # overtaken: same day, the lower row counts
    [day(2, 5), "HV", "R104", "overleg", 6],
    [day(3, 5), "HV", "R105", "prettig wonen", "mee eens"],  # 4
    [day(3, 5), "Zonnehoek", "R106", "prettig wonen", 5],  # rejected: unknown room
    ["02-05-2023", "LW", "R102", "overleg", 7],  # equal in one sheet (7 is 7): two rows, one answer
    [day(3, 5), "HV", "R105", "vertrouwen", "weet niet"],  # accepted, no answer
    [day(4, 5), None, "R105", "prettig wonen", "oneens"],  # later, and without a room: in Totaal once more
]

GROOTBOEK_A = [
    ["datum", "boekstuk", "rekening", "omschrijving", "kostenplaats", "debet", "credit"],
    # B001: A1 of LW, 4000; the bank line needs no room
    [day(31, 1), "B001", "4000", "Loon januari", "LW", 4000, None],
    [day(31, 1), "B001", "1000", "Loon januari", None, None, 4000],
    # B002: B1 of LW, 2000; Dutch number texts, account with its name
    [day(28, 2), "B002", "4100 - Werkplek", "Loon werkplek", "De Luwte", "2.000,00", None],
    [day(28, 2), "B002", "1000 - Bank", "Loon werkplek", None, None, "€ 2.000"],
    # B003: three lines; C1 of LW 1500, A3 of LW 500.50; a balance-sheet line that does have a room
    [day(15, 3), "B003", 4300, "Huur kwartaal", "LW", "1.500", 0],
    [day(15, 3), "B003", 4020, "Administratie", "LW", "500,50", 0],
    [day(15, 3), "B003", 1600, "Factuur", "LW", 0, 2000.5],
    # B004: income of LW from Gemeente Plasdam, 9000
    [day(1, 2), "B004", "8000", "Bijdrage", "LW", None, 9000],
    [day(1, 2), "B004", "1000", "Bijdrage", None, 9000, None],
    # B005: rent paid back to LW, a negative debit: C1 of LW minus 100
    [day(3, 4), "B005", "4300", "Huur terug", "LW", "(100,00)", None],
    [day(3, 4), "B005", "1000", "Huur terug", None, None, "(100,00)"],
    # B006: A1 of HV, the same line twice in one sheet: two lines; it balances
    [day(28, 2), "B006", "4000", "Loon februari", "HV", 1500, None],
    [day(28, 2), "B006", "4000", "Loon februari", "HV", 1500, None],
    [day(28, 2), "B006", "1000", "Loon februari", None, None, 3000],
    # B007: B1 of HV 1200; the one boekstuk that does not balance (1 euro)
    [day(31, 3), "B007", "4100", "Loon werkplek", "HV", 1200, None],
    [day(31, 3), "B007", "1000", "Loon werkplek", None, None, 1199],
    # B008: account 4999 is not in rekeningen: niet toegewezen of HV, 250, in no total
    [day(30, 4), "B008", "4999", "Onbekende uitgave", "HV", 250, None],
    [day(30, 4), "B008", "1000", "Onbekende uitgave", None, None, 250],
    # B009: C1 without a room: 600, niet toegewezen, counts in Totaal
    [day(31, 5), "B009", "4300", "Huur opslag", None, 600, None],
    [day(31, 5), "B009", "1600", "Huur opslag", None, None, 600],
    # B010: income of HV from Wonen Overmeer, 2500
    [day(1, 6), "B010", "8010", "Bijdrage", "Haventje", None, 2500],
    [day(1, 6), "B010", "1000", "Bijdrage", None, 2500, None],
    # B011: income from Gemeente Plasdam without a room: 1000
    [day(2, 6), "B011", "8000", "Nabetaling", None, None, 1000],
    [day(2, 6), "B011", "1000", "Nabetaling", None, 1000, None],
    # B012: after the reference day; its unmapped line does not fail LW in Q3
    [day(1, 10), "B012", "4000", "Loon oktober", "LW", 5000, None],
    [day(1, 10), "B012", "4999", "Onbekende uitgave", "LW", 10, None],
    [day(1, 10), "B012", "1000", "Loon oktober", None, None, 5010],
    # B013: outside the year, a failed control of HV
    [day(31, 12, 2022), "B013", "4000", "Loon december", "HV", 100, None],
    [day(31, 12, 2022), "B013", "1000", "Loon december", None, None, 100],
    # B014: income of HV from Fonds Kompas, 500: 100 more than agreed
    [day(15, 6), "B014", "8030", "Bijdrage", "HV", None, 500],
    [day(15, 6), "B014", "1000", "Bijdrage", None, 500, None],
    # B015: income of LW from Leden en activiteiten, 200
    [day(1, 7), "B015", "8090", "Contributie", "LW", None, 200],
    [day(1, 7), "B015", "1000", "Contributie", None, 200, None],
    # B016: paid back to members of HV, 50: a part below nought, so HV has no realised shares
    [day(2, 7), "B016", "8090", "Contributie terug", "HV", 50, None],
    [day(2, 7), "B016", "1000", "Contributie terug", None, None, 50],
]

# ------------------------------------------- exports, the overlapping workbook

DEELNAMES_B = [
    ["datum", "kamer", "deelnemer", "categorie", "activiteit"],
    ["09-01-2023", "Luwte", "0012", "sociale ontmoeting", "koffie"],  # duplicate of the first file, by alias
    ["9-1-2023", "LW", "12", "sociale ontmoeting", "koffie"],  # duplicate: text 12 is the number cell 12
    ["2023-01-09", "LW", None, "sociale ontmoeting", "koffie"],  # duplicate: two anonymous stay, not three
    [day(19, 1), "HV", "0021", "sociale ontmoeting", "koffie"],  # duplicate
    ["3-4-2023", "LW", "0014", "sociale ontmoeting", "koffie"],  # 3 April, not 4 March
    ["3 apr 2023", "LW", "0015", "sociale ontmoeting", "koffie"],
    [day(4, 4), "Buurtkamer De Luwte", "0012", "computer", None],
    [day(5, 4), "HV", "0021", "computer", None],
    [day(5, 4), "'t Haventje", "0022", "computer", None],
    [day(6, 4), "HV", "0023", "taal", None],
    [day(7, 4), "LW", "0014", "schuldhulp", None],
    [day(7, 4), "LW", "0014", "werk", None],
    [day(30, 9), "HV", "0021", "werk", None],  # the last day of the window
    [day(7, 4), "HV", None, "taal", None],  # anonymous: a participation, no unique person
    [day(1, 10), "LW", "0016", "sociale ontmoeting", "koffie"],  # after the window
    [day(17, 1), "LW", "0013", "formulieren", None],  # duplicate of the first file
    [day(17, 1), "LW", "0013", "formulieren", None],  # a second one in this sheet: two stay
]

DEELNEMERS_B = [
    ["deelnemer", "kamer", "ingeschreven", "uitgeschreven", "lid_sinds", "lid_tot"],
    ["0016", "LW", day(3, 4, 2021), day(1, 6), day(3, 4, 2021), day(1, 6)],  # completed: this one wins
    ["0021", "HV", day(15, 1), None, day(15, 1), None],  # duplicate
]

SLEUTELBEHEER_B = [
    ["kamer", "vrijwilliger", "vanaf", "tot"],
    ["LW", "V06", day(1, 2), day(31, 8)],  # completed: no longer held on 30 September
    ["Het Haventje", "V07", "02-01-2023", None],  # duplicate
]

GROOTBOEK_B = [
    ["datum", "boekstuk", "rekening", "omschrijving", "kostenplaats", "debet", "credit"],
    [day(31, 1), "B001", "4000", "Loon januari", "LW", 4000, None],  # duplicate: delivered again
    [day(31, 1), "B001", "1000", "Loon januari", None, None, 4000],  # duplicate
]

# -------------------------------------------------------------- other workbooks

SAMENWERKING = [  # in a sheet called Blad1: recognised by its header
    ["datum", "kamer", "partner", "vorm"],
    [day(10, 1), "LW", "Stichting Vonk", "opschalen"],
    [day(11, 2), "LW", "stichting vonk ", "afschalen"],  # the same partner
    [day(12, 2), "LW", "Wijkteam", "overleg"],  # not op- or afschalen
    [day(13, 2), "LW", "Bibliotheek", "opschalen"],
    [day(10, 10), "HV", "Wijkteam", "opschalen"],  # HV has rows after the window only: geen gegevens
    [day(13, 2), "LW", "bibliotheek", "Opschalen"],  # equal in one sheet: two rows, one partner
]

FORM_HEADER = [
    "Id", "Begintijd", "Voltooiingstijd", "E-mail", "Naam", "Buurtwerkkamer",
    Q_VERTROUWEN, Q_WONEN + "\N{NO-BREAK SPACE}", Q_INZET, Q_OVERLEG,
]  # fmt: skip


def form_row(number: int, moment: datetime, room: str | None, *answers: object) -> list[object]:
    """A respondent as Microsoft Forms exports it; nobody's name or address is real."""
    return [number, moment.replace(minute=0), moment, "anonymous", "Verzonnen Persoon", room, *answers]


FORM_1 = [
    FORM_HEADER,
    form_row(1, datetime(2023, 3, 10, 14, 5), "De Luwte", "Mee eens", "Helemaal mee eens", 8, None),  # 4, 5, 8
    form_row(2, datetime(2023, 3, 11, 9, 30), "de luwte ", "Neutraal", "weet niet", "7,5", None),  # 3, none, 7.5
    form_row(3, datetime(2023, 4, 2, 10, 15), "Het Haventje", "Helemaal mee eens", "Mee oneens", 9, None),  # 5, 2, 9
    form_row(4, datetime(2023, 5, 5, 11, 20), "Haventje", "Eens", "Niet eens, niet oneens", 11, None),  # off the scale
    form_row(5, datetime(2023, 6, 1, 16, 45), None, None, None, None, 7),  # a partner without a room: Totaal alone
    form_row(6, datetime(2023, 9, 30, 20, 10), "LW", "helemaal mee oneens", "eens", 8.5, None),  # last day: 1, 4, 8.5
    form_row(7, datetime(2023, 10, 1, 8, 10), "LW", "Eens", "Eens", 10, 10),  # after the window
    form_row(8, datetime(2022, 12, 31, 12, 10), "HV", "Eens", "Eens", 10, 10),  # outside the year
]
FORM_2 = [
    FORM_HEADER,
    form_row(3, datetime(2023, 4, 2, 10, 15), "Het Haventje", "Helemaal mee eens", "Mee oneens", 9, None),  # duplicate
    form_row(1, datetime(2023, 7, 1, 13, 40), "HV", "Oneens", "Eens", "8", None),  # another form: someone else
]

WORKBOOKS: dict[str, dict[str, list[Any]]] = {
    "afspraak_2023.xlsx": {
        "kamers": KAMERS,
        "indicatoren": INDICATOREN,
        "streefwaarden": STREEFWAARDEN,
        "begroting": BEGROTING,
        "financiering": FINANCIERING,
        "oormerken": OORMERKEN,
        "vrijwilligersinzet": VRIJWILLIGERSINZET,
        "kengetallen": KENGETALLEN,
        "gedrukte_totalen": GEDRUKTE_TOTALEN,
        "vragen": VRAGEN,
        "rekeningen": REKENINGEN,
        "instellingen": INSTELLINGEN,
    },
    "registraties_a.xlsx": {
        "deelnames": DEELNAMES_A,
        "deelnemers": DEELNEMERS_A,
        "sleutelbeheer": SLEUTELBEHEER_A,
        "vrijwilligersuren": VRIJWILLIGERSUREN,
        "klussen": KLUSSEN,
        "doorverwijzingen": DOORVERWIJZINGEN,
        "plekken": PLEKKEN,
        "uitstroom": UITSTROOM,
        "interviews": INTERVIEWS,
        "enquete": ENQUETE_LONG,
        "grootboek": GROOTBOEK_A,
    },
    "registraties_b_overlap.xlsx": {
        "deelnames": DEELNAMES_B,
        "deelnemers": DEELNEMERS_B,
        "sleutelbeheer": SLEUTELBEHEER_B,
        "grootboek": GROOTBOEK_B,
    },
    "samenwerking.xlsx": {"Blad1": SAMENWERKING},
    "formulier_1.xlsx": {"Sheet1": FORM_1},
    "formulier_2.xlsx": {"Sheet1": FORM_2},
}


def workbook_bytes(sheets: dict[str, list[Any]]) -> bytes:
    """The workbook as .xlsx, without the clock in it."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row_number, row in enumerate(rows, start=1):
            for column_number, value in enumerate(row, start=1):
                if value is None:
                    continue
                cell = sheet.cell(row_number, column_number, value)
                if isinstance(value, Percentage):
                    cell.value, cell.number_format = float(value), "0%"
    written = io.BytesIO()
    book.save(written)
    fixed = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", b"2023-10-03T00:00:00Z", content)
            part = zipfile.ZipInfo(name, (2023, 10, 3, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, content)
    return fixed.getvalue()


def build(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, sheets in WORKBOOKS.items():
        (folder / name).write_bytes(workbook_bytes(sheets))


if __name__ == "__main__":
    build(HERE / "dataset")
