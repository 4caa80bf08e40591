"""Field by field, our records say what Zotero's tests expect of the same files, but for what is explained."""

import pytest

from tests.importers import agreement_table
from tests.importers.agreement_table import Verdict

needs_real_files = pytest.mark.skipif(
    not all((agreement_table.REAL / folder).is_dir() for folder, _pattern in agreement_table.FILES.values()),
    reason="the folder ../shared/data is absent",
)


@needs_real_files
@pytest.mark.parametrize("name", agreement_table.FILES)
def test_every_difference_is_explained_and_none_is_our_fault(name: str):
    compared = agreement_table.compare(name)
    assert compared.fields > 100
    assert compared.unexplained == set()
    assert compared.outdated == set()
    assert Verdict.OURS not in {reason.verdict for reason in compared.reasons.values()}


@needs_real_files
def test_the_table_says_how_much_agrees():
    compared = [agreement_table.compare(name) for name in agreement_table.FILES]
    table = list(agreement_table.lines(compared))
    print("\n".join(table))
    fields, agreeing = (int(number) for number in table[len(compared) + 1].split()[1:3])
    assert fields == sum(one.fields for one in compared)
    assert agreeing / fields > 0.94
    assert "NOT EXPLAINED" not in "".join(table)
