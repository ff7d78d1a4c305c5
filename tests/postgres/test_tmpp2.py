from csvgate.content import judge
from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.feed import Feed
from csvgate.core.contracts.schema import *
from csvgate.core.inspection import inspect
from csvgate.postgres.migration import migrate
from csvgate.postgres.sink import PostgresSink
from tests.ports.contents import version
from tests.strategies import whole
import pytest
S = Schema(fields=(Field(name="id", type="integer"), Field(name="d", type="date", format="%d.%m.%Y"), Field(name="n", type="number", decimal_char=","), Field(name="ok", type="boolean"), Field(name="t", type="datetime"), Field(name="x")), primary_key=("id",))
DATA = b"id;d;n;ok;t;x\n1;31.12.2024;1,50;True;2024-01-01T10:00:00Z;a\n2;;;0;;\n2;;;;;\n3;x;;;;\n4\n"

@pytest.mark.parametrize("disposition", ["append", "merge", "replace"])
@pytest.mark.parametrize("shape", ["typed", "rows"])
def test_it(database, disposition, shape):
    migrate(database)
    sink = PostgresSink(database)
    feed = Feed(name="f", key="*", contract=Contract(schema=S), sink="postgresql", table="f"+disposition+shape, shape=shape, disposition=disposition, keys=("id",) if disposition == "merge" else ())
    if shape == "rows" and disposition == "merge":
        return
    j = judge(whole(DATA), inspect(whole(DATA)), feed, lambda b: None)
    load = sink.load(version(1), j.target, j.content)
    print(load)
    assert (load.rows_loaded, load.rows_quarantined, load.verified) == (2, 3, True)

def test_raw(database):
    migrate(database)
    data = b"id,d\n1,2024-01-01\n2,\n"
    feed = Feed(name="g", key="*", contract=Contract(schema=Schema(fields=(Field(name="id", type="integer"), Field(name="d", type="date")))), shape="typed")
    j = judge(whole(data), inspect(whole(data)), feed, lambda b: None)
    assert j.content.raw()
    print(PostgresSink(database).load(version(2), j.target, j.content))
