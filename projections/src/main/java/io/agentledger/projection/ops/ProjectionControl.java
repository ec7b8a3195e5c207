package io.agentledger.projection.ops;

import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.store.postgres.LongStatements;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.deadletter.jdbc.JdbcDeadLetter;
import org.axonframework.messaging.deadletter.DeadLetter;
import org.axonframework.messaging.deadletter.SequencedDeadLetterProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's projections: how far each is, and what can be done with it. */
public final class ProjectionControl {
  private static final Logger log = LoggerFactory.getLogger(ProjectionControl.class);

  private final EventProcessingConfiguration processing;
  private final TransactionManager transactions;
  private final DataSource database;

  /** Up to where each replay that was begun here has to get. */
  private final Map<String, Long> replayGoals = new ConcurrentHashMap<>();

  private final Map<String, Long> lastPositions = new ConcurrentHashMap<>();

  ProjectionControl(
      EventProcessingConfiguration processing,
      TransactionManager transactions,
      DataSource database) {
    this.processing = processing;
    this.transactions = transactions;
    this.database = database;
  }

  /**
   * @param position index of the last event that was taken in; -1 before the first
   */
  public record ProjectionState(String name, long position, boolean running, boolean replaying) {}

  /** Every projection that can be filled again, by name. */
  public List<String> names() {
    return processing.eventProcessors().keySet().stream()
        .filter(name -> processing.deadLetterQueue(name).isPresent())
        .sorted()
        .toList();
  }

  public ProjectionState state(String name) {
    var processor = processor(name);
    long position = position(name, processor);
    return new ProjectionState(
        name,
        position,
        processor.isRunning() && !processor.isError(),
        isReplaying(name, processor, position));
  }

  /** Of a projection that has stopped or is about to start: where it was last seen. */
  private long position(String name, StreamingEventProcessor processor) {
    var segments = processor.processingStatus().values();
    if (segments.isEmpty()) return lastPositions.getOrDefault(name, -1L);
    long position =
        segments.stream().mapToLong(s -> s.getCurrentPosition().orElse(-1)).min().orElse(-1);
    lastPositions.put(name, position);
    return position;
  }

  /** What this node began, or found begun when it started. */
  private boolean isReplaying(String name, StreamingEventProcessor processor, long position) {
    if (replayGoals.computeIfPresent(name, (n, goal) -> position < goal ? goal : null) != null)
      return true;
    return processor.processingStatus().values().stream().anyMatch(ProjectionControl::isReplaying);
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
  synchronized void reset(String name) {
    var processor = processor(name);
    long reached = position(name, processor);
    if (isReplaying(name, processor, reached))
      throw new RejectionException(new OpsRejection.ProjectionRebuilding(name));
    processor.shutDown();
    try {
      transactions.executeInTransaction(
          () -> {
            LongStatements.allow(database); // It empties whole tables.
            processor.resetTokens();
          });
      replayGoals.put(name, reached);
      lastPositions.put(name, -1L);
    } finally {
      processor.start();
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
    var letters = processing.sequencedDeadLetterProcessor(name).orElseThrow();
    var triedSequences = new HashSet<String>();
    int retried = 0;
    for (long remaining = queue.amountOfSequences(); remaining > 0; remaining--)
      if (retry(letters, letter -> triedSequences.add(sequenceIdOf(letter)))) retried++;
    return retried;
  }

  private static boolean retry(
      SequencedDeadLetterProcessor<EventMessage<?>> letters,
      Predicate<DeadLetter<? extends EventMessage<?>>> next) {
    try {
      return letters.process(next);
    } catch (RuntimeException refusedByDatabase) {
      // The transaction is gone, and with it what would have been noted on the letter.
      log.atWarn().setCause(refusedByDatabase).log("dead letter refused again");
      return false;
    }
  }

  private static String sequenceIdOf(DeadLetter<? extends EventMessage<?>> letter) {
    return ((JdbcDeadLetter<? extends EventMessage<?>>) letter).getSequenceIdentifier();
  }

  private StreamingEventProcessor processor(String name) {
    return processing
        .eventProcessorByProcessingGroup(name, StreamingEventProcessor.class)
        .filter(processor -> processing.deadLetterQueue(name).isPresent())
        .orElseThrow(() -> new RejectionException(new Rejection.NotFound("projection", name)));
  }
}
