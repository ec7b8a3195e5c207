package io.agentledger.command.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.OutputEvent.IncidentNoted;
import io.agentledger.store.crypto.PlainSealer;
import org.junit.jupiter.api.Test;

class SessionSealerTest {
  @Test
  void emptyTextIsAbsentAndNotSealed() {
    var sealer = new SessionSealer(new PlainSealer(), SessionId.next());
    assertThat(sealer.text(IncidentNoted.class, "detail", "")).isEqualTo(Content.ABSENT);
    assertThat(sealer.text(IncidentNoted.class, "detail", null)).isEqualTo(Content.ABSENT);
    assertThat(sealer.text(IncidentNoted.class, "detail", "odd"))
        .isInstanceOf(Content.Inline.class);
  }
}
