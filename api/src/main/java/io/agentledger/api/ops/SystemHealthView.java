package io.agentledger.api.ops;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Health of the service by component, as one node sees it.
 *
 * @param status worst status of all components
 */
public record SystemHealthView(
    Status status, Instant checkedAt, String node, List<ComponentHealth> components) {

  /** Status of a component; later constants are worse. */
  public enum Status {
    UP,
    /** The component works but needs attention. */
    DEGRADED,
    DOWN
  }

  /**
   * Health of one component.
   *
   * @param message one sentence
   * @param details measurements by name; documented in operations.md
   */
  public record ComponentHealth(
      String name, Status status, String message, Map<String, Object> details) {
    public static ComponentHealth up(String name, String message, Map<String, Object> details) {
      return new ComponentHealth(name, Status.UP, message, details);
    }

    public static ComponentHealth degraded(
        String name, String message, Map<String, Object> details) {
      return new ComponentHealth(name, Status.DEGRADED, message, details);
    }

    public static ComponentHealth down(String name, String message, Map<String, Object> details) {
      return new ComponentHealth(name, Status.DOWN, message, details);
    }
  }
}
