package io.agentledger.command.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.QuotaEvent.StorageClaimed;
import io.agentledger.api.quota.QuotaEvent.StorageMeasured;
import java.util.HashMap;
import java.util.Map;

/**
 * Storage of users' workspaces and content: the sizes measured on each node, and claims since then.
 */
final class StorageUsage {
  private Map<String, Map<String, Long>> measured = new HashMap<>();
  private Map<String, Long> claimed = new HashMap<>();

  long bytes(UserId user) {
    long known =
        measured.getOrDefault(user.value(), Map.of()).values().stream()
            .mapToLong(Long::longValue)
            .sum();
    return known + claimed.getOrDefault(user.value(), 0L);
  }

  long measured(UserId user, String node) {
    return measured.getOrDefault(user.value(), Map.of()).getOrDefault(node, 0L);
  }

  boolean isClaimed(UserId user) {
    return claimed.containsKey(user.value());
  }

  void on(StorageClaimed event) {
    claimed.merge(event.userId().value(), event.bytes(), Long::sum);
  }

  void on(StorageMeasured event) {
    claimed.remove(event.userId().value());
    measured
        .computeIfAbsent(event.userId().value(), user -> new HashMap<>())
        .put(event.node(), event.bytes());
  }
}
