package io.agentledger.projection.ops;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Lag of this node's processors behind the last event. */
public final class ProcessorLags {
  private final EventProcessingConfiguration processing;
  private final JdbcClient sql;
  private final DeadLetterReader letters;
  private final Clock clock;

  ProcessorLags(
      EventProcessingConfiguration processing,
      JdbcClient sql,
      DeadLetterReader letters,
      Clock clock) {
    this.processing = processing;
    this.sql = sql;
    this.letters = letters;
    this.clock = clock;
  }

  /**
   * Lag of one processor.
   *
   * @param segments segments that this node processes
   * @param events number of unprocessed events
   * @param behind time for which the first of them has been waiting
   * @param failing whether the processor has stopped because of an error
   */
  public record ProcessorLag(
      String processor,
      int segments,
      boolean running,
      boolean failing,
      long events,
      Duration behind,
      long deadLetters) {}

  /** Returns the lags by name; a processor whose segments are all on other nodes is missing. */
  public List<ProcessorLag> all() {
    long head =
        sql.sql("select coalesce(max(globalindex), -1) from event").query(Long.class).single();
    return processing.eventProcessors().entrySet().stream()
        .filter(entry -> entry.getValue() instanceof StreamingEventProcessor)
        .sorted(java.util.Map.Entry.comparingByKey())
        .map(entry -> lag(entry.getKey(), (StreamingEventProcessor) entry.getValue(), head))
        .toList();
  }

  private ProcessorLag lag(String name, StreamingEventProcessor processor, long head) {
    var segments = processor.processingStatus().values();
    long position =
        segments.stream().mapToLong(s -> s.getCurrentPosition().orElse(-1)).min().orElse(head);
    boolean failing = processor.isError() || segments.stream().anyMatch(s -> s.isErrorState());
    boolean behind = position < head;
    return new ProcessorLag(
        name,
        segments.size(),
        processor.isRunning(),
        failing,
        behind ? eventsAfter(position) : 0,
        behind ? waitingTime(position) : Duration.ZERO,
        letters.count(name));
  }

  private long eventsAfter(long position) {
    return sql.sql("select count(*) from event where globalindex > ?")
        .param(position)
        .query(Long.class)
        .single();
  }

  private Duration waitingTime(long position) {
    return sql.sql("select timestamp from event where globalindex > ? order by globalindex limit 1")
        .param(position)
        .query(String.class)
        .optional()
        .map(first -> Duration.between(Instant.parse(first), clock.instant()))
        .filter(Duration::isPositive)
        .orElse(Duration.ZERO);
  }
}
