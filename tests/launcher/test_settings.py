"""Safety that the settings promise, seen from outside."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from mskb import settings


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("Yes", True), ("0", False), ("off", False), ("", True)])
def test_a_switch_is_on_or_off_or_left(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("SWITCH", value)
    assert settings.env_flag("SWITCH", default=True) is expected


def test_a_switch_that_is_neither_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCH", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="SWITCH"):
        settings.env_flag("SWITCH")


@pytest.mark.parametrize("url", ["sqlite:///x", "mysql://a@b/c", "nonsense", "postgres://["])
def test_only_postgresql_is_a_database(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        settings.env_database()


@pytest.mark.django_db
def test_every_answer_carries_the_safety_headers(client: Client) -> None:
    headers = client.get("/admin/login/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.django_db
def test_the_admin_needs_nothing_the_policy_forbids(client: Client) -> None:
    client.force_login(get_user_model().objects.create_superuser("root"))
    page = client.get("/admin/").content.decode()
    assert not re.findall(r"<style|\sstyle=|\son\w+=", page)
    assert not re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", page)


@pytest.mark.django_db
def test_a_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Client) -> None:
    get_user_model().objects.create_superuser("careful", password="the right one")
    answer = client.post("/admin/login/", {"username": "careful", "password": "the right one"})
    cookie = answer.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.django_db
def test_a_guesser_is_locked_out_even_with_the_right_password_at_last(client: Client) -> None:
    get_user_model().objects.create_superuser("careful", password="the right one")
    wrong = {"username": "careful", "password": "guess"}
    for _ in range(5):
        client.post("/admin/login/", wrong)
    answer = client.post("/admin/login/", {**wrong, "password": "the right one"})
    assert answer.status_code == 429
    elsewhere = client.post("/admin/login/", {**wrong, "password": "the right one"}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302
