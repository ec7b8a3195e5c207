package io.agentledger.command.channel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.channel.AgentBuffer;
import io.agentledger.api.channel.AgentCallOutcome;
import io.agentledger.api.channel.ChannelAgent;
import io.agentledger.api.channel.ChannelAgent.ReplyMode;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatCommand.HandBackChat;
import io.agentledger.api.channel.ChatCommand.TakeOverChat;
import io.agentledger.api.channel.ChatEvent.ChatAgentCallEnded;
import io.agentledger.api.channel.ChatEvent.ChatAgentCalled;
import io.agentledger.api.channel.ChatEvent.ChatEscalated;
import io.agentledger.api.channel.ChatEvent.ChatMessageSent;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.SenderType;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultCommand.CreateVault;
import io.agentledger.api.vault.VaultCommand.PutSecret;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.channel.ChatFixture;
import io.agentledger.command.channel.agent.AgentServer.ReceivedCall;
import io.agentledger.command.channel.agent.AgentServer.Response;
import io.agentledger.command.channel.outbound.ChatMessageReader;
import io.agentledger.command.support.webhook.WebhookSignature;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Calls of external agents by the jobs of a node, on a real PostgreSQL, to a real server. */
class AgentJobIT extends CommandTestSupport {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String SECRET = "a signing secret of a test";
  private static final AgentBuffer NO_WAIT = new AgentBuffer(0, 0, 40, 1440, 3);
  private static final AgentServer server = new AgentServer();

  @Autowired private AgentStateTable states;
  @Autowired private ChatMessageReader reader;

  private final ChannelId channel = ChannelId.next();
  private final ChatId chat = ChatFixture.newChat();
  private List<ReceivedCall> calls = List.of();

  @DynamicPropertySource
  static void permitServer(DynamicPropertyRegistry properties) {
    properties.add("agentledger.outbound.ports", () -> "80," + server.port());
    properties.add("agentledger.outbound.allowed-networks", () -> "127.0.0.1/32");
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  private void create(ReplyMode mode, AgentBuffer buffer, Function<ReceivedCall, Response> agent) {
    calls = create(channel, mode, buffer, agent);
  }

  private List<ReceivedCall> create(
      ChannelId id, ReplyMode mode, AgentBuffer buffer, Function<ReceivedCall, Response> agent) {
    joinTenant(ADA);
    var path = "/" + id;
    var received = server.serve(path, agent);
    VaultId vault = send(new CreateVault(VaultId.next(), ADA.user(), "agents " + id, null));
    send(new PutSecret(vault, "hmac", new SecretValue.StaticBearer(server.url("/"), SECRET)));
    var external = new ChannelAgent.External(server.url(path), new SecretRef(vault, "hmac"), mode);
    send(ChatFixture.create(ADA, id, "http", external, buffer));
    return received;
  }

  private static Response reply(String text) {
    return new Response(200, "{\"text\": \"" + text + "\"}");
  }

  private <E> List<E> events(Class<E> type) {
    return store
        .readEvents(chat.value(), 0)
        .asStream()
        .map(event -> event.getPayload())
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private void awaitEnds(int number) {
    await().atMost(TIMEOUT).until(() -> events(ChatAgentCallEnded.class).size() >= number);
  }

  private List<String> answers() {
    return events(ChatMessageSent.class).stream()
        .filter(event -> event.sender() == SenderType.AGENT)
        .map(event -> reader.open(event).text())
        .toList();
  }

  private void receive(String... texts) {
    send(ChatFixture.receive(channel, chat, texts));
  }

  @Test
  void aBurstBecomesOneSignedCallWhoseResponseIsTheAgentsMessage() {
    create(ReplyMode.REPLY, new AgentBuffer(2, 30, 40, 1440, 3), call -> reply("hello Ada"));
    receive("one", "two");
    receive("three");
    awaitEnds(1);
    assertThat(calls).hasSize(1);
    var call = calls.getFirst();
    assertThat(call.texts("messages")).containsExactly("one", "two", "three");
    assertThat(call.texts("history")).isEmpty();
    assertThat(call.json().path("type").asString()).isEqualTo("chat.messages");
    assertThat(call.json().path("id").asString()).isEqualTo(call.id());
    assertThat(call.json().path("chat_id").asString()).isEqualTo(chat.value());
    assertThat(call.json().path("contact").path("address").asString())
        .isEqualTo(ChatFixture.CONTACT);
    var at = Instant.ofEpochSecond(Long.parseLong(call.timestamp()));
    assertThat(call.signature())
        .isEqualTo(
            WebhookSignature.sign(
                SECRET, call.id(), at, call.body().getBytes(StandardCharsets.UTF_8)));
    assertThat(answers()).containsExactly("hello Ada");
  }

  @Test
  void theNextCallHasTheEarlierMessagesAsHistory() {
    create(ReplyMode.REPLY, new AgentBuffer(0, 0, 2, 1440, 3), call -> reply("answer"));
    receive("first");
    awaitEnds(1);
    receive("second");
    awaitEnds(2);
    receive("third");
    awaitEnds(3);
    var last = calls.get(2);
    assertThat(last.texts("messages")).containsExactly("third");
    assertThat(last.texts("history")).containsExactly("second", "answer");
  }

  @Test
  void aContactWhoNeverStopsIsAnsweredAfterTheLongestWait() {
    create(ReplyMode.REPLY, new AgentBuffer(60, 2, 40, 1440, 3), call -> reply("at last"));
    receive("still writing");
    awaitEnds(1);
    assertThat(answers()).containsExactly("at last");
  }

  @Test
  void theJobIsNotDueBeforeTheQuietTimeAfterTheLastMessage() {
    create(ReplyMode.REPLY, new AgentBuffer(60, 600, 40, 1440, 3), call -> reply("late"));
    receive("one");
    var dueAfterOne = jobDueAt();
    receive("two");
    assertThat(jobDueAt()).isAfter(dueAfterOne);
  }

  private Instant jobDueAt() {
    return sql.sql("select execution_time from chat_agent_job where task_instance = ?")
        .param(chat.value())
        .query(Timestamp.class)
        .single()
        .toInstant();
  }

  @Test
  void messagesDuringACallBecomeOneNextCall() throws Exception {
    var arrived = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    create(
        ReplyMode.REPLY,
        NO_WAIT,
        call -> {
          arrived.countDown();
          try {
            assertThat(answer.await(60, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return reply("answer");
        });
    receive("one");
    assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
    receive("two");
    receive("three");
    answer.countDown();
    awaitEnds(2);
    assertThat(calls).hasSize(2);
    assertThat(calls.get(1).texts("messages")).containsExactly("two", "three");
  }

  @Test
  void aSlowAgentOfAChannelHoldsNoOtherAgentBack() {
    var release = new CountDownLatch(1);
    create(
        ReplyMode.REPLY,
        NO_WAIT,
        call -> {
          try {
            assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return reply("late");
        });
    try {
      for (int i = 0; i < 70; i++)
        send(ChatFixture.receive(channel, ChatFixture.newChat(), "to the slow agent"));
      var other = ChannelId.next();
      create(other, ReplyMode.REPLY, NO_WAIT, call -> reply("at once"));
      send(ChatFixture.receive(other, chat, "to the fast agent"));
      awaitEnds(1);
      assertThat(answers()).containsExactly("at once");
    } finally {
      release.countDown();
    }
  }

  /** Begins a call, and takes the chat over before the agent answers. */
  private CountDownLatch takeOverDuringTheCallFor(String text) throws Exception {
    var arrived = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    create(
        ReplyMode.REPLY,
        NO_WAIT,
        call -> {
          arrived.countDown();
          try {
            assertThat(answer.await(60, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return reply("answer");
        });
    receive(text);
    assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
    send(new TakeOverChat(chat, null));
    return answer;
  }

  @Test
  void anAnswerAfterATakeOverIsDroppedAndItsMessagesAreOfferedAgain() throws Exception {
    var answer = takeOverDuringTheCallFor("help");
    answer.countDown();
    awaitEnds(1);
    assertThat(events(ChatAgentCallEnded.class).getFirst().outcome())
        .isEqualTo(AgentCallOutcome.DROPPED);
    assertThat(answers()).isEmpty();
    send(new HandBackChat(chat, null));
    awaitEnds(2);
    assertThat(calls.get(1).texts("messages")).containsExactly("help");
    assertThat(calls.get(1).id()).isNotEqualTo(calls.get(0).id());
    assertThat(answers()).containsExactly("answer");
  }

  @Test
  void aTryThatBeginsWithATakeOverDoesNotPostponeTheEndOfItsCall() throws Exception {
    var answer = takeOverDuringTheCallFor("help");
    var state = states.find(chat).orElseThrow();
    var call = Objects.requireNonNull(state.call());
    states.startTry(state, call, Instant.now().plusSeconds(120));
    var later = Objects.requireNonNull(states.find(chat).orElseThrow().call());
    assertThat(later.dueAt()).isEqualTo(call.dueAt());
    answer.countDown();
    awaitEnds(1);
  }

  @Test
  void whatAPersonAnsweredDuringTheCallIsNotOfferedAgain() throws Exception {
    var answer = takeOverDuringTheCallFor("help");
    send(ChatFixture.send(chat, ChatMessageId.next(), "the person helps"));
    send(new HandBackChat(chat, null)); // The call that the take-over has ended is in progress.
    answer.countDown();
    awaitEnds(1);
    receive("thanks");
    awaitEnds(2);
    assertThat(calls).hasSize(2);
    assertThat(calls.get(1).texts("messages")).containsExactly("thanks");
    assertThat(answers()).containsExactly("answer");
  }

  @Test
  void anAgentIsNotCalledWhileAPersonHasTakenOverAndNotForWhatThePersonAnswered() {
    create(ReplyMode.REPLY, NO_WAIT, call -> reply("agent"));
    receive("first");
    awaitEnds(1);
    send(new TakeOverChat(chat, null));
    receive("for the person");
    send(ChatFixture.send(chat, ChatMessageId.next(), "the person answers"));
    send(new HandBackChat(chat, null));
    receive("for the agent");
    awaitEnds(2);
    assertThat(events(ChatAgentCalled.class)).hasSize(2);
    assertThat(calls.get(1).texts("messages")).containsExactly("for the agent");
    assertThat(calls.get(1).texts("history"))
        .containsExactly("first", "agent", "for the person", "the person answers");
  }

  @Test
  void whatNobodyAnsweredIsForTheAgentWhenTheChatIsHandedBack() {
    create(ReplyMode.REPLY, NO_WAIT, call -> reply("agent"));
    receive("first");
    awaitEnds(1);
    send(new TakeOverChat(chat, null));
    receive("unanswered");
    assertThat(events(ChatAgentCalled.class)).hasSize(1);
    send(new HandBackChat(chat, null));
    awaitEnds(2);
    assertThat(calls.get(1).texts("messages")).containsExactly("unanswered");
  }

  @Test
  void aFailingAgentIsTriedAgainWithTheSameIdAndThenEscalatesToPeople() {
    create(ReplyMode.REPLY, new AgentBuffer(0, 0, 40, 1440, 2), call -> new Response(500, ""));
    receive("anybody there?");
    awaitEnds(1);
    assertThat(calls).hasSize(2);
    assertThat(calls.stream().map(ReceivedCall::id).distinct()).hasSize(1);
    var end = events(ChatAgentCallEnded.class).getFirst();
    assertThat(end.outcome()).isEqualTo(AgentCallOutcome.FAILED);
    assertThat(end.reason()).isEqualTo("The agent responded with the status 500.");
    assertThat(events(ChatEscalated.class)).hasSize(1);
    assertThat(answers()).isEmpty();
  }

  @Test
  void anAgentIsNotCalledWithASecretThatTheOwnerMayNotUseAnyMore() {
    create(ReplyMode.REPLY, new AgentBuffer(0, 0, 40, 1440, 1), call -> reply("agent"));
    sql.sql("update identity_user set disabled = true where user_id = ?")
        .param(ADA.user().value())
        .update();
    try {
      receive("hello");
      awaitEnds(1);
    } finally {
      joinTenant(ADA);
    }
    assertThat(calls).isEmpty();
    assertThat(events(ChatAgentCallEnded.class).getFirst().reason())
        .isEqualTo("The owner of the channel may not use secrets of vaults any more.");
  }

  @Test
  void anAgentThatFailedOnceAnswersOnce() {
    var tries = new AtomicInteger();
    create(
        ReplyMode.REPLY,
        NO_WAIT,
        call -> tries.incrementAndGet() == 1 ? new Response(503, "") : reply("second try"));
    receive("hello");
    awaitEnds(1);
    assertThat(answers()).containsExactly("second try");
    assertThat(events(ChatEscalated.class)).isEmpty();
  }

  @Test
  void theResponseOfAnAgentThatAnswersByItsTokenIsNoMessage() {
    create(ReplyMode.FIRE_AND_FORGET, NO_WAIT, call -> reply("not this way"));
    receive("hello");
    awaitEnds(1);
    assertThat(events(ChatAgentCallEnded.class).getFirst().outcome())
        .isEqualTo(AgentCallOutcome.ACCEPTED);
    assertThat(answers()).isEmpty();
  }

  @Test
  void aResponseWithoutATextIsNoMessage() {
    create(ReplyMode.REPLY, NO_WAIT, call -> new Response(204, ""));
    receive("hello");
    awaitEnds(1);
    assertThat(events(ChatAgentCallEnded.class).getFirst().outcome())
        .isEqualTo(AgentCallOutcome.SILENT);
  }
}
