package io.agentledger.api.ops;

import io.agentledger.api.shared.WireNamed;
import java.util.Locale;

/** Status of a rebuild of a projection. */
public enum RebuildStatus implements WireNamed {
  RUNNING,
  /** The rebuilt tables are in use. */
  COMPLETED,
  FAILED,
  CANCELLED;

  @Override
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
