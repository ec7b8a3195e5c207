package io.agentledger.command.subscription;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SubscriptionRejection.SubscriptionRefused;
import io.agentledger.api.subscription.SubscriptionDefinition;
import io.agentledger.api.subscription.SubscriptionRegistry;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import io.agentledger.command.support.outbound.OutboundRequest;
import java.util.List;

/** Validates subscriptions: rejects those whose requests could never be sent. */
final class SubscriptionValidator implements SubscriptionRegistry {
  private final SubscriptionLookupTable subscriptions;
  private final DestinationPolicy destinations;
  private final SecretReader secretReader;

  SubscriptionValidator(
      SubscriptionLookupTable subscriptions,
      DestinationPolicy destinations,
      SecretReader secretReader) {
    this.subscriptions = subscriptions;
    this.destinations = destinations;
    this.secretReader = secretReader;
  }

  @Override
  public int countLocked(TenantId tenant) {
    subscriptions.lock(tenant);
    return subscriptions.countOf(tenant);
  }

  @Override
  public void check(TenantId tenant, SubscriptionDefinition definition) {
    try {
      destinations.check(definition.url());
    } catch (OutboundRefusedException e) {
      throw rejection("url", e.advice());
    }
    try {
      new OutboundRequest("POST", definition.url(), definition.headers(), new byte[0]);
    } catch (OutboundRefusedException e) {
      throw rejection("headers", e.rule().description());
    }
    checkSecrets(tenant, definition.secrets());
  }

  private void checkSecrets(TenantId tenant, List<SecretRef> secrets) {
    var vaults = secrets.stream().map(SecretRef::vaultId).distinct().toList();
    for (var vault : secretReader.findUnusable(tenant, vaults))
      throw rejection("secrets", "name a vault that this tenant has not: " + vault);
    for (var secret : secretReader.findMissing(tenant, secrets))
      throw rejection(
          "secrets",
          "name a secret that its vault has not: %s. Store it first with PUT /vaults/%s/secrets/%s"
              .formatted(secret.name(), secret.vaultId(), secret.name()));
  }

  private static RejectionException rejection(String field, String detail) {
    return new RejectionException(new SubscriptionRefused(field, detail));
  }
}
