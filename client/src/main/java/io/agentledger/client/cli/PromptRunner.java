package io.agentledger.client.cli;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.session.SessionEventStream;
import io.agentledger.client.session.SessionInput;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ServiceUnavailableException;
import java.time.Duration;
import java.util.List;

/** One prompt to one session, from its submission to the result of its run. */
final class PromptRunner {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
  private static final Duration INTERRUPT_GRACE = Duration.ofSeconds(10);

  private final AgentledgerClient service;
  private final ConsoleOutput consoleOutput;
  private final PendingActionPrompter pendingActionPrompter;
  private volatile long interruptedNanos;

  PromptRunner(
      AgentledgerClient service,
      ConsoleOutput consoleOutput,
      PendingActionPrompter pendingActionPrompter) {
    this.service = service;
    this.consoleOutput = consoleOutput;
    this.pendingActionPrompter = pendingActionPrompter;
  }

  /**
   * @return what the program's exit status should be
   */
  int hold(SessionId session, String prompt, RunOverrides overrides) {
    var said = List.of(new SessionInput.Prompt(prompt, overrides));
    var result = service.sessions().submit(session, said);
    var run = result.queries().getFirst();
    if (run.queued() > 0)
      consoleOutput.line(
          TextStyle.DIM, "queued: " + ConsoleFormat.count(run.queued(), "query") + " before it");
    var sessionEventStream =
        service.sessions().stream(
            session, result.after(), SessionEventStream.ReconnectPolicy.standard(this::lost));
    try (var interruptSignalHandler = new InterruptSignalHandler(() -> interrupt(session));
        var backgroundStreamReader = new BackgroundStreamReader(sessionEventStream)) {
      consoleOutput.awaitQuietly("waiting for the agent");
      return listen(backgroundStreamReader, run.runId());
    }
  }

  private int listen(BackgroundStreamReader backgroundStreamReader, RunId run) {
    var transcript = new TranscriptPrinter(consoleOutput, false);
    while (true) {
      var item = backgroundStreamReader.poll(POLL_INTERVAL);
      if (item.isEmpty()) {
        if (gaveUp()) return ExitCode.INTERRUPTED;
        continue;
      }
      var heard = item.get();
      if (heard.runId() != null && !heard.runId().equals(run)) continue;
      transcript.show(heard);
      pendingActionPrompter.prompt(
          heard, action -> interruptedNanos != 0 || backgroundStreamReader.isResolved(action));
      if (heard.body() instanceof StreamItem.Result result)
        return status(result, transcript.denials());
      if (!(heard.body() instanceof StreamItem.Tool)) consoleOutput.awaitQuietly("working");
    }
  }

  /** A person who said no knows it; what was denied without one is no success. */
  private int status(StreamItem.Result result, int denied) {
    if (interruptedNanos != 0) return ExitCode.INTERRUPTED;
    int unasked = pendingActionPrompter.denials();
    if (denied > 0)
      consoleOutput.line(
          TextStyle.WARN, "! " + ConsoleFormat.count(denied, "call") + " denied by a rule");
    if (unasked > 0)
      consoleOutput.line(
          TextStyle.WARN,
          "! " + ConsoleFormat.count(unasked, "call") + " denied: nobody could be asked");
    return result.isError() || denied + unasked > 0 ? ExitCode.FAILED : ExitCode.OK;
  }

  private void interrupt(SessionId session) {
    interruptedNanos = System.nanoTime();
    consoleOutput.line(TextStyle.WARN, "! interrupting the run (Ctrl-C again leaves at once)");
    try {
      service.sessions().interrupt(session);
    } catch (ApiException | ServiceUnavailableException refused) {
      consoleOutput.line(TextStyle.BAD, "! it could not be interrupted: " + refused.getMessage());
    }
  }

  private boolean gaveUp() {
    if (interruptedNanos == 0) return false;
    if (System.nanoTime() - interruptedNanos < INTERRUPT_GRACE.toNanos()) return false;
    consoleOutput.line(
        TextStyle.BAD, "! the run has not ended yet: look again with agentledger tail or events");
    return true;
  }

  private void lost(String why) {
    consoleOutput.awaitQuietly("the connection was lost (" + why + "), connecting again");
  }
}
