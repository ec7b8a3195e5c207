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
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration FAREWELL = Duration.ofSeconds(10);

  private final AgentledgerClient service;
  private final ConsoleOutput screen;
  private final PendingActionPrompter asker;
  private volatile long interruptedNanos;

  PromptRunner(AgentledgerClient service, ConsoleOutput screen, PendingActionPrompter asker) {
    this.service = service;
    this.screen = screen;
    this.asker = asker;
  }

  /**
   * @return what the program's exit status should be
   */
  int hold(SessionId session, String prompt, RunOverrides wishes) {
    var said = List.of(new SessionInput.Prompt(prompt, wishes));
    var receipt = service.sessions().submit(session, said);
    var run = receipt.queries().getFirst();
    if (run.queued() > 0)
      screen.line(
          TextStyle.DIM, "queued: " + ConsoleFormat.count(run.queued(), "query") + " before it");
    var story =
        service
            .sessions()
            .follow(
                session, receipt.after(), SessionEventStream.ReconnectPolicy.standard(this::lost));
    try (var ctrlC = new InterruptSignalHandler(() -> interrupt(session));
        var watch = new BackgroundStreamReader(story)) {
      screen.awaitQuietly("waiting for the agent");
      return listen(watch, run.runId());
    }
  }

  private int listen(BackgroundStreamReader watch, RunId run) {
    var transcript = new TranscriptPrinter(screen, false);
    while (true) {
      var item = watch.poll(LOOK);
      if (item.isEmpty()) {
        if (gaveUp()) return ExitCode.INTERRUPTED;
        continue;
      }
      var heard = item.get();
      if (heard.runId() != null && !heard.runId().equals(run)) continue;
      transcript.show(heard);
      asker.ask(heard, action -> interruptedNanos != 0 || watch.settled(action));
      if (heard.body() instanceof StreamItem.Result result)
        return status(result, transcript.denials());
      if (!(heard.body() instanceof StreamItem.Tool)) screen.awaitQuietly("working");
    }
  }

  /** A person who said no knows it; what was denied without one is no success. */
  private int status(StreamItem.Result result, int denied) {
    if (interruptedNanos != 0) return ExitCode.INTERRUPTED;
    int unasked = asker.denials();
    if (denied > 0)
      screen.line(TextStyle.WARN, "! " + ConsoleFormat.count(denied, "call") + " denied by a rule");
    if (unasked > 0)
      screen.line(
          TextStyle.WARN,
          "! " + ConsoleFormat.count(unasked, "call") + " denied: nobody could be asked");
    return result.isError() || denied + unasked > 0 ? ExitCode.FAILED : ExitCode.OK;
  }

  private void interrupt(SessionId session) {
    interruptedNanos = System.nanoTime();
    screen.line(TextStyle.WARN, "! interrupting the run (Ctrl-C again leaves at once)");
    try {
      service.sessions().interrupt(session);
    } catch (ApiException | ServiceUnavailableException refused) {
      screen.line(TextStyle.BAD, "! it could not be interrupted: " + refused.getMessage());
    }
  }

  private boolean gaveUp() {
    if (interruptedNanos == 0) return false;
    if (System.nanoTime() - interruptedNanos < FAREWELL.toNanos()) return false;
    screen.line(
        TextStyle.BAD, "! the run has not ended yet: look again with agentledger tail or events");
    return true;
  }

  private void lost(String why) {
    screen.awaitQuietly("the connection was lost (" + why + "), connecting again");
  }
}
