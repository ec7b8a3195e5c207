package io.agentledger.command.channel.agent;

import io.agentledger.api.channel.AgentCallOutcome;
import io.agentledger.api.channel.ChannelEvent.ChannelResumed;
import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatEvent.ChatAgentCallEnded;
import io.agentledger.api.channel.ChatEvent.ChatAgentCalled;
import io.agentledger.api.channel.ChatEvent.ChatAgentSet;
import io.agentledger.api.channel.ChatEvent.ChatClosed;
import io.agentledger.api.channel.ChatEvent.ChatEscalated;
import io.agentledger.api.channel.ChatEvent.ChatHandedBack;
import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.channel.ChatEvent.ChatMessageSent;
import io.agentledger.api.channel.ChatEvent.ChatOpened;
import io.agentledger.api.channel.ChatEvent.ChatReopened;
import io.agentledger.api.channel.ChatEvent.ChatTakenOver;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.SenderType;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.SessionArchived;
import io.agentledger.api.session.event.LifecycleEvent.SessionClosed;
import io.agentledger.api.session.event.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.event.LifecycleEvent.SessionExpired;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.command.channel.agent.AgentStateTable.AgentState;
import io.agentledger.command.support.JobTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;

/** Collects what waits for agents, and enqueues their jobs, in the transactions of the events. */
@ProcessingGroup(AgentEnqueuer.GROUP)
final class AgentEnqueuer {
  static final String GROUP = "chat-agents";

  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

  private final AgentStateTable states;
  private final AgentJob job;
  private final JobTable<Void> jobs;
  private final Clock clock;

  AgentEnqueuer(AgentStateTable states, AgentJob job, JobTable<Void> jobs, Clock clock) {
    this.states = states;
    this.job = job;
    this.jobs = jobs;
    this.clock = clock;
  }

  @EventHandler
  void on(ChatOpened event, TenantId tenant) {
    boolean isActive = event.agentState() == ChatAgentState.ACTIVE;
    states.insert(event.chatId(), tenant, event.channelId(), isActive);
  }

  @EventHandler
  void on(ChatMessageReceived event, @Timestamp Instant at) {
    change(event.chatId(), () -> states.addMessage(event.chatId(), event.number(), at));
  }

  /** Changes the state under the lock of the chat, and makes its job look at it when it is due. */
  private void change(ChatId chat, Runnable change) {
    states.lock(chat);
    change.run();
    states.find(chat).filter(AgentJob::hasWork).ifPresent(this::enqueue);
  }

  /**
   * Most messages are followed by another one, so a call is not due yet. The job of a paused
   * channel looks at once, because the channel may be resumed at the same time.
   */
  private void enqueue(AgentState state) {
    var now = clock.instant();
    var due = job.findDue(state).filter(now::isBefore).orElse(now);
    jobs.enqueueOrBringForward(AgentJob.instance(state.chat()), due);
  }

  @EventHandler
  void on(ChatMessageSent event) {
    if (event.sender() == SenderType.USER)
      change(event.chatId(), () -> states.clearUnlessActive(event.chatId()));
  }

  @EventHandler
  void on(ChatAgentSet event) {
    if (event.active()) activate(event.chatId());
    else deactivate(event.chatId());
  }

  private void activate(ChatId chat) {
    change(chat, () -> states.activate(chat));
  }

  private void deactivate(ChatId chat) {
    change(chat, () -> states.deactivate(chat, clock.instant()));
  }

  @EventHandler
  void on(ChatTakenOver event) {
    deactivate(event.chatId());
  }

  /** A call in progress continues: its answer tells the contact what happens. */
  @EventHandler
  void on(ChatEscalated event) {
    change(event.chatId(), () -> states.escalate(event.chatId()));
  }

  @EventHandler
  void on(ChatHandedBack event) {
    activate(event.chatId());
  }

  @EventHandler
  void on(ChatClosed event) {
    change(event.chatId(), () -> states.close(event.chatId(), clock.instant()));
  }

  @EventHandler
  void on(ChatReopened event) {
    change(event.chatId(), () -> states.reopen(event.chatId()));
  }

  @EventHandler
  void on(ChatAgentCalled event) {
    var session = event.sessionId().isEmpty() ? null : event.sessionId().getFirst();
    change(
        event.chatId(),
        () -> states.startCall(event.chatId(), event.through(), session, clock.instant()));
  }

  @EventHandler
  void on(ChatAgentCallEnded event) {
    boolean isAnswered = event.outcome() != AgentCallOutcome.FAILED;
    change(event.chatId(), () -> states.endCall(event.chatId(), isAnswered, clock.instant()));
  }

  @EventHandler
  void on(RunCompleted event, DomainEventMessage<?> message) {
    if (event.stopReason() == StopReason.COMPLETED)
      ofRun(
          event.sessionId(),
          event.runId(),
          chat ->
              states.recordResult(
                  chat, event.runId(), message.getSequenceNumber(), clock.instant()));
    else recordFailure(event, "The agent stopped before it finished.");
  }

  private void ofRun(SessionId session, RunId run, Consumer<ChatId> change) {
    states.findChat(session, run).ifPresent(chat -> change(chat, () -> change.accept(chat)));
  }

  private void recordFailure(RunEvent event, String failure) {
    ofRun(
        event.sessionId(),
        event.runId(),
        chat ->
            states.recordFailedRun(
                chat, event.runId(), failure, clock.instant().plus(RETRY_DELAY)));
  }

  @EventHandler
  void on(RunFailed event) {
    if (!event.retrying()) recordFailure(event, "The run of the agent failed.");
  }

  @EventHandler
  void on(RunInterrupted event) {
    recordFailure(event, "The run of the agent was stopped.");
  }

  @EventHandler
  void on(SessionClosed event) {
    leave(event.sessionId());
  }

  @EventHandler
  void on(SessionExpired event) {
    leave(event.sessionId());
  }

  @EventHandler
  void on(SessionArchived event) {
    leave(event.sessionId());
  }

  @EventHandler
  void on(SessionDeleted event) {
    leave(event.sessionId());
  }

  private void leave(SessionId session) {
    for (var chat : states.leaveSession(session, clock.instant())) change(chat, () -> {});
  }

  @EventHandler
  void on(ChannelResumed event) {
    for (var chat : states.listWaiting(event.channelId())) change(chat, () -> {});
  }
}
