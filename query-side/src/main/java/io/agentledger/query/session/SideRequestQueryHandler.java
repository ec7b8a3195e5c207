package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.CapabilitiesView;
import io.agentledger.api.session.query.ContextUsageView;
import io.agentledger.api.session.query.SessionQuery.FindAside;
import io.agentledger.api.session.query.SessionQuery.FindCapabilities;
import io.agentledger.api.session.query.SessionQuery.FindContext;
import io.agentledger.api.session.query.SessionQuery.ListAsides;
import io.agentledger.api.session.query.SideRequestView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.session.SessionProcessRow;
import io.agentledger.query.session.SessionQueryHandler.SessionReadAccess;
import io.agentledger.query.support.CursorCodec;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.data.domain.Limit;

/** Answers what was asked beside conversations, and what is known of sessions' processes. */
class SideRequestQueryHandler {
  private final SessionRepositories tables;
  private final SideRequestViewMapper views;
  private final CursorCodec cursors;
  private final SessionReadAccess access;

  SideRequestQueryHandler(
      SessionRepositories tables,
      SideRequestViewMapper views,
      CursorCodec cursors,
      SessionReadAccess access) {
    this.tables = tables;
    this.views = views;
    this.cursors = cursors;
    this.access = access;
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListAsides query, Caller by) {
    String[] list = {"asides", query.tenant().value(), query.sessionId().value()};
    long before = cursors.place(query.page(), list).map(Long::parseLong).orElse(Long.MAX_VALUE);
    int most = query.page().limit();
    return of(
        by,
        query.sessionId(),
        () -> {
          var rows =
              tables
                  .asides()
                  .page(by.tenant().value(), query.sessionId().value(), before, Limit.of(most + 1));
          var shown = rows.stream().limit(most).toList();
          return new Page<>(
              shown.stream().map(views::of).toList(),
              rows.size() <= most ? null : cursors.at("" + shown.getLast().sequence(), list));
        });
  }

  @QueryHandler
  SideRequestView find(FindAside query, Caller by) {
    var id = query.asideId().value();
    return of(
        by,
        query.sessionId(),
        () ->
            tables
                .asides()
                .findByIdAndSessionIdAndTenant(id, query.sessionId().value(), by.tenant().value())
                .map(views::of)
                .orElseThrow(() -> new RejectionException(new NotFound("aside", id))));
  }

  @QueryHandler
  ContextUsageView find(FindContext query, Caller by) {
    return of(
        by,
        query.sessionId(),
        () ->
            known(query.sessionId(), by)
                .filter(row -> row.measuredIn() != null)
                .map(views::context)
                .orElseThrow(
                    () ->
                        new RejectionException(
                            new NotFound("context", query.sessionId().value()))));
  }

  @QueryHandler
  CapabilitiesView find(FindCapabilities query, Caller by) {
    return of(
        by,
        query.sessionId(),
        () ->
            known(query.sessionId(), by)
                .filter(row -> row.knownIn() != null)
                .map(views::capabilities)
                .orElse(SideRequestViewMapper.unknown(query.sessionId())));
  }

  private Optional<SessionProcessRow> known(SessionId session, Caller by) {
    return tables.known().findBySessionIdAndTenant(session.value(), by.tenant().value());
  }

  /** What is read of one session, by somebody who may. */
  private <R> R of(Caller by, SessionId session, Supplier<R> answer) {
    access.admittance().require(by, session);
    access.writes().await(session);
    return Objects.requireNonNull(access.reading().execute(transaction -> answer.get()));
  }
}
