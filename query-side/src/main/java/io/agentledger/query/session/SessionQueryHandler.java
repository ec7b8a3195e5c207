package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.DirectoryView;
import io.agentledger.api.session.query.IdleSession;
import io.agentledger.api.session.query.IdleSessionQuery.ListIdleSessions;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SessionHookView;
import io.agentledger.api.session.query.SessionMetricsView;
import io.agentledger.api.session.query.SessionQuery.FindCachedSession;
import io.agentledger.api.session.query.SessionQuery.FindRun;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.FindSessionMetrics;
import io.agentledger.api.session.query.SessionQuery.ListCheckpoints;
import io.agentledger.api.session.query.SessionQuery.ListDirectories;
import io.agentledger.api.session.query.SessionQuery.ListRuns;
import io.agentledger.api.session.query.SessionQuery.ListSessionHooks;
import io.agentledger.api.session.query.SessionQuery.ListShares;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.ShareView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.query.support.CursorCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.data.domain.Limit;

/**
 * Handles queries about sessions from the read models. Blocks its caller: on the database, and up
 * to two seconds on the projection, so that callers see their own writes. Returns pages of a raw
 * type, because Axon finds no handler with a parameterized one.
 */
class SessionQueryHandler {
  private final SessionRepositories sessionRepositories;
  private final SessionViewMapper views;
  private final CursorCodec cursorCodec;
  private final SessionReadAccess access;
  private final SessionRowCache cache;

  SessionQueryHandler(
      SessionRepositories sessionRepositories,
      SessionViewMapper views,
      CursorCodec cursorCodec,
      SessionReadAccess access,
      SessionRowCache cache) {
    this.sessionRepositories = sessionRepositories;
    this.views = views;
    this.cursorCodec = cursorCodec;
    this.access = access;
    this.cache = cache;
  }

  @QueryHandler
  SessionView find(FindSession query, Caller caller) {
    var session = query.sessionId();
    Function<SessionRow, SessionView> mapper =
        row -> views.toView(row, sessionRepositories.pendingActionsOf(row.tenant(), List.of(row)));
    return cache
        .read(
            caller,
            session.value(),
            () -> access.readCurrent(caller, session, Function.identity()),
            mapper)
        .orElseGet(() -> access.readOutdated(caller, session, mapper));
  }

  /** Handles the query without blocking, on the caller's thread. */
  @QueryHandler
  Optional<SessionView> find(FindCachedSession query, Caller caller) {
    return cache.find(caller, query.sessionId().value());
  }

  @QueryHandler
  List<IdleSession> list(ListIdleSessions query) {
    return sessionRepositories
        .sessions()
        .findIdle(query.lifecycles(), query.before(), Limit.of(query.limit()))
        .stream()
        .map(SessionViewMapper::toIdleSession)
        .toList();
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListRuns query, Caller caller) {
    String[] cursorScope = {"runs", query.tenant().value(), query.sessionId().value()};
    long before =
        cursorCodec.decode(query.page(), cursorScope).map(Long::parseLong).orElse(Long.MAX_VALUE);
    return findOrReject(
        caller,
        query.sessionId(),
        session -> {
          var rows =
              sessionRepositories
                  .runs()
                  .page(
                      session.tenant(),
                      session.id(),
                      before,
                      CursorCodec.limitPlusOne(query.page()));
          return cursorCodec
              .page(rows, query.page(), row -> row.ordinal(), cursorScope)
              .map(row -> views.toView(session, row));
        });
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListCheckpoints query, Caller caller) {
    String[] cursorScope = {"checkpoints", query.tenant().value(), query.sessionId().value()};
    long before =
        cursorCodec.decode(query.page(), cursorScope).map(Long::parseLong).orElse(Long.MAX_VALUE);
    return findOrReject(
        caller,
        query.sessionId(),
        session -> {
          var rows =
              sessionRepositories
                  .checkpoints()
                  .page(
                      session.tenant(),
                      session.id(),
                      before,
                      CursorCodec.limitPlusOne(query.page()));
          return cursorCodec
              .page(rows, query.page(), row -> row.sequence(), cursorScope)
              .map(views::toView);
        });
  }

  @QueryHandler
  RunView find(FindRun query, Caller caller) {
    String run = query.runId().value();
    return findOrReject(
        caller,
        query.sessionId(),
        session ->
            sessionRepositories
                .runs()
                .findByIdAndSessionIdAndTenant(run, session.id(), session.tenant())
                .map(row -> views.toView(session, row))
                .orElseThrow(() -> new RejectionException(new Rejection.NotFound("run", run))));
  }

  @QueryHandler
  SessionMetricsView findMetrics(FindSessionMetrics query, Caller caller) {
    return findOrReject(
        caller,
        query.sessionId(),
        session -> SessionMetricsReader.read(session, sessionRepositories));
  }

  @QueryHandler
  List<ShareView> list(ListShares query, Caller caller) {
    return findOrReject(
        caller,
        query.sessionId(),
        session ->
            sessionRepositories.shares().findBySession(session.id()).stream()
                .map(SessionViewMapper::toView)
                .toList());
  }

  @QueryHandler
  List<SessionHookView> list(ListSessionHooks query, Caller caller) {
    return findOrReject(
        caller,
        query.sessionId(),
        session ->
            sessionRepositories.hooks().findBySession(session.id()).stream()
                .map(row -> SessionHookView.from(row.hook()))
                .toList());
  }

  /** Directories of the session replace those of the environment with the same name. */
  @QueryHandler
  List<DirectoryView> list(ListDirectories query, Caller caller) {
    return findOrReject(
        caller,
        query.sessionId(),
        session -> {
          var seen = new LinkedHashMap<String, DirectoryView>();
          for (var row : sessionRepositories.directories().findBySession(session.id()))
            seen.put(row.key().name(), SessionViewMapper.toView(row));
          return List.copyOf(seen.values());
        });
  }

  /** Reads data of one session after checking access. */
  private <R> R findOrReject(Caller caller, SessionId session, Function<SessionRow, R> mapper) {
    return access.read(caller, session, mapper);
  }
}
