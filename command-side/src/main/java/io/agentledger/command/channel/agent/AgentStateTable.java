package io.agentledger.command.channel.agent;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.channel.ChannelLookupTable;
import io.agentledger.command.channel.ChannelLookupTable.StoredChannel;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Messages of chats that wait for their agent, and calls in progress. A change locks the row of its
 * chat until the end of the transaction, and returns the new state with the channel.
 */
final class AgentStateTable {
  private static final String COLUMNS =
      """
      s.chat_id, s.active and not s.closed, s.pending_from, s.pending_through, s.first_at,
      s.last_at, s.call_from, s.call_through, s.session_id, s.tries, s.due_at, s.failure,
      s.with_history, s.run_id, s.submitted, s.result_sequence, s.session_number,
      s.call_dropped, s.dropped_calls, """
          + ChannelLookupTable.COLUMNS;

  private static final String SELECT =
      "select " + COLUMNS + " from chat_agent_state s join channel_lookup c using (channel_id) ";

  private static final String UPDATE =
      """
      update chat_agent_state s set %s
      from channel_lookup c where c.channel_id = s.channel_id and %s
      returning\s"""
          + COLUMNS;

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
      StoredChannel channel,
      boolean answers,
      @Nullable PendingMessages pending,
      @Nullable AgentCall call,
      int sessionNumber,
      int droppedCalls) {
    TenantId tenant() {
      return channel.tenant();
    }
  }

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
    return sql.sql(SELECT + "where s.chat_id = ?")
        .param(chat.value())
        .query(AgentStateTable::toState)
        .optional();
  }

  /** Returns the state, which does not change until the end of the transaction. */
  Optional<AgentState> lock(ChatId chat) {
    sql.sql("select true from chat_agent_state where chat_id = ? for update")
        .param(chat.value())
        .query(Boolean.class)
        .optional();
    return find(chat); // A second statement sees what was committed while the first one waited.
  }

  /** Locks the chats of a channel in which something waits. */
  List<AgentState> lockWaiting(ChannelId channel) {
    return sql.sql(
            SELECT
                + """
                where s.channel_id = ? and (pending_from is not null or call_through is not null)
                order by s.chat_id for update of s""")
        .param(channel.value())
        .query(AgentStateTable::toState)
        .list();
  }

  private static AgentState toState(ResultSet row, int number) throws SQLException {
    return new AgentState(
        new ChatId(row.getString(1)),
        ChannelLookupTable.toChannel(row),
        row.getBoolean(2),
        row.getTimestamp(5) == null ? null : toPending(row),
        row.getTimestamp(11) == null ? null : toCall(row),
        row.getInt(17),
        row.getInt(19));
  }

  private static PendingMessages toPending(ResultSet row) throws SQLException {
    return new PendingMessages(
        row.getLong(3),
        row.getLong(4),
        row.getTimestamp(5).toInstant(),
        row.getTimestamp(6).toInstant());
  }

  private static AgentCall toCall(ResultSet row) throws SQLException {
    return new AgentCall(
        row.getLong(7),
        row.getLong(8),
        row.getString(9) == null ? null : new SessionId(row.getString(9)),
        row.getBoolean(13),
        row.getString(14) == null ? null : new RunId(row.getString(14)),
        row.getBoolean(15),
        row.getObject(16, Long.class),
        row.getInt(10),
        row.getTimestamp(11).toInstant(),
        row.getBoolean(18),
        row.getString(12));
  }

  Optional<AgentState> addMessage(ChatId chat, long number, Instant at) {
    return update(
        chat,
        """
        pending_from = coalesce(pending_from, :number), pending_through = :number,
        first_at = coalesce(first_at, :at), last_at = :at""",
        Map.of("number", number, "at", Timestamp.from(at)));
  }

  /** A person has answered in place of the agent. */
  Optional<AgentState> clearUnlessActive(ChatId chat) {
    return update(
        chat,
        """
        pending_from = case when active then pending_from end,
        pending_through = case when active then pending_through end,
        first_at = case when active then first_at end,
        last_at = case when active then last_at end""",
        Map.of());
  }

  Optional<AgentState> activate(ChatId chat) {
    return update(chat, "active = true", Map.of());
  }

  Optional<AgentState> escalate(ChatId chat) {
    return update(chat, "active = false", Map.of());
  }

  /**
   * Makes the messages of a call in progress wait again; the call is due, because it has to end.
   */
  Optional<AgentState> deactivate(ChatId chat, Instant now) {
    offerAgain(chat, now);
    return update(
        chat,
        """
        active = false,
        call_dropped = call_through is not null,
        due_at = case when call_through is null then due_at else :now end""",
        Map.of("now", Timestamp.from(now)));
  }

  Optional<AgentState> close(ChatId chat, Instant now) {
    return update(
        chat,
        """
        closed = true, call_dropped = call_through is not null,
        due_at = case when call_through is not null then cast(:now as timestamptz) end,
        pending_from = null, pending_through = null, first_at = null, last_at = null""",
        Map.of("now", Timestamp.from(now)));
  }

  Optional<AgentState> reopen(ChatId chat) {
    return update(chat, "closed = false", Map.of());
  }

  /** Begins a call; messages after it wait for the next. */
  Optional<AgentState> startCall(
      ChatId chat, long through, @Nullable SessionId session, Instant at) {
    var values = new HashMap<String, @Nullable Object>();
    values.put("through", through);
    values.put("session", session == null ? null : session.value());
    values.put("at", Timestamp.from(at));
    return update(
        chat,
        """
        call_from = coalesce(least(pending_from, :through), :through),
        call_through = :through, session_id = :session, tries = 0, due_at = :at,
        failure = '', run_id = null, submitted = false, result_sequence = null,
        with_history = last_session_id is distinct from :session,
        last_session_id = coalesce(:session, last_session_id),
        pending_from = case when pending_through > :through then :through + 1 end,
        pending_through = case when pending_through > :through then pending_through end,
        first_at = case when pending_through > :through then last_at end,
        last_at = case when pending_through > :through then last_at end""",
        values);
  }

  /**
   * Ends the call in progress.
   *
   * @param isAnswered whether its messages wait no more; if not, the next call has another id
   */
  Optional<AgentState> endCall(ChatId chat, boolean isAnswered, Instant now) {
    if (!isAnswered) offerAgain(chat, now);
    return update(
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

  /** Counts a try before it begins, so that a crash counts, too. A dropped call stays due. */
  void startTry(AgentState state, AgentCall call, Instant retryAt) {
    updateCall(
        state,
        call,
        "tries = tries + 1, due_at = case when call_dropped then due_at else ? end",
        Timestamp.from(retryAt));
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

  /** Lets the query of a run, which was not submitted, be submitted again at a time. */
  void delaySubmission(SessionId session, RunId run, Instant at) {
    var change = "due_at = case when call_dropped then due_at else :at end";
    updateRun(session, run, change, Map.of("at", Timestamp.from(at)));
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

  /** Records the result of a run, if a call waits for it. */
  Optional<AgentState> recordResult(SessionId session, RunId run, long sequence, Instant now) {
    var values = Map.of("sequence", sequence, "now", Timestamp.from(now));
    return updateRun(session, run, "result_sequence = :sequence, due_at = :now", values);
  }

  /** Records that a run failed for which a call waits; the next try is due at a time. */
  Optional<AgentState> recordFailedRun(
      SessionId session, RunId run, String failure, Instant retryAt) {
    var values = Map.of("failure", failure, "at", Timestamp.from(retryAt));
    return updateRun(session, run, "run_id = null, failure = :failure, due_at = :at", values);
  }

  private Optional<AgentState> updateRun(
      SessionId session, RunId run, String change, Map<String, ?> values) {
    var all = new HashMap<String, @Nullable Object>(values);
    all.put("session", session.value());
    all.put("run", run.value());
    return update("last_session_id = :session and run_id = :run", change, all);
  }

  /** The next call needs another session; one in progress fails. */
  List<AgentState> leaveSession(SessionId session, Instant now) {
    return sql.sql(
            UPDATE.formatted(
                """
                    session_number = session_number + 1,
                    due_at = case when session_id = last_session_id then :now else due_at end,
                    failure = case when session_id = last_session_id
                      then 'The session of the agent was closed.' else failure end,
                    tries = case when session_id = last_session_id then 1000 else tries end,
                    run_id = null, last_session_id = null""",
                "last_session_id = :session"))
        .param("now", Timestamp.from(now))
        .param("session", session.value())
        .query(AgentStateTable::toState)
        .list();
  }

  private void updateCall(AgentState state, AgentCall call, String change, Object value) {
    sql.sql("update chat_agent_state set " + change + " where chat_id = ? and call_through = ?")
        .params(value, state.chat().value(), call.through())
        .update();
  }

  private Optional<AgentState> update(ChatId chat, String change, Map<String, ?> values) {
    var all = new HashMap<String, @Nullable Object>(values);
    all.put("chat", chat.value());
    return update("s.chat_id = :chat", change, all);
  }

  private Optional<AgentState> update(String condition, String change, Map<String, ?> values) {
    return sql.sql(UPDATE.formatted(change, condition))
        .params(values)
        .query(AgentStateTable::toState)
        .optional();
  }
}
