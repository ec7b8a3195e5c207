package io.agentledger.command.claude.state;

import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRemembered;
import io.agentledger.api.session.event.ActionEvent.RememberScope;
import io.agentledger.store.support.BoundedMap;
import java.util.Map;
import java.util.Optional;

/** Decisions that users made for the whole session; the latest applies. Confined to one thread. */
public final class RememberedPermissions {
  /**
   * Maximum number of decisions; the user is asked again about a call whose decision was evicted.
   */
  private static final int DECISIONS_MAX = 1000;

  private final Map<CallKey, Decision> calls = BoundedMap.insertionOrdered(DECISIONS_MAX);

  /**
   * @param inputDigest digest of the input; empty for any input of the tool
   */
  private record CallKey(String tool, String inputDigest) {}

  void on(PermissionRemembered event) {
    String digest = event.scope() == RememberScope.CALL ? event.inputDigest() : "";
    if (event.scope() == RememberScope.TOOL) {
      calls.keySet().removeIf(call -> call.tool().equals(event.tool()));
    }
    CallKey call = new CallKey(event.tool(), digest);
    calls.remove(call); // The latest decision becomes the newest entry.
    calls.put(call, event.decision());
  }

  /** Returns the decision about calls with this input. */
  public Optional<Decision> findForCall(String tool, String inputDigest) {
    return Optional.ofNullable(calls.get(new CallKey(tool, inputDigest)));
  }

  /** Returns the decision about the tool with any input. */
  public Optional<Decision> findForTool(String tool) {
    return Optional.ofNullable(calls.get(new CallKey(tool, "")));
  }
}
