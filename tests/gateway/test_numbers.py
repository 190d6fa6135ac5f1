"""The Phone Numbers client against a stand-in, over real HTTP: what it asks, and what it makes of the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smschat.domain.numbers import NumberChange, NumberType, Where
from smschat.errors import (
    GatewayError,
    GatewayRefusedError,
    NotAuthorisedError,
    OutcomeUnknownError,
    ThrottledError,
    TokenRefusedError,
    UnreachableError,
)
from smschat.gateway.numbers import IN_PRODUCTION, READ_AGAIN
from tests.gateway.client_parts import gateway_at, timeouts_for
from tests.numbers_document import BUY, CANCEL, OWN, SEARCH, UPDATE
from tests.standin import TOKEN, Manner, Reply, fault, flat, said

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from smschat.gateway.numbers import KpnNumbers
    from tests.standin import Standin

pytestmark = pytest.mark.usefixtures("few_certificates")

NUMBER = "3197000000001"
ADDRESS = "https://other.example/sms?id=7&x=%20y"
NO_PRODUCT = fault(
    "keymanagement.service.InvalidAPICallAsNoApiProductMatchFound", "Invalid API call as no apiproduct match found"
)


async def buy(numbers: KpnNumbers) -> None:
    await numbers.buy(country="NL", msisdn=NUMBER)


async def cancel(numbers: KpnNumbers) -> None:
    await numbers.cancel(country="NL", msisdn=NUMBER)


async def update(numbers: KpnNumbers) -> None:
    await numbers.update(country="NL", msisdn=NUMBER, change=NumberChange(mo_http_url=""))


async def own(numbers: KpnNumbers) -> None:
    await numbers.own()


async def search(numbers: KpnNumbers) -> None:
    await numbers.search("NL", number_type=NumberType.MOBILE)


ACTS = [(BUY, buy), (CANCEL, cancel), (UPDATE, update)]
READS = [(OWN, own), (SEARCH, search)]
Call = "Callable[[KpnNumbers], Awaitable[None]]"
acts = pytest.mark.parametrize(("path", "call"), ACTS, ids=["buy", "cancel", "update"])
reads = pytest.mark.parametrize(("path", "call"), READS, ids=["own", "search"])
every_call = pytest.mark.parametrize(
    ("path", "call"), [*ACTS, *READS], ids=["buy", "cancel", "update", "own", "search"]
)


async def trouble(standin: Standin, call: Callable[[KpnNumbers], Awaitable[None]], **more: Any) -> GatewayError:
    async with gateway_at(standin.url, **more) as gateway:
        with pytest.raises(GatewayError) as caught:
            await call(gateway.numbers)
    return caught.value


async def test_a_page_of_own_numbers_has_page_and_size_and_nothing_that_was_not_given(standin: Standin) -> None:
    standin.numbers.owns(NUMBER, mo_http_url=ADDRESS, voiceCallbackType="vxml", voiceCallbackValue="https://v.example")
    async with gateway_at(standin.url) as gateway:
        page = await gateway.numbers.own()
    (request,) = standin.of(OWN)
    assert (request.method, request.query, request.body) == ("GET", (("index", "1"), ("size", "100")), b"")
    assert "content-type" not in request.headers
    (number,) = page.numbers
    assert (page.count, page.has_next) == (1, False)
    assert (number.country, number.msisdn, number.type, number.features) == (
        "NL",
        NUMBER,
        "mobile-lvn",
        ("SMS", "VOICE"),
    )
    assert (number.mo_http_url, number.voice_callback_type, number.cost) == (ADDRESS, "vxml", None)


@pytest.mark.parametrize(("where", "value"), [(None, "0"), (Where.START, "0"), (Where.ANYWHERE, "1"), (Where.END, "2")])
async def test_a_pattern_says_where_it_stands(standin: Standin, where: Where | None, value: str) -> None:
    async with gateway_at(standin.url) as gateway:
        await gateway.numbers.own(page=3, size=20, pattern="97", where=where)
        await gateway.numbers.own(where=where)
    first, second = standin.of(OWN)
    assert first.query == (("index", "3"), ("size", "20"), ("pattern", "97"), ("search_pattern", value))
    assert second.query == (("index", "1"), ("size", "100"))


async def test_a_search_names_country_type_and_features_with_a_comma(standin: Standin) -> None:
    standin.numbers.lets(NUMBER, cost="1.25")
    async with gateway_at(standin.url) as gateway:
        page = await gateway.numbers.search(
            "nl", number_type=NumberType.MOBILE, features=("SMS", "VOICE"), pattern="0001", where=Where.END, page=1
        )
        await gateway.numbers.search("BE", number_type=NumberType.LANDLINE, features=(), size=5)
    first, second = standin.of(SEARCH)
    assert dict(first.query) == {
        "country": "NL",
        "pattern": "0001",
        "search_pattern": "2",
        "type": "mobile-lvn",
        "features": "SMS,VOICE",
        "size": "20",
        "index": "1",
    }
    assert dict(second.query) == {"country": "BE", "type": "landline", "size": "5", "index": "1"}
    assert [(number.msisdn, number.cost) for number in page.numbers] == [(NUMBER, "1.25")]


async def test_a_page_or_a_size_that_there_cannot_be_is_the_nearest_that_can(standin: Standin) -> None:
    async with gateway_at(standin.url) as gateway:
        low = await gateway.numbers.own(page=0, size=0)
        high = await gateway.numbers.search("NL", number_type=NumberType.MOBILE, size=1000)
    assert (low.page, low.size, high.size) == (1, 1, 100)


async def test_pages_follow_one_another_until_all_have_been_seen(standin: Standin) -> None:
    for last in range(5):
        standin.numbers.owns(f"319700000000{last}")
    async with gateway_at(standin.url) as gateway:
        pages = [await gateway.numbers.own(page=page, size=2) for page in (1, 2, 3, 4)]
    assert [len(page.numbers) for page in pages] == [2, 2, 1, 0]
    assert [page.has_next for page in pages] == [True, True, False, False]


async def test_a_number_is_bought_changed_and_given_up_with_the_fields_of_the_document(standin: Standin) -> None:
    standin.numbers.lets(NUMBER)
    standin.numbers.answers[ADDRESS] = 200
    change = NumberChange(
        mo_http_url=ADDRESS,
        mo_smpp_sys_type="inbound",
        voice_callback_type="tel",
        voice_callback_value="31201234567",
        voice_status_callback="https://v.example/status",
    )
    async with gateway_at(standin.url) as gateway:
        await gateway.numbers.buy(country="nl", msisdn=NUMBER)
        await gateway.numbers.update(country="NL", msisdn=NUMBER, change=change)
        assert standin.numbers.number(NUMBER)["moHttpUrl"] == ADDRESS
        await gateway.numbers.update(country="NL", msisdn=NUMBER, change=NumberChange(mo_http_url=""))
        await gateway.numbers.cancel(country="NL", msisdn=NUMBER)
    number = [("country", "NL"), ("msisdn", NUMBER)]
    assert [list(request.form.items()) for request in (*standin.of(BUY), *standin.of(CANCEL))] == [number, number]
    assert [list(request.form.items()) for request in standin.of(UPDATE)] == [
        [
            *number,
            ("moHttpUrl", ADDRESS),
            ("moSmppSysType", "inbound"),
            ("voiceCallbackType", "tel"),
            ("voiceCallbackValue", "31201234567"),
            ("voiceStatusCallback", "https://v.example/status"),
        ],
        [*number, ("moHttpUrl", "")],
    ]
    assert standin.numbers.owned() == []


@pytest.mark.parametrize("http", [200, 400, 401, 403, 420, 500, 502])
@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (said("420", "method failed"), GatewayRefusedError, "number_420"),
        (said("401", "authentication failed"), NotAuthorisedError, "number_401"),
        (said("429", "too many requests"), ThrottledError, "number_429"),
        ({"error-code": 420, "error-code-label": None}, GatewayRefusedError, "number_420"),
        (said("500", "internal error"), OutcomeUnknownError, "number_500"),
        (said("0", ""), OutcomeUnknownError, "number_0"),
    ],
)
@acts
async def test_the_bodys_own_code_decides_whatever_the_http_status(
    standin: Standin, path: str, call: Any, http: int, body: object, kind: type[GatewayError], code: str
) -> None:
    standin.script(path, Reply(status=http, body=body))
    error = await trouble(standin, call)
    assert type(error) is kind
    assert (error.code, error.http) == (code, http)
    assert error.hint
    assert len(standin.of(path)) == 1


@pytest.mark.parametrize("http", [200, 201, 420, 500])
@acts
async def test_a_code_200_is_done_whatever_the_http_status(standin: Standin, path: str, call: Any, http: int) -> None:
    standin.script(path, Reply(status=http, body=said("200", "success")))
    async with gateway_at(standin.url) as gateway:
        await call(gateway.numbers)
    assert len(standin.of(path)) == 1


async def test_a_refusal_says_what_it_can_mean_and_shows_the_gateways_words(standin: Standin) -> None:
    label = "Numbers from this country require an address"
    standin.script(BUY, Reply(body=said("420", label)))
    bought = await trouble(standin, buy)
    assert label in bought.message
    assert "address" in bought.hint
    assert bought.said == label
    gone = await trouble(standin, cancel)
    assert "list your own numbers" in gone.hint
    unset = await trouble(standin, update)
    assert "empty GET" in unset.hint


@pytest.mark.parametrize("body", [{}, "", "<html>log in</html>", [], {"error-code": ""}, {"error-code": {"a": 1}}])
@acts
async def test_a_success_that_does_not_say_so_may_have_been_carried_out(
    standin: Standin, path: str, call: Any, body: object
) -> None:
    standin.script(path, Reply(body=body))
    error = await trouble(standin, call)
    assert type(error) is OutcomeUnknownError
    assert "carried out" in error.hint
    assert len(standin.of(path)) == 1


@pytest.mark.parametrize("manner", [manner for manner in Manner if manner is not Manner.ANSWER])
@acts
async def test_a_line_that_breaks_leaves_it_open_and_nothing_is_repeated(
    standin: Standin, path: str, call: Any, manner: Manner
) -> None:
    standin.script(path, Reply(manner=manner, body=said("200", "success")))
    error = await trouble(standin, call, timeouts=timeouts_for(manner))
    assert type(error) is OutcomeUnknownError
    assert len(standin.of(path)) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=500),
        Reply(body="<html>log in</html>"),
        Reply(body={"numbers": "none"}),
        Reply(body={"something": "else"}),
        Reply(manner=Manner.RESET),
        Reply(manner=Manner.SILENT),
    ],
)
@reads
async def test_what_is_doubtful_about_a_list_is_a_gateway_out_of_reach(
    standin: Standin, path: str, call: Any, reply: Reply
) -> None:
    standin.script(path, reply)
    error = await trouble(standin, call, timeouts=timeouts_for(reply.manner))
    assert type(error) is UnreachableError
    assert error.hint


@pytest.mark.parametrize("http", [200, 401, 420])
@reads
async def test_a_list_can_be_refused_in_its_body(standin: Standin, path: str, call: Any, http: int) -> None:
    standin.script(path, Reply(status=http, body=said("401", "authentication failed")))
    error = await trouble(standin, call)
    assert type(error) is NotAuthorisedError
    assert error.hint == IN_PRODUCTION


@pytest.mark.parametrize("http", [200, 500])
@reads
async def test_a_list_that_fails_in_its_body_is_told_in_the_gateways_words(
    standin: Standin, path: str, call: Any, http: int
) -> None:
    standin.script(path, Reply(status=http, body=said("500", "internal error")))
    error = await trouble(standin, call)
    assert (type(error), error.code, error.hint) == (UnreachableError, "number_500", READ_AGAIN)
    assert "internal error" in error.message


@every_call
async def test_a_refused_token_is_renewed_once(standin: Standin, path: str, call: Any) -> None:
    standin.numbers.lets(NUMBER)
    standin.script(path, Reply(status=401, body=fault("oauth.v2.InvalidAccessToken", "Invalid access token")))
    standin.script(path, Reply(body=said("200", "success")) if path in {BUY, CANCEL, UPDATE} else Reply(body={}))
    async with gateway_at(standin.url) as gateway:
        await call(gateway.numbers)
    assert [request.headers["authorization"] for request in standin.of(path)] == ["Bearer token-1", "Bearer token-2"]


@every_call
async def test_a_token_that_is_refused_twice_is_final(standin: Standin, path: str, call: Any) -> None:
    standin.always(path, Reply(status=401))
    error = await trouble(standin, call)
    assert type(error) is TokenRefusedError
    assert (error.hint, len(standin.of(path)), len(standin.of(TOKEN))) == (IN_PRODUCTION, 2, 2)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(status=401, body=NO_PRODUCT), NotAuthorisedError),
        (Reply(status=403, body=flat(403, "Forbidden", "Access denied")), GatewayRefusedError),
        (Reply(status=403), GatewayRefusedError),
        (Reply(status=404, body=fault("messaging.adaptors.http.flow.ApplicationNotFound", "x")), GatewayRefusedError),
        (Reply(status=404, body="<html>not found</html>"), GatewayRefusedError),
    ],
)
@every_call
async def test_a_project_that_is_not_in_production_is_told_so(
    standin: Standin, path: str, call: Any, reply: Reply, kind: type[GatewayError]
) -> None:
    standin.script(path, reply)
    error = await trouble(standin, call)
    assert type(error) is kind
    assert error.hint == IN_PRODUCTION
    assert len(standin.of(path)) == 1


@every_call
async def test_a_missing_product_is_named_as_the_store_names_it(standin: Standin, path: str, call: Any) -> None:
    standin.numbers.is_in_production = False
    error = await trouble(standin, call)
    assert "Phone Numbers - Vonage" in error.message
    assert len(standin.of(path)) == 1


@every_call
async def test_what_throttles_was_not_carried_out_and_has_the_quota(standin: Standin, path: str, call: Any) -> None:
    headers = {"Retry-After": "12", "quota-limit": "10", "quota-used": "10"}
    standin.script(path, Reply(status=429, headers=headers))
    error = await trouble(standin, call)
    assert isinstance(error, ThrottledError)
    assert (error.retry_after_s, dict(error.quota)) == (12, {"quota-limit": "10", "quota-used": "10"})


async def test_a_refusal_that_echoes_the_token_does_not_show_it(standin: Standin) -> None:
    standin.script(BUY, Reply(body=said("420", "not with token-1")))
    error = await trouble(standin, buy)
    assert "token-1" not in f"{error.message}{error.said}"


async def test_numbers_and_sms_share_one_token(standin: Standin) -> None:
    async with gateway_at(standin.url) as gateway:
        await gateway.register(to="31612345678", callback_url="https://name.example/x")
        await gateway.numbers.own()
        await gateway.numbers.search("NL", number_type=NumberType.MOBILE)
    assert len(standin.tokens) == 1
