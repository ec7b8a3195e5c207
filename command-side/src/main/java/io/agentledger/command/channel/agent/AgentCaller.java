package io.agentledger.command.channel.agent;

import io.agentledger.api.channel.AgentCallOutcome;
import io.agentledger.api.channel.ChannelAgent;
import io.agentledger.api.channel.ChannelAgent.ReplyMode;
import io.agentledger.api.channel.ChatCommand.Answer;
import io.agentledger.api.channel.ChatCommand.CallChatAgent;
import io.agentledger.api.channel.ChatCommand.EndChatAgentCall;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.channel.ChatCommandSender;
import io.agentledger.command.channel.agent.AgentJob.Work;
import io.agentledger.command.channel.agent.AgentStateTable.AgentCall;
import io.agentledger.command.channel.agent.AgentStateTable.AgentState;
import io.agentledger.command.channel.agent.ExternalAgent.AgentResponse;
import io.agentledger.command.support.UntrustedText;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Begins, tries and ends the calls of agents. Each step can be repeated after a crash: the chat
 * ignores the end of a call that has ended, and the answer of a call always has the same id.
 * Thread-safe.
 */
final class AgentCaller {
  /** Delays after the first tries; the last one repeats. */
  private static final List<Duration> DELAYS =
      List.of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(2));

  /** Time after which a query that may not be submitted is submitted again. */
  private static final Duration SUBMIT_TIMEOUT = Duration.ofMinutes(1);

  /** Longest run of an internal agent. */
  static final Duration RUN_TIMEOUT = Duration.ofMinutes(15);

  private final AgentStateTable states;
  private final ExternalAgent external;
  private final InternalAgent internal;
  private final TypingIndicator typing;
  private final ChatCommandSender commands;
  private final Clock clock;

  AgentCaller(
      AgentStateTable states,
      ExternalAgent external,
      InternalAgent internal,
      TypingIndicator typing,
      ChatCommandSender commands,
      Clock clock) {
    this.states = states;
    this.external = external;
    this.internal = internal;
    this.typing = typing;
    this.commands = commands;
    this.clock = clock;
  }

  /** Returns the id of a call, the same for each try. */
  static String idOf(AgentState state, AgentCall call) {
    return Ids.derived(
        "cal",
        state.chat().value(),
        Long.toString(call.through()),
        Integer.toString(state.droppedCalls()));
  }

  /** Begins a call; returns whether the chat permits it. */
  boolean start(Work work) {
    var state = work.state();
    var pending = Objects.requireNonNull(state.pending());
    var session =
        work.definition().agent() instanceof ChannelAgent.Internal agent
            ? InternalAgent.sessionOf(state.chat(), agent, state.sessionNumber())
            : null;
    return commands.send(
        state.tenant(),
        new CallChatAgent(state.chat(), pending.through(), session, clock.instant()));
  }

  /** Tries the call in progress once. */
  void call(Work work) {
    var call = Objects.requireNonNull(work.state().call());
    var state = work.state();
    if (call.dropped()) {
      internal.cancel(work, call);
      end(state, call, AgentCallOutcome.DROPPED, null, "");
    } else if (call.resultSequence() != null)
      answer(
          state,
          call,
          internal.resultOf(Objects.requireNonNull(call.session()), call.resultSequence()));
    else if (call.run() != null && call.submitted()) {
      internal.cancel(work, call);
      giveUp(state, call, "The agent did not finish in time.");
    } else if (call.run() == null && !state.answers()) // It has escalated, and then failed.
    end(state, call, AgentCallOutcome.SILENT, null, "");
    else if (call.run() == null && call.tries() >= work.definition().buffer().tries())
      giveUp(state, call, call.failure());
    else
      switch (work.definition().agent()) {
        case ChannelAgent.External agent when call.session() == null -> tryOnce(work, call, agent);
        case ChannelAgent.Internal agent when call.session() != null -> tryOnce(work, call, agent);
        case null, default -> giveUp(state, call, "The channel has another agent now.");
      }
  }

  private void tryOnce(Work work, AgentCall call, ChannelAgent.External agent) {
    var state = work.state();
    states.startTry(state, call, clock.instant().plus(delayAfter(call.tries())));
    typing.show(work);
    switch (external.call(work, call, agent)) {
      case AgentResponse.Failed(var reason) -> {
        states.recordFailure(state, call, reason);
        if (call.tries() + 1 >= work.definition().buffer().tries()) giveUp(state, call, reason);
      }
      case AgentResponse.Accepted(var text) -> {
        if (agent.mode() == ReplyMode.FIRE_AND_FORGET)
          end(state, call, AgentCallOutcome.ACCEPTED, null, "");
        else answer(state, call, text);
      }
    }
  }

  private static Duration delayAfter(int tries) {
    return DELAYS.get(Math.min(tries, DELAYS.size() - 1));
  }

  /** Submits a query; the events of its run, or the timeout, continue the call. */
  private void tryOnce(Work work, AgentCall call, ChannelAgent.Internal agent) {
    var state = work.state();
    var run = call.run(); // Not null after a crash: its query may have been submitted.
    if (run == null) {
      run = InternalAgent.runOf(idOf(state, call), call.tries() + 1);
      states.startRun(state, call, run, clock.instant().plus(SUBMIT_TIMEOUT));
    }
    typing.show(work);
    Optional<String> failure;
    try {
      failure = internal.submit(work, call, agent, run);
    } catch (RejectionException temporary) {
      states.delaySubmission(
          Objects.requireNonNull(call.session()), run, clock.instant().plus(SUBMIT_TIMEOUT));
      return;
    }
    if (failure.isEmpty()) states.recordSubmitted(state, run, clock.instant().plus(RUN_TIMEOUT));
    else
      states.recordFailedRun(
          Objects.requireNonNull(call.session()),
          run,
          failure.get(),
          clock.instant().plus(delayAfter(call.tries())));
  }

  private void answer(AgentState state, AgentCall call, String text) {
    if (text.isBlank()) end(state, call, AgentCallOutcome.SILENT, null, "");
    else {
      var id = Ids.derived(ChatMessageId.PREFIX, "call", idOf(state, call));
      var answer = new Answer(new ChatMessageId(id), ChatMessageContent.ofText(limit(text)));
      end(state, call, AgentCallOutcome.ANSWERED, answer, "");
    }
  }

  private static String limit(String text) {
    return UntrustedText.lines(text, ChatMessageContent.TEXT_LENGTH_MAX);
  }

  /** Ends the call as failed, which escalates the chat to people. */
  private void giveUp(AgentState state, AgentCall call, String failure) {
    var reason = failure.isEmpty() ? "The agent did not answer." : failure;
    end(state, call, AgentCallOutcome.FAILED, null, reason);
  }

  private void end(
      AgentState state,
      AgentCall call,
      AgentCallOutcome outcome,
      @Nullable Answer answer,
      String reason) {
    commands.send(
        state.tenant(),
        new EndChatAgentCall(state.chat(), call.through(), outcome, answer, reason));
  }
}
