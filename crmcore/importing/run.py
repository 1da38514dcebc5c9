"""Running an import: chunk by chunk, each in a transaction with its own progress, so that a kill loses nothing."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from attrs import evolve

from crmcore.app import App
from crmcore.directory.currency import currency
from crmcore.engine.transaction import Transaction
from crmcore.engine.workspace import settings
from crmcore.errors import InvalidInput
from crmcore.fields.headings import own_headings
from crmcore.formats.table.mapping import check_fields, read_mapping
from crmcore.hooks.formats import Format, Source
from crmcore.i18n import _
from crmcore.importing import batches, lookup
from crmcore.importing.chunks import Unit, chunks, units
from crmcore.importing.contacts import check_key
from crmcore.importing.context import Options, Step
from crmcore.importing.files import InputFile, find_files
from crmcore.importing.portion import write_portion
from crmcore.importing.proposals import propose
from crmcore.importing.report import RejectedRecord, Report
from crmcore.model.user import Actor

Progress = Callable[[str, int], None]


class Import:
    """One import of some files into a workspace, by an actor.

    A named file that cannot be read at all raises `InvalidInput` when it is the only one; among others it is counted
    as one rejected record. A file that was cut off before is taken up where it stopped.
    """

    def __init__(self, app: App, actor: Actor, paths: Sequence[Path], options: Options, command: str = "") -> None:
        self._app = app
        self._actor = actor
        formats = app.dispatcher.declared("crm_formats")
        self.files, self.passed_over = find_files(paths, formats, options.format, options.reading)
        self._options = _with_mapping(options, [one.format for one in self.files])
        check_key(self._options.key)
        self._options = evolve(self._options, reading={**self._options.reading, **_own_columns(app)})
        with app.read(actor) as reader:
            own = {"currency": currency(reader), "zone": str(settings(reader.connection).get("zone") or "UTC")}
            self._options = evolve(self._options, reading={**own, **self._options.reading})
        if not self.files:
            raise InvalidInput(_("There is nothing to import in {paths}.").format(paths=", ".join(map(str, paths))))
        self._command = command
        self._progress: list[dict[str, object]] = [
            {
                "path": str(f.path),
                "fingerprint": self._fingerprint(f),
                "format": f.format.name,
                "read": 0,
                "done": False,
            }
            for f in self.files
        ]
        self.resumed_at = 0
        self.report = Report()

    def run(self, show: Progress = lambda _file, _read: None) -> Report:
        """Import everything, or with `dry_run` find out what would change and change nothing."""
        if self._options.dry_run:
            with self._transaction() as tx:
                self._start(tx)
                for place in range(len(self.files)):
                    self._read(place, show, tx)
                tx.abandon()
            return self.report
        with self._transaction() as tx:
            if not self._take_up(tx):
                self._start(tx)
        for place in range(len(self.files)):
            self._read(place, show, None)
        with self._transaction() as tx:
            batches.progress(tx, self.report.batch, self.report.counts(), self._progress, batches.DONE)
            tx.record("import.done", "import_batch", self.report.batch, dict(self.report.counts()))
        return self.report

    def _fingerprint(self, file: InputFile) -> str:
        """Return what tells that a file is read again, and in the same way."""
        options = self._options
        said = [options.key, options.people, options.scheme, sorted(options.reading.items()), file.format.name]
        return sha256(f"{file.fingerprint} {said}".encode()).hexdigest()[:32]

    def _transaction(self) -> Transaction:
        return self._app.transaction(self._actor, cause=f"import {self.report.batch or ''}".strip())

    def _start(self, tx: Transaction) -> None:
        self.report.batch = tx.new_id()
        batches.start(tx, self.report.batch, self._command, self._progress)

    def _take_up(self, tx: Transaction) -> bool:
        """Take up an import of the same files that was cut off; return whether there was one."""
        held = batches.unfinished(tx, [self._fingerprint(one) for one in self.files])
        if held is None:
            return False
        self._progress = held.files
        self.report = Report.resumed(held.id, held.counts, batches.rejections(tx, held.id, limit=10_000))
        self.resumed_at = self.report.read
        return True

    def _read(self, place: int, show: Progress, dry: Transaction | None) -> None:
        file, state = self.files[place], self._progress[place]
        if state["done"]:
            return
        try:
            records = file.format.read(Source(path=file.path, options=self._options.reading))
            for chunk in chunks(units(records, file.format), int(str(state["read"]))):
                state["read"] = int(str(state["read"])) + len(chunk)
                self._write(file, chunk, dry)
                show(file.name, self.report.read)
        except InvalidInput as error:
            if len(self.files) == 1 and not self.report.read:
                self._forget(dry)
                raise
            refused = RejectedRecord(file=file.name, line=0, reason=str(error))
            self._write(file, [], dry, refused)
        state["done"] = True

    def _write(
        self, file: InputFile, chunk: Sequence[Unit], dry: Transaction | None, refused: RejectedRecord | None = None
    ) -> None:
        if dry is not None:
            self._write_in(dry, file, chunk, refused)
            return
        with self._transaction() as tx:
            tx.begin()
            self._write_in(tx, file, chunk, refused)

    def _write_in(
        self, tx: Transaction, file: InputFile, chunk: Sequence[Unit], refused: RejectedRecord | None
    ) -> None:
        said = settings(tx.connection)
        region = self._options.reading.get("region") or str(said.get("region") or "")
        step = Step(
            tx=tx,
            batch_id=self.report.batch,
            file=file.name,
            scheme=self._options.scheme or file.format.scheme or file.format.name,
            region=region,
            settings=said,
            users=lookup.users(tx, region),
            owners=lookup.writable_owners(tx),
            options=self._options,
            report=self.report,
            take=file.format.take,
        )
        created = write_portion(step, chunk)
        if refused is not None:
            self.report.reject(refused)
        tx.release()
        propose(tx, created, self.report)
        batches.keep(tx, self.report.batch, step.changes, self.report.take_rejected())
        batches.progress(tx, self.report.batch, self.report.counts(), self._progress, batches.RUNNING)

    def _forget(self, dry: Transaction | None) -> None:
        """Leave no trace of an import that could not begin."""
        if dry is None:
            with self._transaction() as tx:
                batches.drop(tx, self.report.batch)


def _own_columns(app: App) -> dict[str, str]:
    """Return, for readers of tables, the headings by entity that mean fields the workspace defined itself."""
    definitions = app.assembly.definitions
    names = (one for one in ("contact", "customer", "interaction", "task") if definitions.fields_of(one))
    return {f"own_columns.{one}": "\n".join(own_headings(definitions, one)) for one in names}


def _with_mapping(options: Options, formats: Sequence[Format]) -> Options:
    """Return the options with the key that a mapping file declares, unless the user gave one.

    What it says of fields is checked where one of the `formats` reads the core's records.

    Raises `InvalidInput` for a mapping file that cannot be used, before anything is stored.
    """
    path = options.reading.get("mapping")
    if not path:
        return options
    mapping = read_mapping(Path(path))
    if any(one.headings is None for one in formats):
        check_fields(mapping)
    reading = {**options.reading, "mapping_text": mapping.text}
    return evolve(options, key=options.key or mapping.key, reading=reading)
