import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.targets import find_target, masked_path


@pytest.mark.parametrize(
    ("path", "masked"),
    [
        ("/users/42/cards", "/users/{id}/cards"),
        ("/users/7f3c2a10-1d2e-4f5a-9b8c-0123456789ab", "/users/{id}"),
        ("/blobs/9f8e7d6c5b4a3f2e1d0c", "/blobs/{id}"),
        ("/items/item-7", "/items/{id}"),
        ("/days/2026-11-22", "/days/{id}"),
        ("/mail/bob@example.org", "/mail/{id}"),
        ("/api/v1/s3/oauth2/health", "/api/v1/s3/oauth2/health"),
        ("/stock/{sku}/price", "/stock/{sku}/price"),
        ("/t/eyJhbGciOiJIUzI1NiJ9abcDEF", "/t/{id}"),
        ("/recommendations/frequently-bought-together", "/recommendations/frequently-bought-together"),
        ("/search?q=secret", "/search"),
        (
            "/hipstershop.RecommendationService/ListRecommendations",
            "/hipstershop.RecommendationService/ListRecommendations",
        ),
    ],
)
def test_ids_in_paths_are_masked_and_words_stay(path, masked):
    assert masked_path(path) == masked


def test_calls_that_differ_in_ids_and_values_are_alike():
    one = find_target(
        {"http.request.method": "GET", "url.full": "http://stock:8080/items/1?page=1&q=a"}, "GET"
    )
    two = find_target({"http.method": "GET", "http.url": "http://stock:8080/items/2?q=b&page=7"}, "GET")

    assert one.shape == two.shape
    assert one.exact != two.exact
    assert (one.text, one.destination, one.reads) == ("GET /items/{id}", "stock", True)


def test_the_route_is_preferred_to_the_path():
    target = find_target(
        {"http.request.method": "POST", "http.route": "/orders/{order}", "url.path": "/orders/x"}, "x"
    )

    assert target.text == "POST /orders/{order}"
    assert not target.reads


@pytest.mark.parametrize(
    ("attributes", "operation", "text", "destination"),
    [
        ({"rpc.service": "shop.CartService", "rpc.method": "GetCart"}, "x", "CartService/GetCart", ""),
        ({"rpc.service": "shop.CartService"}, "/shop.CartService/GetCart", "CartService/GetCart", ""),
        (
            {"messaging.destination.name": "orders", "server.address": "kafka"},
            "send",
            "publish orders",
            "kafka",
        ),
        ({"http.method": "GET", "net.peer.name": "10.0.3.7"}, "x", "GET", ""),
        ({"http.method": "GET", "server.address": "::1", "peer.service": "stock"}, "x", "GET", "stock"),
        ({"http.method": "GET", "http.target": "/a?b=secret"}, "x", "GET /a", ""),
        ({"http.method": "GET", "url.full": "http://bob:secret@shop/a"}, "x", "GET /a", "shop"),
        ({"http.method": "GET", "url.full": "http://[broken/a"}, "x", "GET", ""),
        ({}, "GET /stock/17", "GET /stock/{id}", ""),
        ({}, "/hipstershop.Cart/GetCart", "Cart/GetCart", ""),
    ],
)
def test_targets_are_named_as_people_know_them(attributes, operation, text, destination):
    target = find_target(attributes, operation)

    assert (target.text, target.destination) == (text, destination)


@pytest.mark.parametrize(
    ("operation", "reads"),
    [
        ("shop.Cart/GetCart", True),
        ("list_items", True),
        ("Getaway/Book", False),
        ("Charge", False),
        ("Checkout", False),
    ],
)
def test_a_name_that_begins_with_a_reading_verb_reads(operation, reads):
    assert find_target({}, operation).reads is reads


@given(
    st.dictionaries(
        st.sampled_from(["http.method", "url.full", "url.path", "url.query", "rpc.method", "peer.service"]),
        st.text(max_size=60),
    ),
    st.text(max_size=60),
)
def test_any_attributes_have_a_short_text(attributes, operation):
    assert len(find_target(attributes, operation).text) <= 80


@pytest.mark.timeout(20)
@pytest.mark.parametrize("part", ["/", "a", "1", "a/", "?", "&", "%", "A-", "{"])
def test_a_path_of_a_million_characters_is_bounded(part):
    path = "/" + part * 1_000_000

    assert len(find_target({"http.method": "GET", "url.path": path}, "x").shape) <= 5_000
