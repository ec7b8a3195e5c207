package io.agentledger.command.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SealedDirectory;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SealedTools;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.BudgetSet;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.SessionRenamed;
import io.agentledger.store.event.EventSamples;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentUsageHandlerTest {
  private static Content stored(long bytes) {
    return new Content.Stored("key", "00", bytes);
  }

  @Test
  void contentInTheContentStoreCounts() {
    var session = SessionId.next();
    assertThat(ContentUsageHandler.storedBytes(new SessionRenamed(session, stored(7))))
        .isEqualTo(7);
    var inline = new Content.Inline("key", new byte[9]);
    assertThat(ContentUsageHandler.storedBytes(new SessionRenamed(session, inline))).isZero();
    var budget = new BudgetSet(session, new Budget.Unlimited());
    assertThat(ContentUsageHandler.storedBytes(budget)).isZero();
  }

  @Test
  void contentOfNestedRecordsCounts() {
    var sample = EventSamples.samplesOf(SessionOpened.class).getFirst();
    var opened =
        new SessionOpened(
            sample.sessionId(),
            sample.ownerId(),
            sample.threadId(),
            sample.agent(),
            sample.setup(),
            new SealedTools(List.of(), stored(1)),
            sample.environment(),
            sample.options(),
            sample.budget(),
            sample.workspace(),
            new SealedFolder(stored(10), 7),
            List.of(
                new SealedDirectory("data", true, stored(100)),
                new SealedDirectory("libs", true, stored(1000))),
            sample.origin(),
            sample.vaultIds(),
            stored(10_000),
            Content.ABSENT,
            Content.ABSENT);
    assertThat(ContentUsageHandler.storedBytes(opened)).isEqualTo(11_111);
  }
}
