"""`./course grade 04`: grades all submissions of an assignment, several at once.

nbgrader itself takes each submission through its steps, in a thread of its own; one step, running the cells, goes to a worker
(workers.py, cluster.py), and is waited for. All other steps, those that write the gradebook among them, happen in this process, one
at a time. A submission's folder appears under `autograded` when everything of it is in the gradebook, by one rename: whatever ends
this process before that, the next run grades the submission once more and writes the same.
"""

import fcntl
import logging
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from glob import escape, glob
from pathlib import Path

import psutil
from nbconvert.writers import FilesWriter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets import Bool, Integer, Unicode

from examine import Examine
from room import expect_room, is_full
from sandbox import describe
from workers import Local, Stopped

ASIDE = ".grading"  # in the course folder: what is being graded, the lock, and the log


def keep_open():
    """Lets all steps of all submissions share one connection to the gradebook, and with it the statements that are compiled.

    nbgrader's steps open the gradebook for themselves, a dozen times for each submission, which took half of the time at the desk.
    """
    opened = {}
    begin = Gradebook.__init__

    def share(self, db_url, course_id="default_course", authenticator=None):
        key = db_url, course_id
        if key not in opened:
            begin(self, db_url, course_id, authenticator)
            opened[key] = vars(self)
        vars(self).update(opened[key])

    Gradebook.__init__ = share
    Gradebook.close = lambda self: self.db.remove()


class One(Autograde):
    """Takes one submission through nbgrader's steps; what goes wrong is raised, and not printed."""

    def grade(self, student, notebooks):
        assignment = self.coursedir.assignment_id
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = self.exporter_class(parent=self, config=self.config)
        self.notebooks = notebooks
        self.run_pre_convert_hook()
        self.init_assignment(assignment, student)
        for notebook in self.notebooks:
            self.convert_single_notebook(notebook)
        self.set_permissions(assignment, student)
        self.run_post_convert_hook()


class Grade(NbGrader):
    name = "grade"
    description = __doc__

    jobs = Integer(0, help="How many submissions at once; 0 for as many as there are cores and memory.").tag(config=True)
    scheduler = Unicode("", help="The address of a Dask scheduler whose workers examine: tcp://host:8786.").tag(config=True)
    force = Bool(False, help="Whether submissions that were graded are graded again.").tag(config=True)

    aliases = {
        "student": "CourseDirectory.student_id",
        "jobs": "Grade.jobs",
        "scheduler": "Grade.scheduler",
    }
    flags = {"force": ({"Grade": {"force": True}}, "Grade again what was graded.")}

    def start(self):
        super().start()
        if self.extra_args:
            self.coursedir.assignment_id = self.extra_args[0]
        self.root = Path(self.coursedir.root)
        self.aside = self.root / ASIDE
        try:
            for folder in (self.root, tempfile.gettempdir()):
                expect_room(folder)
            self.aside.mkdir(exist_ok=True)
            os.chdir(self.root)
            self.expect_assignment()
            self.log_aside()
            with open(self.aside / "lock", "a+") as lock:
                self.hold(lock)
                code = self.grade_all()
        except Exception as error:
            if not is_full(error):
                raise
            sys.exit(f"Stopped, since {no_room(error)}.")
        sys.exit(code)

    def expect_assignment(self):
        name = self.coursedir.assignment_id
        try:
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
                gradebook.find_assignment(name)
        except MissingEntry:
            sys.exit(f"The gradebook has no assignment {name!r}: ./course nbgrader generate_assignment {name or '04'} makes one.")

    def log_aside(self):
        """What nbgrader says of each step goes to a file; the terminal shows how far it is."""
        for handler in list(self.log.handlers):
            self.log.removeHandler(handler)
        handler = logging.FileHandler(self.aside / "log", mode="w")
        handler.handleError = lambda record: None  # a full disk stops the run, and not each line of its log
        handler.setFormatter(logging.Formatter("%(asctime)s %(threadName)s %(levelname)s %(message)s"))
        self.log.addHandler(handler)
        self.log.propagate = False

    def hold(self, lock):
        """One run at a time in a course: two would grade the same submissions. The system lets go when this process ends."""
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            print(f"Another run grades this course (process {lock.read()}); waiting for it.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()

    def grade_all(self):
        shutil.rmtree(self.aside / "autograded", ignore_errors=True)  # of a run that was ended
        found = self.submissions()
        waiting = {student: notebooks for student, notebooks in found.items() if self.is_due(student)}
        if not found:
            print(f"There is nothing in {self.folder('submitted', '*')}.")
            return 1
        if len(waiting) < len(found):
            print(f"{len(found) - len(waiting)} of {len(found)} submissions were graded before: --force grades them again.")
        if not waiting:
            return 0
        self.desk = threading.Lock()
        keep_open()
        self.stopping = None
        engine = self.engine()
        previous = [signal.signal(name, self.interrupted) for name in (signal.SIGINT, signal.SIGTERM)]
        try:
            for line in describe(engine.isolations()):
                print(line, flush=True)
            Examine.take = lambda job: self.away(engine, job)
            return self.grade_these(waiting, engine)
        except KeyboardInterrupt:
            return 130
        finally:
            engine.stop()
            for name, handler in zip((signal.SIGINT, signal.SIGTERM), previous):
                signal.signal(name, handler)

    def engine(self):
        if self.scheduler:
            from cluster import Cluster

            return Cluster(self.scheduler)
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        room = psutil.virtual_memory().available // (Examine(parent=self).memory * 1_000_000)
        return Local(self.jobs or max(1, min(cores, room)))

    def away(self, engine, job):
        """While a worker examines, others are at the desk."""
        self.desk.release()
        try:
            return engine.take(job)
        finally:
            self.desk.acquire()

    def interrupted(self, *_):
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_IGN)
        raise KeyboardInterrupt

    def grade_these(self, waiting, engine):
        show = Progress(len(waiting))
        failed = {}
        with ThreadPoolExecutor(engine.places + 1) as threads:
            under_way = {threads.submit(self.grade, student, notebooks): student for student, notebooks in waiting.items()}
            try:
                for future in as_completed(under_way):
                    student = under_way[future]
                    error = future.exception()
                    if error is None:
                        show.done += 1
                    elif isinstance(error, Stopped):
                        continue
                    elif is_full(error):
                        self.stopping = no_room(error)
                    else:
                        failed[student] = error
                        self.log.error("%s could not be graded", student, exc_info=error)
                    show.tell(len(failed))
                    if self.stopping:
                        break
            except KeyboardInterrupt:
                self.stopping = "it was interrupted: run the command again for the others"
            if self.stopping:
                threads.shutdown(wait=False, cancel_futures=True)
                engine.stop()
        show.end(len(failed))
        for student, error in sorted(failed.items()):
            print(f"{student}: {short(error)}")
        if failed:
            print(f"{ASIDE}/log says more.")
        if self.stopping:
            print(f"Stopped, since {self.stopping}.")
        return 1 if failed or self.stopping else 0

    def grade(self, student, notebooks):
        with self.desk:
            if self.stopping:
                raise Stopped
            coursedir = CourseDirectory(parent=self, root=str(self.root))
            coursedir.assignment_id = self.coursedir.assignment_id
            coursedir.student_id = student
            coursedir.autograded_directory = f"{ASIDE}/autograded"
            if coursedir.db_url.startswith("sqlite:///") and "?" not in coursedir.db_url:
                coursedir.db_url += "?timeout=60"  # seconds that Formgrader may hold it
            made, place = self.folder(f"{ASIDE}/autograded", student), self.folder("autograded", student)
            try:
                One(coursedir=coursedir, parent=self).grade(student, notebooks)
                if place.exists():
                    shutil.rmtree(place)
                place.parent.mkdir(parents=True, exist_ok=True)
                made.rename(place)
            finally:
                shutil.rmtree(made, ignore_errors=True)

    def folder(self, step, student):
        return Path(self.coursedir.format_path(step, student, self.coursedir.assignment_id))

    def submissions(self):
        """Notebooks by student, as nbgrader finds them."""
        found = {}
        asked = self.coursedir.student_id
        pattern = self.coursedir.format_path("submitted", "(?P<student>[^/]*)", self.coursedir.assignment_id, escape=True)
        for folder in sorted(glob(self.coursedir.format_path("submitted", asked, self.coursedir.assignment_id))):
            student = re.fullmatch(pattern, folder)["student"]
            notebooks = sorted(glob(f"{escape(folder)}/*.ipynb"))
            if notebooks and student not in self.coursedir.student_id_exclude.split(","):
                found[student] = notebooks
        return found

    def is_due(self, student):
        """Not graded yet, or handed in anew since."""
        submitted, graded = self.folder("submitted", student), self.folder("autograded", student)
        if self.force or not graded.exists():
            return True
        try:
            new, old = (self.coursedir.get_existing_timestamp(str(folder)) for folder in (submitted, graded))
        except Exception:  # a timestamp that is none
            return True
        return None not in (new, old) and new > old


class Progress:
    """How many are done and the time left: a line that changes on a terminal, else one every ten seconds."""

    def __init__(self, whole):
        self.whole = whole
        self.done = 0
        self.begun = self.told = time.monotonic()
        self.terminal = sys.stdout.isatty()

    def tell(self, failed):
        now = time.monotonic()
        ended = self.done + failed
        if ended == 0 or (not self.terminal and now - self.told < 10):
            return
        self.told = now
        left = (now - self.begun) / ended * (self.whole - ended)
        line = f"{ended} of {self.whole} graded{f', {failed} failed' if failed else ''}, {spoken(left)} left"
        print(f"\r\x1b[K{line}" if self.terminal else line, end="" if self.terminal else "\n", flush=True)

    def end(self, failed):
        took = spoken(time.monotonic() - self.begun)
        print("\r\x1b[K" if self.terminal else "", end="")
        print(f"Graded {self.done} of {self.whole} submissions in {took}{f'; {failed} could not be' if failed else ''}.")


def spoken(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def no_room(error):
    return f"{short(error)}: free some room, then run the command again"


def short(error):
    """The first line of what an error says."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]


if __name__ == "__main__":
    Grade.launch_instance()
