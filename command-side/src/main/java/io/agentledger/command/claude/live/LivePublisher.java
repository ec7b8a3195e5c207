package io.agentledger.command.claude.live;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.stream.LiveFrameBus;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.record.DerivedIds;
import java.time.Clock;
import java.util.Optional;

/** What whoever watches a process sees of it beside the record: pieces, and what is going on. */
public final class LivePublisher {
  private final PartialMessagePublisher pieces;
  private final ProgressPublisher progressPublisher;

  public LivePublisher(DerivedIds derivedIds, LiveFrameBus liveFrameBus, Clock clock) {
    this.pieces = new PartialMessagePublisher(derivedIds, liveFrameBus, clock);
    this.progressPublisher = new ProgressPublisher(derivedIds, liveFrameBus, clock);
  }

  /** Of most of what the CLI says nothing. One thread's own. */
  public void pass(ClaudeMessage said, Optional<RunId> run) {
    switch (said) {
      case ClaudeMessage.StreamEvent piece -> pieces.pass(piece, run);
      case ClaudeMessage.Transient word -> progressPublisher.pass(word, run);
      default -> {}
    }
  }

  /** For any thread. */
  public ProgressPublisher glimpses() {
    return progressPublisher;
  }
}
