package io.agentledger.command.claude.state;

import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRemembered;
import io.agentledger.api.session.event.ActionEvent.RememberScope;
import io.agentledger.command.support.BoundedMap;
import java.util.Map;
import java.util.Optional;

/** Decisions that people made for the whole session; the latest applies. Confined to one thread. */
public final class RememberedPermissions {
  /** What falls out is asked once more. */
  private static final int DECISIONS_MAX = 1000;

  private final Map<CallKey, Decision> calls = BoundedMap.insertionOrdered(DECISIONS_MAX);

  /**
   * @param inputDigest of its input; empty for the tool, whatever its input
   */
  private record CallKey(String tool, String inputDigest) {}

  void on(PermissionRemembered event) {
    String digest = event.scope() == RememberScope.CALL ? event.inputDigest() : "";
    if (event.scope() == RememberScope.TOOL) {
      calls.keySet().removeIf(call -> call.tool().equals(event.tool()));
    }
    CallKey call = new CallKey(event.tool(), digest);
    calls.remove(call); // So that the last word is the youngest.
    calls.put(call, event.decision());
  }

  /** What was said to calls with this input. */
  public Optional<Decision> findForCall(String tool, String inputDigest) {
    return Optional.ofNullable(calls.get(new CallKey(tool, inputDigest)));
  }

  /** What was said to the tool, whatever its input. */
  public Optional<Decision> findForTool(String tool) {
    return Optional.ofNullable(calls.get(new CallKey(tool, "")));
  }
}
