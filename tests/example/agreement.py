"""The agreement of 2021 in the sheets of an agreement workbook: what the rooms and their funders agreed.

The lines are as agreed; the printed totals are as printed, those that do not add up included.
"""

from typing import Any

Cell = Any  # what a cell of a workbook holds: text, a number, a day, a time, or nothing

YEAR = 2021
ROOMS = ("CJM", "MB", "DH")
ROOM_NAMES = {"CJM": "Casa Jepie Makandra", "MB": "MultiBron", "DH": "De Handreiking"}
ROOM_ALIASES = {
    "CJM": ("Casa Jepie", "Casa"),
    "MB": ("Multi-Bron", "Multi Bron"),
    "DH": ("De Hand-reiking", "Handreiking"),
}
NEIGHBOURHOODS = {"CJM": "Holendrecht", "MB": "Venserpolder", "DH": "H-buurt"}

# code, level, indicator, measured by, table, measure, field, filter, numerator, time base, definition for the board
INDICATORS = (
    ("I1", "impact", "Vertrouwen in eigen kunnen", "Enquête", "enquete", "aandeel", "respondent",
     "vraag = vertrouwen", "antwoord >= 4", "datum",
     "Het deel van de ondervraagden dat zegt door de kamer meer op zichzelf te vertrouwen."),
    ("I2", "impact", "Prettiger leven en wonen in de buurt", "Enquête", "enquete", "aandeel", "respondent",
     "vraag = prettig wonen", "antwoord >= 4", "datum",
     "Het deel van de ondervraagden dat dankzij de kamer prettiger woont."),
    ("I3", "impact", "Minder uitkeringen en zorg", "Interviews", "interviews", "aandeel", "deelnemer",
     "thema = uitkering en zorg; uitkomst != onbekend", "uitkomst = minder", "datum",
     "Het deel van de geïnterviewden dat minder uitkering of zorg nodig heeft dan eerst."),
    ("I4", "impact", "Minder huisuitzetting en huurschuld", "Interviews", "interviews", "uniek", "deelnemer",
     "thema = huisuitzetting en huurschuld; uitkomst != onbekend", "uitkomst = minder", "datum",
     "Hoeveel geïnterviewden minder huurschuld of minder kans op uitzetting hebben dan eerst."),
    ("I5", "impact", "Minder overlast en vandalisme", "Interviews", "interviews", "aandeel", "deelnemer",
     "thema = overlast en vandalisme; uitkomst != onbekend", "uitkomst = minder", "datum",
     "Het deel van de geïnterviewden dat minder overlast en vernieling om zich heen ziet."),
    ("O1", "output", "Sleutelbeheerders", "Aantal", "sleutelbeheer", "uniek", "vrijwilliger", "", "", "peildatum",
     "Hoeveel vrijwilligers op de peildatum een sleutel van de kamer hebben."),
    ("O2", "output", "Actieve vrijwilligers (gem. 250 uren/jaar)", "Aantal", "vrijwilligersuren", "uniek",
     "vrijwilliger", "uren > 0", "", "datum", "Hoeveel verschillende mensen als vrijwilliger uren hebben gemaakt."),
    ("O3", "output", "Actieve vrijwilligersgroepen", "Aantal", "vrijwilligersuren", "uniek", "groep", "uren > 0", "",
     "datum", "Hoeveel verschillende groepen vrijwilligers uren hebben gemaakt."),
    ("O4", "output", "Leden bewonersvereniging", "Aantal", "deelnemers", "uniek", "deelnemer", "", "",
     "peildatum (lid_sinds, lid_tot)", "Hoeveel mensen op de peildatum lid zijn van de bewonersvereniging."),
    ("O5", "output", "Doorverwezen bewoners (uitkering / beperkte loonwaarde) doen mee", "Aantal op aangemeld",
     "doorverwijzingen", "uniek", "deelnemer", "richting = van; doelgroep = uitkering | beperkte loonwaarde",
     "status = doet mee", "datum",
     "Hoeveel mensen met een uitkering of beperkte loonwaarde meedoen, van wie een instantie aanmeldde."),
    ("O6", "output", "Actief op participatie-, leerwerk- of stageplek", "Aantal", "plekken", "uniek", "deelnemer", "",
     "", "looptijd", "Hoeveel mensen sinds 1 januari een werk-, leer- of stageplek in de kamer hebben gehad."),
    ("O7", "output", "Nieuwe bewoners doen mee", "Aantal op aangemeld", "doorverwijzingen", "uniek", "deelnemer",
     "doelgroep = nieuwe bewoner", "status = doet mee", "datum",
     "Hoeveel aangemelde nieuwkomers in de wijk inmiddels meedoen."),
    ("O8", "output", "Deelnemers vinden betaald werk", "Aantal", "uitstroom", "uniek", "deelnemer",
     "soort = betaald werk; mede_dankzij = ja", "", "datum",
     "Hoeveel deelnemers mede door de kamer een betaalde baan kregen."),
    ("O9", "output", "Doorverwijzen van en naar instanties", "Aantal deelnemers", "doorverwijzingen", "uniek",
     "deelnemer", "", "", "datum", "Hoeveel mensen een instantie naar de kamer stuurde of andersom."),
    ("O10", "output", "Op- en afschalen met partners", "Aantal partners", "samenwerking", "uniek", "partner",
     "vorm = opschalen | afschalen", "", "datum",
     "Met hoeveel partners de kamer iemand aan zwaardere of juist lichtere hulp hielp."),
    ("P1", "proces", "Sociale ontmoeting", "Uniek #", "deelnames", "uniek", "deelnemer",
     "categorie = sociale ontmoeting", "", "datum", "Hoeveel verschillende mensen voor ontmoeting binnenkwamen."),
    ("P2", "proces", "Klussen", "Klussen #", "klussen", "aantal", "", "afgerond = ja", "", "datum",
     "Hoeveel klussen klaar zijn."),
    ("P3", "proces", "Computervaardigheid", "Uniek #", "deelnames", "uniek", "deelnemer", "categorie = computer", "",
     "datum", "Hoeveel verschillende mensen hulp of les kregen met de computer."),
    ("P4", "proces", "Taal (Nederlands)", "Uniek #", "deelnames", "uniek", "deelnemer", "categorie = taal", "",
     "datum", "Hoeveel verschillende mensen Nederlands oefenden."),
    ("P5", "proces", "Formulieren", "Uniek #", "deelnames", "uniek", "deelnemer", "categorie = formulieren", "",
     "datum", "Hoeveel verschillende mensen hulp kregen met brieven en formulieren."),
    ("P6", "proces", "Schuldhulptoeleiding en budgetadvies", "Uniek #", "deelnames", "uniek", "deelnemer",
     "categorie = schuldhulp", "", "datum", "Hoeveel verschillende mensen hulp kregen bij schulden of hun budget."),
    ("P7", "proces", "Toeleiding naar werk, stage, opleiding", "Uniek #", "deelnames", "uniek", "deelnemer",
     "categorie = werk", "", "datum", "Hoeveel verschillende mensen hulp kregen op weg naar werk of opleiding."),
    ("P8", "proces", "Unieke deelnemers aan activiteit of dienst", "Uniek #", "deelnames", "uniek", "deelnemer", "",
     "", "datum", "Hoeveel verschillende mensen ergens aan meededen; wie vaker komt, telt één keer. Het verloop over het jaar is voor "
     "dit voorbeeld verzonnen."),
    ("N1", "input", "Geen tekort in de financiering", "Begroting", "", "verdict", "saldo", "", "", "",
     "Of de toegezegde financiering de begroting dekt."),
    ("N2", "input", "Verantwoorde besteding", "Controle", "", "verdict", "controles", "", "", "",
     "Of alle controles op de boekhouding kloppen."),
    ("N3", "input", "Inzet medewerkers en vrijwilligers", "Enquête", "enquete", "gemiddelde", "antwoord",
     "vraag = inzet", "", "datum", "Het gemiddelde cijfer dat bezoekers de medewerkers en vrijwilligers geven."),
    ("N4", "input", "Overleg met partners en financiers", "Enquête", "enquete", "gemiddelde", "antwoord",
     "vraag = overleg", "", "datum", "Het gemiddelde cijfer dat partners en financiers het overleg geven."),
)  # fmt: skip
SENSITIVE = {"I3", "I4", "I5", "P6"}
EMPTY_IS_ZERO = {"O6", "O8"}
PER_ROOM = {"O3"}  # a group belongs to its room
COURSES = {"P8": "30 55 75 100"}  # made up: the agreement says nothing of it

# As written; one text or number for all rooms, or one for each.
TARGETS: dict[str, Cell] = {
    "I1": "> 50%", "I2": "> 70%", "I3": "> 2%", "I4": "> 5", "I5": "> 2%",
    "O1": "> 15", "O2": ("> 40", "> 30", "> 30"), "O3": "> 10", "O4": "> 100", "O5": "> 10 op 20",
    "O6": "> 3", "O7": "> 20 op 40", "O8": "> 5", "O9": "> 40", "O10": "> 20",
    "P1": 350, "P2": 150, "P3": 50, "P4": 50, "P5": 250, "P6": (70, 50, 40), "P7": 15, "P8": (500, 500, 400),
    "N1": "Positief", "N2": "Positief", "N3": "> 8", "N4": "> 8",
}  # fmt: skip

GROUPS = {
    "A": "Mensen", "B": "Mensen, social return", "C": "Huisvesting", "D": "Locatie", "E": "Vereniging",
}  # fmt: skip
BUDGET = (  # post, group, what, euros per room
    ("A1", "A", "teamcoördinator", 35460, 34500, 35460),
    ("A2", "A", "coach", 11712, 11712, 11712),
    ("A3", "A", "makelen, werkgever, administratie", 7320, 7320, 7320),
    ("B1", "B", "perspectiefbanen (assistent teamcoördinator)", 29220, 58428, 29220),
    ("B2", "B", "ervaringsdeskundige schuldhulpcoach", 12324, 12324, 12324),
    ("B3", "B", "vrijwilligers en leerwerkplekken", 6000, 6000, 6000),
    ("C1", "C", "huur", 8700, 12540, 9000),
    ("C2", "C", "gas, water, elektra, internet, heffingen", 4800, 4800, 4800),
    ("C3", "C", "inventaris en verbouwing", 1020, 1020, 1020),
    ("D1", "D", "handgeld", 3000, 3000, 3000),
    ("D2", "D", "automatisering", 1452, 1452, 1452),
    ("D3", "D", "communicatie", 1020, 1020, 1020),
    ("D4", "D", "training", 1500, 1500, 1500),
    ("E1", "E", "organisatiekosten", 1020, 1020, 1020),
    ("E2", "E", "bank, belasting, verzekering, accountant", 1020, 1020, 1020),
)
FUNDERS = (  # funder, kind, euros per room
    ("Amsterdam Zuidoost Sociale Basis", "gemeente", 62500, 77701, 51500),
    ("Uitkering ziektewet", "uitkering", 0, 21500, 0),
    ("Amsterdam Werk en Re-integratie (LKS)", "gemeente", 11500, 9600, 15500),
    ("Eigen Haard", "woningcorporatie", 17500, 12500, 5000),
    ("Rochdale", "woningcorporatie", 0, 5000, 10000),
    ("Ymere", "woningcorporatie", 0, 7500, 22500),
    ("Stadgenoot", "woningcorporatie", 12500, 2500, 0),
    ("Stichting DOEN", "fonds", 5000, 5000, 5000),
    ("Nationale Nederlanden", "zorgverzekeraar", 16000, 16000, 16000),
    ("Sponsors en bedrijven Social Return", "sponsor", 0, 0, 2500),
    ("Leden en activiteiten", "eigen inkomsten", 500, 500, 500),
)
NOT_REPORTED = {"Uitkering ziektewet", "Leden en activiteiten"}  # nobody reads a report for these
EARMARKS: tuple[tuple[Cell, ...], ...] = (  # funder, room (empty: all its rooms), euros, what for, post, indicator
    *(("Nationale Nederlanden", room, 16000, "onder andere de schuldhulpcoaches", "B2", "P6") for room in ROOMS),
    ("Ymere", "", 5000, "huurders van de kleine K-buurt betrekken", "", ""),
    ("Amsterdam Werk en Re-integratie (LKS)", "CJM", 11500, "loonkosten", "B1", ""),
    ("Amsterdam Werk en Re-integratie (LKS)", "MB", 9600, "loonkosten", "B1", ""),
    ("Amsterdam Werk en Re-integratie (LKS)", "DH", 15500, "loonkosten", "B1", ""),
    ("Uitkering ziektewet", "MB", 21500, "loonkosten", "B1", ""),
)
VOLUNTEERS = (("CJM", 10500, 128500), ("MB", 8000, 101000), ("DH", 8000, 101000))  # hours, and put into euros
RATIOS = (
    ("SROI", "B", "A+B+C+D+E", "Het deel van de kosten dat gaat naar mensen met een social return."),
    ("Mensen", "A+B", "A+B+C+D+E", "Het deel van de kosten dat gaat naar de inzet van mensen."),
    ("Overhead", "A3+E", "A+B+C+D+E", "Het deel van de kosten dat niet direct naar het werk in de kamers gaat."),
)

PRINTED_BY_ROOM = (  # table, line, the rooms, Totaal: as printed, right or wrong
    ("begroting", "A", 54492, 52532, 54492, 162516),
    ("begroting", "B", 47544, 76752, 47544, 171840),
    ("begroting", "A+B", 102036, 130284, 102036, 334356),
    ("begroting", "C", 14520, 18360, 14820, 47700),
    ("begroting", "D", 6972, 6972, 6972, 20916),
    ("begroting", "E", 2040, 2040, 2040, 6120),
    ("begroting", "Totaal", 125568, 157656, 125868, 409092),
    ("kengetallen", "SROI", "38%", "49%", "38%", "42%"),
    ("kengetallen", "Mensen", "81%", "83%", "81%", "82%"),
    ("kengetallen", "Overhead", "7%", "6%", "7%", "7%"),
    ("financiering", "woningcorporatie", 30000, 27500, 37500, 95000),
    ("financiering", "Totaal", 125500, 157801, 126000, 409301),
    ("financiering", "Totaal / populair", "49%", "61%", "56%", "55%"),
    ("vrijwilligersinzet", "uren", 10500, 8000, 8000, 26500),
    ("vrijwilligersinzet", "euro", 128500, 101000, 101000, 330500),
)
PRINTED_ROW_TOTALS = {
    "begroting": {
        "A1": 105420, "A2": 35136, "A3": 21960, "B1": 116868, "B2": 36972, "B3": 18000, "C1": 30240, "C2": 14400,
        "C3": 3060, "D1": 9000, "D2": 4356, "D3": 3060, "D4": 4500, "E1": 3060, "E2": 3060,
    },
    "financiering": {
        "Amsterdam Zuidoost Sociale Basis": 191701, "Uitkering ziektewet": 21500,
        "Amsterdam Werk en Re-integratie (LKS)": 36600, "Eigen Haard": 35000, "Rochdale": 15000, "Ymere": 30000,
        "Stadgenoot": 15000, "Stichting DOEN": 15000, "Nationale Nederlanden": 48000,
        "Sponsors en bedrijven Social Return": 2500, "Leden en activiteiten": 1500,
    },
}  # fmt: skip

QUESTIONS = (
    ("vertrouwen", "Door de buurtwerkkamer vertrouw ik meer op wat ik zelf kan.", "eens5", "deelnemers"),
    ("prettig wonen", "Dankzij de buurtwerkkamer woon ik prettiger in mijn buurt.", "eens5", "deelnemers"),
    ("inzet", "Welk cijfer geeft u de inzet van de medewerkers en vrijwilligers? (1 tot en met 10)", "cijfer10",
     "deelnemers"),
    ("overleg", "Welk cijfer geeft u het overleg met de buurtwerkkamer? (1 tot en met 10)", "cijfer10",
     "partners en financiers"),
)  # fmt: skip

CASH, BANK, CREDITORS, WAGES_PAYABLE = "1000", "1100", "1600", "1700"
ACCOUNTS = (  # account, name, post, funder; a balance-sheet account has neither
    (CASH, "Kas", "", ""),
    (BANK, "Bank", "", ""),
    ("1300", "Nog te ontvangen bijdragen", "", ""),
    (CREDITORS, "Crediteuren", "", ""),
    (WAGES_PAYABLE, "Te betalen lonen", "", ""),
    ("4000", "Teamcoördinator", "A1", ""),
    ("4010", "Coach", "A2", ""),
    ("4020", "Makelen en administratie", "A3", ""),
    ("4100", "Perspectiefbanen", "B1", ""),
    ("4110", "Schuldhulpcoach", "B2", ""),
    ("4120", "Vergoedingen vrijwilligers en leerwerkplekken", "B3", ""),
    ("4200", "Huur", "C1", ""),
    ("4210", "Gas, water en elektra", "C2", ""),
    ("4211", "Internet en telefoon", "C2", ""),
    ("4212", "Heffingen", "C2", ""),
    ("4220", "Inventaris", "C3", ""),
    ("4300", "Handgeld", "D1", ""),
    ("4310", "Automatisering", "D2", ""),
    ("4320", "Drukwerk en website", "D3", ""),
    ("4330", "Training", "D4", ""),
    ("4400", "Organisatiekosten", "E1", ""),
    ("4410", "Bankkosten", "E2", ""),
    ("4411", "Verzekeringen", "E2", ""),
    ("4412", "Accountant", "E2", ""),
    *((str(8000 + 10 * number), name, "", name) for number, (name, *_) in enumerate(FUNDERS)),
)
SETTINGS: tuple[tuple[str, Cell], ...] = (
    ("organisatie", "BuurtWerkKamer Coöperatie"),
    ("jaar", YEAR),
    ("fictief", "ja"),
    ("drempel", 5),
    ("nabij", "90%"),
    ("uren_per_vrijwilliger", 250),
    ("kosten_per", "P8"),
    ("betaalde_mensen", "A+B"),
)


def agreement_sheets() -> dict[str, list[list[Cell]]]:
    """Give the sheets of the agreement workbook by name; the first row of each is its header."""
    return {
        "kamers": [["kamer", "naam", "buurt", "aliassen"], *map(_room_row, ROOMS)],
        "indicatoren": [
            ["code", "niveau", "indicator", "meetwijze", "tabel", "maat", "veld", "filter", "teller", "tijd",
             "gevoelig", "leeg_is_nul", "verloop", "totaal", "corporatie", "toelichting"],
            *([*row[:10], _yes_no(row[0] in SENSITIVE), _yes_no(row[0] in EMPTY_IS_ZERO), COURSES.get(row[0], ""),
               "per kamer" if row[0] in PER_ROOM else "", "", row[10]]
              for row in INDICATORS),
        ],
        "streefwaarden": [["code", "kamer", "streefwaarde"], *_target_rows()],
        "begroting": [
            ["post", "groep", "groepsnaam", "omschrijving", *ROOMS],
            *([post, group, GROUPS[group], *rest] for post, group, *rest in BUDGET),
        ],
        "financiering": [
            ["financier", "soort", *ROOMS, "kenmerk", "rapport"],
            *([name, *rest, "", "nee" if name in NOT_REPORTED else ""] for name, *rest in FUNDERS),
        ],
        "oormerken": [
            ["financier", "kamer", "bedrag", "waarvoor", "post", "indicator"], *map(list, EARMARKS),
        ],
        "vrijwilligersinzet": [["kamer", "uren", "euro"], *map(list, VOLUNTEERS)],
        "kengetallen": [["kengetal", "teller", "noemer", "toelichting"], *map(list, RATIOS)],
        "gedrukte_totalen": [["tabel", "regel", "kamer", "bedrag"], *_printed_rows()],
        "vragen": [["vraag", "tekst", "schaal", "doelgroep"], *map(list, QUESTIONS)],
        "rekeningen": [["rekening", "naam", "post", "financier"], *map(list, ACCOUNTS)],
        "instellingen": [["sleutel", "waarde"], *map(list, SETTINGS)],
    }  # fmt: skip


def _room_row(room: str) -> list[Cell]:
    return [room, ROOM_NAMES[room], NEIGHBOURHOODS[room], "; ".join(ROOM_ALIASES[room])]


def _yes_no(value: bool) -> str:
    return "ja" if value else "nee"


def _target_rows() -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for code, target in TARGETS.items():
        by_room = target if isinstance(target, tuple) else (target,) * len(ROOMS)
        rows += [[code, room, value] for room, value in zip(ROOMS, by_room, strict=True)]
    return rows


def _printed_rows() -> list[list[Cell]]:
    rows: list[list[Cell]] = [
        [table, line, room, amount]
        for table, line, *amounts in PRINTED_BY_ROOM
        for room, amount in zip((*ROOMS, "Totaal"), amounts, strict=True)
    ]
    for table, totals in PRINTED_ROW_TOTALS.items():
        rows += [[table, line, "Totaal", amount] for line, amount in totals.items()]
    return rows
