"""A set of pages: of which notebooks, put in place whole or not at all, and what is said of it."""

import multiprocessing

import nbformat
import pandas as pd
import pytest
from conftest import EXAMPLE

from bwk_analysis import dataset
from bwk_analysis.dataset import open_data
from bwk_analysis.pages import render
from bwk_analysis.pages.block import MIME
from bwk_analysis.pages.page import gate

QUARTER = pd.Period("2021Q3")
SHOW = f"def show(text):\n    display({{'{MIME}': f'<p>{{text}}</p>'}}, raw=True)"


@pytest.fixture(scope="module")
def data():
    return open_data(EXAMPLE)


@pytest.fixture
def write(tmp_path):
    """Put a notebook in the folder of notebooks."""
    folder = tmp_path / "notebooks"
    folder.mkdir()

    def one(name, *sources, first="report = 'Eigen pagina'"):
        cells = [nbformat.v4.new_code_cell(source) for source in (f"{first}\n{SHOW}", *sources)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")

    return one


@pytest.fixture
def rendered(data, tmp_path):
    """Render the set; what became of it and its folder."""

    def one(period=QUARTER, edition="bestuur", **more):
        suffix = "" if edition == "bestuur" else f"-{edition}"
        folder = tmp_path / "reports" / "2021-voorbeeld" / f"{period}{suffix}"
        return render.render_set(data, period, edition, folder, notebooks=tmp_path / "notebooks", **more), folder

    return one


def text(folder, name="eigen"):
    return (folder / f"{name}.html").read_text(encoding="utf-8")


def test_a_page_gets_the_dataset_period_and_edition_and_says_them(write, rendered):
    write("eigen", "show(f'{dataset} {period} {edition}')", first="report = 'Eigen pagina'\nperiod = ''")
    made, folder = rendered(edition="openbaar")
    assert made == render.Rendered(["eigen.html"], [], [])
    assert "<p>2021-voorbeeld 2021Q3 openbaar</p>" in text(folder)
    for said in (
        "Eigen pagina",
        "Derde kwartaal 2021",
        "stand op 30 september 2021",
        "Openbare uitgave",
        "deze cijfers zijn verzonnen",
    ):
        assert said in text(folder)
        assert said.replace("Eigen pagina", "Wie bent u?") in text(folder, "index")
    assert gate(text(folder)) == gate(text(folder, "index")) == []


@pytest.mark.parametrize(
    "how", ["tables.sources({})", "display(tables.sources({}))", "files = tables.sources({})\nfiles"]
)
def test_a_table_of_the_library_is_on_the_page(write, rendered, how):
    write("eigen", "from bwk_analysis.pages import tables\n" + how)
    made, folder = rendered()
    assert made.left_out == []
    assert text(folder).count("Gelezen bestanden") == 1


def test_a_month_is_a_period(write, rendered):
    write("eigen", "show(period)")
    _, folder = rendered(pd.Period("2021-09", freq="M"))
    assert "<p>2021-09</p>" in text(folder)
    assert "September 2021" in text(folder)


def test_every_notebook_opens_the_data_that_the_set_is_made_of(write, rendered, data, monkeypatch):
    def keep(kept):
        monkeypatch.setattr(dataset, "open_data", lambda name="": kept)

    monkeypatch.setattr(dataset, "keep", keep, raising=False)
    write("eigen", "from bwk_analysis.dataset import open_data\nshow(open_data().key)")
    object.__setattr__(data, "key", "only in memory")
    assert "only in memory" in text(rendered()[1])


def test_a_notebook_per_room_or_funder_makes_a_page_for_each(write, rendered, data):
    write("kamer", "show(room)", first="report = 'Kamer'\norder = 1\nper = 'kamer'")
    write("geld", "show(funder)", first="report = 'Financier'\norder = 2\nper = 'financier'")
    made, folder = rendered()
    rooms, funders = data.agreement.rooms["name"], data.agreement.reported_funders
    assert len(made.pages) == len(set(made.pages)) == len(rooms) + len(funders)
    for page, room in zip(made.pages, rooms, strict=False):
        assert f"<p>{room}</p>" in (folder / page).read_text()
        assert f"<h1>Kamer – {room}</h1>" in (folder / page).read_text()
        assert f'href="{page}">{room}<' in text(folder, "index")


def test_two_funders_with_look_alike_names_each_have_a_page(write, rendered, data, monkeypatch):
    alike = pd.DataFrame({"funder": ["Eigen Haard", "Eigen-haard", "Eigen Haard", "Eigen geld"], "report": None})
    alike.loc[3, "report"] = "nee"  # and one without
    monkeypatch.setitem(data.agreement.__dict__, "funding", alike)
    write("geld", first="report = 'Financier'\nper = 'financier'")
    assert rendered()[0].pages == ["geld-eigen-haard.html", "geld-eigen-haard-2.html"]


def test_the_page_for_the_analyst_is_in_no_set_and_stands_where_it_is_asked_for(write, rendered, data, tmp_path):
    write("eigen")
    write("01_kwaliteit", "show(edition)", first="report = 'Datakwaliteit'\nreader = 'analist'")
    made, folder = rendered(analyst=tmp_path)
    assert made.pages == ["eigen.html"]
    assert "kwaliteit" not in text(folder, "index").casefold()
    assert [path.name for path in tmp_path.glob("*.html")] == ["datakwaliteit.html"]
    html = text(tmp_path, "datakwaliteit")
    assert "<p>analist</p>" in html
    assert "alleen voor de analist" in html
    assert "<a href" not in html.replace('<a class="skip" href', "")


def test_the_index_links_other_periods_of_this_dataset_and_edition_alone(write, rendered):
    write("eigen")
    for period, edition in (
        ("2021Q1", "bestuur"),
        ("2021Q2", "openbaar"),
        ("2021Q2", "bestuur"),
        ("2021-08", "bestuur"),
    ):
        _, folder = rendered(pd.Period(period), edition)
    other = folder.parents[1] / "2022" / "2022Q1"
    other.mkdir(parents=True)
    (other / "index.html").touch()
    (folder.parent / "2021Q4-kopie").mkdir()
    (folder.parent / "2021Q4-kopie" / "index.html").touch()
    html = text(rendered()[1], "index")
    assert [part.split('"')[0] for part in html.split('href="../')[1:]] == [
        f"{period}/index.html" for period in ("2021Q2", "2021Q1", "2021-08")
    ]
    assert "Augustus 2021" in html
    assert text(rendered(edition="openbaar")[1], "index").count('href="../') == 1


def test_further_files_go_into_the_set_and_the_workbook_is_linked(write, rendered):
    write("eigen")
    _, folder = rendered(extra=lambda folder: (folder / "scorebord.xlsx").write_bytes(b"x"))
    assert (folder / "scorebord.xlsx").read_bytes() == b"x"
    assert 'href="scorebord.xlsx"' in text(folder, "index")
    assert 'href="scorebord.xlsx"' not in text(rendered()[1], "index")


FAILS = {
    "1 / 0": "ZeroDivisionError",
    "{}['Fictief Persoon']": "KeyError",
    "period = 'Fictief": "SyntaxError",
    "from bwk_analysis import finance\nfinance.lines('Fictief Persoon', 1)": "TypeError",
}


@pytest.mark.parametrize("source", FAILS)
def test_when_a_cell_fails_nothing_is_published_and_the_last_good_set_stays(write, rendered, source):
    write("eigen")
    _, folder = rendered()
    write("eigen", "show('new')")
    write("tweede", "x = 1", source, first="report = 'Tweede'")
    with pytest.raises(render.NotPublished) as refused:
        rendered()
    assert refused.value.reasons == [f"tweede, cel 3, gaf een fout: {FAILS[source]}"]
    assert sorted(path.name for path in folder.iterdir()) == ["eigen.html", "index.html"]
    assert "new" not in text(folder)
    assert [path.name for path in folder.parent.iterdir()] == ["2021Q3"]


def test_an_error_that_the_library_raises_is_told_in_its_own_words(write, rendered):
    write("eigen", "from bwk_analysis import periods\nperiods.parse('tweede')")
    with pytest.raises(render.NotPublished, match=r"cel 2, gaf een fout: Mistyped: 'tweede' is geen periode"):
        rendered()


def test_pages_are_made_where_a_process_starts_from_nothing_too(write, rendered, monkeypatch):
    write("eigen", "from bwk_analysis import open_data\nshow(open_data(dataset).quarter(period))")
    monkeypatch.setattr(render, "get_context", lambda _: multiprocessing.get_context("spawn"))
    _, folder = rendered()
    assert "<p>2021Q3</p>" in text(folder)


def test_a_page_whose_process_ends_is_named(write, rendered):
    write("eigen", "import os; os._exit(3)")
    with pytest.raises(render.NotPublished, match=r"eigen\.html: het maken brak af"):
        rendered()


def test_a_page_that_may_not_be_published_holds_the_set_back(write, rendered):
    write("eigen", "show('<script>1</script>')")
    with pytest.raises(render.NotPublished, match=r"eigen\.html: een <script>"):
        rendered()


SMALL = """
from bwk_analysis import charts, finance, indicators, open_data, show, tables
data = open_data(dataset)
q = data.quarter(period)
counts = indicators.counts(data, q)
few = data.until(data.quarter("2021Q1")).deelnames.query("categorie == 'schuldhulp'")
few = few.groupby("kamer", observed=True)["deelnemer"].nunique().rename("n")
"""
CARELESS = {  # what someone in a hurry might write
    'tables.plain(show(few.astype(str), data, edition, {"n": "word"}), "Schuldhulp")': "een getal als tekst",
    'tables.plain(show(few.map("{} mensen".format), data, edition, {"n": "word"}), "Schuldhulp")': "een getal als tekst",
    'tables.plain(show(few, data, "analist"), "Schuldhulp")': "getoond voor 'analist'",
    'tables.plain(show(few, data, "bestuur"), "Schuldhulp")': "getoond voor 'bestuur'",
    'tables.plain(show(few, data, edition), f"In een kamer {few.iloc[0] + 1000} mensen")': "noemt 10",
    'tables.plain(show(few, data, edition), "Schuldhulp", note=f"In een kamer {few.iloc[0] + 1000}")': "noemt 10",
    'tables.money(show(finance.figures(data, q, counts), data, edition), "budget", caption="In 1010 kamers")': "noemt 10",
    'charts.bars(show(few, data, edition), "kamer", "n", title=f"Samen {few.iloc[0] + 1000}: {{}}")': "noemt 10",
}


def test_a_number_that_show_did_not_tell_to_this_edition_holds_the_set_back(write, rendered):
    for at, line in enumerate(CARELESS):
        write(f"eigen{at}", SMALL + line, first=f"report = 'Eigen {at}'")
    with pytest.raises(render.NotPublished) as refused:
        rendered(edition="openbaar")
    said = {int(reason[5]): reason for reason in refused.value.reasons}
    assert {at: why for at, why in enumerate(CARELESS.values()) if why not in said.get(at, "")} == {}


def test_without_a_notebook_that_is_a_page_nothing_is_published(write, rendered, tmp_path):
    (tmp_path / "notebooks" / "leeg.ipynb").touch()
    with pytest.raises(render.NotPublished, match="report"):
        rendered()
    assert not (tmp_path / "reports").exists()


def test_what_is_left_out_is_said_in_one_line_per_notebook_with_the_cells_and_once_for_all_its_pages(
    write, rendered, capfd
):
    frame = "import pandas as pd\nframe = pd.DataFrame({'deelnemer': ['GEHEIM']})\n"
    figure = "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.bar(['a'], [2]);"
    write(
        "eigen",
        frame + "frame",
        "display(frame)",
        "frame;",
        figure,
        "print('GEHEIM')",
        "41 + 1",
        first="report = 'A'\nper = 'kamer'",
    )
    made, folder = rendered()
    assert made.left_out == [
        "eigen, niet op de pagina: een tabel die niet door show ging (cel 2 en 3), een figuur die niet met "
        "charts.hand_over is overgedragen (cel 5), geprinte tekst (cel 6) en een waarde (cel 7)"
    ]
    assert not any("GEHEIM" in (folder / page).read_text() for page in made.pages)
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_no_notebook_stops_nothing_and_is_told(write, rendered, tmp_path):
    write("eigen")
    (tmp_path / "notebooks" / "Untitled.ipynb").touch()
    assert rendered()[0].passed_over == ["Untitled.ipynb is overgeslagen: het is leeg"]


CHANGES = """
import os, sys, warnings, matplotlib, pandas as pd, bwk_analysis.periods
matplotlib.rcParams["font.size"] = 99
pd.options.display.max_rows = 3
warnings.simplefilter("error")
os.environ["BWK_TEST"] = "1"
os.chdir("/")
sys.path.insert(0, "/elders")
pd.DataFrame.shape = "changed"
bwk_analysis.periods.parse = None
"""
UNCHANGED = """
import os, sys, warnings, matplotlib, pandas as pd, bwk_analysis.periods
show([matplotlib.rcParams["font.size"], pd.options.display.max_rows, os.environ.get("BWK_TEST"), os.path.basename(os.getcwd()),
      "/elders" in sys.path, pd.DataFrame({"a": [1]}).shape, callable(bwk_analysis.periods.parse)])
warnings.warn("no error")
"""


def test_one_notebook_changes_nothing_in_another(write, rendered):
    for name in "abcd":
        write(name, CHANGES if name in "ac" else UNCHANGED, first=f"report = '{name}'")
    _, folder = rendered()
    for name in "bd":
        assert "[10.0, 60, None, &#x27;notebooks&#x27;" in text(folder, name).replace("'", "&#x27;")
        assert "False, (1, 1), True]" in text(folder, name)


def test_the_same_input_gives_the_same_bytes_and_progress_is_told(write, rendered):
    write("eigen", "show(period)")
    write("tweede", first="report = 'Tweede'")
    seen = []

    def progress(work, total):
        for outcome in work:
            seen.append((outcome.page.href, total))
            yield outcome

    first = {path.name: path.read_bytes() for path in rendered(progress=progress)[1].iterdir()}
    assert sorted(seen) == [("eigen.html", 2), ("tweede.html", 2)]
    assert first == {path.name: path.read_bytes() for path in rendered()[1].iterdir()}
