"""Values of flags, from text; each says what it takes when it is wrong."""

from __future__ import annotations

import argparse
import re


def seconds(text: str) -> float:
    """Seconds, 0 or more."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError("seconds are a number, 0 or more")
    return value


def pattern(text: str) -> re.Pattern[str]:
    """A regular expression."""
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"no regular expression: {error}") from error


def number_of_1_or_more(text: str) -> int:
    """A number of 1 or more."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("a number of 1 or more")
    return value


def country(text: str) -> str:
    """Two letters."""
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise argparse.ArgumentTypeError("a country is two letters (ISO 3166), such as NL")
    return text.upper()


def features(text: str) -> tuple[str, ...]:
    """What a number can do."""
    features = tuple(dict.fromkeys(feature.strip().upper() for feature in text.split(",")))
    if not set(features) <= {"SMS", "VOICE", "MMS"}:
        raise argparse.ArgumentTypeError("features are SMS, VOICE and MMS, separated by commas")
    return features


def port(text: str) -> int:
    """A TCP port."""
    value = int(text)
    if not 0 <= value <= 65535:  # noqa: PLR2004 - the range of TCP ports
        raise argparse.ArgumentTypeError("a port is 0 to 65535")
    return value


def when(text: str) -> object:
    """A moment."""
    from smschat.cli.times import moment  # noqa: PLC0415 - only for commands that take a time

    try:
        return moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def time_ahead(text: str) -> object:
    """A moment to come."""
    from datetime import datetime  # noqa: PLC0415 - only for commands that take a time

    from smschat.domain.times import ahead  # noqa: PLC0415 - as above

    try:
        return ahead(text, datetime.now().astimezone())
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
