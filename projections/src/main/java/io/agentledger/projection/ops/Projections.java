package io.agentledger.projection.ops;

import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.messaging.deadletter.SequencedDeadLetterProcessor;

/** The node's projections: how far each is, and what can be done with it. */
public final class Projections {
  private final EventProcessingConfiguration processing;
  private final Set<String> resetting = ConcurrentHashMap.newKeySet();

  Projections(EventProcessingConfiguration processing) {
    this.processing = processing;
  }

  /**
   * @param position index of the last event that was taken in; -1 before the first
   */
  public record State(String name, long position, boolean running, boolean replaying) {}

  /** Every projection that can be filled again, by name. */
  public List<String> names() {
    return processing.eventProcessors().keySet().stream()
        .filter(name -> processing.deadLetterQueue(name).isPresent())
        .sorted()
        .toList();
  }

  public State state(String name) {
    var processor = processor(name);
    var segments = processor.processingStatus().values();
    long position =
        segments.stream().mapToLong(s -> s.getCurrentPosition().orElse(-1)).min().orElse(-1);
    return new State(
        name,
        position,
        processor.isRunning() && !processor.isError(),
        resetting.contains(name) || segments.stream().anyMatch(Projections::isReplaying));
  }

  /** Axon says "replaying" until an event comes that was not there at the reset. */
  private static boolean isReplaying(EventTrackerStatus segment) {
    return segment.isReplaying()
        && segment.getCurrentPosition().orElse(-1) < segment.getResetPosition().orElse(-1);
  }

  /**
   * Empties it and starts it from the first event; returns when it is empty. What it had to do is
   * remembered with its token, so a restart goes on with it. One at a time.
   */
  void reset(String name) {
    var processor = processor(name);
    if (!resetting.add(name)) throw new Rejected(new Rejection.Rebuilding(name));
    try {
      if (processor.processingStatus().values().stream().anyMatch(Projections::isReplaying))
        throw new Rejected(new Rejection.Rebuilding(name));
      processor.shutDown();
      try {
        processor.resetTokens();
      } finally {
        processor.start();
      }
    } finally {
      resetting.remove(name);
    }
  }

  /**
   * Tries each sequence of dead letters once, the longest untouched first; what fails again stays.
   *
   * @return how many sequences are whole again
   */
  int retryDeadLetters(String name) {
    processor(name);
    var queue = processing.deadLetterQueue(name).orElseThrow();
    SequencedDeadLetterProcessor<?> letters =
        processing.sequencedDeadLetterProcessor(name).orElseThrow();
    int mended = 0;
    for (long left = queue.amountOfSequences(); left > 0; left--)
      if (letters.processAny()) mended++;
    return mended;
  }

  private StreamingEventProcessor processor(String name) {
    return processing
        .eventProcessorByProcessingGroup(name, StreamingEventProcessor.class)
        .filter(found -> processing.deadLetterQueue(name).isPresent())
        .orElseThrow(() -> new Rejected(new Rejection.NotFound("projection", name)));
  }
}
