package io.agentledger.client.cli;

import io.agentledger.api.permission.PendingActionView;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.RememberScope;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.session.SessionInput;
import io.agentledger.client.session.SessionsClient;
import io.agentledger.client.session.SessionsClient.LifecycleAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Commands that decide about a session's calls, and end it. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class SessionCommands {
  private SessionCommands() {}

  /** Parser of the id of an action or a session. */
  private static final class TargetConverter implements ITypeConverter<Id> {
    @Override
    public Id convert(String text) {
      try {
        return text.startsWith(SessionId.PREFIX + "_") ? new SessionId(text) : new ActionId(text);
      } catch (IllegalArgumentException exception) {
        throw new TypeConversionException(
            "'" + text + "' is no id of an action (act_...) or a session (ses_...)");
      }
    }
  }

  /** Decides about one call that waits. */
  private abstract static class DecideCommand extends ServiceCommand {
    @Parameters(
        paramLabel = "ACTION",
        arity = "0..1",
        converter = TargetConverter.class,
        description = "act_..., or the session that waits; without it, lists what waits.")
    private @Nullable Id target;

    abstract SessionInput decide(PendingActionView action);

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var waiting =
          listPendingActions(service.sessions()).stream()
              .filter(
                  action ->
                      target == null
                          || action.actionId().equals(target)
                          || action.sessionId().equals(target))
              .toList();
      var calls = waiting.stream().filter(action -> action.type().equals("permission")).toList();
      if (target != null && calls.size() == 1) {
        var action = calls.getFirst();
        service.sessions().submit(action.sessionId(), List.of(decide(action)));
        output.printLine(
            (spec.name().equals("approve") ? "approved: " : "denied: ") + describe(action));
        return ExitCode.OK;
      }
      if (target != null && calls.isEmpty()) return reportNothingWaits(target, waiting);
      var listed = target == null ? waiting : calls;
      if (listed.isEmpty()) output.printLine(TextStyle.DIM, "nothing waits for an answer");
      for (var action : listed) output.printLine(describe(action) + "\n  " + resolution(action));
      return target == null ? ExitCode.OK : ExitCode.FAILED;
    }

    private int reportNothingWaits(Id target, List<PendingActionView> questions) {
      try (var errors = environment().errorOutput()) {
        var reason =
            !questions.isEmpty()
                ? " waits for an answer, not for a decision; " + resolution(questions.getFirst())
                : target instanceof ActionId
                    ? " does not wait for a decision: it is unknown, or decided already"
                    : " has no call that waits for a decision";
        errors.printLine(TextStyle.ERROR, "agentledger: " + target + reason);
      }
      return ExitCode.FAILED;
    }

    /** Returns how a user resolves an action: the command, if there is one for its type. */
    private String resolution(PendingActionView action) {
      var command = environment().command();
      return switch (action.type()) {
        case "permission" -> command + " " + spec.name() + " " + action.actionId();
        case "client_tool" -> "a client executes it (answer_tool)";
        default ->
            "answer at a terminal:  " + command + " tail --ask --from-start " + action.sessionId();
      };
    }

    private static List<PendingActionView> listPendingActions(SessionsClient sessions) {
      var actions = new ArrayList<PendingActionView>();
      @Nullable String cursor = null;
      do {
        var page = sessions.pendingActions(new PageRequest(PageRequest.LIMIT_MAX, cursor));
        actions.addAll(page.items());
        cursor = page.nextCursor();
      } while (cursor != null);
      return actions;
    }

    private static String describe(PendingActionView action) {
      var input =
          action.type().equals("elicitation")
              ? ConsoleFormat.elicitationMessage(action.input())
              : ConsoleFormat.toolInput(action.input());
      var call = TerminalSanitizer.sanitizeLine(action.tool(), 60) + " " + input;
      return action.sessionId() + "  " + call.strip();
    }
  }

  /** {@code agentledger approve}: allows a call. */
  @Command(name = "approve", description = "Allows a call that waits for a decision.")
  static final class Approve extends DecideCommand {
    @Option(names = "--always", description = "Allows the tool for the rest of the session.")
    private boolean always;

    @Override
    SessionInput decide(PendingActionView action) {
      return new SessionInput.Decide(
          action.actionId(),
          Decision.ALLOW,
          action.inputDigest(),
          null,
          null,
          always ? RememberScope.TOOL : null);
    }
  }

  /** {@code agentledger deny}: denies a call. */
  @Command(name = "deny", description = "Denies a call that waits for a decision.")
  static final class Deny extends DecideCommand {
    @Option(names = "--reason", paramLabel = "TEXT", description = "The agent reads it.")
    private @Nullable String reason;

    @Override
    SessionInput decide(PendingActionView action) {
      return new SessionInput.Decide(
          action.actionId(), Decision.DENY, action.inputDigest(), null, reason, null);
    }
  }

  /** Command that performs an action on a session. */
  abstract static class LifecycleCommand extends ServiceCommand {
    private final LifecycleAction action;

    @Parameters(paramLabel = "SESSION", description = "ses_...")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
    private SessionId session;

    LifecycleCommand(LifecycleAction action) {
      this.action = action;
    }

    @Override
    final int execute(AgentledgerClient service, ConsoleOutput output) {
      var view = service.sessions().perform(session, action);
      output.printLine(session + " is " + view.lifecycle().name().toLowerCase(Locale.ROOT));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger archive}: archives a session. */
  @Command(name = "archive", description = "Archives an idle session; it can be restored.")
  static final class Archive extends LifecycleCommand {
    Archive() {
      super(LifecycleAction.ARCHIVE);
    }
  }

  /** {@code agentledger restore}: restores an archived session. */
  @Command(name = "restore", description = "Restores an archived session.")
  static final class Restore extends LifecycleCommand {
    Restore() {
      super(LifecycleAction.RESTORE);
    }
  }

  /** {@code agentledger delete}: deletes a session. */
  @Command(name = "delete", description = "Ends a session permanently and removes it from lists.")
  static final class Delete extends ServiceCommand {
    @Parameters(paramLabel = "SESSION", description = "ses_...")
    private SessionId session;

    @Option(names = "--yes", description = "Does not ask.")
    private boolean confirmed;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      if (!confirmed && !confirm(service, output)) {
        output.printLine(TextStyle.WARNING, "nothing was deleted: --yes deletes without asking");
        return ExitCode.FAILED;
      }
      service.sessions().delete(session);
      output.printLine(session + " is deleted");
      return ExitCode.OK;
    }

    private boolean confirm(AgentledgerClient service, ConsoleOutput output) {
      try (var input = environment().openInput().orElse(null)) {
        if (input == null) return false;
        var view = service.sessions().find(session);
        var title = new SessionTitles(service.sessions()).find(List.of(view)).get(session);
        var question =
            output.styled(
                TextStyle.WARNING, "delete " + session + " (" + title + ")? [y]es [n]o: ");
        return input
            .readAnswer(question, () -> false)
            .filter(line -> line.strip().toLowerCase(Locale.ROOT).startsWith("y"))
            .isPresent();
      }
    }
  }
}
