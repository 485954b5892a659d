"""Yahoo's question about cookies: asked of the user, sent only with a yes, and never anywhere else."""

import pytest

from tests.sources.server import Answer
from tui.sources.base import ConsentNeededError, DeniedError
from tui.sources.yahoo_auth import REST, Auth, Pair

FORM = b"""<html><form method="post" class="consent-form">
<input type="hidden" name="csrfToken" value="tok&amp;en"><input type="hidden" name="sessionId" value="3_cc-session_1">
<input type="hidden" name="originalDoneUrl" value="https://finance.yahoo.com/quote/AAPL"><input name="namespace" value="yahoo">
<input name="other" value="x"><button name="agree" value="agree">OK</button></form></html>"""


@pytest.fixture
def auth(server, http, clock, tmp_path):
    """The page leads over three hops on another host to the form."""
    guce = f"http://localhost:{server.port}"
    seen = {"agreed": False}

    def page(request):
        if seen["agreed"]:
            return Answer(b"<html>", 200, {"Set-Cookie": "A3=d=agreed; Path=/"})
        return Answer(status=307, headers={"Location": f"{guce}/consent", "Set-Cookie": "B=1; Path=/"})

    def form(request):
        if not seen.get("posting"):
            seen["posting"] = True
            return Answer(FORM)
        seen["agreed"] = True
        return Answer(status=302, headers={"Location": f"{guce}/copyConsent"})

    server.routes["/cookie"] = Answer(b"blocked")
    server.routes["/page"] = page
    server.routes["/consent"] = Answer(
        status=302, headers={"Location": "/collectConsent?sessionId=3", "Set-Cookie": "GUCS=abc"}
    )
    server.routes["/collectConsent"] = form
    server.routes["/copyConsent"] = Answer(
        status=302, headers={"Location": f"{server.url}/page", "Set-Cookie": "A1=x; Path=/"}
    )
    server.routes["/one/v1/test/getcrumb"] = server.routes["/two/v1/test/getcrumb"] = Answer(b"crumb")
    ways = [(f"{server.url}/cookie", f"{server.url}/one"), (f"{server.url}/page", f"{server.url}/two")]
    return Auth(http, ways, path=tmp_path / "pair.json", clock=clock, consent_hosts={"localhost"})


async def test_pair_when_consent_is_wanted_then_the_question_is_open_and_nothing_was_sent(server, auth):
    with pytest.raises(ConsentNeededError):
        await auth.pair()
    assert auth.question.startswith("Yahoo asks for your consent")
    assert not auth.usable
    assert server.paths() == ["/cookie", "/page"]


async def test_consent_when_agreed_then_the_form_is_sent_once_and_the_cookie_is_kept(server, auth, tmp_path):
    with pytest.raises(ConsentNeededError):
        await auth.pair()
    await auth.consent(agree=True)
    assert (auth.question, auth.trouble, auth.usable) == ("", "", True)
    assert await auth.pair() == Pair("A3=d=agreed", "crumb")
    assert (tmp_path / "pair.json").stat().st_mode & 0o777 == 0o600
    walked = server.paths()[2:]
    assert walked == [
        "/page",
        "/consent",
        "/collectConsent",
        "/collectConsent",
        "/copyConsent",
        "/page",
        "/two/v1/test/getcrumb",
    ]
    posted = server.bodies[-1]
    assert posted["agree"] == ["agree", "agree"]
    assert posted["csrfToken"] == ["tok&en"]
    assert set(posted) == {"csrfToken", "sessionId", "originalDoneUrl", "namespace", "agree"}
    assert "GUCS=abc" in server.requests[4].headers["cookie"]


async def test_consent_when_refused_then_it_is_not_asked_again_and_nothing_is_sent(server, auth, clock):
    with pytest.raises(ConsentNeededError):
        await auth.pair()
    await auth.consent(agree=False)
    assert auth.question == ""
    clock.now += REST
    with pytest.raises(ConsentNeededError):
        await auth.pair()
    assert auth.question == ""
    assert "/consent" not in server.paths()


async def test_consent_when_the_page_is_another_then_it_says_so_and_the_question_comes_again(server, auth, clock):
    server.routes["/collectConsent"] = Answer(b"<html>changed</html>")
    with pytest.raises(ConsentNeededError):
        await auth.pair()
    await auth.consent(agree=True)
    assert "consent is not what it is known to be" in auth.trouble
    assert not server.bodies
    clock.now += REST
    with pytest.raises(ConsentNeededError):
        await auth.pair()
    assert auth.question


async def test_consent_when_it_leads_elsewhere_then_it_is_not_followed(server, auth):
    server.routes["/consent"] = Answer(status=302, headers={"Location": "http://elsewhere.test/x"})
    with pytest.raises(ConsentNeededError):
        await auth.pair()
    await auth.consent(agree=True)
    assert "another host" in auth.trouble


async def test_consent_when_it_goes_in_circles_then_it_ends(server, auth):
    server.routes["/consent"] = Answer(status=302, headers={"Location": "/consent"})
    with pytest.raises(DeniedError):
        await auth.pair()
    await auth.consent(agree=True)
    assert "in circles" in auth.trouble
    assert server.paths().count("/consent") < 12
