package io.agentledger.api.subscription;

import io.agentledger.api.shared.WireNamed;
import java.util.Locale;

/** Reason why the service disabled a subscription. */
public enum DisableReason implements WireNamed {
  /** The target responded with 410 Gone. */
  GONE,
  /** No request succeeded for five days. */
  FAILING,
  /** The owner was disabled or has left the tenant. */
  OWNER_INACTIVE;

  @Override
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
