package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.query.InheritedMessageView;
import io.agentledger.api.session.query.SessionQuery.ListInheritedMessages;
import io.agentledger.api.shared.Page;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.query.support.CursorCodec;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.data.domain.Limit;

/**
 * Handles queries about the inherited history of a session. A user who may see a branch may see its
 * history, even if the source session is not visible to them any more; if that session was erased,
 * its history is gone.
 */
class HistoryQueryHandler {
  /** Maximum number of ancestors that are followed; older history is omitted. */
  private static final int ANCESTORS_MAX = 64;

  private final SessionRepositories sessionRepositories;
  private final SessionViewMapper views;
  private final CursorCodec cursorCodec;
  private final SessionReadAccess access;

  HistoryQueryHandler(
      SessionRepositories sessionRepositories,
      SessionViewMapper views,
      CursorCodec cursorCodec,
      SessionReadAccess access) {
    this.sessionRepositories = sessionRepositories;
    this.views = views;
    this.cursorCodec = cursorCodec;
    this.access = access;
  }

  /** A part of the history: one session's events up to a sequence. */
  private record InheritedSegment(SessionRow session, long lastSequence) {}

  /** Position in the inherited history: segment and last sequence number shown. */
  private record HistoryPosition(int segment, long afterSequence) {
    static HistoryPosition parse(String text) {
      int space = text.indexOf(' ');
      return new HistoryPosition(
          Integer.parseInt(text.substring(0, space)), Long.parseLong(text.substring(space + 1)));
    }
  }

  /** Inherited message with its position. */
  private record PositionedMessage(InheritedMessageView message, HistoryPosition position) {}

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListInheritedMessages query, Caller caller) {
    var session = query.sessionId();
    access.check().require(caller, session);
    access.await(session);
    String[] cursorScope = {"history", query.tenant().value(), session.value()};
    var from =
        cursorCodec
            .decode(query.page(), cursorScope)
            .map(HistoryPosition::parse)
            .orElse(new HistoryPosition(0, 0));
    int limit = query.page().limit();
    var messages = access.read(() -> readMessages(segments(session, caller), from, limit + 1));
    var views = messages.stream().map(PositionedMessage::message).toList();
    if (messages.size() <= limit) return new Page<>(views, null);
    var last = messages.get(limit - 1).position();
    return new Page<>(
        views.subList(0, limit),
        cursorCodec.encode(last.segment() + " " + last.afterSequence(), cursorScope));
  }

  /** Returns the segments oldest first. */
  private List<InheritedSegment> segments(SessionId session, Caller caller) {
    var parts = new LinkedList<InheritedSegment>();
    var row = row(session.value(), caller);
    while (row.isPresent() && parts.size() < ANCESTORS_MAX) {
      var parent = parentOf(row.get().origin());
      if (parent.isEmpty()) return parts;
      row = row(parent.get().session(), caller);
      row.ifPresent(
          sessionRow ->
              parts.addFirst(new InheritedSegment(sessionRow, parent.get().lastSequence())));
    }
    return parts;
  }

  private Optional<SessionRow> row(String session, Caller caller) {
    return sessionRepositories.sessions().findByIdAndTenant(session, caller.tenant().value());
  }

  private record ParentReference(String session, long lastSequence) {}

  private static Optional<ParentReference> parentOf(SessionOrigin origin) {
    return switch (origin) {
      case SessionOrigin.Forked forked ->
          Optional.of(new ParentReference(forked.fromSessionId().value(), forked.sequence()));
      case SessionOrigin.Cloned cloned ->
          Optional.of(new ParentReference(cloned.fromSessionId().value(), cloned.sequence()));
      case SessionOrigin.Fresh _, SessionOrigin.Templated _, SessionOrigin.Task _ ->
          Optional.empty();
    };
  }

  private List<PositionedMessage> readMessages(
      List<InheritedSegment> inheritedSegments, HistoryPosition from, int max) {
    var messages = new ArrayList<PositionedMessage>();
    for (int i = from.segment(); i < inheritedSegments.size() && messages.size() < max; i++) {
      var session = inheritedSegments.get(i).session();
      long after = i == from.segment() ? from.afterSequence() : 0;
      var rows =
          sessionRepositories
              .messages()
              .pageUntil(
                  session.tenant(),
                  session.id(),
                  after,
                  inheritedSegments.get(i).lastSequence(),
                  Limit.of(max - messages.size()));
      for (var row : rows) {
        var view = views.toView(row, new ThreadId(session.threadId()));
        var position = new HistoryPosition(i, row.key().sequence());
        messages.add(
            new PositionedMessage(
                new InheritedMessageView(new SessionId(session.id()), view), position));
      }
    }
    return messages;
  }
}
