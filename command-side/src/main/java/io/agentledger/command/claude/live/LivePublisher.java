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

  /** Of most of what the CLI says nothing. One thread's own. */
  public void publish(ClaudeMessage message, Optional<RunId> run) {
    switch (message) {
      case ClaudeMessage.StreamEvent event -> partialMessages.publish(event, run);
      case ClaudeMessage.Transient transientMessage ->
          progressPublisher.publish(transientMessage, run);
      default -> {}
    }
  }

  /** For any thread. */
  public ProgressPublisher progressPublisher() {
    return progressPublisher;
  }
}
