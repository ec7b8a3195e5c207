package io.agentledger.client.cli;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.CheckpointView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.workspace.FileChanges;
import io.agentledger.api.workspace.FileView;
import io.agentledger.client.session.SessionsClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints files, checkpoints and changes of a workspace. */
final class WorkspaceFormat {
  private static final int PAGE_SIZE = 500;

  private WorkspaceFormat() {}

  /**
   * Prints the entries of a folder.
   *
   * @param folder empty is the workspace itself
   */
  static void printFiles(
      SessionsClient sessions, ConsoleOutput output, SessionId session, String folder) {
    var page = sessions.files(session).list(folder, new PageRequest(PAGE_SIZE, null));
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

  /** Prints changed files, with their lines if {@code lines} is set. */
  static void printChanges(ConsoleOutput output, FileChanges changes, boolean lines) {
    if (changes.files().isEmpty()) output.printLine(TextStyle.DIM, "no changes");
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
