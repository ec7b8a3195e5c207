package io.agentledger.command.claude.record;

import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.EndInterruptedRun;
import io.agentledger.api.session.command.SessionCommand.FailRun;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.command.SessionCommand.PauseRun;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.projectconfig.ClientPaths;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Creates the command that ends a run, from the result of its process or from a fault.
 *
 * @param tryNumber number of the try that ends, from 1
 * @param outputExpected whether a structured output was requested
 * @param clientPaths maps the paths in errors
 * @param endedProcess process that has ended with the attempt; null if it continues
 */
public record RunEndCommands(
    SessionId session,
    RunId run,
    int tryNumber,
    long epoch,
    Duration duration,
    boolean outputExpected,
    ClientPaths clientPaths,
    @Nullable ProcessId endedProcess) {
  /**
   * Failure of a turn in which the model used a path with a NUL. Claude Code ends the turn when it
   * parses such a call, before it requests permission, so the call cannot be denied.
   */
  public static final String NUL_PATH =
      "The model called a tool with a path that contains a NUL character, and Claude Code ended the"
          + " turn.";

  private static final String NUL_PATH_RESULT = "Path contains null bytes";
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;
  private static final Set<Integer> KEY_REFUSED = Set.of(401, 403);
  private static final List<String> STOPPED_BY_HOOK =
      List.of("hook_stopped", "stop_hook_prevented");
  private static final Pattern STOPPED_AT_PROMPT =
      Pattern.compile("^(Operation stopped|UserPromptSubmit operation blocked) by hook");

  /**
   * Returns the command that ends the run with its result.
   *
   * @param lastText text of the agent so far, for a run that was stopped before its answer
   */
  public SessionCommand commandFor(
      ResultMessage resultMessage, boolean interruptWanted, Supplier<String> lastText) {
    if (interruptWanted) {
      return interrupted();
    }
    return switch (resultMessage.subtype()) {
      case ResultMessage.TURN_LIMIT ->
          finished(StopReason.MAX_TURNS, resultMessage, lastText.get());
      case "error_max_budget_usd" -> finished(StopReason.BUDGET, resultMessage);
      case "error_max_structured_output_retries" -> outputMismatch();
      case "success" ->
          resultMessage.isError() ? modelFailure(resultMessage) : completed(resultMessage);
      default ->
          failed(
              Failure.CLI,
              true,
              resultMessage.errors().isEmpty()
                  ? resultMessage.subtype()
                  : String.join("; ", resultMessage.errors()));
    };
  }

  private SessionCommand completed(ResultMessage resultMessage) {
    if (resultMessage.stopReason().filter("refusal"::equals).isPresent()) {
      return finished(StopReason.REFUSAL, resultMessage);
    }
    if (isStoppedByHook(resultMessage)) {
      return finished(StopReason.HOOK, resultMessage);
    }
    return outputExpected && resultMessage.structuredOutput().isEmpty()
        ? outputMismatch()
        : finished(StopReason.COMPLETED, resultMessage);
  }

  /**
   * Returns whether a hook stopped the run. A run that is stopped at its prompt ends without a
   * turn; only the text of its result reports that.
   */
  private static boolean isStoppedByHook(ResultMessage resultMessage) {
    return resultMessage.terminalReason().filter(STOPPED_BY_HOOK::contains).isPresent()
        || resultMessage.turns() == 0 && STOPPED_AT_PROMPT.matcher(resultMessage.result()).find();
  }

  private SessionCommand outputMismatch() {
    return failed(
        Failure.OUTPUT, false, "The model returned no output that matches the requested schema.");
  }

  private SessionCommand finished(StopReason reason, ResultMessage resultMessage) {
    return finished(reason, resultMessage, resultMessage.result());
  }

  private SessionCommand finished(StopReason reason, ResultMessage resultMessage, String result) {
    Optional<Json> structured =
        resultMessage.structuredOutput().map(node -> new Json(node.toString()));
    return new FinishRun(session, run, epoch, reason, duration, result, structured.orElse(null));
  }

  private SessionCommand modelFailure(ResultMessage resultMessage) {
    int status = resultMessage.apiErrorStatus().orElse(0);
    if (KEY_REFUSED.contains(status)) {
      return failed(Failure.MODEL_REFUSED, false, keyRefused(status));
    }
    String error =
        resultMessage.result().equals(NUL_PATH_RESULT) ? NUL_PATH : resultMessage.result();
    return isTransient(resultMessage.apiErrorStatus())
        ? failed(Failure.MODEL, true, error)
        : failed(Failure.MODEL_REFUSED, false, error);
  }

  private static String keyRefused(int status) {
    return "The model API refused the service's key ("
        + status
        + "). An operator must set a valid ANTHROPIC_API_KEY and restart the service.";
  }

  /**
   * Returns whether a retry may succeed. A failed connection has no status; other client errors
   * would occur again.
   */
  private static boolean isTransient(OptionalInt status) {
    int code = status.orElse(SERVER_ERROR);
    return code >= SERVER_ERROR || code == TOO_MANY_REQUESTS || code == REQUEST_TIMEOUT;
  }

  /** Pauses the run, because a budget does not suffice; it resumes when the budget is raised. */
  public SessionCommand paused(int attempt, BudgetShortfall shortfall) {
    return new PauseRun(session, run, attempt, epoch, duration, shortfall);
  }

  public SessionCommand interrupted() {
    return new EndInterruptedRun(session, run, epoch, duration, endedProcess);
  }

  public SessionCommand failed(Failure failure, boolean retryable, String error) {
    String clientError = clientPaths.toClientText(error);
    return new FailRun(
        session, run, tryNumber, epoch, failure, retryable, duration, clientError, endedProcess);
  }
}
