package io.agentledger.api.subscription;

import io.agentledger.api.identity.TenantId;

/** Port by which the gateway sends a sample event to the target of a subscription. */
public interface SubscriptionTester {
  /** Sends one request and blocks until its outcome; the request is not part of the log. */
  DeliveryTestView test(TenantId tenant, SubscriptionId subscription);
}
