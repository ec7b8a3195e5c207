package io.agentledger.gateway.session.query;

import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SessionQuery.FindRun;
import io.agentledger.api.session.query.SessionQuery.FollowSession;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.security.RevocationMonitor;
import io.agentledger.gateway.support.web.RequestContext;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Waits for a run's end, at most a little longer than the timeout of the run. */
@Component
class RunResultAwaiter {
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final RevocationMonitor revocationMonitor;

  RunResultAwaiter(
      MessageGateway messageGateway,
      SessionService sessionService,
      RevocationMonitor revocationMonitor) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.revocationMonitor = revocationMonitor;
  }

  /** Returns the ended run; or the query, if the run exceeds the timeout. */
  Mono<ResponseEntity<Object>> await(RequestContext context, QueryView query) {
    return sessionService
        .find(context, query.sessionId())
        .flatMap(session -> await(context, query, session.options().timeout().plus(GRACE)));
  }

  private Mono<ResponseEntity<Object>> await(
      RequestContext context, QueryView query, Duration timeout) {
    var runResult =
        messageGateway.stream(
                context, new FollowSession(context.tenant(), query.sessionId(), query.after()))
            .filter(item -> isResult(item, query))
            .next();
    var revocation =
        revocationMonitor
            .onRevoked(context)
            .then(
                Mono.<StreamItem>error(
                    () -> new BadCredentialsException("the credential was revoked")));
    return messageGateway
        .onEventLoop(Mono.firstWithSignal(runResult, revocation))
        .flatMap(result -> findRun(context, query))
        .timeout(
            timeout,
            messageGateway.onEventLoop(
                Mono.fromSupplier(() -> ResponseEntity.status(HttpStatus.ACCEPTED).body(query))));
  }

  private static boolean isResult(StreamItem item, QueryView query) {
    return item.body() instanceof StreamItem.Result && query.runId().equals(item.runId());
  }

  private Mono<ResponseEntity<Object>> findRun(RequestContext context, QueryView query) {
    return messageGateway
        .query(
            context, new FindRun(context.tenant(), query.sessionId(), query.runId()), RunView.class)
        .map(ResponseEntity::ok);
  }
}
