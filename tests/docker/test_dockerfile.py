"""The image is what its steps make of the tree, and the steps are those that `make image` carries out."""

import re
from pathlib import Path

import pytest

from config.names import unknown_variables
from scripts.image.build import context_of
from scripts.image.dockerfile import UnknownInstruction, expanded, read_dockerfile

REPOSITORY = Path(__file__).parents[2]
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text("utf-8")
IGNORED = (REPOSITORY / ".dockerignore").read_text("utf-8")
STAGES = read_dockerfile(DOCKERFILE)
FINAL = STAGES[-1]


def said(keyword, stages=STAGES):
    return [each for stage in stages for each in stage.instructions if each.keyword == keyword]


def environment(stages):
    pairs = (word.partition("=") for each in said("ENV", stages) for word in each.words)
    return {name: value for name, _, value in pairs}


def test_what_tracewhy_installs_is_locked_by_hash_and_names_no_index():
    installs = [each.rest for each in said("RUN") if " install " in each.rest and "pip" in each.rest]

    assert len(installs) == 3
    assert all("--require-hashes" in rest or "--no-index" in rest for rest in installs)
    assert "://" not in DOCKERFILE
    assert "index-url" not in DOCKERFILE


def test_it_runs_as_a_user_of_its_own_that_owns_the_volume():
    users = [each.rest for each in said("USER", [FINAL])]

    assert users == ["10001:10001"]  # by number, so that whoever runs it can see that it is not root
    assert said("VOLUME", [FINAL])[0].words == ["/data"]
    assert any(
        "--uid 10001" in each.rest and "--owner=tracewhy" in each.rest and "/data" in each.rest
        for each in said("RUN", [FINAL])
    )


def test_tracewhy_itself_is_the_first_process_so_that_signals_reach_it():
    assert said("ENTRYPOINT")[0].rest == '["tracewhy"]'
    assert said("CMD")[0].rest == '["serve"]'
    assert said("STOPSIGNAL")[0].rest == "SIGTERM"


def test_it_listens_where_what_is_published_arrives():
    assert environment([FINAL])["TRACEWHY_RECEIVERS__HOST"] == "0.0.0.0"
    assert {"4317", "4318"} <= set(said("EXPOSE")[0].words)


def test_every_variable_it_sets_is_one_that_tracewhy_reads():
    assert unknown_variables(environment(STAGES)) == ()


def test_what_it_copies_is_there_and_is_sent_to_the_builder(tmp_path):
    context = context_of(REPOSITORY, IGNORED, tmp_path / "context")
    copied = [each.words[:-1] for each in said("COPY") if not each.rest.startswith("--from=")]

    missing = [name for words in copied for name in words if not (context / name).exists()]

    assert missing == []


def test_every_package_of_the_wheel_is_copied():
    project = (REPOSITORY / "pyproject.toml").read_text("utf-8")
    packages = re.search(r"^packages = \[(.*)\]", project.partition("hatch.build")[2], re.MULTILINE)[1]

    copied = {each.words[0] for each in said("COPY")}

    assert set(re.findall(r'"(\w+)"', packages)) <= copied


def test_nothing_but_sources_is_sent_to_the_builder(tmp_path):
    context = context_of(REPOSITORY, IGNORED, tmp_path / "context")

    top = {path.name for path in context.iterdir()}

    assert not top & {".git", ".venv", ".env", "tests", "docs"}
    assert not list(context.rglob("*.pyc"))


def test_stages_have_their_instructions_in_order_with_lines_joined():
    stages = read_dockerfile(
        'FROM a AS one\n# a remark\nENV X=1 \\\n    Y="2 3"\nRUN b\n\nFROM one\nCMD ["c", "d e"]\n'
    )

    assert [(stage.base, stage.name) for stage in stages] == [("a", "one"), ("one", "")]
    assert stages[0].instructions[0].words == ["X=1", "Y=2 3"]
    assert stages[1].instructions[0].words == ["c", "d e"]


@pytest.mark.parametrize("line", ["ONBUILD RUN x", "run x", "FROM a b c"])
def test_what_is_not_carried_out_is_refused(line):
    with pytest.raises(UnknownInstruction):
        read_dockerfile(f"FROM a\n{line}\n")


def test_variables_are_replaced_as_env_does():
    assert (
        expanded("/opt/bin:$PATH:${HOME}/x", {"PATH": "/bin", "HOME": "/home/ann"})
        == "/opt/bin:/bin:/home/ann/x"
    )
