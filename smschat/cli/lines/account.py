"""The commands of the account and the program: login, logout, doctor, config, simulator, count, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.cli.lines import readers

if TYPE_CHECKING:
    from smschat.cli.lines.commands import Commands


def add(commands: Commands) -> None:
    """Add them."""
    _account_commands(commands)
    _other_commands(commands)
    _config_commands(commands)


def _account_commands(commands: Commands) -> None:
    login = commands.add(
        "login", "check and store an account: asked for on a terminal, else read from flags and input", "login"
    )
    login.add_argument("--client-id", metavar="ID", help="of your project at developer.kpn.com")
    login.add_argument("--number", metavar="NUMBER", help="test: your own phone; production: a virtual number")
    login.add_argument("--account", choices=("test", "production"), help="what kind of account it is (default: test)")
    login.add_argument("--api-url", metavar="URL", help="another gateway than KPN's")
    login.add_argument("--tunnel", choices=("ngrok", "fixed", "off"), help="how the gateway reaches the listener")
    login.add_argument("--public-url", metavar="URL", help="fixed: the address; ngrok: your own domain there")
    login.add_argument("--no-check", action="store_true", help="store without asking the gateway or ngrok")
    login.add_argument("--no-trip", action="store_true", help="do not offer the SMS to your own phone")
    login.epilog = (
        "The client secret is never a flag: it is asked for, not shown; or it is the first line of standard input, and "
        "ngrok's authtoken the second. --yes agrees to keep them in credentials.toml where there is no OS keyring."
    )
    commands.add("logout", "erase what login stored, and say what is left", "logout")


def _other_commands(commands: Commands) -> None:
    count = commands.add("count", "encoding, segments, and the characters that force UCS-2", "count")
    count.add_argument("text", metavar="TEXT", nargs="?", help="the text; '-' or nothing: read standard input")
    simulator = commands.add("simulator", "the simulator of KPN's gateway as a server of its own", "simulator")
    simulator.add_argument(
        "--port", type=readers.port, default=0, metavar="N", help="where to listen on loopback; 0: any"
    )
    simulator.add_argument("--log", action="store_true", help="a line for each request and callback")
    simulator.add_argument(
        "--callbacks", choices=("json", "form", "get"), default="json", help="how callbacks carry their fields"
    )
    simulator.add_argument(
        "--sign", action="store_true", help="sign callbacks with signature_secret, by signature_method"
    )
    doctor = commands.add(
        "doctor", "look at every part of the set-up, and say what to do about what does not work", "doctor"
    )
    doctor.add_argument(
        "--install-ngrok", action="store_true", help="instead: fetch the ngrok agent from ngrok.com and install it"
    )
    shell = commands.add("completion", "a script that lets your shell complete commands and flags", "completion")
    shell.add_argument("shell", metavar="SHELL", choices=("bash", "zsh", "fish"), help="bash, zsh or fish")
    keys = commands.add("keys", "every action of the chat with its keys", "keys")
    keys.add_argument("--markdown", action="store_true", help="as the README's table")


def _config_commands(commands: Commands) -> None:
    parts = commands.group("config", "the settings")
    parts.add("path", "where config.toml is, or would be", "config_path")
    parts.add("show", "each setting, its value and where it comes from; never a secret", "config_show")
    parts.add("edit", "open config.toml in $VISUAL or $EDITOR", "config_edit")
