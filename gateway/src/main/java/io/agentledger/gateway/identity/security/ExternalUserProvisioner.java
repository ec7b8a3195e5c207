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
 * People of other issuers. Who is not known here, or was known otherwise, is admitted as the issuer
 * says: once, however many of their requests arrive at the same time. Who was refused, or got
 * nothing of it, is not tried again for a moment.
 */
@Component
final class ExternalUserProvisioner {
  private static final Duration TRIED_AGAIN_AFTER = Duration.ofSeconds(2);
  private static final int TRIED_MAX = 10_000;

  private final Authenticator credentials;
  private final MessageGateway bus;
  private final Clock clock;

  /** Guarded by itself. */
  private final Map<ProvisionExternalUser, Trial> tried =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ProvisionExternalUser, Trial> eldest) {
          return size() > TRIED_MAX;
        }
      };

  ExternalUserProvisioner(Authenticator credentials, MessageGateway bus, Clock clock) {
    this.credentials = credentials;
    this.bus = bus;
    this.clock = clock;
  }

  private record Trial(Mono<Void> outcome, Instant at) {}

  private static BadCredentialsException refused(Throwable no) {
    return new BadCredentialsException("not admitted", no);
  }

  /** Empty, or failing, for who does not get in. */
  Mono<Caller> standing(VerifiedToken.External token, RequestMetadata knock) {
    return known(token).switchIfEmpty(Mono.defer(() -> admit(token, knock).then(known(token))));
  }

  private Mono<Caller> known(VerifiedToken.External token) {
    return Mono.fromCompletionStage(
            () -> credentials.standing(token.foreigner(), token.tenant(), token.role()))
        .flatMap(Mono::justOrEmpty);
  }

  private Mono<Void> admit(VerifiedToken.External token, RequestMetadata knock) {
    var foreigner = token.foreigner();
    var wish =
        new ProvisionExternalUser(
            foreigner.userId(),
            foreigner,
            token.tenant(),
            token.role(),
            token.name(),
            token.email());
    var by =
        new Provenance(
            token.tenant(),
            Actor.SERVICE,
            foreigner.credential(),
            knock.requestId(),
            knock.source());
    var now = clock.instant();
    synchronized (tried) {
      var last = tried.get(wish);
      if (last != null && now.isBefore(last.at().plus(TRIED_AGAIN_AFTER))) return last.outcome();
      var outcome =
          bus.<Void>sendForTheHouse(by, wish)
              .then()
              .onErrorMap(ProblemMapper::isRejection, ExternalUserProvisioner::refused)
              .cache();
      tried.remove(wish);
      tried.put(wish, new Trial(outcome, now));
      return outcome;
    }
  }
}
