package io.agentledger.command.claude.live;

import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.stream.StreamItem.Partial;
import io.agentledger.api.session.stream.StreamItem.Partial.Phase;
import io.agentledger.api.session.stream.TransientEventBus;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.record.DerivedIds;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Publishes partial messages to live viewers at once, without recording them. Confined to one
 * thread.
 */
final class PartialMessagePublisher {
  private final DerivedIds derivedIds;
  private final TransientEventBus transientEventBus;
  private final Clock clock;
  private final Map<Optional<String>, MessageId> messages = new HashMap<>();
  private final Map<Optional<String>, Map<Integer, String>> kinds = new HashMap<>();

  PartialMessagePublisher(DerivedIds derivedIds, TransientEventBus transientEventBus, Clock clock) {
    this.derivedIds = derivedIds;
    this.transientEventBus = transientEventBus;
    this.clock = clock;
  }

  void publish(ClaudeMessage.StreamEvent event, Optional<RunId> run) {
    Optional<String> parent = event.parentToolUseId();
    switch (event) {
      case ClaudeMessage.MessageStarted started -> {
        messages.put(parent, derivedIds.messageId(started.messageId()));
        kinds.put(parent, new HashMap<>());
      }
      case ClaudeMessage.BlockStarted block -> {
        String kind = block.kind().equals("tool_use") ? "tool_input" : block.kind();
        kinds.computeIfAbsent(parent, any -> new HashMap<>()).put(block.index(), kind);
        send(run, parent, new Piece(block.index(), Phase.START, ""));
      }
      case ClaudeMessage.BlockDelta delta -> {
        if (!delta.text().isEmpty()) {
          send(run, parent, new Piece(delta.index(), Phase.DELTA, delta.text()));
        }
      }
      case ClaudeMessage.BlockStopped stopped ->
          send(run, parent, new Piece(stopped.index(), Phase.STOP, ""));
      case ClaudeMessage.MessageCounted _ -> {}
      case ClaudeMessage.MessageStopped stopped -> messages.remove(stopped.parentToolUseId());
    }
  }

  private record Piece(int index, Phase phase, String text) {}

  private void send(Optional<RunId> run, Optional<String> parent, Piece piece) {
    MessageId message = messages.get(parent);
    if (message == null) {
      return; // The start of this message was missed; the event with the whole message follows.
    }
    String kind = kinds.getOrDefault(parent, Map.of()).getOrDefault(piece.index(), "text");
    transientEventBus.publish(
        derivedIds.transientEvent(
            run.orElse(null),
            derivedIds.threadId(parent),
            clock.instant(),
            new Partial(message, piece.index(), piece.phase(), kind, piece.text())));
  }
}
