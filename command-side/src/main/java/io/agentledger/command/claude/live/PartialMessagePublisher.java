package io.agentledger.command.claude.live;

import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.stream.LiveFrameBus;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.StreamItem.Partial;
import io.agentledger.api.session.stream.StreamItem.Partial.Phase;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.record.DerivedIds;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Passes what streams on to whoever watches, at once; nothing of it is kept. One thread's own. */
final class PartialMessagePublisher {
  private final DerivedIds derivedIds;
  private final LiveFrameBus liveFrameBus;
  private final Clock clock;
  private final Map<Optional<String>, MessageId> messages = new HashMap<>();
  private final Map<Optional<String>, Map<Integer, String>> kinds = new HashMap<>();

  PartialMessagePublisher(DerivedIds derivedIds, LiveFrameBus liveFrameBus, Clock clock) {
    this.derivedIds = derivedIds;
    this.liveFrameBus = liveFrameBus;
    this.clock = clock;
  }

  void pass(ClaudeMessage.StreamEvent piece, Optional<RunId> run) {
    Optional<String> parent = piece.parentToolUseId();
    switch (piece) {
      case ClaudeMessage.MessageStarted started -> {
        messages.put(parent, derivedIds.message(started.messageId()));
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
      case ClaudeMessage.MessageStopped stopped -> messages.remove(stopped.parentToolUseId());
    }
  }

  private record Piece(int index, Phase phase, String text) {}

  private void send(Optional<RunId> run, Optional<String> parent, Piece piece) {
    MessageId message = messages.get(parent);
    if (message == null) {
      return; // The middle of a message whose beginning went by before we read: the fact follows.
    }
    String kind = kinds.getOrDefault(parent, Map.of()).getOrDefault(piece.index(), "text");
    liveFrameBus.send(
        StreamItem.frame(
            derivedIds.session(),
            run.orElse(null),
            derivedIds.thread(parent),
            clock.instant(),
            new Partial(message, piece.index(), piece.phase(), kind, piece.text())));
  }
}
