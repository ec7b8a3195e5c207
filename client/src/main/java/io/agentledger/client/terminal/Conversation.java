package io.agentledger.client.terminal;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunWishes;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.StreamItem;
import io.agentledger.client.Agentledger;
import io.agentledger.client.session.Saying;
import io.agentledger.client.session.Story;
import io.agentledger.client.support.ApiProblem;
import io.agentledger.client.support.NoService;
import java.time.Duration;
import java.util.List;

/** One prompt to one session, from its submission to the result of its run. */
final class Conversation {
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration FAREWELL = Duration.ofSeconds(10);

  private final Agentledger service;
  private final Screen screen;
  private final Asker asker;
  private volatile long interruptedNanos;

  Conversation(Agentledger service, Screen screen, Asker asker) {
    this.service = service;
    this.screen = screen;
    this.asker = asker;
  }

  /**
   * @return what the program's exit status should be
   */
  int hold(SessionId session, String prompt, RunWishes wishes) {
    var said = List.of(new Saying.Prompt(prompt, wishes));
    var receipt = service.sessions().submit(session, said);
    var run = receipt.queries().getFirst();
    if (run.queued() > 0)
      screen.line(Paint.DIM, "queued: " + Words.count(run.queued(), "query") + " before it");
    var story =
        service.sessions().follow(session, receipt.after(), Story.Patience.standard(this::lost));
    try (var ctrlC = new CtrlC(() -> interrupt(session));
        var watch = new Watch(story)) {
      screen.awaitQuietly("waiting for the agent");
      return listen(watch, run.runId());
    }
  }

  private int listen(Watch watch, RunId run) {
    var transcript = new Transcript(screen, false);
    while (true) {
      var item = watch.poll(LOOK);
      if (item.isEmpty()) {
        if (gaveUp()) return Exit.INTERRUPTED;
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
    if (interruptedNanos != 0) return Exit.INTERRUPTED;
    int unasked = asker.denials();
    if (denied > 0)
      screen.line(Paint.WARN, "! " + Words.count(denied, "call") + " denied by a rule");
    if (unasked > 0)
      screen.line(
          Paint.WARN, "! " + Words.count(unasked, "call") + " denied: nobody could be asked");
    return result.isError() || denied + unasked > 0 ? Exit.FAILED : Exit.OK;
  }

  private void interrupt(SessionId session) {
    interruptedNanos = System.nanoTime();
    screen.line(Paint.WARN, "! interrupting the run (Ctrl-C again leaves at once)");
    try {
      service.sessions().interrupt(session);
    } catch (ApiProblem | NoService refused) {
      screen.line(Paint.BAD, "! it could not be interrupted: " + refused.getMessage());
    }
  }

  private boolean gaveUp() {
    if (interruptedNanos == 0) return false;
    if (System.nanoTime() - interruptedNanos < FAREWELL.toNanos()) return false;
    screen.line(
        Paint.BAD, "! the run has not ended yet: look again with agentledger tail or events");
    return true;
  }

  private void lost(String why) {
    screen.awaitQuietly("the connection was lost (" + why + "), connecting again");
  }
}
