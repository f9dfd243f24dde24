from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest

from xenotime.networks.structure import KEYS, SCHEMA, ProductionNetwork, empty_table


def test_every_table_of_the_schema_is_a_field_and_has_a_key():
    names = [field.name for field in dataclasses.fields(ProductionNetwork)]
    assert names == list(SCHEMA) == list(KEYS)
    for name, key in KEYS.items():
        assert set(key) <= {column.name for column in SCHEMA[name]}


def test_every_column_says_what_it_means_and_tonnages_name_their_unit():
    for name, columns in SCHEMA.items():
        for column in columns:
            assert column.description, f"{name}.{column.name}"
            if column.name.endswith("_t_per_year"):
                assert column.unit == "t/y"


def test_empty_tables_have_the_types_of_the_schema():
    frame = empty_table("ensemble")
    assert str(frame["member"].dtype) == "int64"
    assert str(frame["base_flow_t_per_year"].dtype) == "float64"


def test_a_network_cannot_be_changed_in_place(small):
    with pytest.raises(dataclasses.FrozenInstanceError):
        small.links = small.links.iloc[:0]


def test_importing_the_room_loads_no_heavy_package():
    code = (
        "import sys, xenotime.networks, xenotime.networks.chain; "
        "print([m for m in ('numpy', 'pandas', 'pyarrow', 'scipy') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_an_unknown_name_of_the_room_is_an_attribute_error():
    import xenotime.networks

    with pytest.raises(AttributeError, match="no_such_name"):
        _ = xenotime.networks.no_such_name
