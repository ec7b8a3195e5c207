package io.agentledger.command.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.BatchUpdateException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrencyRetrySchedulerTest {
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger attempts = new AtomicInteger();

  @AfterEach
  void stop() {
    clock.shutdownNow();
  }

  /** Returns a gateway whose first command fails as an append of events does. */
  private CommandGateway failingOnce(String sqlState) {
    var bus = SimpleCommandBus.builder().build();
    bus.subscribe(
        String.class.getName(),
        message -> {
          if (attempts.incrementAndGet() == 1)
            throw new EventStoreException(
                "Cannot reuse aggregate identifier",
                new BatchUpdateException("aborted", sqlState, new int[0]));
          return "done";
        });
    return DefaultCommandGateway.builder()
        .commandBus(bus)
        .retryScheduler(new ConcurrencyRetryScheduler(clock))
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"40P01", "40001"})
  void commandWhoseTransactionWasAbortedIsRepeated(String sqlState) {
    assertThat(failingOnce(sqlState).<String>sendAndWait("command")).isEqualTo("done");
    assertThat(attempts).hasValue(2);
  }

  @Test
  void otherFailuresAreNotRepeated() {
    assertThatThrownBy(() -> failingOnce("22001").sendAndWait("command"))
        .isInstanceOf(EventStoreException.class);
    assertThat(attempts).hasValue(1);
  }

  @Test
  void commandInTheTransactionOfASagaIsNotRepeated() {
    var commands = failingOnce("40P01");
    var unit = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("event"));
    assertThatThrownBy(() -> commands.sendAndWait("command"))
        .isInstanceOf(EventStoreException.class);
    unit.rollback();
    assertThat(attempts).hasValue(1);
  }
}
