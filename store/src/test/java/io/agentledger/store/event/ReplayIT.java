package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.store.StoreTestSupport;
import java.time.Duration;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A pooled processor is reset: its replay token is written and read, and its buffer overflows. */
class ReplayIT extends StoreTestSupport {
  private static final int EVENTS = 5_000;
  private static final Duration BOUND = Duration.ofSeconds(30);

  @Autowired EventProcessingConfiguration processing;

  @Test
  void resetProcessorHandlesEveryEventAgain() {
    appendMany();
    int all = sql.queryForObject("select count(*) from event", Integer.class);
    await().atMost(BOUND).until(() -> recordingEventHandler.count() == all);

    var processor = processing.eventProcessor("recording", StreamingEventProcessor.class);
    processor.orElseThrow().shutDown();
    recordingEventHandler.clear();
    processor.orElseThrow().resetTokens();
    assertThat(
            sql.queryForObject(
                "select tokentype from token where processorname = 'recording'", String.class))
        .endsWith("ReplayToken");
    processor.orElseThrow().start();
    await()
        .atMost(BOUND)
        .untilAsserted(() -> assertThat(recordingEventHandler.count()).isEqualTo(all));
    String event = append(0, interrupt(SessionId.next()));
    await().atMost(BOUND).until(() -> recordingEventHandler.seenNanos(event) != null);
  }

  private void appendMany() {
    SessionId id = SessionId.next();
    var unit = DefaultUnitOfWork.startAndGet(new GenericEventMessage<>("root"));
    unit.attachTransaction(transactions);
    unit.execute(
        () -> {
          for (long i = 0; i < EVENTS; i++)
            store.publish(
                new GenericDomainEventMessage<>("Session", id.value(), i, interrupt(id))
                    .withMetaData(provenance()));
        });
  }

  private static InterruptRequested interrupt(SessionId id) {
    return new InterruptRequested(id, RunId.next());
  }
}
