package io.agentledger.gateway.identity.security;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.command.UserCommand.ProvisionExternalUser;
import io.agentledger.api.identity.security.Authenticator;
import io.agentledger.gateway.identity.token.VerifiedToken;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.ProblemMapper;
import io.agentledger.gateway.support.web.RequestMetadata;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Provisions users of external issuers. A user who is unknown here, or whose attributes have
 * changed, is provisioned with the issuer's attributes, once for concurrent requests. After a
 * rejection or a failure there is no further attempt for a short time.
 */
@Component
final class ExternalUserProvisioner {
  private static final Duration RETRY_DELAY = Duration.ofSeconds(2);
  private static final int ATTEMPTS_MAX = 10_000;

  private final Authenticator authenticator;
  private final MessageGateway messageGateway;
  private final Clock clock;

  /** Guarded by itself. */
  private final Map<ProvisionExternalUser, ProvisioningAttempt> attempts =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<ProvisionExternalUser, ProvisioningAttempt> eldest) {
          return size() > ATTEMPTS_MAX;
        }
      };

  ExternalUserProvisioner(Authenticator authenticator, MessageGateway messageGateway, Clock clock) {
    this.authenticator = authenticator;
    this.messageGateway = messageGateway;
    this.clock = clock;
  }

  private record ProvisioningAttempt(Mono<Void> outcome, Instant startedAt) {}

  private static BadCredentialsException toBadCredentials(Throwable failure) {
    return new BadCredentialsException("not admitted", failure);
  }

  /** Returns the caller; empty or failing if the user is rejected. */
  Mono<Caller> findOrProvision(VerifiedToken.External token, RequestMetadata requestMetadata) {
    return findCaller(token)
        .switchIfEmpty(Mono.defer(() -> provision(token, requestMetadata).then(findCaller(token))));
  }

  private Mono<Caller> findCaller(VerifiedToken.External token) {
    return Mono.fromCompletionStage(
            () ->
                authenticator.currentCaller(token.externalIdentity(), token.tenant(), token.role()))
        .flatMap(Mono::justOrEmpty);
  }

  private Mono<Void> provision(VerifiedToken.External token, RequestMetadata requestMetadata) {
    var externalIdentity = token.externalIdentity();
    var command =
        new ProvisionExternalUser(
            externalIdentity.userId(),
            externalIdentity,
            token.tenant(),
            token.role(),
            token.name(),
            token.email());
    var provenance =
        new Provenance(
            token.tenant(),
            Actor.SERVICE,
            externalIdentity.credential(),
            requestMetadata.requestId(),
            requestMetadata.source());
    var now = clock.instant();
    synchronized (attempts) {
      var attempt = attempts.get(command);
      if (attempt != null && now.isBefore(attempt.startedAt().plus(RETRY_DELAY)))
        return attempt.outcome();
      var outcome =
          messageGateway
              .<Void>sendAsSystem(provenance, command)
              .then()
              .onErrorMap(ProblemMapper::isRejection, ExternalUserProvisioner::toBadCredentials)
              .cache();
      attempts.remove(command);
      attempts.put(command, new ProvisioningAttempt(outcome, now));
      return outcome;
    }
  }
}
