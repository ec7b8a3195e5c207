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
  private final SessionRepositories sessionRepositories;
  private final SideRequestViewMapper views;
  private final CursorCodec cursorCodec;
  private final SessionReadAccess access;

  SideRequestQueryHandler(
      SessionRepositories sessionRepositories,
      SideRequestViewMapper views,
      CursorCodec cursorCodec,
      SessionReadAccess access) {
    this.sessionRepositories = sessionRepositories;
    this.views = views;
    this.cursorCodec = cursorCodec;
    this.access = access;
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListAsides query, Caller caller) {
    String[] list = {"asides", query.tenant().value(), query.sessionId().value()};
    long before = cursorCodec.place(query.page(), list).map(Long::parseLong).orElse(Long.MAX_VALUE);
    int most = query.page().limit();
    return findOrReject(
        caller,
        query.sessionId(),
        () -> {
          var rows =
              sessionRepositories
                  .asides()
                  .page(
                      caller.tenant().value(),
                      query.sessionId().value(),
                      before,
                      Limit.of(most + 1));
          var shown = rows.stream().limit(most).toList();
          return new Page<>(
              shown.stream().map(views::toView).toList(),
              rows.size() <= most
                  ? null
                  : cursorCodec.encode("" + shown.getLast().sequence(), list));
        });
  }

  @QueryHandler
  SideRequestView find(FindAside query, Caller caller) {
    var id = query.asideId().value();
    return findOrReject(
        caller,
        query.sessionId(),
        () ->
            sessionRepositories
                .asides()
                .findByIdAndSessionIdAndTenant(
                    id, query.sessionId().value(), caller.tenant().value())
                .map(views::toView)
                .orElseThrow(() -> new RejectionException(new NotFound("side_request", id))));
  }

  @QueryHandler
  ContextUsageView find(FindContext query, Caller caller) {
    return findOrReject(
        caller,
        query.sessionId(),
        () ->
            findProcess(query.sessionId(), caller)
                .filter(row -> row.measuredIn() != null)
                .map(views::context)
                .orElseThrow(
                    () ->
                        new RejectionException(
                            new NotFound("context", query.sessionId().value()))));
  }

  @QueryHandler
  CapabilitiesView find(FindCapabilities query, Caller caller) {
    return findOrReject(
        caller,
        query.sessionId(),
        () ->
            findProcess(query.sessionId(), caller)
                .filter(row -> row.knownIn() != null)
                .map(views::capabilities)
                .orElse(SideRequestViewMapper.notReported(query.sessionId())));
  }

  private Optional<SessionProcessRow> findProcess(SessionId session, Caller caller) {
    return sessionRepositories
        .known()
        .findBySessionIdAndTenant(session.value(), caller.tenant().value());
  }

  /** What is read of one session, by somebody who may. */
  private <R> R findOrReject(Caller caller, SessionId session, Supplier<R> answer) {
    access.admittance().require(caller, session);
    access.writes().await(session);
    return Objects.requireNonNull(access.reading().execute(transaction -> answer.get()));
  }
}
