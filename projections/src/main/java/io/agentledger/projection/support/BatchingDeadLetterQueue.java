package io.agentledger.projection.support;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.deadletter.jdbc.DeadLetterSchema;
import org.axonframework.eventhandling.deadletter.jdbc.DeadLetterStatementFactory;
import org.axonframework.eventhandling.deadletter.jdbc.DefaultDeadLetterStatementFactory;
import org.axonframework.eventhandling.deadletter.jdbc.JdbcSequencedDeadLetterQueue;
import org.axonframework.messaging.deadletter.DeadLetter;
import org.axonframework.messaging.deadletter.DeadLetterQueueOverflowException;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.serialization.Serializer;

/**
 * Dead-letter queue of one projection. Events that wait behind a dead letter are written together
 * at the end of their batch: one lookup for each sequence and batch, and one row for each event.
 * Axon's own queue executes five statements for each event.
 */
public final class BatchingDeadLetterQueue extends JdbcSequencedDeadLetterQueue<EventMessage<?>> {
  private final Parts parts;
  private final String resource;

  /**
   * Components of the queue.
   *
   * @param sequenceSizeMax maximum number of letters of a sequence; the projection stops when it is
   *     exceeded
   */
  public record Parts(
      String processingGroup,
      ConnectionProvider connections,
      DeadLetterStatementFactory<EventMessage<?>> statements,
      int sequenceSizeMax) {}

  /** A sequence with dead letters, as far as this batch knows, and its unwritten letters. */
  private static final class WaitingSequence {
    private final List<DeadLetter<? extends EventMessage<?>>> letters = new ArrayList<>();
    private final long nextIndex;

    WaitingSequence(long nextIndex) {
      this.nextIndex = nextIndex;
    }
  }

  /** Axon's own statements; their builder is accessible to subclasses only. */
  public static final class Statements extends DefaultDeadLetterStatementFactory<EventMessage<?>> {
    public Statements(DeadLetterSchema schema, Serializer general, Serializer events) {
      super(
          new Builder<EventMessage<?>>() {}.schema(schema)
              .genericSerializer(general)
              .eventSerializer(events));
    }
  }

  public BatchingDeadLetterQueue(Builder<EventMessage<?>> builder, Parts parts) {
    super(builder);
    this.parts = parts;
    this.resource = getClass().getName() + "/" + parts.processingGroup();
  }

  @Override
  public boolean enqueueIfPresent(
      Object sequence, Supplier<DeadLetter<? extends EventMessage<?>>> letter) {
    if (!CurrentUnitOfWork.isStarted()) return super.enqueueIfPresent(sequence, letter);
    var waiting =
        sequences(CurrentUnitOfWork.get().root())
            .computeIfAbsent(sequence.toString(), this::findWaiting);
    waiting.ifPresent(known -> add(sequence, known, letter.get()));
    return waiting.isPresent();
  }

  private void add(
      Object sequence, WaitingSequence waiting, DeadLetter<? extends EventMessage<?>> letter) {
    if (waiting.nextIndex + waiting.letters.size() >= parts.sequenceSizeMax())
      throw new DeadLetterQueueOverflowException(
          "the sequence " + sequence + " has too many dead letters");
    waiting.letters.add(letter);
  }

  /** Adds the first letter of a sequence and discards cached knowledge about the sequence. */
  @Override
  public void enqueue(Object sequence, DeadLetter<? extends EventMessage<?>> letter) {
    super.enqueue(sequence, letter);
    if (CurrentUnitOfWork.isStarted())
      sequences(CurrentUnitOfWork.get().root()).remove(sequence.toString());
  }

  private Map<String, Optional<WaitingSequence>> sequences(UnitOfWork<?> batch) {
    return batch.getOrComputeResource(
        resource,
        key -> {
          var sequences = new HashMap<String, Optional<WaitingSequence>>();
          batch.onPrepareCommit(unitOfWork -> write(sequences));
          return sequences;
        });
  }

  private Optional<WaitingSequence> findWaiting(String sequence) {
    try (var connection = parts.connections().getConnection();
        var statement =
            parts.statements().maxIndexStatement(connection, parts.processingGroup(), sequence);
        var row = statement.executeQuery()) {
      if (!row.next()) return Optional.empty();
      long lastIndex = row.getLong(1);
      return row.wasNull() ? Optional.empty() : Optional.of(new WaitingSequence(lastIndex + 1));
    } catch (SQLException e) {
      throw new IllegalStateException("dead letters cannot be read", e);
    }
  }

  private void write(Map<String, Optional<WaitingSequence>> sequences) {
    if (sequences.values().stream().allMatch(Optional::isEmpty)) return;
    try (var connection = parts.connections().getConnection();
        var batch = new BatchedStatement(connection)) {
      for (var entry : sequences.entrySet())
        if (entry.getValue().isPresent()) {
          long index = entry.getValue().get().nextIndex;
          for (var letter : entry.getValue().get().letters)
            batch.add(
                parts
                    .statements()
                    .enqueueStatement(
                        batch.connection(),
                        parts.processingGroup(),
                        entry.getKey(),
                        letter,
                        index++));
        }
      batch.execute();
    } catch (SQLException e) {
      throw new IllegalStateException("dead letters cannot be written", e);
    }
  }

  /** Executes statements together that are prepared one by one. */
  private static final class BatchedStatement implements AutoCloseable {
    private final Connection connection;
    private Optional<PreparedStatement> prepared = Optional.empty();

    BatchedStatement(Connection connection) {
      this.connection = connection;
    }

    /** Returns a connection that prepares the same statement each time. */
    Connection connection() {
      return (Connection)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("prepareStatement") && prepared.isPresent())
                  return prepared.get();
                try {
                  Object result = method.invoke(connection, arguments);
                  if (result instanceof PreparedStatement statement)
                    prepared = Optional.of(statement);
                  return result;
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    void add(PreparedStatement statement) throws SQLException {
      statement.addBatch();
    }

    void execute() throws SQLException {
      if (prepared.isPresent()) prepared.get().executeBatch();
    }

    @Override
    public void close() throws SQLException {
      if (prepared.isPresent()) prepared.get().close();
    }
  }
}
