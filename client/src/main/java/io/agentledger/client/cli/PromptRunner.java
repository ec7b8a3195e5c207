package io.agentledger.client.cli;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.session.SessionEventStream;
import io.agentledger.client.session.SessionInput;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ServiceUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Submits one prompt to one session and follows its run to the result. */
final class PromptRunner {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
  static final String NOTHING_RUNNING = "nothing_running";
  private static final Duration INTERRUPT_GRACE = Duration.ofSeconds(10);

  private final AgentledgerClient service;
  private final ConsoleOutput output;
  private final PendingActionPrompter prompter;
  private final Optional<ConsoleInput> input;
  private final String command;
  private final boolean verbose;
  private final boolean mentionsOptions;
  private volatile long interruptedNanos;

  /**
   * Creates a runner.
   *
   * @param input for questions to the user; empty without a terminal
   * @param command the command that starts this program, for hints
   * @param verbose whether to print the output of tools
   * @param mentionsOptions whether hints mention the options of {@code run}
   */
  PromptRunner(
      AgentledgerClient service,
      ConsoleOutput output,
      Optional<ConsoleInput> input,
      String command,
      boolean verbose,
      boolean mentionsOptions) {
    this.service = service;
    this.output = output;
    this.input = input;
    this.command = command;
    this.verbose = verbose;
    this.mentionsOptions = mentionsOptions;
    this.prompter =
        new PendingActionPrompter(service.sessions(), output, input, command, mentionsOptions);
  }

  /**
   * Submits inputs with one prompt, and follows its run.
   *
   * @return the exit status of the program
   */
  int run(SessionId session, List<SessionInput> inputs) {
    return follow(session, service.sessions().submit(session, inputs));
  }

  /**
   * Follows the run of a prompt that was submitted.
   *
   * @return the exit status of the program
   */
  int follow(SessionId session, SubmitResult result) {
    var run = result.queries().getFirst();
    if (run.queuePosition() > 0)
      output.printLine(
          TextStyle.DIM,
          "queued: " + ConsoleFormat.count(run.queuePosition(), "run") + " before it");
    var eventStream =
        service.sessions().stream(
            session,
            result.after(),
            SessionEventStream.ReconnectPolicy.defaults(this::onConnectionLost));
    try (var interruptSignalHandler =
            new InterruptSignalHandler(
                () -> interrupt(session), () -> input.ifPresent(ConsoleInput::restore));
        var reader = new BackgroundStreamReader(eventStream)) {
      if (run.queuePosition() > 0) promptBefore(session, run.runId(), reader);
      output.showSpinner("waiting for the agent");
      return followRun(reader, session, run.runId());
    }
  }

  /** Prompts for the answers that the run before this one waits for. */
  private void promptBefore(SessionId session, RunId run, BackgroundStreamReader reader) {
    for (var action : service.sessions().find(session).pendingActions())
      if (!action.runId().equals(run))
        prompter.promptBefore(session, action, answered -> isObsolete(answered, reader));
  }

  private boolean isObsolete(ActionId action, BackgroundStreamReader reader) {
    return interruptedNanos != 0 || reader.isResolved(action);
  }

  private int followRun(BackgroundStreamReader reader, SessionId session, RunId run) {
    var transcript = new TranscriptPrinter(output, false, verbose, new UserNames(service));
    while (true) {
      var item = reader.poll(POLL_INTERVAL);
      if (item.isEmpty()) {
        if (giveUpAfterGrace(session)) return ExitCode.INTERRUPTED;
        continue;
      }
      var streamItem = item.get();
      boolean paused = "RunPaused".equals(streamItem.event()); // Also of a run before this one.
      if (!paused && streamItem.runId() != null && !streamItem.runId().equals(run)) {
        prompter.promptBefore(streamItem, action -> isObsolete(action, reader));
        continue;
      }
      transcript.print(streamItem);
      if (paused) return reportPause(session);
      prompter.prompt(streamItem, action -> isObsolete(action, reader));
      if (streamItem.body() instanceof StreamItem.Result result)
        return reportOutcome(result, transcript);
      if (!(streamItem.body() instanceof StreamItem.Tool)) output.showSpinner("working");
    }
  }

  /**
   * Reports the outcome. Only denials that the user did not decide at the terminal count as
   * failures.
   */
  private int reportOutcome(StreamItem.Result result, TranscriptPrinter transcript) {
    if (interruptedNanos != 0) return ExitCode.INTERRUPTED;
    int denied = transcript.denials();
    int unasked = transcript.unaskedDenials();
    printDenials(denied, " denied by a rule");
    printDenials(
        unasked,
        " denied: nobody to ask" + (mentionsOptions ? " (--allow RULE permits in advance)" : ""));
    return result.isError() || denied + unasked > 0 ? ExitCode.FAILED : ExitCode.OK;
  }

  private void printDenials(int count, String reason) {
    if (count > 0)
      output.printLine(TextStyle.WARNING, "! " + ConsoleFormat.count(count, "call") + reason);
  }

  private int reportPause(SessionId session) {
    output.printLine(
        TextStyle.DIM,
        "  the run continues when its budget is raised; follow it with agentledger tail "
            + session);
    return ExitCode.FAILED;
  }

  private void interrupt(SessionId session) {
    interruptedNanos = System.nanoTime();
    output.printLine(TextStyle.WARNING, "! interrupting the run (Ctrl-C again exits immediately)");
    try {
      service.sessions().interrupt(session);
    } catch (ApiException | ServiceUnavailableException exception) {
      if (exception instanceof ApiException refused && NOTHING_RUNNING.equals(refused.code()))
        return; // The run has just ended.
      output.printLine(
          TextStyle.ERROR, "! the run could not be interrupted: " + exception.getMessage());
    }
  }

  private boolean giveUpAfterGrace(SessionId session) {
    if (interruptedNanos == 0) return false;
    if (System.nanoTime() - interruptedNanos < INTERRUPT_GRACE.toNanos()) return false;
    output.printLine(
        TextStyle.ERROR,
        "! the run has not ended yet; follow it:  " + command + " tail " + session);
    return true;
  }

  private void onConnectionLost(String reason) {
    output.showSpinner("the service does not respond, reconnecting");
  }
}
