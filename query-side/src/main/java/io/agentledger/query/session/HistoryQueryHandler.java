package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.query.InheritedMessageView;
import io.agentledger.api.session.query.MessageView;
import io.agentledger.api.session.query.SessionPosition;
import io.agentledger.api.session.query.SessionQuery.ListInheritedMessages;
import io.agentledger.api.session.query.SessionQuery.ListMessages;
import io.agentledger.api.session.query.SessionQuery.ListToolCalls;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.transcript.MessageRow;
import io.agentledger.query.support.CursorCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;

/**
 * Handles queries about messages, inherited ones included, and tool calls. A user who may see a
 * branch may see its history, even if the source session is not visible to them any more; if that
 * session was erased, its history is gone.
 */
class HistoryQueryHandler {
  private final SessionRepositories sessionRepositories;
  private final SessionViewMapper views;
  private final CursorCodec cursorCodec;
  private final SessionReadAccess access;
  private final SessionPositions positions;
  private final SessionAncestry ancestry;

  HistoryQueryHandler(
      SessionRepositories sessionRepositories,
      SessionViewMapper views,
      CursorCodec cursorCodec,
      SessionReadAccess access,
      SessionPositions positions) {
    this.sessionRepositories = sessionRepositories;
    this.views = views;
    this.cursorCodec = cursorCodec;
    this.access = access;
    this.positions = positions;
    this.ancestry = new SessionAncestry(sessionRepositories.sessions());
  }

  /**
   * A part of the history: one session as it was after an event. An inherited one ends where the
   * branch began, so what happened to its messages later is not shown, whatever the position.
   */
  private record Segment(SessionRow session, long lastSequence, boolean inherited) {}

  /** Position in the history: segment and last sequence number shown. */
  private record HistoryPosition(int segment, long afterSequence) {
    static final HistoryPosition START = new HistoryPosition(0, 0);

    static HistoryPosition parse(String text) {
      int space = text.indexOf(' ');
      return new HistoryPosition(
          Integer.parseInt(text.substring(0, space)), Long.parseLong(text.substring(space + 1)));
    }
  }

  /** Message with its session and its position. */
  private record PositionedMessage(
      SessionId session, MessageView message, HistoryPosition position) {}

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListMessages query, Caller caller) {
    var threadId = query.threadId();
    return threadId == null
        ? list(
            new HistoryPage("messages", query.sessionId(), query.position(), query.page()),
            caller,
            true,
            PositionedMessage::message)
        : listThread(query, threadId, caller);
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListInheritedMessages query, Caller caller) {
    return list(
        new HistoryPage("history", query.sessionId(), null, query.page()),
        caller,
        false,
        message -> new InheritedMessageView(message.session(), message.message()));
  }

  /** Page of a list of messages, named for its cursors. */
  private record HistoryPage(
      String list, SessionId session, @Nullable SessionPosition position, PageRequest page) {}

  private <T> Page<T> list(
      HistoryPage historyPage, Caller caller, boolean own, Function<PositionedMessage, T> mapper) {
    String[] cursorScope =
        scope(historyPage.position(), historyPage.list(), caller.tenant(), historyPage.session());
    int limit = historyPage.page().limit();
    var messages =
        access.read(
            caller,
            historyPage.session(),
            session -> {
              var from =
                  cursorCodec
                      .decode(historyPage.page(), cursorScope)
                      .map(HistoryPosition::parse)
                      .orElse(HistoryPosition.START);
              long last = lastSequence(session, historyPage.position());
              return readMessages(segments(session, own, last), from, limit + 1);
            });
    var views = messages.stream().map(mapper).toList();
    if (messages.size() <= limit) return new Page<>(views, null);
    var last = messages.get(limit - 1).position();
    return new Page<>(
        views.subList(0, limit),
        cursorCodec.encode(last.segment() + " " + last.afterSequence(), cursorScope));
  }

  private Page<MessageView> listThread(ListMessages query, ThreadId threadId, Caller caller) {
    String[] cursorScope =
        scope(query.position(), "messages", query.tenant(), query.sessionId(), threadId);
    return access.read(
        caller,
        query.sessionId(),
        session -> {
          long after =
              cursorCodec.decode(query.page(), cursorScope).map(Long::parseLong).orElse(0L);
          var ownThread = new ThreadId(session.threadId());
          long last = lastSequence(session, query.position());
          var limit = CursorCodec.limitPlusOne(query.page());
          var rows =
              threadId.equals(ownThread)
                  ? sessionRepositories
                      .messages()
                      .pageOfMainThread(
                          session.tenant(), session.id(), threadId.value(), after, last, limit)
                  : sessionRepositories
                      .messages()
                      .pageByThread(
                          session.tenant(), session.id(), threadId.value(), after, last, limit);
          return cursorCodec
              .page(rows, query.page(), row -> row.key().sequence(), cursorScope)
              .map(row -> views.toView(row, ownThread, false, last));
        });
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListToolCalls query, Caller caller) {
    var threadId = query.threadId();
    String[] cursorScope =
        scope(
            query.position(),
            "tool_calls",
            query.tenant(),
            query.sessionId(),
            threadId == null ? "" : threadId);
    long after = cursorCodec.decode(query.page(), cursorScope).map(Long::parseLong).orElse(0L);
    return access.read(
        caller,
        query.sessionId(),
        session -> {
          long last = lastSequence(session, query.position());
          var limit = CursorCodec.limitPlusOne(query.page());
          var calls = sessionRepositories.calls();
          var rows =
              threadId == null
                  ? calls.page(session.tenant(), session.id(), after, last, limit)
                  : calls.pageByThread(
                      session.tenant(), session.id(), threadId.value(), after, last, limit);
          return cursorCodec
              .page(rows, query.page(), row -> row.sequence(), cursorScope)
              .map(row -> views.toView(row, last));
        });
  }

  /** Binds a cursor to a list and its position. */
  private static String[] scope(@Nullable SessionPosition position, Object... list) {
    return Stream.concat(Stream.of(list), Stream.ofNullable(position))
        .map(Object::toString)
        .toArray(String[]::new);
  }

  /** Returns the sequence number of the last event of the session that is taken into account. */
  private long lastSequence(SessionRow session, @Nullable SessionPosition position) {
    return position == null
        ? Long.MAX_VALUE
        : positions.sequenceAt(new SessionId(session.id()), session.sequence(), position);
  }

  /**
   * Returns the segments oldest first.
   *
   * @param own whether the session's own messages are the last segment
   * @param last sequence number of the last of them
   */
  private List<Segment> segments(SessionRow session, boolean own, long last) {
    var parts = new ArrayList<Segment>();
    if (own) parts.add(new Segment(session, last, false));
    for (var ancestor : ancestry.of(session))
      parts.add(new Segment(ancestor.session(), ancestor.lastSequence(), true));
    return parts.reversed();
  }

  private List<PositionedMessage> readMessages(
      List<Segment> segments, HistoryPosition from, int max) {
    var messages = new ArrayList<PositionedMessage>();
    for (int i = from.segment(); i < segments.size() && messages.size() < max; i++) {
      var segment = segments.get(i);
      var session = segment.session();
      long after = i == from.segment() ? from.afterSequence() : 0;
      for (var row : readRows(segment, after, Limit.of(max - messages.size())))
        messages.add(
            new PositionedMessage(
                new SessionId(session.id()),
                views.toView(
                    row,
                    new ThreadId(session.threadId()),
                    segment.inherited(),
                    segment.lastSequence()),
                new HistoryPosition(i, row.key().sequence())));
    }
    return messages;
  }

  private List<MessageRow> readRows(Segment segment, long after, Limit limit) {
    var messages = sessionRepositories.messages();
    var session = segment.session();
    long last = segment.lastSequence();
    return segment.inherited()
        ? messages.pageOfInherited(session.tenant(), session.id(), after, last, limit)
        : messages.pageUntil(session.tenant(), session.id(), after, last, limit);
  }
}
