package io.agentledger.projection.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.ops.OpsCommand.RetryDeadLetters;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.SessionEventFixture;
import java.time.Duration;
import java.util.ArrayList;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.EventMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;

@DirtiesContext // Its events are poison to every replay after it.
class DeadLetterReaderIT extends ProjectionTestSupport {
  @Autowired CommandGateway commands;
  @Autowired DeadLetterReader letters;

  private int retry() {
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(new RetryDeadLetters("session", null)));
  }

  private long lettersOf(SessionEventFixture story) {
    return letters.page("session", "", "", 1000).stream()
        .filter(letter -> letter.sequence().equals(story.id.value()))
        .count();
  }

  @Test
  void whatCannotBeTakenInIsKeptWithAllBehindItAndOthersGoOn() {
    var bad = story().opened("t");
    var run = bad.issued("one");
    var never = ToolCallId.next();
    bad.returned(run, never).said(run, "behind it");
    var good = story().whole();
    awaitSeen(good);
    await().until(() -> lettersOf(bad) == 2);

    assertThat(letters.hold("session", bad.id.value())).isTrue();
    assertThat(letters.hold("session", good.id.value())).isFalse();
    var first =
        letters.page("session", "", "", 1000).stream()
            .filter(letter -> letter.sequence().equals(bad.id.value()))
            .findFirst()
            .orElseThrow();
    assertThat(first.fact()).isEqualTo("ToolReturned");
    assertThat(first.cause()).contains("ToolReturned of what never began");

    assertThat(retry()).isZero(); // Nothing has changed: they stay.
    assertThat(lettersOf(bad)).isEqualTo(2);

    mend(bad, run, never);
    assertThat(retry()).isEqualTo(1);
    assertThat(lettersOf(bad)).isZero();
    awaitSeen(bad);
    assertThat(
            sql.queryForObject(
                "select outcome from tool_call_row where tool_call_id = ?",
                String.class,
                never.value()))
        .isEqualTo("RETURNED");
  }

  /** What a repaired projection would have kept of the call. */
  private void mend(SessionEventFixture story, RunId run, ToolCallId call) {
    sql.update(
        """
        insert into tool_call_row (session_id, tool_call_id, tenant, run_id, thread_id, name,
          input_digest, verdict, rule, sequence, called_at)
        values (?, ?, ?, ?, ?, 'Bash', 'd', 'ALLOWED', 'r', 2, now())
        """,
        story.id.value(),
        call.value(),
        ADA.tenant().value(),
        run.value(),
        story.thread.value());
  }

  @Test
  void whatTheDatabaseRefusesIsFoundAmongTheThousandsOfABatch() {
    var kept = new ArrayList<EventMessage<?>>();
    var before = story(kept).whole();
    var bad = story(kept).opened("t");
    var run = bad.issued("one");
    bad.called(run, "Ba\u0000sh"); // PostgreSQL's text holds no zero.
    bad.said(run, "behind it");
    var other = story(kept).opened("t");
    other.called(other.issued("two"), "\u0000");
    var after = story(kept).whole();
    append(kept);
    awaitSeen(before);
    awaitSeen(after);
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> lettersOf(bad) == 2 && lettersOf(other) == 1);
    assertThat(sessions.sequenceOf(bad.id.value())).contains(2L);
    assertThat(letters.page("session", "", "", 1000))
        .filteredOn(letter -> letter.sequence().equals(other.id.value()))
        .singleElement()
        .satisfies(letter -> assertThat(letter.cause()).contains("invalid byte sequence"));
    assertThat(retry()).isZero();
    assertThat(lettersOf(bad)).isEqualTo(2);
  }
}
