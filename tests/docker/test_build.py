"""Steps of a Dockerfile that need no other root, carried out in folders."""

import pytest

from scripts.image.build import Build, context_of, read_image
from scripts.image.dockerfile import UnknownInstruction, read_dockerfile

TWO_STAGES = """
FROM somewhere AS made
WORKDIR /src
COPY one.txt two.txt kept/
COPY tree renamed/

FROM somewhere
ENV PATH=/opt/bin:$PATH GREETING="hello you"
COPY --from=made /src /opt/
COPY one.txt /etc/single
USER 7:7
VOLUME ["/data"]
ENTRYPOINT ["program"]
CMD ["serve", "--now"]
HEALTHCHECK --interval=5s CMD ["look", "here"]
"""


@pytest.fixture
def build(tmp_path):
    """Builds over a base with one file, from a context with a few."""
    for name in ("context/one.txt", "context/two.txt", "context/tree/deep/three.txt", "base/etc/base.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "built").mkdir()

    def carry_out(text):
        building = Build(
            tmp_path / "context", tmp_path / "built", tmp_path / "base", tmp_path, lambda line: None
        )
        return building.carry_out(read_dockerfile(text))

    return carry_out


def files(image):
    return {str(path.relative_to(image.root)) for path in image.root.rglob("*") if path.is_file()}


def test_files_come_where_copy_puts_them(build):
    image = build(TWO_STAGES)

    assert files(image) == {
        "etc/base.txt",
        "etc/single",
        "opt/kept/one.txt",
        "opt/kept/two.txt",
        "opt/renamed/deep/three.txt",
    }


def test_what_the_program_is_started_with_is_known(build):
    image = build(TWO_STAGES)

    assert image.environment["PATH"].startswith("/opt/bin:/usr/local/sbin:")
    assert image.environment["GREETING"] == "hello you"
    assert (image.user, image.folder, image.volumes) == ("7:7", "/", ["/data"])
    assert (image.entrypoint, image.command) == (["program"], ["serve", "--now"])
    assert image.health == ["look", "here"]


def test_what_was_built_can_be_read_again(build, tmp_path):
    image = build(TWO_STAGES)

    image.write(tmp_path / "image.json")

    assert read_image(tmp_path / "image.json") == image


def test_an_option_of_copy_that_is_not_carried_out_is_refused(build):
    with pytest.raises(UnknownInstruction, match="options of COPY"):
        build("FROM somewhere\nCOPY --chown=7 one.txt /\n")


def test_only_what_is_named_gets_into_the_context(tmp_path):
    for name in ("tree/kept/a.py", "tree/kept/a.pyc", "tree/secret"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    context = context_of(tmp_path / "tree", "*\n!kept/\n**/*.pyc\n", tmp_path / "context")

    assert [path.name for path in context.rglob("*") if path.is_file()] == ["a.py"]


def test_a_list_of_what_to_leave_out_is_refused(tmp_path):
    with pytest.raises(UnknownInstruction, match="dockerignore"):
        context_of(tmp_path, "secret\n", tmp_path / "context")
