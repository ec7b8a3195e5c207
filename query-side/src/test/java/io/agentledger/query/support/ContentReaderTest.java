package io.agentledger.query.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.shared.Json;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.store.crypto.PlainSealer;
import io.agentledger.store.event.EventAliases;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentReaderTest {
  private final SessionId session = SessionId.next();
  private final PlainSealer sealer = new PlainSealer();
  private final ContentReader contentReader =
      new ContentReader(sealer, new EventAliases(List.of(SessionEvent.class)));

  @Test
  void contentSealedForThisPlaceIsShown() {
    var prompt = sealer.seal(session, QueryIssued.class, "prompt", "hello");
    assertThat(contentReader.text(session, SealedContent.of(QueryIssued.class, "prompt", prompt)))
        .isEqualTo("hello");
  }

  @Test
  void tamperedContentIsNotShownAsErased() {
    var prompt = sealer.seal(session, QueryIssued.class, "prompt", "{}");
    var moved = SealedContent.of(MessageReceived.class, "block", prompt);
    assertThat(contentReader.text(session, moved)).isEqualTo(ContentReader.UNAVAILABLE_TEXT);
    assertThat(contentReader.json(session, moved)).isEqualTo(ContentReader.UNAVAILABLE_JSON);
    assertThat(contentReader.map(session, moved, Json::new)).isEmpty();
  }
}
