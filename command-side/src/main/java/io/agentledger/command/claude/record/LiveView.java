package io.agentledger.command.claude.record;

import io.agentledger.api.session.LiveLane;
import io.agentledger.api.session.RunId;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import java.time.Clock;
import java.util.Optional;

/** What whoever watches a process sees of it beside the record: pieces, and what is going on. */
public final class LiveView {
  private final Frames pieces;
  private final Glimpses glimpses;

  public LiveView(DerivedNames names, LiveLane lane, Clock clock) {
    this.pieces = new Frames(names, lane, clock);
    this.glimpses = new Glimpses(names, lane, clock);
  }

  /** Of most of what the CLI says nothing. One thread's own. */
  public void pass(ClaudeMessage said, Optional<RunId> run) {
    switch (said) {
      case ClaudeMessage.Streamed piece -> pieces.pass(piece, run);
      case ClaudeMessage.Passing word -> glimpses.pass(word, run);
      default -> {}
    }
  }

  /** For any thread. */
  public Glimpses glimpses() {
    return glimpses;
  }
}
