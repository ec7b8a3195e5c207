package io.agentledger.gateway.session.prompt;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SessionQuery.FindRun;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Reads the outcome of a run, after waiting for its end or for the next action it waits for. */
@Component
public class RunOutcomeReader {
  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final RunResultAwaiter runResultAwaiter;

  RunOutcomeReader(
      MessageGateway messageGateway,
      SessionService sessionService,
      RunResultAwaiter runResultAwaiter) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.runResultAwaiter = runResultAwaiter;
  }

  /**
   * Returns the outcome of a query that was just accepted.
   *
   * @param waitSeconds how long to wait at most; null for not at all
   */
  public Mono<RunOutcome> await(
      RequestContext context, QueryView query, @Nullable Integer waitSeconds) {
    Mono<?> end =
        waitSeconds == null || waitSeconds == 0
            ? Mono.empty()
            : runResultAwaiter.awaitEndOrAction(context, query, Duration.ofSeconds(waitSeconds));
    return end.then(Mono.defer(() -> find(context, query.sessionId(), query.runId())));
  }

  /**
   * Returns the outcome of a run.
   *
   * @param waitSeconds how long to wait at most; null for not at all
   */
  Mono<RunOutcome> read(
      RequestContext context, SessionId session, RunId run, @Nullable Integer waitSeconds) {
    // The position is older than the status, so that the end of the run follows it.
    return sessionService
        .find(context, session)
        .flatMap(
            view ->
                findRun(context, session, run)
                    .flatMap(
                        found -> {
                          var query = found.queryId();
                          var outcome = RunOutcome.of(found, view);
                          return query == null
                                  || found.endedAt() != null
                                  || !outcome.pendingActions().isEmpty()
                              ? Mono.just(outcome)
                              : await(
                                  context,
                                  new QueryView(query, session, run, 0, view.sequence()),
                                  waitSeconds);
                        }));
  }

  private Mono<RunOutcome> find(RequestContext context, SessionId session, RunId run) {
    return findRun(context, session, run)
        .zipWhen(found -> sessionService.find(context, session), RunOutcome::of);
  }

  private Mono<RunView> findRun(RequestContext context, SessionId session, RunId run) {
    return messageGateway.query(
        context, new FindRun(context.tenant(), session, run), RunView.class);
  }
}
