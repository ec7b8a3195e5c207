package io.agentledger.command.channel.agent;

import io.agentledger.api.channel.AgentCallOutcome;
import io.agentledger.api.channel.ChannelEvent.ChannelResumed;
import io.agentledger.api.channel.ChannelId;
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
import io.agentledger.api.identity.event.TenantEvent.TenantResumed;
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
import io.agentledger.command.channel.ChannelLookupTable;
import io.agentledger.command.channel.agent.AgentStateTable.AgentState;
import io.agentledger.command.support.JobTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
  private final ChannelLookupTable channels;
  private final AgentJob job;
  private final JobTable<Void> jobs;
  private final Clock clock;

  AgentEnqueuer(
      AgentStateTable states,
      ChannelLookupTable channels,
      AgentJob job,
      JobTable<Void> jobs,
      Clock clock) {
    this.states = states;
    this.channels = channels;
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
    enqueue(states.addMessage(event.chatId(), event.number(), at));
  }

  /**
   * Makes the job of a chat look at a changed state when it is due: most messages are followed by
   * another one, so a call is not due yet. The job of a paused channel looks at once, because the
   * channel may be resumed at the same time.
   */
  private void enqueue(Optional<AgentState> changed) {
    changed
        .filter(AgentJob::hasWork)
        .ifPresent(
            state -> {
              var now = clock.instant();
              var due = job.findDue(state).filter(now::isBefore).orElse(now);
              jobs.enqueueOrMove(AgentJob.instance(state.chat()), due);
            });
  }

  @EventHandler
  void on(ChatMessageSent event) {
    if (event.sender() == SenderType.USER) enqueue(states.clearUnlessActive(event.chatId()));
  }

  @EventHandler
  void on(ChatAgentSet event) {
    if (event.active()) activate(event.chatId());
    else deactivate(event.chatId());
  }

  private void activate(ChatId chat) {
    enqueue(states.activate(chat));
  }

  private void deactivate(ChatId chat) {
    enqueue(states.deactivate(chat, clock.instant()));
  }

  @EventHandler
  void on(ChatTakenOver event) {
    deactivate(event.chatId());
  }

  /** A call in progress continues: its answer tells the contact what happens. */
  @EventHandler
  void on(ChatEscalated event) {
    enqueue(states.escalate(event.chatId()));
  }

  @EventHandler
  void on(ChatHandedBack event) {
    activate(event.chatId());
  }

  @EventHandler
  void on(ChatClosed event) {
    enqueue(states.close(event.chatId(), clock.instant()));
  }

  @EventHandler
  void on(ChatReopened event) {
    enqueue(states.reopen(event.chatId()));
  }

  @EventHandler
  void on(ChatAgentCalled event) {
    var session = event.sessionId().isEmpty() ? null : event.sessionId().getFirst();
    enqueue(states.startCall(event.chatId(), event.through(), session, clock.instant()));
  }

  @EventHandler
  void on(ChatAgentCallEnded event) {
    boolean isAnswered = event.outcome() != AgentCallOutcome.FAILED;
    enqueue(states.endCall(event.chatId(), isAnswered, clock.instant()));
  }

  @EventHandler
  void on(RunCompleted event, DomainEventMessage<?> message) {
    if (event.stopReason() == StopReason.COMPLETED)
      enqueue(
          states.recordResult(
              event.sessionId(), event.runId(), message.getSequenceNumber(), clock.instant()));
    else recordFailure(event, "The agent stopped before it finished.");
  }

  private void recordFailure(RunEvent event, String failure) {
    enqueue(
        states.recordFailedRun(
            event.sessionId(), event.runId(), failure, clock.instant().plus(RETRY_DELAY)));
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
    for (var state : states.leaveSession(session, clock.instant())) enqueue(Optional.of(state));
  }

  @EventHandler
  void on(ChannelResumed event) {
    enqueueWaiting(event.channelId());
  }

  private void enqueueWaiting(ChannelId channel) {
    for (var state : states.lockWaiting(channel)) enqueue(Optional.of(state));
  }

  @EventHandler
  void on(TenantResumed event) {
    for (var channel : channels.listActive(event.tenantId())) enqueueWaiting(channel);
  }
}
