import datetime as dt
from dataclasses import replace

import pytest
from handmade import write_zip

from bwk_analysis.door.apart import Reader
from bwk_analysis.door.auditfile import HEADER, read_auditfile
from bwk_analysis.door.cells import Limits
from bwk_analysis.problems import Refused

LIMITS = Limits()
LINES = """
<journal><jrnID>INK</jrnID><desc>Inkoop</desc><jrnTp>P</jrnTp>
 <transaction><nr>1</nr><desc>Huur</desc><periodNumber>1</periodNumber><trDt>2021-01-31</trDt>
  <trLine><nr>1</nr><accID>4000</accID><docRef>F1</docRef><effDate>2021-01-15</effDate><desc>Huur januari</desc>
   <amnt>1250.50</amnt><amntTp>D</amntTp><costID>KV</costID><projID>Fonds</projID>
   <vat><vatID>1</vatID><vatPerc>21</vatPerc><vatAmnt>99</vatAmnt><vatAmntTp>D</vatAmntTp></vat></trLine>
  <trLine><nr>2</nr><accID>1600</accID><docRef>F1</docRef><effDate>2021-01-15</effDate>
   <amnt>1250.50</amnt><amntTp>C</amntTp></trLine>
 </transaction>
</journal>
<journal><jrnID>BNK</jrnID>
 <transaction><nr>1</nr><trDt>2021-02-01</trDt>
  <trLine><nr>1</nr><accID>00100</accID><docRef/><effDate>2021-02-01</effDate>
   <amnt>-0.10</amnt><amntTp>D</amntTp></trLine>
  <trLine><nr>2</nr><accID>8000</accID><docRef/><effDate>2021-02-01</effDate>
   <amnt>-0.10</amnt><amntTp>C</amntTp></trLine>
 </transaction>
</journal>
"""
TOTALS = "<linesCount>4</linesCount><totalDebit>1250.40</totalDebit><totalCredit>1250.40</totalCredit>"
OPENING = """<openingBalance><opBalDate>2021-01-01</opBalDate><linesCount>1</linesCount><totalDebit>5.00</totalDebit>
<totalCredit>0.00</totalCredit><obLine><nr>1</nr><accID>1000</accID><amnt>5.00</amnt><amntTp>D</amntTp></obLine>
</openingBalance>"""
SUBLEDGERS = """<subledgers><subledger><sbType>CS</sbType><linesCount>9</linesCount><totalDebit>9</totalDebit>
<totalCredit>9</totalCredit><sbLine><nr>1</nr><amnt>9</amnt><amntTp>D</amntTp></sbLine></subledger></subledgers>"""


def audit_file(lines=LINES, totals=TOTALS, space="http://www.auditfiles.nl/XAF/3.2", start=""):
    return f"""<?xml version="1.0" encoding="UTF-8"?>{start}
<auditfile xmlns="{space}"><header><fiscalYear>2021</fiscalYear></header>
<company><companyName>x</companyName><customersSuppliers><customerSupplier><custSupID>1</custSupID>
<custSupName>Jansen</custSupName></customerSupplier></customersSuppliers>
<generalLedger><ledgerAccount><accID>4000</accID><accDesc>Huur</accDesc><leadCode>WBedHuiHur</leadCode></ledgerAccount></generalLedger>{OPENING}
<transactions>{totals}{lines}{SUBLEDGERS}</transactions></company></auditfile>"""


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "boekhouding.xaf"
    path.write_bytes(text.encode(encoding))
    return path


def refused(path, limits=LIMITS):
    with pytest.raises(Refused) as caught:
        read_auditfile(path, limits)
    assert caught.value.problem.file == "boekhouding.xaf"
    return caught.value.problem.problem


def test_each_transaction_line_is_a_row_and_the_opening_balance_and_subledgers_are_not(tmp_path):
    sheet = read_auditfile(write(tmp_path, audit_file()), LIMITS)
    january, february = dt.date(2021, 1, 31), dt.date(2021, 2, 1)
    assert (sheet.file, sheet.name) == ("boekhouding.xaf", "auditfile")
    assert sheet.rows == [
        HEADER,
        [january, "INK-1", "4000", "Huur januari", "KV", "Fonds", 1250.5, 0.0, "1", "WBedHuiHur"],
        [january, "INK-1", "1600", "Huur", None, None, 0.0, 1250.5, "2", None],
        [february, "BNK-1", "00100", None, None, None, -0.1, 0.0, "1", None],
        [february, "BNK-1", "8000", None, None, None, 0.0, -0.1, "2", None],
    ]
    assert sheet.problems == []


def test_it_reads_in_another_process(tmp_path):
    path = write(tmp_path, audit_file())
    with Reader(LIMITS) as reader:
        assert reader.run(read_auditfile, path, LIMITS, file=path.name) == read_auditfile(path, LIMITS)


@pytest.mark.parametrize(
    ("stated", "instead", "said"),
    [
        ("<linesCount>4<", "<linesCount>5<", "het aantal regels is volgens het bestand 5, en opgeteld uit de regels 4"),
        ("<totalDebit>1250.40<", "<totalDebit>1250.50<", "het totaal debet is volgens het bestand 1250.50"),
        ("<totalCredit>1250.40<", "<totalCredit>1250.41<", "het totaal credit is volgens het bestand 1250.41"),
    ],
)
def test_a_control_total_that_the_lines_do_not_add_up_to_is_an_error(stated, instead, said, tmp_path):
    [problem] = read_auditfile(write(tmp_path, audit_file(totals=TOTALS.replace(stated, instead))), LIMITS).problems
    assert said in problem.problem
    assert problem.severity == "error"


def test_a_line_cut_from_the_file_shows_in_every_control_total_it_was_in(tmp_path):
    start, end = LINES.index("<trLine>"), LINES.index("</trLine>") + len("</trLine>")
    problems = read_auditfile(write(tmp_path, audit_file(LINES[:start] + LINES[end:])), LIMITS).problems
    assert [problem.column for problem in problems] == ["linesCount", "totalDebit"]


def test_control_totals_that_are_missing_are_a_warning(tmp_path):
    problems = read_auditfile(write(tmp_path, audit_file(totals="")), LIMITS).problems
    assert {problem.severity for problem in problems} == {"warning"}
    assert len(problems) == 3


def test_totals_are_compared_to_the_cent_over_many_lines(tmp_path):
    line = "<trLine><accID>1</accID><effDate>2021-01-01</effDate><amnt>0.10</amnt><amntTp>{}</amntTp></trLine>"
    lines = f"<journal><transaction><nr>1</nr>{(line.format('D') + line.format('C')) * 1000}</transaction></journal>"
    totals = "<linesCount>2000</linesCount><totalDebit>100</totalDebit><totalCredit>100.00</totalCredit>"
    sheet = read_auditfile(write(tmp_path, audit_file(lines, totals)), LIMITS)
    assert len(sheet.rows) == 2001
    assert sheet.problems == []


OFFICIAL = "http://www.odb.belastingdienst.nl/Belastingdienst/BCPP/1.1/structures/XmlauditfileXAF_4.0"


def test_the_day_is_the_transactions_and_the_lines_own_where_that_is_missing(tmp_path):
    spaces = [f"http://www.auditfiles.nl/XAF/{version}" for version in ("3.1", "3.2", "3.2.1", "4.0")] + [OFFICIAL]
    without = LINES.replace("<trDt>2021-01-31</trDt>", "")
    for space in spaces:
        days = [
            read_auditfile(write(tmp_path, audit_file(lines, space=space)), LIMITS).rows[1][0]
            for lines in (LINES, without)
        ]
        assert days == [dt.date(2021, 1, 31), dt.date(2021, 1, 15)]


CLOSING = """<journal><jrnID>AFS</jrnID><jrnTp>{kind}</jrnTp><transaction><nr>9</nr><periodNumber>{period}</periodNumber>
<trDt>{day}</trDt><trLine><nr>1</nr><accID>4000</accID><amnt>1250.50</amnt><amntTp>C</amntTp></trLine>
<trLine><nr>2</nr><accID>0500</accID><amnt>1250.50</amnt><amntTp>D</amntTp></trLine></transaction></journal>"""
WITH_CLOSING = "<linesCount>6</linesCount><totalDebit>2500.90</totalDebit><totalCredit>2500.90</totalCredit>"


def test_a_closing_whose_transaction_has_no_day_has_that_of_its_lines(tmp_path):
    lines = LINES + CLOSING.format(kind="Z", period="12", day="").replace(
        "<amnt>", "<effDate>2021-12-31</effDate><amnt>"
    )
    assert len(read_auditfile(write(tmp_path, audit_file(lines, WITH_CLOSING)), LIMITS).rows) == 5


@pytest.mark.parametrize(
    ("kind", "period", "day", "read"),
    [
        ("Z", "12", "2021-12-31", 4),
        ("M", "13", "2021-12-31", 4),
        ("Z", "12", "2021-11-30", 6),  # the memorial of a package that calls all other journals Z
        ("M", "12", "2021-12-31", 6),
        ("M", "112", "2021-12-15", 6),  # a package that numbers its months from 101
    ],
)
def test_the_closing_of_the_year_is_left_out_with_a_note_and_counts_in_the_control_totals(
    kind, period, day, read, tmp_path
):
    lines = LINES + CLOSING.format(kind=kind, period=period, day=day)
    sheet = read_auditfile(write(tmp_path, audit_file(lines, WITH_CLOSING)), LIMITS)
    assert len(sheet.rows) - 1 == read
    assert [problem.severity for problem in sheet.problems] == ["note"] * (read == 4)


@pytest.mark.parametrize("space", [OFFICIAL, "http://www.auditfiles.nl/XAF/4.0", "http://www.auditfiles.nl/XAF/3.2"])
def test_cost_centres_and_projects_are_read_under_either_name_in_any_name_space(space, tmp_path):
    lines = LINES.replace("costID>", "cost>").replace("projID>", "project>")
    for written in (LINES, lines):
        sheet = read_auditfile(write(tmp_path, audit_file(written, space=space)), LIMITS)
        assert [cells[4:6] for cells in sheet.rows[1:3]] == [["KV", "Fonds"], [None, None]]
        assert sheet.problems == []


@pytest.mark.parametrize(
    ("text", "instead", "cell", "kept"),
    [
        ("<trDt>2021-01-31<", "<trDt>31-01-2021<", "A2", "31-01-2021"),
        ("<amnt>1250.50<", "<amnt>1,250<", "G2", "1,250"),
        ("<amnt>1250.50<", "<amnt>NaN<", "G2", "NaN"),
        ("<amntTp>D<", "<amntTp>X<", "G2", None),
    ],
)
def test_a_value_that_is_no_date_or_amount_is_a_problem_at_its_cell(text, instead, cell, kept, tmp_path):
    sheet = read_auditfile(write(tmp_path, audit_file(LINES.replace(text, instead, 1))), LIMITS)
    assert sheet.problems[0].cell == cell
    assert sheet.rows[1]["ABCDEFG".index(cell[0])] == kept


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<auditfile><header><auditfileVersion>CLAIR2.00.00</auditfileVersion></header></auditfile>", "oudere versie"),
        (audit_file().replace("company>", "bedrijf>"), "onbekende"),
        (audit_file(start='<!DOCTYPE x [<!ENTITY a "b">]>'), "DTD"),
        (audit_file()[:-40], "beschadigd"),
        (audit_file(LINES.replace("<amntTp>D</amntTp>", "<debAmnt>1</debAmnt>")), "geen rekening, bedrag of D/C"),
        ("<html><body>", "webpagina"),
    ],
)
def test_older_versions_and_broken_files_are_refused_with_a_message_of_their_own(text, said, tmp_path):
    assert said in refused(write(tmp_path, text))


def test_too_many_lines_are_refused(tmp_path):
    path = write(tmp_path, audit_file())
    assert "3 boekingsregels" in refused(path, replace(LIMITS, rows=3))
    assert read_auditfile(path, replace(LIMITS, rows=4)).problems == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_other_encodings_are_read(encoding, tmp_path):
    declared = {"utf-16": "UTF-16", "utf-8-sig": "UTF-8", "cp1252": "windows-1252"}[encoding]
    text = audit_file(LINES.replace("Huur januari", "Café")).replace('encoding="UTF-8"', f'encoding="{declared}"')
    sheet = read_auditfile(write(tmp_path, text, encoding), LIMITS)
    assert sheet.rows[1][3] == "Café"
    assert sheet.problems == []


def test_an_element_prefix_changes_nothing(tmp_path):
    plain = read_auditfile(write(tmp_path, audit_file()), LIMITS)
    text = (
        audit_file().replace("<?", "#").replace("</", "@").replace("<", "<a:").replace("@", "</a:").replace("#", "<?")
    )
    assert read_auditfile(write(tmp_path, text.replace("xmlns=", "xmlns:a=")), LIMITS) == plain


def test_a_file_with_master_data_alone_has_a_header_and_no_rows(tmp_path):
    totals = "<linesCount>0</linesCount><totalDebit>0</totalDebit><totalCredit>0</totalCredit>"
    sheet = read_auditfile(write(tmp_path, audit_file("", totals)), LIMITS)
    assert sheet.rows == [[text if text != "Kostenplaats" else None for text in HEADER]]
    assert sheet.problems == []
    [note] = read_auditfile(write(tmp_path, "<auditfile><header/><company/></auditfile>"), LIMITS).problems
    assert note.severity == "note"


# --- as packages really write them ------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", ["1250,50", "1.250,50", "+1250.50"])
def test_an_amount_with_a_comma_and_cents_is_read_since_it_can_mean_one_thing_alone(amount, tmp_path):
    text = audit_file().replace("1250.50", amount).replace("1250.40", "1250,40").replace("0.10", "0,10")
    assert read_auditfile(write(tmp_path, text), LIMITS) == read_auditfile(write(tmp_path, audit_file()), LIMITS)


def test_of_lines_whose_amount_cannot_be_read_the_totals_say_nothing(tmp_path):
    sheet = read_auditfile(write(tmp_path, audit_file().replace("1250.50", "1,250")), LIMITS)
    assert {problem.column for problem in sheet.problems} == {"Debet"}


@pytest.mark.parametrize("sign", ["\x01", "\x1f", "&#1;", "&#x1F;", "\uffff"])
def test_a_character_that_xml_forbids_is_a_space(sign, tmp_path):
    for place in ("Huur januari", 'XAF/3.2">'):
        text = audit_file().replace(place, place + sign, 1)
        assert read_auditfile(write(tmp_path, text), LIMITS).rows[1][3].strip() == "Huur januari"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp1252"])
def test_an_encoding_that_the_file_does_not_tell_truly_is_found(encoding, tmp_path):
    text = audit_file(LINES.replace("Huur januari", "Café"))
    assert read_auditfile(write(tmp_path, text, encoding), LIMITS).rows[1][3] == "Café"


@pytest.mark.parametrize("name", ["boek.xaf", "map/boek.XML"])
def test_an_audit_file_alone_in_a_zip_is_read_and_beside_others_it_is_to_be_unpacked(name, tmp_path):
    path = write(tmp_path, audit_file())
    plain, content = read_auditfile(path, LIMITS), path.read_bytes()
    write_zip(path, {name: content, "__MACOSX/._boek.xaf": b"x"})
    assert read_auditfile(path, LIMITS) == plain
    write_zip(path, {name: content, "meer.xaf": content})
    assert "een werkmap of auditfile erin" in refused(path)
    write_zip(path, {name: content})
    assert "uitpakken" in refused(path, replace(LIMITS, file_megabytes=0.002))


def test_without_any_cost_centre_there_is_no_such_column_so_that_an_alias_can_be_one(tmp_path):
    sheet = read_auditfile(write(tmp_path, audit_file(LINES.replace("<costID>KV</costID>", ""))), LIMITS)
    assert "Kostenplaats" not in sheet.rows[0]
