package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.query.InheritedMessageView;
import io.agentledger.api.session.query.SessionQuery.ListHistory;
import io.agentledger.api.shared.Page;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.query.session.SessionQueryHandler.SessionReadAccess;
import io.agentledger.query.support.CursorCodec;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.data.domain.Limit;

/**
 * Answers what a session began with. Whoever may see a branch may see what it knows, also when the
 * session that it comes from is no longer theirs to see; when that one was erased, nobody can.
 */
class HistoryQueryHandler {
  /** A chain of branches is followed so far; what is older is not shown. */
  private static final int FOREBEARS_MAX = 64;

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

  /** Some of a record: one session's, up to a fact. */
  private record Part(SessionRow session, long last) {}

  /** Which part, and which of its facts was shown last. */
  private record Place(int part, long after) {
    static Place parse(String text) {
      int space = text.indexOf(' ');
      return new Place(
          Integer.parseInt(text.substring(0, space)), Long.parseLong(text.substring(space + 1)));
    }
  }

  /** What is shown, and where it stands. */
  private record Shown(InheritedMessageView view, Place place) {}

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListHistory query, Caller caller) {
    var session = query.sessionId();
    access.admittance().require(caller, session);
    access.writes().await(session);
    String[] list = {"history", query.tenant().value(), session.value()};
    var from = cursorCodec.place(query.page(), list).map(Place::parse).orElse(new Place(0, 0));
    int limit = query.page().limit();
    var shown =
        Objects.requireNonNull(
            access.reading().execute(in -> shown(parts(session, caller), from, limit + 1)));
    var views = shown.stream().map(Shown::view).toList();
    if (shown.size() <= limit) return new Page<>(views, null);
    var last = shown.get(limit - 1).place();
    return new Page<>(
        views.subList(0, limit), cursorCodec.encode(last.part() + " " + last.after(), list));
  }

  /** Oldest first. */
  private List<Part> parts(SessionId session, Caller caller) {
    var parts = new LinkedList<Part>();
    var row = row(session.value(), caller);
    while (row.isPresent() && parts.size() < FOREBEARS_MAX) {
      var before = before(row.get().origin());
      if (before.isEmpty()) return parts;
      row = row(before.get().session(), caller);
      row.ifPresent(found -> parts.addFirst(new Part(found, before.get().last())));
    }
    return parts;
  }

  private Optional<SessionRow> row(String session, Caller caller) {
    return sessionRepositories.sessions().findByIdAndTenant(session, caller.tenant().value());
  }

  private record Before(String session, long last) {}

  private static Optional<Before> before(SessionOrigin origin) {
    return switch (origin) {
      case SessionOrigin.Forked fork ->
          Optional.of(new Before(fork.from().value(), fork.sequence()));
      case SessionOrigin.Cloned clone ->
          Optional.of(new Before(clone.from().value(), clone.sequence()));
      case SessionOrigin.Fresh _, SessionOrigin.Templated _, SessionOrigin.Task _ ->
          Optional.empty();
    };
  }

  private List<Shown> shown(List<Part> parts, Place from, int most) {
    var shown = new ArrayList<Shown>();
    for (int i = from.part(); i < parts.size() && shown.size() < most; i++) {
      var session = parts.get(i).session();
      long after = i == from.part() ? from.after() : 0;
      var rows =
          sessionRepositories
              .messages()
              .until(
                  session.tenant(),
                  session.id(),
                  after,
                  parts.get(i).last(),
                  Limit.of(most - shown.size()));
      for (var row : rows) {
        var view = views.toView(row, new ThreadId(session.threadId()));
        var place = new Place(i, row.key().sequence());
        shown.add(new Shown(new InheritedMessageView(new SessionId(session.id()), view), place));
      }
    }
    return shown;
  }
}
