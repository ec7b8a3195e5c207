package io.agentledger.command.channel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.channel.AgentBuffer;
import io.agentledger.api.channel.AgentCallOutcome;
import io.agentledger.api.channel.ChannelAgent;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatCommand.HandBackChat;
import io.agentledger.api.channel.ChatCommand.TakeOverChat;
import io.agentledger.api.channel.ChatEvent.ChatAgentCallEnded;
import io.agentledger.api.channel.ChatEvent.ChatAgentCalled;
import io.agentledger.api.channel.ChatEvent.ChatEscalated;
import io.agentledger.api.channel.ChatEvent.ChatMessageSent;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatSessionOpener;
import io.agentledger.api.channel.SenderType;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.SessionCommand.FailRun;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.CloseSession;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.OpsRejection.ProjectionRebuilding;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.channel.ChatFixture;
import io.agentledger.command.channel.outbound.ChatMessageReader;
import io.agentledger.store.crypto.Sealer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.DomainEventMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/** Calls of agents in sessions of chats, on a real PostgreSQL; runs end as a test says. */
@Import(InternalAgentIT.OpenerConfiguration.class)
class InternalAgentIT extends CommandTestSupport {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final ChannelAgent.Internal AGENT =
      new ChannelAgent.Internal(new Json("{\"title\":\"support\"}"));

  @Autowired private ChatMessageReader reader;
  @Autowired private Sealer sealer;

  private final ChannelId channel = ChannelId.next();
  private final ChatId chat = ChatFixture.newChat();
  private final SessionId session = InternalAgent.sessionOf(chat, AGENT, 1);

  /** Whether a read model that an opening needs is being replayed. */
  private static final AtomicBoolean REPLAYING = new AtomicBoolean();

  @TestConfiguration
  static class OpenerConfiguration {
    /** Opens sessions as the gateway does, without a template. */
    @Bean
    ChatSessionOpener chatSessionOpener(@Lazy CommandGateway commands) {
      return new ChatSessionOpener() {
        @Override
        public CompletionStage<Void> check(Caller caller, String requestId, Json session) {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> open(
            Caller caller,
            String requestId,
            SessionId newSession,
            SessionOrigin.Chat origin,
            Json session,
            String title) {
          if (REPLAYING.get())
            return CompletableFuture.failedFuture(
                new RejectionException(new ProjectionRebuilding("agent")));
          commands.sendAndWait(
              GenericCommandMessage.asCommandMessage(
                      new OpenSession(
                          newSession,
                          caller.user(),
                          ThreadId.next(),
                          origin,
                          SessionSpec.NONE.withTitle(title),
                          WorkspaceSpec.from(new Workspace.Empty()),
                          null))
                  .withMetaData(caller.asMetadata(requestId)));
          return CompletableFuture.completedFuture(null);
        }
      };
    }
  }

  @BeforeEach
  void createChannel() {
    joinTenant(ADA);
    send(ChatFixture.create(ADA, channel, "http", AGENT, new AgentBuffer(0, 0, 40, 1440, 2)));
  }

  private <E> List<E> events(String aggregate, Class<E> type) {
    return store
        .readEvents(aggregate, 0)
        .asStream()
        .map(DomainEventMessage::getPayload)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private void awaitEnds(int number) {
    await()
        .atMost(TIMEOUT)
        .until(() -> events(chat.value(), ChatAgentCallEnded.class).size() >= number);
  }

  private List<String> answers() {
    return events(chat.value(), ChatMessageSent.class).stream()
        .filter(event -> event.sender() == SenderType.AGENT)
        .map(event -> reader.open(event).text())
        .toList();
  }

  private List<String> prompts(SessionId of) {
    return events(of.value(), QueryIssued.class).stream()
        .map(event -> sealer.open(of, QueryIssued.class, "prompt", event.prompt()))
        .toList();
  }

  private void receive(String... texts) {
    send(ChatFixture.receive(channel, chat, texts));
  }

  private void failRuns() {
    runner.script(
        session,
        run -> {
          runner.start(run, 1);
          runner.send(
              run,
              new FailRun(
                  session,
                  run.run(),
                  1,
                  1,
                  Failure.MODEL,
                  false,
                  Duration.ZERO,
                  "overloaded",
                  null));
        });
  }

  @Test
  void theResultOfTheRunIsTheAgentsMessageAndTheChannelIsTheSender() {
    receive("hello", "is anybody there?");
    awaitEnds(1);
    assertThat(answers()).containsExactly("done");
    assertThat(events(chat.value(), ChatAgentCalled.class).getFirst().sessionId())
        .containsExactly(session);
    var title = events(session.value(), SessionOpened.class).getFirst().title();
    assertThat(sealer.open(session, SessionOpened.class, "title", title))
        .isEqualTo("channel " + channel + " · Ada");
    assertThat(prompts(session)).hasSize(1);
    assertThat(prompts(session).getFirst())
        .containsPattern("contact: <untrusted-\\w+>hello</untrusted-")
        .containsPattern("contact: <untrusted-\\w+>is anybody there\\?</untrusted-");
    var actors =
        messages(session).stream()
            .filter(message -> message.getPayload() instanceof QueryIssued)
            .map(message -> Provenance.of(message.getMetaData()).actor());
    assertThat(actors).containsExactly(new Actor(Actor.ActorType.CHANNEL, channel.value()));
  }

  @Test
  void theNextCallContinuesTheSessionWithoutTheHistory() {
    receive("first");
    awaitEnds(1);
    receive("second");
    awaitEnds(2);
    assertThat(prompts(session)).hasSize(2);
    assertThat(prompts(session).get(1)).contains(">second<").doesNotContain("first");
    assertThat(answers()).containsExactly("done", "done");
  }

  @Test
  void aNewSessionAfterAClosedOneStartsWithTheHistory() {
    receive("first");
    awaitEnds(1);
    send(new CloseSession(session));
    receive("second");
    awaitEnds(2);
    var next = InternalAgent.sessionOf(chat, AGENT, 2);
    assertThat(prompts(next)).hasSize(1);
    assertThat(prompts(next).getFirst())
        .containsSubsequence("Earlier messages", ">first<", ">done<", "New messages", ">second<");
  }

  @Test
  void runsThatFailEscalateToPeopleAfterTheLastTry() {
    failRuns();
    receive("hello");
    awaitEnds(1);
    assertThat(prompts(session)).hasSize(2);
    var end = events(chat.value(), ChatAgentCallEnded.class).getFirst();
    assertThat(end.outcome()).isEqualTo(AgentCallOutcome.FAILED);
    assertThat(end.reason()).isEqualTo("The run of the agent failed.");
    assertThat(events(chat.value(), ChatEscalated.class)).hasSize(1);
    assertThat(answers()).isEmpty();
  }

  @Test
  void aReplayOfAReadModelDelaysTheQueryWithoutATry() {
    REPLAYING.set(true);
    try {
      receive("hello");
      await()
          .atMost(TIMEOUT)
          .until(
              () -> countWhere("chat_agent_state where chat_id = ? and run_id is not null") == 1);
      awaitDelay();
      makeDue();
      awaitDelay();
    } finally {
      REPLAYING.set(false);
    }
    makeDue();
    awaitEnds(1);
    assertThat(answers()).containsExactly("done");
    assertThat(events(chat.value(), ChatEscalated.class)).isEmpty();
  }

  private void awaitDelay() {
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                countWhere(
                        "chat_agent_job where task_instance = ? and not picked"
                            + " and execution_time > now() + interval '30 seconds'")
                    == 1);
  }

  private void makeDue() {
    sql.sql("update chat_agent_state set due_at = now() where chat_id = ?")
        .param(chat.value())
        .update();
    sql.sql("update chat_agent_job set execution_time = now() where task_instance = ?")
        .param(chat.value())
        .update();
  }

  private int countWhere(String tableAndCondition) {
    return sql.sql("select count(*) from " + tableAndCondition)
        .param(chat.value())
        .query(Integer.class)
        .single();
  }

  @Test
  void aTakeOverInterruptsTheRunWhoseMessagesAreOfferedAgainAfterTheHandBack() throws Exception {
    var started = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    runner.script(
        session,
        run -> {
          started.countDown();
          gate.await();
        });
    receive("hello");
    started.await();
    send(new TakeOverChat(chat, null));
    awaitEnds(1);
    assertThat(eventNames(session)).contains("InterruptRequested", "RunInterrupted");
    assertThat(events(chat.value(), ChatAgentCallEnded.class).getFirst().outcome())
        .isEqualTo(AgentCallOutcome.DROPPED);
    assertThat(answers()).isEmpty();

    runner.script(session, runner::finish);
    gate.countDown();
    send(new HandBackChat(chat, null));
    awaitEnds(2);
    assertThat(prompts(session)).hasSize(2);
    assertThat(prompts(session).get(1)).contains(">hello<");
    assertThat(answers()).containsExactly("done");
  }
}
