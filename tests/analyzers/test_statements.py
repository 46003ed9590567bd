import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.statements import StatementReader


def found(text, **attributes):
    pairs = {key.replace("_", "."): value for key, value in attributes.items()}
    return StatementReader().find({"db.query.text": text, **pairs}, "query")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT number FROM cards WHERE user_id = 17",
        "select number from cards where user_id = 'abc'",
        "SELECT  number\n\tFROM cards WHERE user_id = $1",
        "SELECT number FROM cards WHERE user_id = ?",
        "SELECT number FROM cards WHERE user_id = :user",
        "SELECT number FROM cards WHERE user_id = %s",
        "SELECT number FROM cards WHERE user_id = %(user)s",
        "SELECT number FROM cards WHERE user_id=@user",
        "SELECT number FROM cards WHERE user_id = -5",
        "SELECT number FROM cards WHERE user_id = 0xFF;",
        "SELECT number FROM cards WHERE user_id = E'it\\'s'",
        "/* don't */ SELECT number FROM cards -- which\nWHERE user_id = 17",
        'SELECT "number" FROM `cards` WHERE "user_id" = "bob"',
    ],
)
def test_like_statements_have_one_shape(statement):
    result = found(statement)

    assert result.shape == "select number from cards where user_id = ?"
    assert result.text == "SELECT number FROM cards WHERE user_id = ?"


def test_how_many_values_a_list_has_makes_no_other_statement():
    few = found("DELETE FROM carts WHERE id IN (1, 2)")
    many = found("DELETE FROM carts WHERE id IN (3,4,5,6)")
    rows = found("INSERT INTO carts (id, n) VALUES (1, 2), (3, 4), (5, 6)")

    assert few == many
    assert rows.text == "INSERT INTO carts(id, n) VALUES (?)"


def test_other_tables_and_conditions_make_other_statements():
    shapes = {
        found(f"SELECT a FROM {rest}").shape
        for rest in (
            "t WHERE b = 1",
            "u WHERE b = 1",
            "t WHERE c = 1",
            "t WHERE b IS NULL",
            "t WHERE b IS NOT NULL",
        )
    }

    assert len(shapes) == 5


def test_a_long_statement_shows_its_table_and_conditions():
    text = found(
        "SELECT c.id, c.number, c.expires, c.holder FROM cards c JOIN users u ON u.id = c.user_id "
        "JOIN tenants t ON t.id = u.tenant_id WHERE c.user_id = 17 ORDER BY c.expires"
    ).text

    assert text == "SELECT … FROM cards c … WHERE c.user_id = ? ORDER BY c.expires"


def test_no_value_is_shown():
    text = found(
        "SELECT a FROM t WHERE b = 'secret' AND c = $$secret$$ AND d = N'secret' AND e = 'unterminated secret"
    ).text

    assert "secret" not in text


def test_a_redis_command_shows_its_key_without_ids():
    result = found("HSET session:9f8e7d6c5b4a name secret", db_system="redis")

    assert result.text == "HSET session:? ?"


def test_a_mongo_command_is_its_operation_and_collection():
    like = [
        found(
            '{"find": "cards", "filter": {"user": ' + user + "}}",
            db_system="mongodb",
            db_operation_name="find",
            db_collection_name="cards",
        )
        for user in ('"bob"', '"eve"', "17")
    ]

    assert like[0].text == "find cards"
    assert like[0] == like[1] == like[2]


@pytest.mark.parametrize(
    ("attributes", "operation", "text"),
    [
        ({"db.query.summary": "SELECT cards"}, "x", "SELECT cards"),
        ({"db.operation": "SELECT", "db.sql.table": "cards"}, "x", "SELECT cards"),
        ({"db.system": "mysql"}, "SELECT cards", "SELECT cards"),
        ({}, "SELECT cards", "SELECT cards"),
        ({}, "SELECT * FROM cards WHERE id = 17", "SELECT * FROM cards WHERE id = ?"),
        ({}, "GET /cards", None),
        ({}, "DELETE /cards/17", None),
        ({}, "SELECT", None),
    ],
)
def test_without_a_statement_what_the_span_says_instead_counts(attributes, operation, text):
    found = StatementReader().find(attributes, operation)

    assert (found and found.text) == text


@pytest.mark.parametrize(
    ("statement", "reads"),
    [
        ("SELECT 1", True),
        ("WITH a AS (SELECT 1) SELECT * FROM a", True),
        ("SELECT a FROM t FOR UPDATE", False),
        ("WITH a AS (DELETE FROM t RETURNING id) SELECT * FROM a", False),
        ("UPDATE t SET a = 1", False),
        ("BEGIN", False),
    ],
)
def test_only_what_changes_nothing_reads(statement, reads):
    assert found(statement).reads is reads


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "part", ["1,", "a", "'", '"', "/*", "--", "(", "$", "%(", "{", "\\", "SELECT ", ":a ", "x.", "\x00", "?,"]
)
def test_a_statement_of_a_million_characters_is_bounded(part):
    result = found("SELECT " + part * (1_000_000 // len(part)))

    assert len(result.text) <= 80
    assert len(result.shape) <= 31_000


@given(st.text(max_size=200), st.sampled_from(["", "redis", "mongodb", "mysql"]))
def test_any_text_has_a_short_text(statement, system):
    result = found(statement, db_system=system)

    assert len(result.text) <= 80
    assert result == found(statement, db_system=system)


@given(st.integers(), st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\\'\x00")))
def test_values_never_change_the_shape(number, text):
    shape = found(f"UPDATE t SET a = {number} WHERE b = '{text}'").shape

    assert shape == "update t set a = ? where b = ?"


@given(st.permutations(["SELECT 1", "SELECT a FROM t WHERE b = 'x'", "SELECT a FROM t WHERE b = 'y'"]))
def test_what_was_read_before_changes_nothing(statements):
    reader = StatementReader()

    together = [reader.find({"db.statement": text}, "x") for text in statements]

    assert together == [StatementReader().find({"db.statement": text}, "x") for text in statements]
