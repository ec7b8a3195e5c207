package io.agentledger.client.cli;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.session.SessionsClient;
import java.util.Locale;
import java.util.Optional;

/** Lets the user select a checkpoint, and restores its files once the user has seen the changes. */
final class Rewinder {
  private static final int CHECKPOINTS_MAX = 20;

  private final SessionsClient sessions;
  private final ConsoleOutput output;
  private final Optional<ConsoleInput> input;

  /**
   * Creates a rewinder.
   *
   * @param input empty without a terminal
   */
  Rewinder(SessionsClient sessions, ConsoleOutput output, Optional<ConsoleInput> input) {
    this.sessions = sessions;
    this.output = output;
    this.input = input;
  }

  /** Lists the newest checkpoints, and asks for one; empty if the user selects none. */
  Optional<CheckpointId> select(SessionId session) {
    var checkpoints = sessions.checkpoints(session, new PageRequest(CHECKPOINTS_MAX, null)).items();
    if (checkpoints.isEmpty()) {
      output.printLine(TextStyle.DIM, "there is no checkpoint yet");
      return Optional.empty();
    }
    WorkspaceFormat.printCheckpoints(output, checkpoints);
    while (true) {
      var line = ask("  number, or nothing to leave the files as they are: ");
      if (line.isEmpty() || line.get().isEmpty()) return Optional.empty();
      if (line.get().matches("[1-9][0-9]?") && Integer.parseInt(line.get()) <= checkpoints.size())
        return Optional.of(checkpoints.get(Integer.parseInt(line.get()) - 1).id());
      output.printLine(TextStyle.DIM, "  please type 1 to " + checkpoints.size());
    }
  }

  /**
   * Prints the changes, and makes them after a confirmation.
   *
   * @return whether the files are now those of the checkpoint, or were not to be changed
   */
  boolean rewind(SessionId session, CheckpointId checkpoint, boolean dryRun, boolean confirmed) {
    var changes = sessions.rewind(session, checkpoint, true);
    WorkspaceFormat.printChanges(output, changes, false);
    if (dryRun || changes.files().isEmpty()) return true;
    if (!confirmed && input.isEmpty()) {
      output.printLine(TextStyle.WARNING, "nothing was changed: --yes restores without asking");
      return false;
    }
    if (!confirmed && !ask("  restore? [y]es [n]o: ").orElse("").startsWith("y")) return false;
    sessions.rewind(session, checkpoint, false);
    output.printLine("the files of " + checkpoint + " are restored");
    return true;
  }

  private Optional<String> ask(String question) {
    return input
        .flatMap(
            console -> console.readAnswer(output.styled(TextStyle.WARNING, question), () -> false))
        .map(line -> line.strip().toLowerCase(Locale.ROOT));
  }
}
