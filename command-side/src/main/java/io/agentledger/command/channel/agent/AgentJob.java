package io.agentledger.command.channel.agent;

import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.agentledger.api.channel.AgentBuffer;
import io.agentledger.api.channel.ChannelDefinition;
import io.agentledger.api.channel.ChatId;
import io.agentledger.command.channel.ChannelLookupTable.StoredChannel;
import io.agentledger.command.channel.ChannelReader;
import io.agentledger.command.channel.SlotShares;
import io.agentledger.command.channel.SlotShares.SlotRequest;
import io.agentledger.command.channel.agent.AgentStateTable.AgentState;
import io.agentledger.command.channel.agent.AgentStateTable.PendingMessages;
import io.agentledger.command.support.SerialJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Calls the agent of a chat once the contact is quiet, or the longest wait is over: one call for
 * all messages since the last. A chat has one job on all nodes, and one call at a time.
 */
final class AgentJob extends SerialJob {
  static final String NAME = "call-chat-agent";

  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);
  private static final Duration INCOMPLETE_DELAY = Duration.ofMillis(500);

  private final AgentStateTable states;
  private final ChannelReader channelReader;
  private final AgentCaller caller;
  private final SlotShares shares;
  private final Clock clock;

  AgentJob(
      AgentStateTable states,
      ChannelReader channelReader,
      AgentCaller caller,
      SlotShares shares,
      TransactionOperations transactions,
      Clock clock) {
    super(NAME, transactions);
    this.states = states;
    this.channelReader = channelReader;
    this.caller = caller;
    this.shares = shares;
    this.clock = clock;
  }

  /** State with the channel, which is neither paused nor archived. */
  record Work(AgentState state, ChannelDefinition definition) {
    StoredChannel channel() {
      return state.channel();
    }
  }

  static TaskInstance<Void> instance(ChatId chat) {
    return instance(NAME, chat.value());
  }

  /** Returns whether the agent has to be called, or a call is in progress. */
  static boolean hasWork(AgentState state) {
    return state.call() != null || state.answers() && state.pending() != null;
  }

  @Override
  protected Optional<Instant> lockAndFindNextDueAt(String chat) {
    return states.lock(new ChatId(chat)).flatMap(this::findDue);
  }

  private Optional<Work> find(ChatId chat) {
    return states.find(chat).flatMap(this::find);
  }

  private Optional<Work> find(AgentState state) {
    var channel = state.channel();
    return channel.paused() || channel.archived()
        ? Optional.empty()
        : Optional.of(new Work(state, channelReader.definition(channel)));
  }

  /** Returns when the next step of a chat is due; empty if its channel is paused, for example. */
  Optional<Instant> findDue(AgentState state) {
    return find(state).flatMap(AgentJob::findDue);
  }

  /** Returns when the next step of a chat is due; empty if an event comes first. */
  static Optional<Instant> findDue(Work work) {
    var state = work.state();
    if (state.call() != null) return Optional.of(state.call().dueAt());
    var pending = state.pending();
    return pending == null || !state.answers() || work.definition().agent() == null
        ? Optional.empty()
        : Optional.of(dueAt(pending, work.definition().buffer()));
  }

  /** The quiet time counts from the last message, the longest wait from the first. */
  static Instant dueAt(PendingMessages pending, AgentBuffer buffer) {
    var quiet = pending.lastAt().plusSeconds(buffer.quietSeconds());
    var longest = longestWait(pending, buffer);
    return quiet.isBefore(longest) ? quiet : longest;
  }

  private static Instant longestWait(PendingMessages pending, AgentBuffer buffer) {
    return pending.firstAt().plusSeconds(buffer.maxWaitSeconds());
  }

  @Override
  protected Instant doTurn(String chat) {
    var work = find(new ChatId(chat)).filter(this::isDue);
    if (work.isEmpty()) return clock.instant();
    var state = work.get().state();
    if (state.call() == null && isIncomplete(work.get()))
      return clock.instant().plus(INCOMPLETE_DELAY);
    return shares.run(
        new SlotRequest(chat, state.tenant(), state.channel().id()), () -> call(work.get()));
  }

  private Instant call(Work begun) {
    var chat = begun.state().chat();
    if (begun.state().call() == null && !caller.start(begun))
      return clock.instant().plus(RETRY_DELAY); // The events of a change are on their way.
    find(chat)
        .filter(work -> work.state().call() != null)
        .filter(this::isDue)
        .ifPresent(caller::call);
    return clock.instant();
  }

  /** Returns whether messages were received that are not recorded yet, and may be waited for. */
  private boolean isIncomplete(Work work) {
    var pending = Objects.requireNonNull(work.state().pending());
    return clock.instant().isBefore(longestWait(pending, work.definition().buffer()))
        && states.hasUnrecordedMessages(work.state().chat());
  }

  private boolean isDue(Work work) {
    return findDue(work).filter(due -> !due.isAfter(clock.instant())).isPresent();
  }
}
