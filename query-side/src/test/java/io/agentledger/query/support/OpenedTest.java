package io.agentledger.query.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.OutputEvent.MessageReceived;
import io.agentledger.api.session.QueryEvent.QueryIssued;
import io.agentledger.api.session.SessionEvent;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Json;
import io.agentledger.projection.support.Sealed;
import io.agentledger.store.content.PlainSealer;
import io.agentledger.store.event.Aliases;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedTest {
  private final SessionId session = SessionId.next();
  private final PlainSealer sealer = new PlainSealer();
  private final Opened opened = new Opened(sealer, new Aliases(List.of(SessionEvent.class)));

  @Test
  void whatWasSealedForThisPlaceIsShown() {
    var prompt = sealer.seal(session, QueryIssued.class, "prompt", "hello");
    assertThat(opened.text(session, Sealed.of(QueryIssued.class, "prompt", prompt)))
        .isEqualTo("hello");
  }

  @Test
  void whatWasTamperedWithIsNotCalledErased() {
    var prompt = sealer.seal(session, QueryIssued.class, "prompt", "{}");
    var moved = Sealed.of(MessageReceived.class, "block", prompt);
    assertThat(opened.text(session, moved)).isEqualTo(Opened.UNAVAILABLE_TEXT);
    assertThat(opened.json(session, moved)).isEqualTo(Opened.UNAVAILABLE_JSON);
    assertThat(opened.map(session, moved, Json::new)).isEmpty();
  }
}
