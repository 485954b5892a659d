"""Yahoo's cookie and crumb, against a real server over a real socket."""

import asyncio
import json

import pytest

from tests.sources.server import Answer
from tui.sources.base import DeniedError, LimitedError
from tui.sources.yahoo_auth import REST, Auth, Pair

CRUMB = "haT3oy/hH.Z"


@pytest.fixture(autouse=True)
def _routes(server):
    server.routes["/cookie"] = Answer(b"", 404, {"Set-Cookie": "A3=d=AQ&S=xyz; Path=/; Domain=.yahoo.com; Secure"})
    server.routes["/one/v1/test/getcrumb"] = server.routes["/two/v1/test/getcrumb"] = Answer(CRUMB.encode())


@pytest.fixture
def make(server, http, clock, tmp_path):
    def auth():
        ways = [(f"{server.url}/cookie", f"{server.url}/one"), (f"{server.url}/page", f"{server.url}/two")]
        return Auth(http, ways, path=tmp_path / "cache" / "yahoo-cookie.json", clock=clock)

    return auth


async def test_pair_when_first_wanted_then_cookie_and_crumb_are_fetched(server, make):
    assert await make().pair() == Pair("A3=d=AQ&S=xyz", CRUMB)
    assert server.paths() == ["/cookie", "/one/v1/test/getcrumb"]
    assert server.requests[1].headers["cookie"] == "A3=d=AQ&S=xyz"


async def test_pair_when_many_want_it_then_one_fetches(server, make):
    auth = make()
    pairs = await asyncio.gather(*(auth.pair() for _ in range(9)))
    assert (len(set(map(id, pairs))), len(server.requests)) == (1, 2)


async def test_pair_when_started_again_then_it_comes_from_the_private_file(server, make, tmp_path):
    await make().pair()
    (file,) = (tmp_path / "cache").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert await make().pair() == Pair("A3=d=AQ&S=xyz", CRUMB)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[" * 50_000,
        b'{"cookie":"A3=x"}',
        b'{"cookie":"A3=x","crumb":"Too Many Requests"}',
        b'{"cookie":"A3=x\\r\\nX: y","crumb":"abc"}',
    ],
)
async def test_pair_when_the_file_is_spoilt_then_it_is_fetched(server, make, tmp_path, content):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "yahoo-cookie.json").write_bytes(content)
    assert (await make().pair()).crumb == CRUMB
    assert json.loads((tmp_path / "cache" / "yahoo-cookie.json").read_text())["crumb"] == CRUMB


async def test_pair_when_the_folder_cannot_be_written_then_it_is_kept_in_memory(server, make, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    auth = make()
    assert await auth.pair() is await auth.pair()


@pytest.mark.parametrize(
    "crumb",
    [
        Answer(b"Too Many Requests\r\n"),
        Answer(b"<html>sorry</html>"),
        Answer(b"two words"),
        Answer(b""),
        Answer(b"x" * 33),
        Answer("crümb".encode()),
        Answer(b'{"finance":{"result":null,"error":{"code":"Unauthorized","description":"Invalid Cookie"}}}', 401),
        Answer(status=500),
    ],
)
async def test_pair_when_the_crumb_is_none_then_the_half_rests_and_nothing_is_stored(
    server, make, clock, tmp_path, crumb
):
    server.routes["/one/v1/test/getcrumb"] = server.routes["/two/v1/test/getcrumb"] = crumb
    auth = make()
    with pytest.raises(DeniedError):
        await auth.pair()
    assert not auth.usable
    asked = len(server.requests)
    with pytest.raises(DeniedError):
        await auth.pair()
    assert len(server.requests) == asked
    assert not (tmp_path / "cache").exists()
    clock.now += REST
    assert auth.usable


async def test_pair_when_the_small_page_is_blocked_then_the_big_one_helps(server, make):
    server.routes["/cookie"] = Answer(b"blocked", 200)
    server.routes["/page"] = Answer(b"<html>", 200, {"Set-Cookie": "A1=first; Path=/"})
    assert await make().pair() == Pair("A1=first", CRUMB)
    assert server.requests[1].headers["accept"].startswith("text/html")
    assert server.paths()[-1] == "/two/v1/test/getcrumb"


async def test_pair_when_yahoo_wants_consent_then_it_says_how_to_stay_without(server, make):
    server.routes["/cookie"] = Answer(b"", 200)
    server.routes["/page"] = Answer(status=307, headers={"Location": "http://consent.guce.test/consent?x=1"})
    auth = make()
    with pytest.raises(DeniedError, match="never give in your name"):
        await auth.pair()
    assert "without it" in auth.trouble
    assert not any("consent" in path for path in server.paths())


async def test_pair_when_limited_then_the_half_rests_longer_than_the_service(server, make, clock):
    server.routes["/one/v1/test/getcrumb"] = Answer(b"Too Many Requests\r\n", 429)
    auth = make()
    with pytest.raises(LimitedError) as caught:
        await auth.pair()
    clock.now = caught.value.retry_at
    assert not auth.usable
    clock.now += REST
    assert auth.usable


async def test_renew_when_two_were_refused_then_they_share_one_new_pair(server, make):
    auth = make()
    old = await auth.pair()
    server.routes["/one/v1/test/getcrumb"] = Answer(b"newcrumb")
    first, second = await asyncio.gather(auth.renew(old), auth.renew(old))
    assert first is second
    assert first.crumb == "newcrumb"
    assert len(server.requests) == 4


async def test_pair_when_printed_then_it_keeps_its_secrets():
    assert "s3cret" not in f"{Pair('A3=s3cret', 's3cret')!r}"
