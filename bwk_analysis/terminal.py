"""Problems and row accounting as a colleague reads them on a terminal."""

import pandas as pd

from bwk_analysis.problems import shown

MOST_PER_KIND = 20
SEVERITIES = {"error": "FOUT", "warning": "LET OP", "note": "OPMERKING"}
COUNTS = {
    "rows_read": "gelezen",
    "rows_accepted": "telt mee",
    "rows_rejected": "afgekeurd",
    "rows_duplicate": "dubbel",
    "rows_outside_year": "buiten het jaar",
}


def problem_lines(problems: pd.DataFrame, most: int = MOST_PER_KIND) -> list[str]:
    """Every kind of problem with its places, the most harmful first; of a kind the first 20 and how many more."""
    lines = []
    for severity, name in SEVERITIES.items():
        kinds = problems[problems["severity"] == severity].groupby("problem", sort=False)
        for problem, found in kinds:
            lines.append(f"{name}: {shown(str(problem))}")
            for row in found.head(most).itertuples():
                lines.append(f"  {_place(row)}{' - ' if _place(row) else ''}{row.advice}")
            if len(found) > most:
                lines.append(f"  en nog {len(found) - most}; alle staan in problems.csv en in het rapport")
    return lines


def _place(row: object) -> str:
    file, sheet, cell, column = (getattr(row, name) for name in ("file", "sheet", "cell", "column"))
    parts = [
        file,
        f"werkblad {sheet}" if sheet else "",
        f"cel {cell}" if cell else "",
        f"kolom {column}" if column else "",
    ]
    return ", ".join(filter(None, parts))


def accounting_lines(accounting: pd.DataFrame) -> list[str]:
    """Per sheet what became of its rows, and the sum."""
    if accounting.empty:
        return ["Er zijn geen rijen gelezen."]
    shown = accounting.rename(columns={"file": "bestand", "sheet": "werkblad"} | COUNTS)
    total = {"bestand": "Totaal", "werkblad": ""} | accounting[list(COUNTS)].sum().rename(COUNTS).to_dict()
    return pd.concat([shown, pd.DataFrame([total])]).to_string(index=False).splitlines()


def summary(problems: pd.DataFrame) -> str:
    """`2 fouten, 1 waarschuwing en 5 opmerkingen`."""
    names = {
        "error": ("fout", "fouten"),
        "warning": ("waarschuwing", "waarschuwingen"),
        "note": ("opmerking", "opmerkingen"),
    }
    counts = problems["severity"].value_counts()
    parts = [f"{counts.get(key, 0)} {one if counts.get(key, 0) == 1 else more}" for key, (one, more) in names.items()]
    return f"{parts[0]}, {parts[1]} en {parts[2]}"
