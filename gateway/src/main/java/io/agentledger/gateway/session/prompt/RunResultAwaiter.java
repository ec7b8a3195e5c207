package io.agentledger.gateway.session.prompt;

import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SessionQuery.FindRun;
import io.agentledger.api.session.query.SessionQuery.FollowSession;
import io.agentledger.api.session.query.SessionView.PendingAction;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Money;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.Problem;
import io.agentledger.gateway.support.security.RevocationMonitor;
import io.agentledger.gateway.support.web.RequestContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Waits for the end of a run that the response contains. A shutdown answers all waiting requests
 * first, because the runs continue.
 */
@Component
public class RunResultAwaiter implements SmartLifecycle {
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final RevocationMonitor revocationMonitor;
  private volatile Sinks.Empty<ResponseEntity<?>> shutdown = Sinks.empty();
  private volatile boolean running;

  RunResultAwaiter(
      MessageGateway messageGateway,
      SessionService sessionService,
      RevocationMonitor revocationMonitor) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.revocationMonitor = revocationMonitor;
  }

  /**
   * Returns 200 with the ended run, 402 if it waits for budget, or 202 with the query: when the
   * time is over and, unless a time was requested, when the run waits for an answer.
   *
   * @param wait how long to wait at most; null for the timeout of the run and a little longer
   */
  public Mono<ResponseEntity<?>> await(
      RequestContext context, QueryView query, @Nullable Duration wait) {
    return wait != null
        ? await(context, query, wait, false)
        : sessionService
            .find(context, query.sessionId())
            .flatMap(
                session -> await(context, query, session.options().timeout().plus(GRACE), true));
  }

  /** Waits until the run has ended, waits for an answer or for budget, or the time is over. */
  Mono<?> awaitEndOrAction(RequestContext context, QueryView query, Duration timeout) {
    return await(context, query, timeout, true);
  }

  private Mono<ResponseEntity<?>> await(
      RequestContext context, QueryView query, Duration timeout, boolean untilAction) {
    Mono<ResponseEntity<?>> outcome =
        messageGateway.stream(
                context, new FollowSession(context.tenant(), query.sessionId(), query.after()))
            .concatMap(item -> respond(context, query, item, untilAction), 1)
            .next();
    var pending = // The run before it may have asked before the query was accepted.
        untilAction && query.queuePosition() > 0
            ? findPending(context, query)
            : Mono.<ResponseEntity<?>>empty();
    Mono<ResponseEntity<?>> revocation =
        revocationMonitor
            .onRevoked(context)
            .then(Mono.error(() -> new BadCredentialsException("the credential was revoked")));
    return messageGateway
        .onEventLoop(
            Mono.firstWithSignal(pending.switchIfEmpty(outcome), revocation, shutdown.asMono()))
        .timeout(timeout, messageGateway.onEventLoop(Mono.empty()))
        .switchIfEmpty(Mono.defer(() -> accepted(context, query)));
  }

  /** Returns the response if the item requires one; an item may be outdated by later events. */
  private Mono<ResponseEntity<?>> respond(
      RequestContext context, QueryView query, StreamItem item, boolean untilAction) {
    if (item.body() instanceof StreamItem.Result && query.runId().equals(item.runId()))
      return findRun(context, query).map(ResponseEntity::ok);
    if ("RunPaused".equals(item.event()))
      return findRun(context, query)
          .filter(run -> run.status() == RunView.Status.PAUSED)
          .map(run -> budgetPaused(context, run, item));
    if (untilAction && "ActivityChanged".equals(item.event())) return findPending(context, query);
    return Mono.empty();
  }

  private Mono<ResponseEntity<?>> findPending(RequestContext context, QueryView query) {
    return pendingQuery(context, query)
        .filter(pending -> !pending.pendingActions().isEmpty())
        .map(ResponseEntity.accepted()::body);
  }

  private Mono<RunView> findRun(RequestContext context, QueryView query) {
    return messageGateway.query(
        context, new FindRun(context.tenant(), query.sessionId(), query.runId()), RunView.class);
  }

  private static ResponseEntity<?> budgetPaused(
      RequestContext context, RunView run, StreamItem item) {
    var problem =
        Problem.create(
                HttpStatus.PAYMENT_REQUIRED,
                "budget_paused",
                "The run waits for budget. It continues when the budget is raised.")
            .withDetails(PausedRun.of(run, item.body()))
            .withRequestId(context.requestId());
    return ResponseEntity.status(HttpStatus.PAYMENT_REQUIRED)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(problem);
  }

  /**
   * Details of the problem of a run that waits for budget.
   *
   * @param limitUsd the budget that does not suffice
   * @param neededUsd the budget that the next request to the model needs
   */
  record PausedRun(
      RunView run,
      BudgetShortfall.@Nullable Owner budgetOwner,
      @Nullable Money limitUsd,
      @Nullable Money neededUsd) {
    static PausedRun of(RunView run, StreamItem.Body body) {
      return body instanceof StreamItem.Status(var fields)
              && fields.get("shortfall")
                  instanceof BudgetShortfall(var owner, var limit, var needed)
          ? new PausedRun(run, owner, limit, needed)
          : new PausedRun(run, null, null, null);
    }
  }

  private Mono<ResponseEntity<?>> accepted(RequestContext context, QueryView query) {
    return pendingQuery(context, query).map(ResponseEntity.accepted()::body);
  }

  private Mono<PendingQueryResponse> pendingQuery(RequestContext context, QueryView query) {
    return sessionService
        .find(context, query.sessionId())
        .flatMap(
            session ->
                session.pendingActions().isEmpty()
                    ? Mono.just(List.<PendingAction>of())
                    : findRun(context, query).map(run -> RunOutcome.pendingActions(run, session)))
        .map(actions -> PendingQueryResponse.create(query, actions));
  }

  @Override
  public void start() {
    shutdown = Sinks.empty();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    shutdown.tryEmitEmpty();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
