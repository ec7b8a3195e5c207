package io.agentledger.command.identity.apikey;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.ApiKeyCommand.ExpireApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.RevokeApiKey;
import io.agentledger.api.identity.event.ApiKeyEvent.Agent;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyExpired;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyIssued;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyRevoked;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyRotated;
import io.agentledger.api.identity.event.ApiKeyEvent.Bearer;
import io.agentledger.api.identity.event.ApiKeyEvent.Until;
import io.agentledger.api.identity.event.ApiKeyEvent.Validity;
import io.agentledger.api.shared.IdentityRejection.IdentityRefused;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.identity.shared.CredentialToken;
import java.time.Duration;
import java.time.Instant;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

/** API key with which a program acts for its owner. It ends once, by revocation or expiry. */
@Aggregate(type = "ApiKey")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class ApiKey {
  @AggregateIdentifier private CredentialId id;
  private TenantId tenant;
  private UserId owner;
  private Bearer bearer;
  private Validity validity;
  private boolean ended;

  ApiKey() {}

  ApiKey(ApiKeyIssued event) {
    apply(event);
  }

  /**
   * Replaces the secret. Only the owner may do this, because no other user may get the new secret.
   */
  CredentialToken rotate(Caller caller, Duration overlap, Instant now) {
    if (!tenant.equals(caller.tenant()) || !isOwnedBy(caller)) throw notFound();
    if (ended || validity instanceof Until until && !now.isBefore(until.expiresAt()))
      throw new RejectionException(
          new IdentityRefused(
              "api_key_expired",
              "The key has expired or was revoked; POST /keys issues another one."));
    var kind =
        bearer instanceof Agent ? CredentialToken.Kind.AGENT_TOKEN : CredentialToken.Kind.API_KEY;
    var next = CredentialToken.generate(kind, id);
    apply(new ApiKeyRotated(id, next.prefix(), next.hash(), overlap));
    return next;
  }

  @CommandHandler
  void revoke(RevokeApiKey command, Caller caller) {
    if (!tenant.equals(caller.tenant()) || !isOwnedBy(caller) && !caller.has(Scope.USERS_WRITE))
      throw notFound();
    if (!ended) apply(new ApiKeyRevoked(id));
  }

  @CommandHandler
  void expire(ExpireApiKey command) {
    if (!ended) apply(new ApiKeyExpired(id));
  }

  private boolean isOwnedBy(Caller caller) {
    return Actor.ofUser(owner).equals(caller.actor());
  }

  private RejectionException notFound() {
    return new RejectionException(new NotFound("api_key", id.value()));
  }

  @EventSourcingHandler
  void on(ApiKeyIssued event) {
    id = event.keyId();
    tenant = event.tenantId();
    owner = event.ownerId();
    bearer = event.bearer();
    validity = event.validity();
  }

  @EventSourcingHandler
  void on(ApiKeyRevoked event) {
    ended = true;
  }

  @EventSourcingHandler
  void on(ApiKeyExpired event) {
    ended = true;
  }
}
