package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.Stage;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.api.session.query.SessionQuery.ListSessions;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Page;
import io.agentledger.projection.session.PendingActionRow;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;

/**
 * Lists of sessions, newest first. Titles and metadata are sealed, so no index finds a text in
 * them: sessions are opened one after the other, and a page ends when it is full or {@link
 * #LOOKED_AT} were looked at; it may be short then, and the next one goes on.
 */
class SessionListQueryHandler {
  private static final int LOOKED_AT = 500;
  private static final int AT_ONCE = 100;

  /** Before and behind every session. */
  private static final Instant OLDEST = Instant.EPOCH;

  private static final Instant NEWEST = Instant.parse("9999-01-01T00:00:00Z");

  private final SessionRepositories sessionRepositories;
  private final SessionViewMapper views;
  private final ContentReader contentReader;
  private final CursorCodec cursorCodec;
  private final SessionQueryHandler.SessionReadAccess access;

  SessionListQueryHandler(
      SessionRepositories sessionRepositories,
      ContentReader contentReader,
      CursorCodec cursorCodec,
      SessionQueryHandler.SessionReadAccess access) {
    this.sessionRepositories = sessionRepositories;
    this.views = new SessionViewMapper(contentReader);
    this.contentReader = contentReader;
    this.cursorCodec = cursorCodec;
    this.access = access;
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListSessions query, Caller caller) {
    var wanted = wanted(query.filter(), caller);
    var text = query.filter().with().text();
    var list = named(query, wanted, caller);
    var after = NewestFirstPosition.after(cursorCodec, query.page(), list);
    var reader =
        new SessionRowRepository.Reader(
            query.tenant().value(), caller.user().value(), caller.has(Scope.SESSIONS_READ_ALL));
    return Objects.requireNonNull(
        access
            .reading()
            .execute(
                transaction -> {
                  var found =
                      search(
                          new Search(
                              reader,
                              wanted,
                              text == null ? null : lower(text),
                              query.page().limit()),
                          after);
                  var next = found.next();
                  return new Page<>(
                      withPending(reader.tenant(), found.rows()),
                      next == null ? null : cursorCodec.encode(next.toString(), list));
                }));
  }

  /** What is deleted is there only for those who see every session. */
  private static SessionRowRepository.Wanted wanted(SessionFilter filter, Caller caller) {
    var activity = filter.activity();
    var stages = EnumSet.copyOf(filter.stages());
    if (!caller.has(Scope.SESSIONS_READ_ALL)) stages.remove(Stage.DELETED);
    var criteria = filter.with();
    var mode = criteria.permissionMode();
    var executionMode = criteria.executor();
    var owner = criteria.owner();
    return new SessionRowRepository.Wanted(
        activity == null ? EnumSet.allOf(Activity.class) : EnumSet.of(activity),
        stages,
        Objects.requireNonNullElse(filter.tag(), ""),
        mode == null ? "" : mode.wireName(),
        executionMode == null ? "" : executionMode.wireName(),
        owner == null ? "" : owner.value(),
        Objects.requireNonNullElse(criteria.agent(), ""),
        Objects.requireNonNullElse(criteria.from(), OLDEST),
        Objects.requireNonNullElse(criteria.to(), NEWEST));
  }

  /** What a cursor is good for: this list and no other. */
  private static String[] named(
      ListSessions query, SessionRowRepository.Wanted wanted, Caller caller) {
    return new String[] {
      "sessions",
      query.tenant().value(),
      caller.user().value(),
      named(wanted.activities()),
      named(wanted.stages()),
      wanted.tag(),
      wanted.mode(),
      wanted.executor(),
      wanted.owner(),
      wanted.agent(),
      wanted.from().toString(),
      wanted.to().toString(),
      Objects.requireNonNullElse(query.filter().with().text(), "")
    };
  }

  /** Always in the same order. */
  private static String named(Set<? extends Enum<?>> some) {
    return some.stream().map(Enum::name).sorted().collect(Collectors.joining(","));
  }

  /**
   * What is looked for.
   *
   * @param text in lower case; null for any and none
   */
  private record Search(
      SessionRowRepository.Reader reader,
      SessionRowRepository.Wanted wanted,
      @Nullable String text,
      int limit) {}

  /**
   * @param next where another page begins; null when there is none
   */
  private record Found(List<SessionRow> rows, @Nullable NewestFirstPosition next) {}

  private Found search(Search search, NewestFirstPosition after) {
    var rows = new ArrayList<SessionRow>();
    int batch = search.text() == null ? search.limit() + 1 : AT_ONCE;
    var place = after;
    for (int looked = 0; looked < LOOKED_AT; looked += batch) {
      var some =
          sessionRepositories
              .sessions()
              .page(search.reader(), search.wanted(), place.at(), place.id(), Limit.of(batch));
      for (var row : some) {
        if (rows.size() == search.limit()) return new Found(rows, place);
        place = new NewestFirstPosition(row.createdAt(), row.id());
        if (matchesText(row, search.text())) rows.add(row);
      }
      if (some.size() < batch) return new Found(rows, null);
    }
    return new Found(rows, place);
  }

  private boolean matchesText(SessionRow row, @Nullable String text) {
    if (text == null) return true;
    var id = new SessionId(row.id());
    var title = contentReader.text(id, row.title());
    return (title != null && lower(title).contains(text))
        || views.metadata(row).values().stream().anyMatch(value -> lower(value).contains(text));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private List<SessionView> withPending(String tenant, List<SessionRow> rows) {
    var ids = rows.stream().map(SessionRow::id).toList();
    var pending =
        sessionRepositories.actions().of(tenant, ids).stream()
            .collect(Collectors.groupingBy(PendingActionRow::sessionId));
    return rows.stream()
        .map(row -> views.toView(row, pending.getOrDefault(row.id(), List.of())))
        .toList();
  }
}
