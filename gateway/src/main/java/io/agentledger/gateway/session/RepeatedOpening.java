package io.agentledger.gateway.session;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.FirstAnswers;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Answer of a request that opened a session before and would be refused now, for example because
 * its agent was archived in the meantime.
 */
@Component
class RepeatedOpening {
  private final FirstAnswers firstAnswers;
  private final MessageGateway messageGateway;

  RepeatedOpening(FirstAnswers firstAnswers, MessageGateway messageGateway) {
    this.firstAnswers = firstAnswers;
    this.messageGateway = messageGateway;
  }

  /** Returns the result of the opening; if it is refused, that of the first one with the key. */
  Mono<SubmitResult> orFirst(
      RequestContext context, @Nullable Idempotency idempotency, Mono<SubmitResult> opening) {
    return idempotency == null
        ? opening
        : opening.onErrorResume(
            failure ->
                failure instanceof RejectionException || failure instanceof InvalidRequestException,
            refusal -> findFirst(context, idempotency).switchIfEmpty(Mono.error(refusal)));
  }

  /** Returns the first result to a caller who still sees the session. */
  private Mono<SubmitResult> findFirst(RequestContext context, Idempotency idempotency) {
    return messageGateway
        .offload(
            () ->
                Mono.justOrEmpty(
                    firstAnswers.find(
                        Provenance.of(context.metadata()), OpenSession.class, idempotency)))
        .cast(SubmitResult.class)
        .flatMap(
            first ->
                messageGateway
                    .query(
                        context,
                        new FindSession(context.tenant(), first.sessionId()),
                        SessionView.class)
                    .thenReturn(first));
  }
}
