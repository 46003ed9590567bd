from analyzers.patterns import find_patterns
from tests.traces import trace

CARDS = (
    'client db.system=postgresql db.statement="SELECT id, number, expires, holder FROM cards WHERE user_id = '
)


def found(picture, unit_ns=1_000_000):
    return [
        (one.pattern, one.count, one.saved_ns // unit_ns) for one in find_patterns(trace(picture, unit_ns))
    ]


def test_five_like_queries_are_told_with_what_one_would_save():
    spans = trace(
        f"""
        payment POST /charge    0..1000   server
          payment SELECT cards  10..200   {CARDS}1"
          payment SELECT cards  200..400  {CARDS}2"
          payment SELECT cards  400..600  {CARDS}3"
          payment SELECT cards  600..800  {CARDS}4"
          payment SELECT cards  800..990  {CARDS}5"
    """,
        1_000_000,
    )

    (pattern,) = find_patterns(spans)

    assert (pattern.pattern, pattern.service, pattern.operation) == (
        "n_plus_one_queries",
        "payment",
        "SELECT cards",
    )
    assert pattern.detail == (
        "the 5 SELECTs are alike (SELECT … FROM cards WHERE user_id = ?): one query would save about 780 ms"
    )


def test_four_like_queries_are_not_told():
    patterns = found(f"""
        payment POST /charge    0..1000   server
          payment SELECT cards  10..200   {CARDS}1"
          payment SELECT cards  200..400  {CARDS}2"
          payment SELECT cards  400..590  {CARDS}3"
          payment SELECT cards  600..790  {CARDS}4"
    """)

    assert "n_plus_one_queries" not in [pattern for pattern, _, _ in patterns]


def test_unlike_queries_are_not_told():
    patterns = found("""
        payment POST /charge    0..1000   server
          payment query  10..200   client db.statement="SELECT a FROM b"
          payment query  200..390  client db.statement="SELECT a FROM c"
          payment query  400..590  client db.statement="SELECT a FROM d"
          payment query  600..790  client db.statement="SELECT a FROM e"
          payment query  800..990  client db.statement="SELECT a FROM f"
    """)

    assert patterns == []


def test_queries_between_waits_for_a_connection_are_told_with_the_waits():
    patterns = found(f"""
        payment POST /charge    0..1000   server
          payment pool.acquire  0..100    internal
          payment SELECT cards  100..200  {CARDS}1"
          payment pool.acquire  200..300  internal
          payment SELECT cards  300..400  {CARDS}2"
          payment pool.acquire  400..500  internal
          payment SELECT cards  500..600  {CARDS}3"
          payment pool.acquire  600..700  internal
          payment SELECT cards  700..800  {CARDS}4"
          payment pool.acquire  800..900  internal
          payment SELECT cards  900..1000  {CARDS}5"
    """)

    assert patterns == [("n_plus_one_queries", 5, 800)]


def test_queries_side_by_side_save_what_the_longest_of_them_leaves():
    patterns = found(f"""
        payment POST /charge    0..1000   server
          payment SELECT cards  0..600    {CARDS}1"
          payment SELECT cards  100..700  {CARDS}2"
          payment SELECT cards  200..800  {CARDS}3"
          payment SELECT cards  300..900  {CARDS}4"
          payment SELECT cards  400..1000  {CARDS}5"
    """)

    assert [(pattern, count) for pattern, count, _ in patterns] == [("n_plus_one_queries", 5)]
    assert patterns[0][2] <= 400


def test_queries_each_in_a_wrapper_are_told():
    patterns = found(f"""
        payment POST /charge      0..1000   server
          payment Cards.find      0..200    internal
            payment SELECT cards  0..200    {CARDS}1"
          payment Cards.find      200..400  internal
            payment SELECT cards  200..400  {CARDS}2"
          payment Cards.find      400..600  internal
            payment SELECT cards  400..600  {CARDS}3"
          payment Cards.find      600..800  internal
            payment SELECT cards  600..800  {CARDS}4"
          payment Cards.find      800..1000  internal
            payment SELECT cards  800..1000  {CARDS}5"
    """)

    assert patterns == [("n_plus_one_queries", 5, 800)]


def test_queries_under_unrelated_requests_are_not_told():
    patterns = found(f"""
        web   GET /               0..1000   server
          a   one                 0..190    server
            a   SELECT cards      0..180    {CARDS}1"
          b   two                 200..390  server
            b   SELECT cards      200..380  {CARDS}2"
          c   three               400..590  server
            c   SELECT cards      400..580  {CARDS}3"
          d   four                600..790  server
            d   SELECT cards      600..780  {CARDS}4"
          e   five                800..990  server
            e   SELECT cards      800..980  {CARDS}5"
    """)

    assert patterns == []


def test_queries_that_nothing_waits_for_are_not_told():
    patterns = found(f"""
        web  POST /           0..1000     server
          web work            0..190      internal
            web SELECT cards  0..30       {CARDS}1"
            web SELECT cards  30..60      {CARDS}2"
            web SELECT cards  60..90      {CARDS}3"
            web SELECT cards  90..120     {CARDS}4"
            web SELECT cards  120..150    {CARDS}5"
          web other           0..1000     client
    """)

    assert "n_plus_one_queries" not in [pattern for pattern, _, _ in patterns]


def test_like_requests_are_told_with_whom_they_call():
    spans = trace(
        """
        shop GET /cart    0..1000   server
          shop GET        0..200    client url.full="http://stock/items/1?page=1"
            stock GET /items/{sku}  10..190  server
          shop GET        200..400  client url.full="http://stock/items/2?page=1"
            stock GET /items/{sku}  210..390  server
          shop GET        400..600  client url.full="http://stock/items/3?page=1"
            stock GET /items/{sku}  410..590  server
          shop GET        600..800  client url.full="http://stock/items/4?page=1"
            stock GET /items/{sku}  610..790  server
          shop GET        800..1000  client url.full="http://stock/items/5?page=1"
            stock GET /items/{sku}  810..990  server
    """,
        1_000_000,
    )

    (pattern,) = find_patterns(spans)

    assert (pattern.pattern, pattern.count, pattern.saved_ns) == ("n_plus_one_calls", 5, 800_000_000)
    assert pattern.detail == (
        "the 5 calls to stock are alike (GET /items/{id}): one call for all of them would save about 800 ms"
    )


def test_like_requests_are_told_where_spans_have_no_kinds():
    patterns = found("""
        shop checkout     0..1000
          stock GetItem   0..200
          stock GetItem   200..400
          stock GetItem   400..600
          stock GetItem   600..800
          stock GetItem   800..1000
    """)

    assert patterns == [("n_plus_one_calls", 5, 800)]


def test_like_work_within_a_service_is_no_call():
    patterns = found("""
        shop checkout     0..1000   server
          shop render     0..190    internal
          shop render     200..390  internal
          shop render     400..590  internal
          shop render     600..790  internal
          shop render     800..990  internal
    """)

    assert patterns == []


def test_queries_of_a_called_service_are_its_own_calls():
    patterns = found(f"""
        web GET /                     0..1000   server
          web GET                     0..1000   client
            payment POST /charge      0..1000   server
              payment SELECT cards    0..200    {CARDS}1"
              payment SELECT cards    200..400  {CARDS}2"
              payment SELECT cards    400..600  {CARDS}3"
              payment SELECT cards    600..800  {CARDS}4"
              payment SELECT cards    800..1000  {CARDS}5"
    """)

    assert patterns == [("n_plus_one_queries", 5, 800)]


def test_a_driver_under_an_instrumented_client_is_counted_once():
    patterns = found(f"""
        payment POST /charge        0..1000   server
          payment SELECT cards      0..330    {CARDS}1"
            payment driver          0..330    {CARDS}1"
          payment SELECT cards      330..660  {CARDS}2"
            payment driver          330..660  {CARDS}2"
          payment SELECT cards      660..1000  {CARDS}3"
            payment driver          660..1000  {CARDS}3"
    """)

    assert [pattern for pattern, _, _ in patterns] == ["slow_query", "slow_query", "slow_query"]
