package io.agentledger.client.cli;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.CheckpointView;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.workspace.FileChanges;
import io.agentledger.api.workspace.FileView;
import io.agentledger.client.session.SessionDifferences;
import io.agentledger.client.session.SessionsClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints files, checkpoints and changes of a workspace. */
final class WorkspaceFormat {
  static final int PAGE_SIZE = 500;

  /** Columns of a value of a session that has changed. */
  private static final int VALUE_LENGTH_MAX = 200;

  private WorkspaceFormat() {}

  /** Prints the entries of a folder. */
  static void printFiles(ConsoleOutput output, Page<FileView> page) {
    if (page.items().isEmpty()) output.printLine(TextStyle.DIM, "no files");
    for (var file : page.items())
      output.printLine(
          String.format(
              Locale.ROOT,
              "%10s  %s%s",
              file.type() == FileView.FileType.FILE ? ConsoleFormat.size(file.sizeBytes()) : "",
              TerminalSanitizer.sanitizeLine(file.path(), 500),
              file.type() == FileView.FileType.FOLDER ? "/" : ""));
    if (page.nextCursor() != null) output.printLine(TextStyle.DIM, "there are more");
  }

  /**
   * Prints the changes from the first checkpoint of a session to its workspace as it is; without a
   * checkpoint, all of its files.
   */
  static void printAllChanges(SessionsClient sessions, ConsoleOutput output, SessionId session) {
    var checkpoints = allCheckpoints(sessions, session);
    var first = checkpoints.isEmpty() ? null : checkpoints.getLast().id();
    printChanges(output, sessions.changes(session, first, null), true);
  }

  /** Prints what changed in a session: its values, its files with their lines, its events. */
  static void printDifferences(ConsoleOutput output, SessionDifferences differences) {
    output.printLine(
        TextStyle.DIM, "event %d to %d".formatted(differences.from(), differences.to()));
    for (var change : differences.changes()) {
      output.print(TextStyle.BOLD, TerminalSanitizer.sanitizeLine(change.pointer(), 500));
      output.print(
          TextStyle.PLAIN, ": " + value(change.oldValue()) + " -> " + value(change.newValue()));
      output.startLine();
    }
    printChanges(output, differences.files(), true);
    for (var event : differences.events())
      output.printLine(
          TextStyle.DIM, String.format(Locale.ROOT, "%6d  %s", event.count(), event.event()));
  }

  private static String value(@Nullable Json value) {
    return value == null
        ? "none"
        : TerminalSanitizer.sanitizeLine(value.toString(), VALUE_LENGTH_MAX);
  }

  /** Prints changed files, with their lines if {@code lines} is set. */
  static void printChanges(ConsoleOutput output, FileChanges changes, boolean lines) {
    if (changes.files().isEmpty()) output.printLine(TextStyle.DIM, "no files changed");
    for (var file : changes.files()) {
      output.print(TextStyle.BOLD, file.change().name().toLowerCase(Locale.ROOT) + " ");
      output.print(TextStyle.PLAIN, TerminalSanitizer.sanitizeLine(file.path(), 500));
      if (file.addedLines() + file.removedLines() > 0)
        output.print(TextStyle.DIM, "  +" + file.addedLines() + " -" + file.removedLines());
      output.startLine();
      if (lines && file.diff() != null)
        file.diff().lines().forEach(line -> output.printLine(styleOf(line), line));
    }
    if (changes.truncated()) output.printLine(TextStyle.DIM, "there are more");
  }

  private static TextStyle styleOf(String line) {
    if (line.startsWith("+")) return TextStyle.SUCCESS;
    if (line.startsWith("-")) return TextStyle.ERROR;
    return line.startsWith("@@") ? TextStyle.ACCENT : TextStyle.PLAIN;
  }

  /** Prints checkpoints with their numbers, from 1. */
  static void printCheckpoints(ConsoleOutput output, List<CheckpointView> checkpoints) {
    for (int i = 0; i < checkpoints.size(); i++) {
      var checkpoint = checkpoints.get(i);
      output.printLine(
          String.format(
              Locale.ROOT,
              "%4d. %s  %-10s %-11s %s, %s",
              i + 1,
              checkpoint.id(),
              checkpoint.moment(),
              ConsoleFormat.age(checkpoint.takenAt()),
              ConsoleFormat.count(checkpoint.files(), "file"),
              ConsoleFormat.size(checkpoint.bytes())));
    }
  }

  private static List<CheckpointView> allCheckpoints(SessionsClient sessions, SessionId session) {
    Page<CheckpointView> page = sessions.checkpoints(session, new PageRequest(PAGE_SIZE, null));
    var all = new ArrayList<>(page.items());
    while (page.nextCursor() != null) {
      page = sessions.checkpoints(session, new PageRequest(PAGE_SIZE, page.nextCursor()));
      all.addAll(page.items());
    }
    return all;
  }
}
