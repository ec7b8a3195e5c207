package io.agentledger.command.claude.state;

import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRemembered;
import io.agentledger.api.session.event.ActionEvent.RememberScope;
import io.agentledger.command.support.BoundedMap;
import java.util.Map;
import java.util.Optional;

/** What people decided once for all of a session; the last word counts. One thread's own. */
public final class RememberedPermissions {
  /** What falls out is asked once more. */
  private static final int DECISIONS_MAX = 1000;

  private final Map<Call, Decision> calls = BoundedMap.put(DECISIONS_MAX);

  /**
   * @param digest of its input; empty for the tool, whatever its input
   */
  private record Call(String tool, String digest) {}

  void on(PermissionRemembered said) {
    String digest = said.reach() == RememberScope.CALL ? said.inputDigest() : "";
    if (said.reach() == RememberScope.TOOL) {
      calls.keySet().removeIf(call -> call.tool().equals(said.tool()));
    }
    Call call = new Call(said.tool(), digest);
    calls.remove(call); // So that the last word is the youngest.
    calls.put(call, said.decision());
  }

  /** What was said to this call, or to its tool; to the call counts more. */
  public Optional<Decision> find(String tool, String inputDigest) {
    return Optional.ofNullable(calls.get(new Call(tool, inputDigest)))
        .or(() -> Optional.ofNullable(calls.get(new Call(tool, ""))));
  }
}
