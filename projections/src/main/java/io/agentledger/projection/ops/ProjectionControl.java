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

/** Status, reset and retry of the projections of this node. */
public final class ProjectionControl {
  private static final Logger log = LoggerFactory.getLogger(ProjectionControl.class);

  private final EventProcessingConfiguration processing;
  private final TransactionManager transactions;
  private final DataSource database;
  private final StoredTokens storedTokens;

  /** For each replay that was started here, the position at which it is complete. */
  private final Map<String, Long> replayGoals = new ConcurrentHashMap<>();

  private final Map<String, Long> lastPositions = new ConcurrentHashMap<>();

  ProjectionControl(
      EventProcessingConfiguration processing,
      TransactionManager transactions,
      DataSource database,
      StoredTokens storedTokens) {
    this.processing = processing;
    this.transactions = transactions;
    this.database = database;
    this.storedTokens = storedTokens;
  }

  /**
   * Progress of a projection.
   *
   * @param position index of the last processed event; -1 before the first
   */
  public record ProjectionState(String name, long position, boolean running, boolean replaying) {}

  /** Returns every projection that can be replayed, by name. */
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

  /** Returns whether this node carries out the projection, not another one. */
  public boolean isHere(String name) {
    return !processor(name).processingStatus().isEmpty();
  }

  /** Returns whether a replay of the projection is in progress, on this node or another one. */
  public boolean isReplaying(String name) {
    return isHere(name) ? state(name).replaying() : storedTokens.isReplaying(name);
  }

  /** Returns the last known position of a projection that is stopped or about to start. */
  private long position(String name, StreamingEventProcessor processor) {
    var segments = processor.processingStatus().values();
    if (segments.isEmpty()) return lastPositions.getOrDefault(name, -1L);
    long position =
        segments.stream().mapToLong(s -> s.getCurrentPosition().orElse(-1)).min().orElse(-1);
    lastPositions.put(name, position);
    return position;
  }

  /** Returns whether a replay is in progress that this node started, or found at its start. */
  private boolean isReplaying(String name, StreamingEventProcessor processor, long position) {
    if (replayGoals.computeIfPresent(name, (n, goal) -> position < goal ? goal : null) != null)
      return true;
    return processor.processingStatus().values().stream().anyMatch(ProjectionControl::isReplaying);
  }

  /** Axon reports "replaying" until it processes the first event that is newer than the reset. */
  private static boolean isReplaying(EventTrackerStatus segment) {
    return segment.isReplaying()
        && segment.getCurrentPosition().orElse(-1) < segment.getResetPosition().orElse(-1);
  }

  /**
   * Empties a projection and starts it from the first event; returns when it is empty. The replay
   * is stored with its token, so it continues after a restart. One at a time.
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
            LongStatements.allow(database); // The reset truncates whole tables.
            processor.resetTokens();
          });
      replayGoals.put(name, reached);
      lastPositions.put(name, -1L);
    } finally {
      processor.start();
    }
  }

  /**
   * Retries each sequence of dead letters once, the least recently tried first; failing ones stay.
   *
   * @return number of sequences without dead letters after the retry
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
      // The transaction was rolled back, including the cause that would have been stored with the
      // letter.
      log.atWarn().setCause(refusedByDatabase).log("dead letter failed again");
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
