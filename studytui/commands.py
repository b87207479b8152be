"""The one table of everything a learner can do: keys, footer, palette, help and CLI help come from here.

Screen keys: the number keys 1-8 and F2-F9 show the areas in the order of `AREAS` (F1 is help, so F2 is Today
and F9 is Map).  F10 or Ctrl+P opens the palette, from which every command runs without a letter key; many
commands have a Ctrl twin besides.
"""

from __future__ import annotations

from dataclasses import dataclass

from studytui.i18n import N_, _
from studytui.keys import key_name, survives_input_method

FOOTER_SIZE = 6
APP = "app"


@dataclass(frozen=True)
class Command:
    """One action: ``id`` names the method ``action_<id>`` of the widget, screen or app behind ``scope``.

    ``title``, ``help`` and ``footer`` are message ids; ``footer`` is the short word beside the key in the
    footer, "" keeps the command out of it.  ``keys`` are characters or Textual's key names.  ``cli`` is the
    same act in the shell, "" when the act only makes sense on a screen.
    """

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    scope: str
    cli: str = ""
    footer: str = ""
    arguments: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name under which the table knows it: ``scope.id``."""
        return f"{self.scope}.{self.id}"

    @property
    def key_names(self) -> tuple[str, ...]:
        """The keys as Textual names them."""
        return tuple(key_name(key) for key in self.keys)

    @property
    def call(self) -> str:
        """The action to run, with its arguments when it has some."""
        return f"{self.id}({', '.join(map(repr, self.arguments))})" if self.arguments else self.id

    @property
    def letterless_keys(self) -> tuple[str, ...]:
        """The keys that work with an input method on; when there is none the palette is the way."""
        return tuple(key for key in self.keys if survives_input_method(key))


@dataclass(frozen=True)
class Area:
    """One of the eight rooms: ``name`` is its scope, ``number`` its key, the rest as in `Command`."""

    name: str
    title: str
    number: int
    help: str
    cli: str

    @property
    def keys(self) -> tuple[str, str]:
        """The number key, and the function key one above it because F1 is help."""
        return (str(self.number), f"f{self.number + 1}")


AREAS: tuple[Area, ...] = (
    Area("today", N_("Today"), 1, N_("What to do now, and what is waiting."), "today"),
    Area("read", N_("Read"), 2, N_("Articles from your sources, newest first."), "articles"),
    Area("courses", N_("Courses"), 3, N_("Courses and lessons with their progress."), "courses"),
    Area("notes", N_("Notes"), 4, N_("Your notes, in your own words."), "notes"),
    Area("review", N_("Review"), 5, N_("Cards that are due, and explaining aloud."), "review"),
    Area("people", N_("People"), 6, N_("People you met and when to be in touch again."), "people"),
    Area("practice", N_("Practice"), 7, N_("Small tools for your own project."), "practice list"),
    Area("map", N_("Map"), 8, N_("Your knowledge system as a tree of topics."), "map"),
)

_WRITE = (N_("Write a note about this"), N_("Make a note about this, or open the one it has."))
_FILE = (N_("File under a topic"), N_("Put this into your knowledge map under a topic."))
_TAGS = (N_("Tags"), N_("Add or remove tags, picked from those in use."))
_EXTERNAL = (N_("Edit in $EDITOR"), N_("Open the file in the editor that $VISUAL or $EDITOR names."))
_WRITE_WORD = N_("write note")
_STATISTICS = (
    N_("Statistics"),
    N_("What you did, by year, week, time window and kind."),
    "stats",
    N_("stats"),
)


def _table(scope: str, *rows: tuple[str, ...]) -> tuple[Command, ...]:
    """Read rows of (id, keys, title, help[, CLI words[, footer word]])."""
    commands = []
    for identity, keys, title, text, *rest in rows:
        cli, footer_word = (*rest, "", "")[:2]
        line = f"studytui {cli}" if cli else ""
        commands.append(Command(identity, title, text, tuple(keys.split()), scope, line, footer_word))
    return tuple(commands)


def _numbered(scope: str, action: str, cli: str, *rows: tuple[str, str]) -> tuple[Command, ...]:
    """Return one command a number key, from 1: ``action(number)`` with the row's title and help."""
    return tuple(
        Command(action, title, text, (str(n),), scope, f"studytui {cli}", arguments=(str(n),))
        for n, (title, text) in enumerate(rows, 1)
    )


# fmt: off
_LIST = _table(
    "list",
    ("open", "enter", N_("Open"), N_("Open the marked line."), "", N_("open")),
    ("cursor_down", "j down", N_("Down"), N_("One line down.")),
    ("cursor_up", "k up", N_("Up"), N_("One line up.")),
    ("page_down", "pagedown ctrl+d", N_("Page down"), N_("One page down.")),
    ("page_up", "pageup ctrl+u", N_("Page up"), N_("One page up.")),
    ("cursor_top", "g home", N_("First line"), N_("To the first line.")),
    ("cursor_bottom", "G end", N_("Last line"), N_("To the last line.")),
)
_READER = _table(
    "reader",
    ("line_down", "j down", N_("Down"), N_("One line down.")),
    ("line_up", "k up", N_("Up"), N_("One line up.")),
    ("page_down", "space pagedown ctrl+d", N_("Page down"), N_("One page down.")),
    ("page_up", "b pageup ctrl+u", N_("Page up"), N_("One page up.")),
    ("text_top", "g home", N_("Beginning"), N_("To the beginning of the text.")),
    ("text_bottom", "G end", N_("End"), N_("To the end of the text.")),
    ("next_link", "tab", N_("Next link"), N_("Mark the next link in the text.")),
    ("previous_link", "shift+tab", N_("Previous link"), N_("Mark the link before.")),
    ("open_link", "enter", N_("Open the link"),
     N_("Open the marked link, or the one whose number you typed; F-keys change rooms.")),
)
_PANES = _table(
    "panes",
    ("pane_right", "right l", N_("Right"), N_("To the pane on the right.")),
    ("pane_left", "left h", N_("Left"), N_("To the pane on the left.")),
)
_TODAY = _table(
    "today",
    ("not_now", "n -", N_("Not now"), N_("Propose something else for an hour."), "", N_("not now")),
    ("skip_today", "x delete", N_("Skip today"), N_("Do not propose this again today."), "", N_("skip")),
    ("stats", "t ctrl+t", *_STATISTICS),
    ("write_note", "w ctrl+w", *_WRITE, "note new TITLE --from ID"),
    ("settle", "d", N_("Nothing to keep"), N_("Take this out of what is not yet sorted out."),
     "unsorted --settle ID"),
    ("edit", "e ctrl+e", N_("Weekly goal"), N_("Set how many acts you want to finish a week."), "goal ACTS"),
    ("week", "W", N_("Weekly review"), N_("Write the review of this week, or open it."), "week"),
)
_READ = _table(
    "read",
    ("write_note", "w ctrl+w", *_WRITE, "note new TITLE --from ID", _WRITE_WORD),
    ("file_under", "f ctrl+k", *_FILE, "note link NOTE TOPIC"),
    ("star", "m", N_("Star"), N_("Keep this article at hand, or let it go."), "mark ID --star", N_("star")),
    ("next_unread", "n ctrl+down", N_("Next unread"), N_("Go to the next unread article."),
     "articles --unread", N_("next")),
    ("pull", "r ctrl+r", N_("Pull this source"), N_("Ask the marked source for new articles."),
     "pull NAME", N_("pull")),
    ("previous_unread", "p ctrl+up", N_("Previous unread"), N_("Go to the unread article before."),
     "articles --unread"),
    ("toggle_read", "N", N_("Read or unread"), N_("Mark this article as unread, or as read."),
     "mark ID --unread"),
    ("all_read", "A", N_("Mark all read"), N_("Mark everything in this list as read."), "mark --all-read"),
    ("open_browser", "o ctrl+o", N_("Open in browser"), N_("Open this article's page in the web browser."),
     "open ID"),
    ("add", "a ctrl+n", N_("Add a source"), N_("Follow a new feed or site."), "feed add URL"),
    ("edit", "e ctrl+e", N_("Rename this source"), N_("Give the marked source another name."),
     "feed rename NAME NEW"),
    ("toggle_source", "x ctrl+x", N_("Source on or off"), N_("Pause the marked source, or follow it again."),
     "feed off NAME"),
    ("trash", "d delete", N_("Remove this source"), N_("Stop following the marked source."),
     "feed remove NAME"),
    ("show_unread", "U", N_("Only unread"), N_("Show only unread articles, or all."), "articles --unread"),
    ("show_starred", "M", N_("Only starred"), N_("Show only starred articles, or all."),
     "articles --starred"),
)
_NOTES = _table(
    "notes",
    ("add", "a ctrl+n", N_("New note"), N_("Start a new note."), "note new TITLE", N_("new")),
    ("edit", "e ctrl+e", N_("Edit"), N_("Edit this note."), "note edit NOTE", N_("edit")),
    ("file_under", "f ctrl+k", *_FILE, "note link NOTE TOPIC", N_("file under")),
    ("filter", "s ctrl+l", N_("Narrow the list"), N_("Type part of a title, pinyin or #tag."), "notes",
     N_("narrow")),
    ("tags", "t ctrl+t", *_TAGS, "tags"),
    ("by_tag", "#", N_("Notes with a tag"), N_("Pick a tag and show only the notes that have it."),
     "notes --tag TAG"),
    ("show_view", "v", N_("Which notes"),
     N_("Show one kind, notes without links, files with a problem, missing notes."), "notes --kind KIND"),
    ("link_mention", "+", N_("Link this mention"),
     N_("Turn a place that names this note into a link to it."), "links NOTE"),
    ("rename", "ctrl+r", N_("Rename"), N_("Give this note another title; links to it follow."),
     "note rename NOTE TITLE"),
    ("move", "m", N_("Move to a folder"), N_("Put this note into another folder below notes/; links to it follow."),
     "note move NOTE FOLDER"),
    ("rename_tag", "T", N_("Rename a tag"), N_("Give a tag another name in all notes."), "tags"),
    ("trash", "d delete", N_("Move to the trash"), N_("Move this note to the trash; it can be restored."),
     "note trash NOTE"),
    ("restore", "D", N_("Restore from the trash"), N_("Bring a note back from the trash."),
     "note restore ID"),
    ("undo_list", "U", N_("What can be undone"), N_("Pick one of the last acts and take it back."), "undo"),
    ("open_browser", "o ctrl+o", N_("Open the source"),
     N_("Open the page this note is about in the web browser."), "open NOTE"),
    ("edit_external", "E ctrl+x", *_EXTERNAL, "note edit NOTE"),
)
_EDITOR = _table(
    "editor",
    ("save", "ctrl+s", N_("Save"), N_("Save the note."), "note edit NOTE", N_("save")),
    ("close", "escape", N_("Close"), N_("Save and go back to the note."), "", N_("close")),
    ("link", "ctrl+k", N_("Link"), N_("Link to another note, or to an address; [[ does it too."),
     "note link NOTE TARGET", N_("link")),
    ("find", "ctrl+f", N_("Find in this note"), N_("Find a word; Enter goes to the next place."),
     "search QUERY", N_("find")),
    ("bold", "ctrl+b", N_("Bold"), N_("Make what is selected bold, or take that away."), "note edit NOTE"),
    ("italic", "ctrl+t", N_("Italic"), N_("Make what is selected italic, or take that away."),
     "note edit NOTE"),
    ("headings", "ctrl+l", N_("Go to a heading"), N_("Pick a heading of this note and go there."),
     "note edit NOTE"),
    ("next_heading", "ctrl+down", N_("Next heading"), N_("Go to the next heading."), "note edit NOTE"),
    ("previous_heading", "ctrl+up", N_("Heading before"), N_("Go to the heading before."),
     "note edit NOTE"),
    ("insert_date", "ctrl+d", N_("Insert the date"), N_("Write today's date."), "note edit NOTE"),
    ("preview", "ctrl+r", N_("Preview on or off"), N_("Show how the note reads, beside the text."),
     "note show NOTE"),
    ("select_all", "ctrl+a", N_("Select all"), N_("Select the whole text."), "note edit NOTE"),
    ("edit_external", "ctrl+o", *_EXTERNAL, "note edit NOTE"),
)
_MAP = _table(
    "map",
    ("add", "a ctrl+n", N_("New topic"), N_("Write a new topic, below the marked one."), "note new TITLE",
     N_("new topic")),
    ("write_note", "w ctrl+w", N_("Write a note on this"),
     N_("Write a note of your own, filed under the marked topic."), "note new TITLE", _WRITE_WORD),
    ("file_under", "f ctrl+k", *_FILE, "note link NOTE TOPIC", N_("file under")),
    ("open_note", "o ctrl+o", N_("Show the note"), N_("Show this topic's note among the notes."),
     "note show NOTE"),
    ("edit", "e ctrl+e", N_("Edit"), N_("Edit this topic's note."), "note edit NOTE"),
    ("move_down", "J ctrl+down", N_("Move down"), N_("Move the topic and all below it down."), "map"),
    ("move_up", "K ctrl+up", N_("Move up"), N_("Move the topic and all below it up."), "map"),
    ("nest", "> ctrl+right", N_("Nest"), N_("Put the topic under the one above it."), "map"),
    ("unnest", "< ctrl+left", N_("Move out"), N_("Move the topic out by one level."), "map"),
    ("rename", "ctrl+r", N_("Rename"), N_("Give this topic another title; links to it follow."),
     "note rename NOTE TITLE"),
    ("trash", "d delete", N_("Take off the map"), N_("Take the topic off the map; its note stays."), "map"),
    ("edit_external", "E ctrl+x", *_EXTERNAL, "note edit NOTE"),
)
_COURSES = _table(
    "courses",
    ("cycle_state", "space x", N_("Next state"), N_("Lesson: to do, under way, done, and round again."),
     "lesson COURSE LESSON --state done", N_("tick")),
    ("skip", "- s", N_("Skip or take up"), N_("Skip this lesson, or take it up again."),
     "lesson COURSE LESSON --state skipped", N_("skip")),
    ("write_note", "w ctrl+w", *_WRITE, "note new TITLE", _WRITE_WORD),
    ("add", "a ctrl+n", N_("New course"), N_("Make a course from a pasted list of lessons."),
     "course new TITLE"),
    ("take_again", "r ctrl+r", N_("Take again"), N_("Mark this lesson to be taken once more, or not."),
     "lesson COURSE LESSON --state again"),
    ("due", "D", N_("Due date"), N_("Set the day by which this lesson should be done."),
     "course due COURSE LESSON DAY"),
    ("ask", "Q", N_("Ask a question"), N_("Write a question of yours under this lesson."),
     "course ask COURSE LESSON QUESTION"),
    ("settle", "c", N_("Changed lessons"), N_("Say what became of lessons that were changed outside."),
     "course settle COURSE"),
    ("next_lesson", "n ctrl+down", N_("Next open lesson"), N_("Go to the next lesson that is not done."),
     "courses"),
    ("previous_lesson", "p ctrl+up", N_("Previous open lesson"), N_("Go to the open lesson before."),
     "courses"),
    ("edit", "e ctrl+e", N_("Edit"), N_("Edit the course's note."), "note edit NOTE"),
    ("edit_external", "E ctrl+x", *_EXTERNAL, "note edit NOTE"),
)
_OUTLINE = _table(
    "outline",
    ("save", "ctrl+s", N_("Create"), N_("Create the course."), "course new TITLE", N_("create")),
)
_REVIEW = _table(
    "review",
    ("start", "c ctrl+n", N_("Review cards"), N_("Review the cards that are due."), "review", N_("cards")),
    ("add", "a", N_("Ask a question"), N_("Write down a question of your own, to explain it."),
     "explain --ask QUESTION", N_("ask")),
    ("stats", "t ctrl+t", *_STATISTICS),
    ("edit", "e ctrl+e", N_("Edit the note"), N_("Edit the note that this comes from."), "note edit NOTE"),
    ("suspend", "s -", N_("Suspend or take up"), N_("Take this card out of every queue, or put it back."),
     "cards suspend ID"),
)
_CARD = (
    *_table(
        "card",
        ("answer", "space enter", N_("Show the answer"), N_("Show the answer; once more means good."),
         "review", N_("answer")),
        ("edit", "e ctrl+e", N_("Edit the card"), N_("Edit the card in its note and come back."),
         "note edit NOTE", N_("edit")),
        ("bury", "x delete", N_("Put aside"), N_("Put this card aside until tomorrow."),
         "cards bury ID", N_("tomorrow")),
        ("suspend", "s -", N_("Suspend"), N_("Take this card out of every queue."),
         "cards suspend ID", N_("suspend")),
        ("edit_external", "E ctrl+x", *_EXTERNAL, "note edit NOTE"),
    ),
    *_numbered("card", "grade", "review", (N_("Again"), N_("I did not remember it.")),
               (N_("Hard"), N_("I remembered it with effort.")), (N_("Good"), N_("I remembered it.")),
               (N_("Easy"), N_("I knew it at once."))),
)
_EXPLAIN = (
    *_table(
        "explain",
        ("clock", "space enter", N_("Start or stop the clock"), N_("Begin to speak; stop when it is said."),
         "explain TOPIC --seconds 60", N_("start/stop")),
        ("length", "t ctrl+t", N_("60 or 180 seconds"), N_("Change how long you want to speak."),
         "explain TOPIC --seconds 180", "60/180"),
        ("write_note", "w ctrl+w", *_WRITE, "note new TITLE", _WRITE_WORD),
    ),
    *_numbered("explain", "score", "explain TOPIC --score 3", (N_("1: not at all"), N_("I could not explain it.")),
               (N_("2: with gaps"), N_("I lost the thread, or left out much.")),
               (N_("3: the outline"), N_("The outline was right.")),
               (N_("4: clearly"), N_("Clear and complete.")),
               (N_("5: with an example"), N_("Fluent, with an example of my own."))),
)
_PEOPLE = _table(
    "people",
    ("log", "c ctrl+l", N_("Log a contact"),
     N_("What you talked about; for an event a question, or whom you met."), "person log NAME TEXT",
     N_("log")),
    ("add", "a ctrl+n", N_("Add somebody"), N_("Somebody you met, in one line."), "person add LINE",
     N_("add")),
    ("answered", "x ctrl+y", N_("Answered"), N_("What they asked last is answered now."),
     "person log NAME TEXT --answered", N_("answered")),
    ("fields", "t ctrl+t", N_("Tie, stage, intervals"), N_("Set tie, stage, and how often to be in touch."),
     "person set NAME", N_("intervals")),
    ("add_event", "v ctrl+b", N_("New event"), N_("A salon, a meeting, a fair where you meet people."),
     "event add TITLE"),
    ("ask_question", "w ctrl+w", N_("Write a question for them"),
     N_("A question of yours that this person could answer, as a note."), "person ask NAME QUESTION"),
    ("next_due", "n ctrl+down", N_("Next due"), N_("Go to the next person to be in touch with."),
     "people --due"),
    ("previous_due", "p ctrl+up", N_("Previous due"), N_("Go to the person before who is due."),
     "people --due"),
    ("edit", "e ctrl+e", N_("Edit"), N_("Edit the note of this person or event."), "note edit NOTE"),
    ("edit_external", "E ctrl+x", *_EXTERNAL, "note edit NOTE"),
    ("trash", "d delete", N_("Move to the trash"),
     N_("Move this person or event to the trash; undo brings it back."), "note trash NOTE"),
    ("import_file", "I", N_("Import people"), N_("Add the people of a CSV or vCard file."),
     "people import FILE"),
    ("export_file", "X", N_("Export people"), N_("Write everybody into a CSV file for a spreadsheet."),
     "people export FILE"),
)
_PERSON_FORM = _table(
    "person_form",
    ("save", "ctrl+s", N_("Save"), N_("Keep what the form says."), "person set NAME", N_("save")),
)
_PRACTICE = _table(
    "practice",
    ("learn", "o ctrl+o", N_("What it is about"), N_("Open the topic note of this system."),
     "note show NOTE", N_("learn")),
    ("write_note", "w ctrl+w", N_("Write the result down"), N_("Make a note of what the tool says today."),
     "practice run TOOL --note", _WRITE_WORD),
    ("edit", "e ctrl+e", N_("Edit"), N_("Edit the note that holds the entries."), "note edit NOTE"),
    ("edit_external", "E ctrl+x", *_EXTERNAL, "note edit NOTE"),
)
_TOOL = _table(
    "tool",
    ("save", "ctrl+s", N_("Save"), N_("Keep what the form says as an entry."), "practice run TOOL --save",
     N_("save")),
    ("write_note", "w ctrl+r", N_("Write the result down"), N_("Make a note of what the tool says now."),
     "practice run TOOL --note", N_("to a note")),
    ("new_entry", "a ctrl+n", N_("New entry"), N_("Begin a new entry of today."),
     "practice run TOOL --set FIELD=VALUE", N_("new")),
    ("entries", "ctrl+l", N_("Entries"), N_("Go to the entries made so far; again: back to the form."),
     "practice show TOOL", N_("entries")),
    ("trash", "d delete", N_("Remove this entry"), N_("Take the marked entry out; undo brings it back."),
     "note edit NOTE"),
    ("learn", "o ctrl+o", N_("What it is about"), N_("Open the topic note of this system."),
     "note show NOTE"),
    ("edit", "e", N_("Edit the note"), N_("Edit the note that holds the entries."), "note edit NOTE"),
    ("edit_external", "E", *_EXTERNAL, "note edit NOTE"),
)
_BOARD = _table(
    "board",
    ("move_on", "> ctrl+down", N_("One stage on"), N_("Move this person one stage on; say why."),
     "practice run stages --set stage=STAGE", N_("stage on")),
    ("move_back", "< ctrl+up", N_("One stage back"), N_("Move this person one stage back; say why."),
     "practice run stages --set stage=STAGE"),
)
_REPORT = _table(
    "report",
    ("line_down", "j down", N_("Down"), N_("One line down.")),
    ("line_up", "k up", N_("Up"), N_("One line up.")),
    ("page_down", "space pagedown ctrl+d", N_("Page down"), N_("One page down.")),
    ("page_up", "b pageup ctrl+u", N_("Page up"), N_("One page up.")),
    ("text_top", "g home", N_("Beginning"), N_("To the beginning of the text.")),
    ("text_bottom", "G end", N_("End"), N_("To the end of the text.")),
)
_SEARCH = _table(
    "search",
    ("only_notes", "ctrl+n", N_("Only notes"), N_("Show only notes, or everything."),
     "search QUERY --kind note", N_("notes")),
    ("only_articles", "ctrl+r", N_("Only articles"), N_("Show only articles, or everything."),
     "search QUERY --kind article", N_("articles")),
)
_EVERYWHERE = _table(
    APP,
    ("help", "? f1", N_("Help"), N_("Show the keys of this screen."), "--help", N_("help")),
    ("palette", "ctrl+p f10", N_("All actions"),
     N_("Find any action by part of its name; works with an input method on."), "", N_("actions")),
    ("search", "/ ctrl+f", N_("Search"), N_("Search notes and articles as you type."), "search QUERY"),
    ("back", "escape q", N_("Back"), N_("Go one step back; never leaves the program.")),
    ("undo", "u ctrl+z", N_("Undo"), N_("Take back the last thing you did."), "undo"),
    ("pull_all", "R ctrl+g", N_("Pull all sources"), N_("Ask every source for new articles."), "pull"),
    ("settings", "", N_("Settings"),
     N_("Goals, cards a day, time windows, budget: see them and change them."), "settings"),
    ("switch_theme", "", N_("Light or dark"), N_("Change between the light and the dark theme.")),
    ("switch_language", "", N_("Language: 中文 / English"), N_("Change the language of the screens.")),
    ("quit", "ctrl+q", N_("Quit"), N_("Leave studytui; everything is saved.")),
)
# fmt: on
_SHELL = {
    "cards bury": N_("Put a card aside until tomorrow."),
    "cards suspend": N_("Take a card out of every queue, or put it back."),
    "course ask": N_("Write a question of yours under a lesson."),
    "course due": N_("Set the day by which a lesson should be done."),
    "course new": N_("Make a course from a list of lessons."),
    "event add": N_("Add a salon, a meeting, a fair where you meet people."),
    "feed off": N_("Pause a source; its articles stay."),
    "feed remove": N_("Stop following a source."),
    "feed rename": N_("Give a source another name."),
    "links": N_("Show what links to a note, what it links to, and where it is only named."),
    "note edit": N_("Open a note in the editor that $VISUAL or $EDITOR names."),
    "note link": N_("Put a note into your knowledge map under a topic."),
    "note rename": N_("Give a note another title; links to it follow."),
    "note move": N_("Put a note into another folder below notes/; links to it follow."),
    "note restore": N_("List what is in the trash, or bring a note back."),
    "note show": N_("Print a note as it stands in its file."),
    "note trash": N_("Move a note to the trash; it can be restored."),
    "open": N_("Open an article's page, or a note's, in the web browser."),
    "person add": N_("Add somebody you met, in one line."),
    "person ask": N_("Write a note with a question of yours that a person could answer."),
    "person log": N_("Log what you talked about with somebody."),
    "practice show": N_("Print a tool: its rule, its fields, and the entries made so far."),
    "pull": N_("Ask every source, or those you name, for new articles."),
    "review": N_("Review the cards that are due, one after the other."),
    "search": N_("Search notes and articles."),
    "settings": N_("List the settings, show one, or change one; lists have commas between."),
    "tags": N_("List the tags in use, or rename one everywhere."),
}
"""Where the screen's sentence says "this" or speaks of keys: what a shell command of that name says of itself."""

_GO = tuple(
    Command("go", area.title, area.help, area.keys, APP, f"studytui {area.cli}", arguments=(area.name,))
    for area in AREAS
)

COMMANDS = (
    *_TODAY,
    *_READ,
    *_NOTES,
    *_EDITOR,
    *_MAP,
    *_COURSES,
    *_OUTLINE,
    *_REVIEW,
    *_CARD,
    *_EXPLAIN,
    *_PEOPLE,
    *_PERSON_FORM,
    *_PRACTICE,
    *_TOOL,
    *_BOARD,
    *_REPORT,
    *_SEARCH,
    *_LIST,
    *_READER,
    *_PANES,
    *_EVERYWHERE,
    *_GO,
)


def scoped(*scopes: str) -> list[Command]:
    """Return the commands of ``scopes``, in the order of the scopes and then of the table."""
    return [command for scope in scopes for command in COMMANDS if command.scope == scope]


def find(name: str) -> Command:
    """Return the first command called ``scope.id``; raises KeyError."""
    for command in COMMANDS:
        if command.name == name:
            return command
    raise KeyError(name)


def area(name: str) -> Area:
    """Return the area called ``name``; raises KeyError."""
    return {known.name: known for known in AREAS}[name]


def footer(*scopes: str) -> list[Command]:
    """Return at most six commands for the footer: those of the inner scopes first, the app's always last."""
    shown = [command for command in scoped(*scopes) if command.footer]
    general = [command for command in shown if command.scope == APP]
    own = [command for command in shown if command.scope != APP]
    return own[: FOOTER_SIZE - len(general)] + general


def cli_help(words: str) -> str:
    """Return the translated help of the command whose CLI twin is ``words``, arguments aside, else "".

    The shell's own wording comes first; among several twins, what works everywhere speaks, then the one with
    the fewest arguments.
    """
    if words in _SHELL:
        return _(_SHELL[words])
    wanted = ["studytui", *words.split()]
    twins = [command for command in COMMANDS if [w for w in command.cli.split() if not w.isupper()] == wanted]
    if not twins:
        return ""
    return _(min(twins, key=lambda command: (command.scope != APP, len(command.cli))).help)


def clashes(*scopes: str) -> dict[str, list[str]]:
    """Return key -> names of the commands that claim it, for keys claimed twice along ``scopes``."""
    claimed: dict[str, list[str]] = {}
    for command in scoped(*scopes):
        for key in command.key_names:
            claimed.setdefault(key, []).append(command.name)
    return {key: names for key, names in claimed.items() if len(names) > 1}
