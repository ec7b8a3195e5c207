package io.agentledger.command.claude.live;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.stream.TransientEventBus;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.record.DerivedIds;
import java.time.Clock;
import java.util.Optional;

/** Publishes transient items of a process to live viewers: partial messages and progress. */
public final class LivePublisher {
  private final PartialMessagePublisher partialMessages;
  private final ProgressPublisher progressPublisher;

  public LivePublisher(DerivedIds derivedIds, TransientEventBus transientEventBus, Clock clock) {
    this.partialMessages = new PartialMessagePublisher(derivedIds, transientEventBus, clock);
    this.progressPublisher = new ProgressPublisher(derivedIds, transientEventBus, clock);
  }

  /** Publishes the transient content of a message, if it has any. Confined to one thread. */
  public void publish(ClaudeMessage message, Optional<RunId> run) {
    switch (message) {
      case ClaudeMessage.StreamEvent event -> partialMessages.publish(event, run);
      case ClaudeMessage.Transient transientMessage ->
          progressPublisher.publish(transientMessage, run);
      default -> {}
    }
  }

  /** Returns the publisher of progress, which is thread-safe. */
  public ProgressPublisher progressPublisher() {
    return progressPublisher;
  }
}
