package io.agentledger.projection.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatEvent;
import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.channel.ChatEvent.ChatOpened;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.ops.OpsCommand.RetryDeadLetters;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.Ids;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.SessionEventFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.MetaData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.annotation.DirtiesContext;

@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext // Its events make every later replay fail.
class DeadLetterReaderIT extends ProjectionTestSupport {
  private static final ChannelId CHANNEL = ChannelId.next();

  @Autowired CommandGateway commands;
  @Autowired DeadLetterReader letters;

  private int retry() {
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(new RetryDeadLetters("session", null)));
  }

  private long lettersOf(SessionEventFixture fixture) {
    return letters.page("session", "", "", 1000).stream()
        .filter(letter -> letter.sequence().equals(fixture.id.value()))
        .count();
  }

  @Test
  void failedEventAndItsSuccessorsAreDeadLettersAndOtherSequencesContinue() {
    var bad = newSession().opened("t");
    var run = bad.issueQuery("one");
    var never = ToolCallId.next();
    bad.toolReturned(run, never).messageReceived(run, "behind it");
    var good = newSession().completeSession();
    awaitSeen(good);
    await().until(() -> lettersOf(bad) == 2);

    assertThat(letters.contains("session", bad.id.value())).isTrue();
    assertThat(letters.contains("session", good.id.value())).isFalse();
    var first =
        letters.page("session", "", "", 1000).stream()
            .filter(letter -> letter.sequence().equals(bad.id.value()))
            .findFirst()
            .orElseThrow();
    assertThat(first.event()).isEqualTo("ToolReturned");
    assertThat(first.cause()).contains("ToolReturned about an object that does not exist");

    assertThat(retry()).isZero(); // The cause still exists, so the letters stay.
    assertThat(lettersOf(bad)).isEqualTo(2);

    repair(bad, run, never);
    assertThat(retry()).isEqualTo(1);
    assertThat(lettersOf(bad)).isZero();
    awaitSeen(bad);
    assertThat(
            sql.queryForObject(
                "select status from tool_call_row where tool_call_id = ?",
                String.class,
                never.value()))
        .isEqualTo("RETURNED");
  }

  @Test
  void eventsBehindALetterAreKeptInOrderAndLoggedInOneLine(CapturedOutput output) {
    var events = new ArrayList<EventMessage<?>>();
    var bad = newSession(events).opened("t");
    var run = bad.issueQuery("one");
    var never = ToolCallId.next();
    bad.toolReturned(run, never);
    for (int n = 1; n <= 50; n++) bad.messageReceived(run, "in the same batch");
    append(events);
    await().until(() -> lettersOf(bad) == 51);
    events.clear();
    bad.messageReceived(run, "in a batch of its own").messageReceived(run, "and the last");
    append(events);
    await().until(() -> lettersOf(bad) == 53);

    assertThat(output.getAll().lines().filter(line -> line.contains("became a dead letter")))
        .hasSize(1);
    assertThat(output.getAll()).doesNotContain("\tat io.agentledger");
    assertThat(
            sql.queryForList(
                """
                select sequencenumber from dead_letter where sequenceidentifier = ?
                order by sequenceindex""",
                Long.class,
                bad.id.value()))
        .isSorted()
        .hasSize(53);

    repair(bad, run, never);
    assertThat(retry()).isEqualTo(1);
    awaitSeen(bad);
  }

  /** Inserts the row that a repaired projection would have kept for the call. */
  private void repair(SessionEventFixture fixture, RunId run, ToolCallId call) {
    sql.update(
        """
        insert into tool_call_row (session_id, tool_call_id, tenant, run_id, thread_id, name,
          input_digest, verdict, rule, sequence, called_at)
        values (?, ?, ?, ?, ?, 'Bash', 'd', 'ALLOWED', 'r', 2, now())
        """,
        fixture.id.value(),
        call.value(),
        ADA.tenant().value(),
        run.value(),
        fixture.thread.value());
  }

  @Test
  void eventRejectedByTheDatabaseIsIsolatedWithinALargeBatch() {
    var events = new ArrayList<EventMessage<?>>();
    var before = newSession(events).completeSession();
    var bad = newSession(events).opened("t");
    var run = bad.issueQuery("one");
    bad.toolCalled(run, "Ba\u0000sh"); // Text in PostgreSQL cannot contain a NUL character.
    bad.messageReceived(run, "behind it");
    var otherSession = newSession(events).opened("t");
    otherSession.toolCalled(otherSession.issueQuery("two"), "\u0000");
    var after = newSession(events).completeSession();
    var message = newSession(events).opened("t"); // Messages are inserted beside the entities.
    message.blockReceived(message.issueQuery("three"), "te\u0000xt");
    append(events);
    awaitSeen(before);
    awaitSeen(after);
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () -> lettersOf(bad) == 2 && lettersOf(otherSession) == 1 && lettersOf(message) == 1);
    assertThat(sessions.sequenceOf(bad.id.value())).contains(2L);
    assertThat(letters.page("session", "", "", 1000))
        .filteredOn(letter -> letter.sequence().equals(otherSession.id.value()))
        .singleElement()
        .satisfies(letter -> assertThat(letter.cause()).contains("invalid byte sequence"));
    assertThat(retry()).isZero();
    assertThat(lettersOf(bad)).isEqualTo(2);
  }

  /** Its failure is none of the database's, and the transaction of the batch is lost, too. */
  @Test
  void eventWhoseTimeCannotBeStoredIsIsolated() {
    var bad = new ChatId(Ids.random(ChatId.PREFIX));
    var good = new ChatId(Ids.random(ChatId.PREFIX));
    var events = new ArrayList<EventMessage<?>>();
    events.add(chatEvent(0, opened(bad)));
    events.add(chatEvent(1, received(bad, Instant.MAX)));
    events.add(chatEvent(0, opened(good)));
    events.add(chatEvent(1, received(good, Instant.EPOCH)));
    append(events);
    await()
        .atMost(Duration.ofMinutes(3)) // A batch is tried again after growing delays.
        .until(
            () ->
                sql.queryForList(
                        "select last_sender from chat_row where id = ?", String.class, good.value())
                    .contains("CONTACT"));
    assertThat(letters.contains("chat", bad.value())).isTrue();
    assertThat(letters.contains("chat", good.value())).isFalse();
  }

  private static EventMessage<?> chatEvent(long number, ChatEvent event) {
    return new GenericDomainEventMessage<>(
        "Chat", event.chatId().value(), number, event, MetaData.from(provenance()));
  }

  private ChatOpened opened(ChatId chat) {
    var contact = sealer.seal(chat, ChatOpened.class, "contact", "{}");
    return new ChatOpened(chat, CHANNEL, contact, List.of(), ChatAgentState.INACTIVE);
  }

  private ChatMessageReceived received(ChatId chat, Instant sentAt) {
    var content = sealer.seal(chat, ChatMessageReceived.class, "content", "{}");
    return new ChatMessageReceived(
        chat, CHANNEL, ChatMessageId.of(CHANNEL, chat.value()), 1, "m1", content, 0, sentAt);
  }
}
