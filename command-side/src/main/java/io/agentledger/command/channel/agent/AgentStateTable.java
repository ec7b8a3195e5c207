package io.agentledger.command.channel.agent;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Messages of chats that wait for their agent, and calls in progress. Changes by events need the
 * lock of the chat.
 */
final class AgentStateTable {
  private final JdbcClient sql;

  AgentStateTable(JdbcClient sql) {
    this.sql = sql;
  }

  /**
   * State of a chat.
   *
   * @param answers whether the agent is active and the chat open
   * @param pending null for no messages that wait
   * @param call null for no call in progress
   * @param sessionNumber number of the session of the next call
   * @param droppedCalls number of calls that were dropped, whose messages another call may have
   */
  record AgentState(
      ChatId chat,
      TenantId tenant,
      ChannelId channel,
      boolean answers,
      @Nullable PendingMessages pending,
      @Nullable AgentCall call,
      int sessionNumber,
      int droppedCalls) {}

  /**
   * Messages of the contact that wait.
   *
   * @param from number of the first
   * @param through number of the last
   */
  record PendingMessages(long from, long through, Instant firstAt, Instant lastAt) {}

  /**
   * Call in progress.
   *
   * @param from number of the first message
   * @param through number of the last message
   * @param session null for an external agent
   * @param withHistory whether the session has no earlier call
   * @param run run of an internal agent; null before it, and after it failed
   * @param submitted whether the query of the run is known to be submitted
   * @param resultSequence position of the run's result in its session; null before its end
   * @param tries number of tries that began
   * @param dropped whether the chat was taken over or closed, or the agent switched off, meanwhile
   * @param failure reason of the last failure; empty for none
   */
  record AgentCall(
      long from,
      long through,
      @Nullable SessionId session,
      boolean withHistory,
      @Nullable RunId run,
      boolean submitted,
      @Nullable Long resultSequence,
      int tries,
      Instant dueAt,
      boolean dropped,
      String failure) {}

  /** Acquires the lock of a chat until the end of the transaction. */
  void lock(ChatId chat) {
    sql.sql("select true from (select pg_advisory_xact_lock(hashtextextended(?, 0))) held")
        .param("chat-agent/" + chat)
        .query(Boolean.class)
        .single();
  }

  void insert(ChatId chat, TenantId tenant, ChannelId channel, boolean active) {
    sql.sql(
            """
            insert into chat_agent_state (chat_id, tenant, channel_id, active)
            values (?, ?, ?, ?)""")
        .params(chat.value(), tenant.value(), channel.value(), active)
        .update();
  }

  /** Returns whether messages of the contact are received that are not part of the chat yet. */
  boolean hasUnrecordedMessages(ChatId chat) {
    return sql.sql(
            """
            select exists (
              select 1 from inbound_chat_item where queue = ? and status = 'PENDING'
              and item_key like 'message/%')""")
        .param(chat.value())
        .query(Boolean.class)
        .single();
  }

  Optional<AgentState> find(ChatId chat) {
    return sql.sql(
            """
            select chat_id, tenant, channel_id, active and not closed,
              pending_from, pending_through, first_at, last_at,
              call_from, call_through, session_id, tries, due_at, failure,
              with_history, run_id, submitted, result_sequence, session_number,
              call_dropped, dropped_calls
            from chat_agent_state where chat_id = ?""")
        .param(chat.value())
        .query(AgentStateTable::toState)
        .optional();
  }

  private static AgentState toState(ResultSet row, int number) throws SQLException {
    return new AgentState(
        new ChatId(row.getString(1)),
        new TenantId(row.getString(2)),
        new ChannelId(row.getString(3)),
        row.getBoolean(4),
        row.getTimestamp(7) == null
            ? null
            : new PendingMessages(
                row.getLong(5),
                row.getLong(6),
                row.getTimestamp(7).toInstant(),
                row.getTimestamp(8).toInstant()),
        row.getTimestamp(13) == null
            ? null
            : new AgentCall(
                row.getLong(9),
                row.getLong(10),
                row.getString(11) == null ? null : new SessionId(row.getString(11)),
                row.getBoolean(15),
                row.getString(16) == null ? null : new RunId(row.getString(16)),
                row.getBoolean(17),
                row.getObject(18, Long.class),
                row.getInt(12),
                row.getTimestamp(13).toInstant(),
                row.getBoolean(20),
                row.getString(14)),
        row.getInt(19),
        row.getInt(21));
  }

  /** Returns the chats of a channel in which something waits. */
  List<ChatId> listWaiting(ChannelId channel) {
    return sql.sql(
            """
            select chat_id from chat_agent_state
            where channel_id = ? and (pending_from is not null or call_through is not null)
            order by chat_id""")
        .param(channel.value())
        .query((row, number) -> new ChatId(row.getString(1)))
        .list();
  }

  void addMessage(ChatId chat, long number, Instant at) {
    update(
        chat,
        """
        pending_from = coalesce(pending_from, :number), pending_through = :number,
        first_at = coalesce(first_at, :at), last_at = :at""",
        Map.of("number", number, "at", Timestamp.from(at)));
  }

  /** A person has answered in place of the agent. */
  void clearUnlessActive(ChatId chat) {
    sql.sql(
            """
            update chat_agent_state
            set pending_from = null, pending_through = null, first_at = null, last_at = null
            where chat_id = ? and not active""")
        .param(chat.value())
        .update();
  }

  void activate(ChatId chat) {
    update(chat, "active = true", Map.of());
  }

  void escalate(ChatId chat) {
    update(chat, "active = false", Map.of());
  }

  /**
   * Makes the messages of a call in progress wait again; the call is due, because it has to end.
   */
  void deactivate(ChatId chat, Instant now) {
    offerAgain(chat, now);
    update(
        chat,
        """
        active = false,
        call_dropped = call_through is not null,
        due_at = case when call_through is null then due_at else :now end""",
        Map.of("now", Timestamp.from(now)));
  }

  void close(ChatId chat, Instant now) {
    update(
        chat,
        """
        closed = true, call_dropped = call_through is not null,
        due_at = case when call_through is not null then cast(:now as timestamptz) end,
        pending_from = null, pending_through = null, first_at = null, last_at = null""",
        Map.of("now", Timestamp.from(now)));
  }

  void reopen(ChatId chat) {
    update(chat, "closed = false", Map.of());
  }

  /** Begins a call; messages after it wait for the next. */
  void startCall(ChatId chat, long through, @Nullable SessionId session, Instant at) {
    sql.sql(
            """
            update chat_agent_state set
              call_from = coalesce(least(pending_from, :through), :through),
              call_through = :through, session_id = :session, tries = 0, due_at = :at,
              failure = '', run_id = null, submitted = false, result_sequence = null,
              with_history = last_session_id is distinct from :session,
              last_session_id = coalesce(:session, last_session_id),
              pending_from = case when pending_through > :through then :through + 1 end,
              pending_through = case when pending_through > :through then pending_through end,
              first_at = case when pending_through > :through then last_at end,
              last_at = case when pending_through > :through then last_at end
            where chat_id = :chat""")
        .param("through", through)
        .param("session", session == null ? null : session.value())
        .param("at", Timestamp.from(at))
        .param("chat", chat.value())
        .update();
  }

  /**
   * Ends the call in progress.
   *
   * @param isAnswered whether its messages wait no more; if not, the next call has another id
   */
  void endCall(ChatId chat, boolean isAnswered, Instant now) {
    if (!isAnswered) offerAgain(chat, now);
    update(
        chat,
        """
        dropped_calls = dropped_calls + (call_dropped or not :answered)::int, call_dropped = false,
        call_from = null, call_through = null, session_id = null, due_at = null,
        run_id = null, submitted = false, result_sequence = null, tries = 0, failure = ''""",
        Map.of("answered", isAnswered));
  }

  /** Makes the messages of the call wait again, unless they do. */
  private void offerAgain(ChatId chat, Instant now) {
    update(
        chat,
        """
        pending_from = case when call_dropped then pending_from
          else least(pending_from, call_from) end,
        pending_through = case when call_dropped then pending_through
          else greatest(pending_through, call_through) end,
        first_at = case when call_dropped or call_through is null then first_at
          else coalesce(first_at, :now) end,
        last_at = case when call_dropped or call_through is null then last_at
          else coalesce(last_at, :now) end""",
        Map.of("now", Timestamp.from(now)));
  }

  /** Counts a try before it begins, so that a crash counts, too. */
  void startTry(AgentState state, AgentCall call, Instant retryAt) {
    updateCall(state, call, "tries = tries + 1, due_at = ?", Timestamp.from(retryAt));
  }

  void recordFailure(AgentState state, AgentCall call, String failure) {
    updateCall(state, call, "failure = ?", failure);
  }

  /** Counts a try of an internal agent, whose query is submitted next. */
  void startRun(AgentState state, AgentCall call, RunId run, Instant checkAt) {
    sql.sql(
            """
            update chat_agent_state
            set tries = tries + 1, run_id = ?, submitted = false, failure = '',
              due_at = case when call_dropped then due_at else ? end
            where chat_id = ? and call_through = ?""")
        .params(run.value(), Timestamp.from(checkAt), state.chat().value(), call.through())
        .update();
  }

  /** Records that the query of a run was submitted; the run may have ended already. */
  void recordSubmitted(AgentState state, RunId run, Instant timeoutAt) {
    sql.sql(
            """
            update chat_agent_state
            set submitted = true, due_at = case when call_dropped then due_at else ? end
            where chat_id = ? and run_id = ? and result_sequence is null""")
        .params(Timestamp.from(timeoutAt), state.chat().value(), run.value())
        .update();
  }

  /** Returns the chat whose call a run answers. */
  Optional<ChatId> findChat(SessionId session, RunId run) {
    return sql.sql("select chat_id from chat_agent_state where last_session_id = ? and run_id = ?")
        .params(session.value(), run.value())
        .query((row, number) -> new ChatId(row.getString(1)))
        .optional();
  }

  void recordResult(ChatId chat, RunId run, long sequence, Instant now) {
    sql.sql(
            """
            update chat_agent_state set result_sequence = ?, due_at = ?
            where chat_id = ? and run_id = ?""")
        .params(sequence, Timestamp.from(now), chat.value(), run.value())
        .update();
  }

  /** Records that a run failed; the next try is due at a time. */
  void recordFailedRun(ChatId chat, RunId run, String failure, Instant retryAt) {
    sql.sql(
            """
            update chat_agent_state set run_id = null, failure = ?, due_at = ?
            where chat_id = ? and run_id = ?""")
        .params(failure, Timestamp.from(retryAt), chat.value(), run.value())
        .update();
  }

  /** The next call needs another session; one in progress fails. */
  List<ChatId> leaveSession(SessionId session, Instant now) {
    return sql.sql(
            """
            update chat_agent_state set
              session_number = session_number + 1,
              due_at = case when session_id = last_session_id then ? else due_at end,
              failure = case when session_id = last_session_id
                then 'The session of the agent was closed.' else failure end,
              tries = case when session_id = last_session_id then 1000 else tries end,
              run_id = null, last_session_id = null
            where last_session_id = ? returning chat_id""")
        .params(Timestamp.from(now), session.value())
        .query((row, number) -> new ChatId(row.getString(1)))
        .list();
  }

  private void updateCall(AgentState state, AgentCall call, String change, Object value) {
    sql.sql("update chat_agent_state set " + change + " where chat_id = ? and call_through = ?")
        .params(value, state.chat().value(), call.through())
        .update();
  }

  private void update(ChatId chat, String change, Map<String, ?> values) {
    sql.sql("update chat_agent_state set " + change + " where chat_id = :chat")
        .params(values)
        .param("chat", chat.value())
        .update();
  }
}
