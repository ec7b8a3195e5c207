package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.CapabilitiesView;
import io.agentledger.api.session.query.ContextUsageView;
import io.agentledger.api.session.query.SessionQuery.FindCapabilities;
import io.agentledger.api.session.query.SessionQuery.FindContext;
import io.agentledger.api.session.query.SessionQuery.FindSideRequest;
import io.agentledger.api.session.query.SessionQuery.ListSideRequests;
import io.agentledger.api.session.query.SideRequestView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.session.run.SessionProcessRow;
import io.agentledger.query.support.CursorCodec;
import java.util.Optional;
import java.util.function.Supplier;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.data.domain.Limit;

/** Handles queries about side requests, and about reports of sessions' processes. */
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
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListSideRequests query, Caller caller) {
    String[] cursorScope = {"side_requests", query.tenant().value(), query.sessionId().value()};
    long before =
        cursorCodec.decode(query.page(), cursorScope).map(Long::parseLong).orElse(Long.MAX_VALUE);
    int max = query.page().limit();
    return findOrReject(
        caller,
        query.sessionId(),
        () -> {
          var rows =
              sessionRepositories
                  .sideRequests()
                  .page(
                      caller.tenant().value(),
                      query.sessionId().value(),
                      before,
                      Limit.of(max + 1));
          var shown = rows.stream().limit(max).toList();
          return new Page<>(
              shown.stream().map(views::toView).toList(),
              rows.size() <= max
                  ? null
                  : cursorCodec.encode("" + shown.getLast().sequence(), cursorScope));
        });
  }

  @QueryHandler
  SideRequestView find(FindSideRequest query, Caller caller) {
    var id = query.sideRequestId().value();
    return findOrReject(
        caller,
        query.sessionId(),
        () ->
            sessionRepositories
                .sideRequests()
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
                .filter(row -> row.measuredSequence() != null)
                .map(views::toContextView)
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
                .filter(row -> row.capabilitiesSequence() != null)
                .map(views::toCapabilitiesView)
                .orElse(SideRequestViewMapper.notReported(query.sessionId())));
  }

  private Optional<SessionProcessRow> findProcess(SessionId session, Caller caller) {
    return sessionRepositories
        .processes()
        .findBySessionIdAndTenant(session.value(), caller.tenant().value());
  }

  /** Reads data of one session after checking access. */
  private <R> R findOrReject(Caller caller, SessionId session, Supplier<R> query) {
    return access.read(caller, session, row -> query.get());
  }
}
