package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.store.StoreTestSupport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads an event of an older revision in its current form. The upcaster belongs to the test: it
 * assumes that revision 0 of InterruptRequested had another name for the run.
 */
@Import(UpcasterIT.Upcasters.class)
class UpcasterIT extends StoreTestSupport {
  @TestConfiguration
  static class Upcasters {
    @Bean
    EventUpcaster runsHadAnotherName() {
      return new RenamedRunUpcaster();
    }
  }

  private static final class RenamedRunUpcaster extends SingleEventUpcaster {
    private static final SimpleSerializedType OLD =
        new SimpleSerializedType("InterruptRequested", "0");

    @Override
    protected boolean canUpcast(IntermediateEventRepresentation event) {
      return event.getType().equals(OLD);
    }

    @Override
    protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
      return event.upcastPayload(
          new SimpleSerializedType("InterruptRequested", "1"),
          JsonNode.class,
          json -> {
            var fields = (ObjectNode) json;
            return fields.set("runId", fields.remove("run"));
          });
    }
  }

  @Test
  void oldRevisionIsUpcastForEveryReader() throws Exception {
    SessionId id = SessionId.next();
    RunId run = RunId.next();
    append(0, new InterruptRequested(id, RunId.next()));
    BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    Runnable stop = liveEventFeed.listen(id.value(), event -> received.add(event.getPayload()));
    try (Connection owner = asOwner();
        PreparedStatement insert =
            owner.prepareStatement(
                "insert into event (aggregateidentifier, sequencenumber, type, eventidentifier,"
                    + " metadata, payload, payloadrevision, payloadtype, timestamp)"
                    + " select aggregateidentifier, 1, type, gen_random_uuid()::text, metadata,"
                    + " convert_to(?, 'UTF8'), '0', payloadtype, timestamp"
                    + " from event where aggregateidentifier = ?")) {
      insert.setString(1, "{\"sessionId\":\"" + id + "\",\"run\":\"" + run + "\"}");
      insert.setString(2, id.value());
      insert.executeUpdate();
    }
    var wanted = new InterruptRequested(id, run);
    assertThat(store.readEvents(id.value(), 1).next().getPayload()).isEqualTo(wanted);
    assertThat(Stream.generate(() -> poll(received)).limit(2).filter(wanted::equals).findFirst())
        .contains(wanted);
    stop.run();
  }

  private static Object poll(BlockingQueue<Object> received) {
    try {
      return java.util.Objects.requireNonNull(received.poll(5, TimeUnit.SECONDS), "nothing heard");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
