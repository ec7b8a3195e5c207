package io.agentledger.command.channel;

import io.agentledger.api.channel.AgentCallOutcome;
import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatEvent;
import io.agentledger.api.channel.ChatEvent.ChatAgentCallEnded;
import io.agentledger.api.channel.ChatEvent.ChatAgentCalled;
import io.agentledger.api.channel.ChatEvent.ChatAgentSet;
import io.agentledger.api.channel.ChatEvent.ChatClosed;
import io.agentledger.api.channel.ChatEvent.ChatEscalated;
import io.agentledger.api.channel.ChatEvent.ChatHandedBack;
import io.agentledger.api.channel.ChatEvent.ChatOpened;
import io.agentledger.api.channel.ChatEvent.ChatTakenOver;
import io.agentledger.api.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** State of the agent in a chat: whether it answers, who does in its place, and its calls. */
final class ChatAgent {
  /** Outcomes after which the messages of a call wait for another. */
  private static final Set<AgentCallOutcome> NOT_ANSWERED =
      EnumSet.of(AgentCallOutcome.DROPPED, AgentCallOutcome.FAILED);

  private static final Duration HOUR = Duration.ofHours(1);

  private ChatAgentState state = ChatAgentState.INACTIVE;
  private @Nullable UserId takenOverBy;
  private long calledThrough;
  private long calledThroughBefore;
  private boolean calling;
  private boolean callDropped;

  /** Begin of the hour in which calls are counted. */
  private Instant countedSince = Instant.EPOCH;

  private int counted;

  boolean is(ChatAgentState other) {
    return state == other;
  }

  /** Returns the user who answers in place of the agent; null for nobody. */
  @Nullable UserId takenOverBy() {
    return takenOverBy;
  }

  /** Returns whether a call through a message may begin. */
  boolean mayCall(long through, long lastOfContact) {
    return state == ChatAgentState.ACTIVE
        && !calling
        && lastOfContact > calledThrough
        && through > calledThrough;
  }

  /** Returns the number of calls in the present hour, since a user let the agent answer. */
  int calledWithinHour(Instant at) {
    return isCounted(at) ? counted : 0;
  }

  private boolean isCounted(Instant at) {
    return at.isBefore(countedSince.plus(HOUR));
  }

  /** Returns whether the call through a message is in progress. */
  boolean isCalled(long through) {
    return calling && through == calledThrough;
  }

  /** Returns the outcome of the call in progress: an agent that is not to answer has not. */
  AgentCallOutcome endWith(AgentCallOutcome outcome) {
    return callDropped ? AgentCallOutcome.DROPPED : outcome;
  }

  void on(ChatEvent event, Instant at) {
    switch (event) {
      case ChatOpened opened -> state = opened.agentState();
      case ChatAgentSet set -> {
        answer(set.active() ? ChatAgentState.ACTIVE : ChatAgentState.INACTIVE);
        callDropped |= calling && !set.active();
      }
      case ChatTakenOver taken -> {
        state = ChatAgentState.TAKEN_OVER;
        takenOverBy = taken.by();
        callDropped |= calling;
      }
      case ChatClosed _ -> callDropped |= calling;
      case ChatHandedBack _ -> answer(ChatAgentState.ACTIVE);
      case ChatEscalated _ -> state = ChatAgentState.ESCALATED;
      case ChatAgentCalled called -> {
        calledThroughBefore = calledThrough;
        calledThrough = called.through();
        calling = true;
        count(at);
      }
      case ChatAgentCallEnded ended -> {
        if (NOT_ANSWERED.contains(ended.outcome())) calledThrough = calledThroughBefore;
        calling = false;
        callDropped = false;
      }
      default -> {}
    }
  }

  private void count(Instant at) {
    if (!isCounted(at)) {
      countedSince = at;
      counted = 0;
    }
    counted++;
  }

  private void answer(ChatAgentState newState) {
    state = newState;
    takenOverBy = null;
    counted = 0;
  }
}
