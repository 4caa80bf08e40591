"""People with the rights of their groups, signed in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from pytest_django import Settings


@pytest.fixture(autouse=True)
def own_data_folder(settings: Settings, tmp_path: Path) -> Path:
    """Uploads wait in a folder of the test's own."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def member(db: None) -> Callable[[str, str], User]:
    """Makes a member of a group."""

    def make(name: str, group: str) -> User:
        user = User.objects.create_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        return user

    return make


@pytest.fixture
def curator(member: Callable[[str, str], User]) -> User:
    return member("cora", "Curator")


@pytest.fixture
def reviewer(member: Callable[[str, str], User]) -> User:
    return member("rene", "Reviewer")


@pytest.fixture
def as_curator(curator: User) -> Client:
    return signed_in(curator)


@pytest.fixture
def as_reviewer(reviewer: User) -> Client:
    return signed_in(reviewer)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
