package io.agentledger.api.ops;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How the service is, part by part, as one node sees it.
 *
 * @param condition the worst of its parts'
 */
public record SystemHealthView(
    Condition condition, Instant at, String node, List<ComponentHealth> parts) {

  /** How something is; the later, the worse. */
  public enum Condition {
    GOOD,
    /** It works; somebody should look before it does not. */
    DEGRADED,
    BROKEN
  }

  /**
   * @param message one sentence for people
   * @param facts what was found, by name; documented in operations.md
   */
  public record ComponentHealth(
      String name, Condition condition, String message, Map<String, Object> facts) {
    public static ComponentHealth good(String name, String message, Map<String, Object> facts) {
      return new ComponentHealth(name, Condition.GOOD, message, facts);
    }

    public static ComponentHealth degraded(String name, String message, Map<String, Object> facts) {
      return new ComponentHealth(name, Condition.DEGRADED, message, facts);
    }

    public static ComponentHealth broken(String name, String message, Map<String, Object> facts) {
      return new ComponentHealth(name, Condition.BROKEN, message, facts);
    }
  }
}
