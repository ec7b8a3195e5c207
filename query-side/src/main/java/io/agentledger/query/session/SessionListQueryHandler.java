package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.api.session.query.SessionQuery.ListSessions;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Page;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.projection.session.transcript.PendingActionRow;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ProjectionFreshness;
import io.agentledger.query.support.SessionVisibility;
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
 * Lists sessions, newest first. Titles and metadata are sealed, so a text search decrypts sessions
 * one after the other; a page ends when it is full or {@link #SCANNED_MAX} sessions were examined.
 * It may be short then, and the next page continues.
 */
class SessionListQueryHandler {
  private static final int SCANNED_MAX = 500;
  private static final int SCAN_PAGE_SIZE = 100;

  private static final String GROUP = "session";

  private final SessionRepositories sessionRepositories;
  private final SessionViewMapper views;
  private final ContentReader contentReader;
  private final CursorCodec cursorCodec;
  private final SessionReadAccess access;
  private final ProjectionFreshness freshness;

  SessionListQueryHandler(
      SessionRepositories sessionRepositories,
      ContentReader contentReader,
      CursorCodec cursorCodec,
      SessionReadAccess access,
      ProjectionFreshness freshness) {
    this.sessionRepositories = sessionRepositories;
    this.views = new SessionViewMapper(contentReader);
    this.contentReader = contentReader;
    this.cursorCodec = cursorCodec;
    this.access = access;
    this.freshness = freshness;
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListSessions query, Caller caller) {
    var criteria = toCriteria(query.filter(), caller);
    var text = query.filter().criteria().text();
    var cursorScope = cursorScope(query, criteria, caller);
    freshness.await(GROUP, query.page());
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var sessionViewer = SessionVisibility.viewer(caller);
    var searchPage =
        search(
            new Search(
                sessionViewer, criteria, text == null ? null : lower(text), query.page().limit()),
            after);
    var next = searchPage.next();
    return new Page<>(
        withPending(sessionViewer.tenant(), searchPage.rows()),
        next == null ? null : cursorCodec.encode(next.toString(), cursorScope));
  }

  /** Deleted sessions are visible to auditors only. */
  private static SessionRowRepository.SessionCriteria toCriteria(
      SessionFilter filter, Caller caller) {
    var activity = filter.activity();
    var lifecycles = EnumSet.copyOf(filter.lifecycles());
    if (!caller.canReadDeleted()) lifecycles.remove(LifecycleStatus.DELETED);
    var criteria = filter.criteria();
    var mode = criteria.permissionMode();
    var executionMode = criteria.executor();
    var owner = criteria.ownerId();
    return new SessionRowRepository.SessionCriteria(
        activity == null ? EnumSet.allOf(Activity.class) : EnumSet.of(activity),
        lifecycles,
        Objects.requireNonNullElse(filter.tag(), ""),
        mode == null ? "" : mode.wireName(),
        executionMode == null ? "" : executionMode.wireName(),
        Objects.requireNonNullElse(criteria.origin(), ""),
        owner == null ? "" : owner.value(),
        Objects.requireNonNullElse(criteria.agent(), ""),
        criteria.from(),
        criteria.to());
  }

  /** Binds a cursor to this list and its filters. */
  private static String[] cursorScope(
      ListSessions query, SessionRowRepository.SessionCriteria criteria, Caller caller) {
    return new String[] {
      "sessions",
      query.tenant().value(),
      caller.user().value(),
      cursorScope(criteria.activities()),
      cursorScope(criteria.lifecycles()),
      criteria.tag(),
      criteria.mode(),
      criteria.executor(),
      criteria.origin(),
      criteria.owner(),
      criteria.agent(),
      String.valueOf(criteria.from()),
      String.valueOf(criteria.to()),
      Objects.requireNonNullElse(query.filter().criteria().text(), "")
    };
  }

  /** Returns the values in a fixed order. */
  private static String cursorScope(Set<? extends Enum<?>> values) {
    return values.stream().map(Enum::name).sorted().collect(Collectors.joining(","));
  }

  /**
   * Search for sessions.
   *
   * @param text in lower case; null for any
   */
  private record Search(
      SessionRowRepository.SessionViewer viewer,
      SessionRowRepository.SessionCriteria criteria,
      @Nullable String text,
      int limit) {}

  /**
   * A page of search results.
   *
   * @param next position of the next page; null if there is none
   */
  private record SearchPage(List<SessionRow> rows, @Nullable NewestFirstPosition next) {}

  private SearchPage search(Search search, NewestFirstPosition after) {
    var rows = new ArrayList<SessionRow>();
    int batch = search.text() == null ? search.limit() + 1 : SCAN_PAGE_SIZE;
    var position = after;
    for (int scanned = 0; scanned < SCANNED_MAX; scanned += batch) {
      var sessionRows =
          sessionRepositories
              .sessions()
              .page(
                  search.viewer(),
                  search.criteria(),
                  position.at(),
                  position.id(),
                  Limit.of(batch));
      for (var row : sessionRows) {
        if (rows.size() == search.limit()) return new SearchPage(rows, position);
        position = new NewestFirstPosition(row.createdAt(), row.id());
        if (matchesText(row, search.text())) rows.add(row);
      }
      if (sessionRows.size() < batch) return new SearchPage(rows, null);
    }
    return new SearchPage(rows, position);
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
    var pending =
        sessionRepositories.pendingActionsOf(tenant, rows).stream()
            .collect(Collectors.groupingBy(PendingActionRow::sessionId));
    return rows.stream()
        .map(row -> views.toView(row, pending.getOrDefault(row.id(), List.of())))
        .toList();
  }
}
