package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.query.DirectoryView;
import io.agentledger.api.session.query.IdleSession;
import io.agentledger.api.session.query.IdleSessionQuery.ListIdleSessions;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SessionMetricsView;
import io.agentledger.api.session.query.SessionQuery.FindRun;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionQuery.FindSessionMetrics;
import io.agentledger.api.session.query.SessionQuery.ListCheckpoints;
import io.agentledger.api.session.query.SessionQuery.ListDirectories;
import io.agentledger.api.session.query.SessionQuery.ListMessages;
import io.agentledger.api.session.query.SessionQuery.ListRuns;
import io.agentledger.api.session.query.SessionQuery.ListShares;
import io.agentledger.api.session.query.SessionQuery.ListToolCalls;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.ShareView;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.session.MessageRow;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.ToolCallRow;
import io.agentledger.query.support.CursorCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Answers what is asked about sessions, from the read models. Blocks its caller: on the database,
 * and up to two seconds on the projection, so that nobody is shown less than they were told before.
 * Pages are of a raw type, for Axon finds no handler of a parameterised one.
 */
class SessionQueryHandler {
  private final SessionRepositories tables;
  private final SessionViewMapper views;
  private final CursorCodec cursors;
  private final SessionAccessCheck admittance;
  private final ReadYourWritesWaiter writes;
  private final TransactionOperations reading;

  SessionQueryHandler(
      SessionRepositories tables,
      SessionViewMapper views,
      CursorCodec cursors,
      SessionReadAccess access) {
    this.tables = tables;
    this.views = views;
    this.cursors = cursors;
    this.admittance = access.admittance();
    this.writes = access.writes();
    this.reading = access.reading();
  }

  /** What stands between a reader and the rows. */
  record SessionReadAccess(
      SessionAccessCheck admittance, ReadYourWritesWaiter writes, TransactionOperations reading) {}

  @QueryHandler
  SessionView find(FindSession query, Caller by) {
    return of(
        by,
        query.sessionId(),
        row -> views.of(row, tables.actions().of(row.tenant(), List.of(row.id()))));
  }

  @QueryHandler
  List<IdleSession> list(ListIdleSessions query) {
    return read(
        () ->
            tables
                .sessions()
                .resting(query.stages(), Activity.IDLE, query.before(), Limit.of(query.limit()))
                .stream()
                .map(SessionViewMapper::idle)
                .toList());
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListMessages query, Caller by) {
    String[] list = list("messages", query.tenant(), query.sessionId(), query.threadId());
    long after = cursors.place(query.page(), list).map(Long::parseLong).orElse(0L);
    return of(
        by,
        query.sessionId(),
        session -> {
          var lane = new ThreadId(session.threadId());
          var rows = messages(session, query.threadId(), after, CursorCodec.oneMore(query.page()));
          return cursors
              .page(rows, query.page(), row -> row.key().sequence(), list)
              .map(row -> views.of(row, lane));
        });
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListToolCalls query, Caller by) {
    String[] list = list("tool_calls", query.tenant(), query.sessionId(), query.threadId());
    long after = cursors.place(query.page(), list).map(Long::parseLong).orElse(0L);
    return of(
        by,
        query.sessionId(),
        session -> {
          var rows = calls(session, query.threadId(), after, CursorCodec.oneMore(query.page()));
          return cursors.page(rows, query.page(), row -> row.sequence(), list).map(views::of);
        });
  }

  private List<ToolCallRow> calls(
      SessionRow session, @Nullable ThreadId lane, long after, Limit limit) {
    return lane == null
        ? tables.calls().page(session.tenant(), session.id(), after, limit)
        : tables.calls().lanePage(session.tenant(), session.id(), lane.value(), after, limit);
  }

  private List<MessageRow> messages(
      SessionRow session, @Nullable ThreadId lane, long after, Limit limit) {
    if (lane == null) return tables.messages().page(session.tenant(), session.id(), after, limit);
    return lane.value().equals(session.threadId())
        ? tables.messages().mainPage(session.tenant(), session.id(), lane.value(), after, limit)
        : tables.messages().lanePage(session.tenant(), session.id(), lane.value(), after, limit);
  }

  /** What a list is, for its cursors. */
  private static String[] list(
      String what, TenantId tenant, SessionId session, @Nullable ThreadId lane) {
    return new String[] {what, tenant.value(), session.value(), lane == null ? "" : lane.value()};
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListRuns query, Caller by) {
    String[] list = {"runs", query.tenant().value(), query.sessionId().value()};
    long before = cursors.place(query.page(), list).map(Long::parseLong).orElse(Long.MAX_VALUE);
    return of(
        by,
        query.sessionId(),
        session -> {
          var rows =
              tables
                  .runs()
                  .page(session.tenant(), session.id(), before, CursorCodec.oneMore(query.page()));
          return cursors.page(rows, query.page(), row -> row.ordinal(), list).map(views::of);
        });
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListCheckpoints query, Caller by) {
    String[] list = {"checkpoints", query.tenant().value(), query.sessionId().value()};
    long before = cursors.place(query.page(), list).map(Long::parseLong).orElse(Long.MAX_VALUE);
    return of(
        by,
        query.sessionId(),
        session -> {
          var rows =
              tables
                  .checkpoints()
                  .page(session.tenant(), session.id(), before, CursorCodec.oneMore(query.page()));
          return cursors
              .page(rows, query.page(), row -> row.sequence(), list)
              .map(SessionViewMapper::of);
        });
  }

  @QueryHandler
  RunView find(FindRun query, Caller by) {
    String run = query.runId().value();
    return of(
        by,
        query.sessionId(),
        session ->
            tables
                .runs()
                .findByIdAndSessionIdAndTenant(run, session.id(), session.tenant())
                .map(views::of)
                .orElseThrow(() -> new RejectionException(new Rejection.NotFound("run", run))));
  }

  @QueryHandler
  SessionMetricsView measure(FindSessionMetrics query, Caller by) {
    return of(by, query.sessionId(), session -> SessionMetricsReader.of(session, tables));
  }

  @QueryHandler
  List<ShareView> list(ListShares query, Caller by) {
    return of(
        by,
        query.sessionId(),
        session -> tables.shares().of(session.id()).stream().map(SessionViewMapper::of).toList());
  }

  /** What it was given itself takes the place of what its environment gave it. */
  @QueryHandler
  List<DirectoryView> list(ListDirectories query, Caller by) {
    return of(
        by,
        query.sessionId(),
        session -> {
          var seen = new LinkedHashMap<String, DirectoryView>();
          for (var row : tables.directories().of(session.id()))
            seen.put(row.key().name(), SessionViewMapper.of(row));
          return List.copyOf(seen.values());
        });
  }

  /** What is read of one session, by somebody who may. */
  private <R> R of(Caller by, SessionId session, Function<SessionRow, R> answer) {
    admittance.require(by, session);
    writes.await(session);
    return read(
        () ->
            tables
                .sessions()
                .findByIdAndTenant(session.value(), by.tenant().value())
                .map(answer)
                .orElseThrow(
                    () ->
                        new RejectionException(new OpsRejection.ProjectionRebuilding("session"))));
  }

  private <R> R read(Supplier<R> answer) {
    return Objects.requireNonNull(reading.execute(transaction -> answer.get()));
  }
}
