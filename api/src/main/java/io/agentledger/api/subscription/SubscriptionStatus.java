package io.agentledger.api.subscription;

import io.agentledger.api.shared.WireNamed;
import java.util.Locale;

/** Status of a subscription. */
public enum SubscriptionStatus implements WireNamed {
  ACTIVE,
  /** A user paused it. */
  PAUSED,
  /** The service disabled it; a user can resume it. */
  DISABLED;

  @Override
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
