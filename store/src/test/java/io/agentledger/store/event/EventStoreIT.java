package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.ActionEvent.QuestionAnswered;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.SessionId;
import io.agentledger.store.StoreHouse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.DomainEventMessage;
import org.junit.jupiter.api.Test;

class EventStoreIT extends StoreHouse {
  @Test
  void aCommittedEventIsReadAndHeard() throws InterruptedException {
    SessionId id = SessionId.next();
    BlockingQueue<DomainEventMessage<?>> heard = new LinkedBlockingQueue<>();
    Runnable stop = tail.listen(id.value(), heard::add);
    var answers = sealer.seal(id, QuestionAnswered.class, "answers", "{}");
    var event = new QuestionAnswered(id, ActionId.next(), answers);
    append(0, event);
    assertThat(store.readEvents(id.value(), 0).next().getPayload()).isEqualTo(event);
    DomainEventMessage<?> first = heard.poll(5, TimeUnit.SECONDS);
    assertThat(first).isNotNull();
    assertThat(first.getPayload()).isEqualTo(event);
    assertThat(sealer.open(id, QuestionAnswered.class, "answers", answers)).isEqualTo("{}");
    stop.run();
  }
}
