package io.agentledger.api.hook;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.vault.SecretRef;
import java.util.List;
import java.util.Map;

/** Target that a hook calls. */
public sealed interface HookTarget extends Discriminated {
  /**
   * Somebody else's server, by POST with JSON; it answers in the words of Claude Code's own hooks.
   *
   * @param url http or https, no user, no fragment
   * @param headers plain ones, shown to whoever may see the hook
   * @param secrets headers from vaults, each for its own server only
   */
  @StableName("http")
  record Http(String url, Map<String, String> headers, List<SecretRef> secrets, Signing signing)
      implements HookTarget {
    public Http {
      headers = Map.copyOf(headers);
      secrets = List.copyOf(secrets);
    }
  }

  /** Hook that the service itself provides. */
  @StableName("built_in")
  record BuiltIn(BuiltInHook service) implements HookTarget {}

  /** Kinds of built-in hooks. */
  enum BuiltInHook {
    /** Notes that the point was passed, on the record. */
    AUDIT,
    /** Counts how often it is passed. */
    METRICS,
    /** Denies what carries a credential. */
    SECRET_SCAN,
    /** Puts what is said there on the record, and so on every stream. */
    NOTIFICATION
  }

  /** Authentication of the service towards a hook's endpoint. */
  sealed interface Signing extends Discriminated {
    /** It does not. */
    @StableName("unsigned")
    record Unsigned() implements Signing {}

    /** By Standard Webhooks: HMAC-SHA256 over id, time and body. */
    @StableName("signed")
    record Signed(SecretRef secret) implements Signing {}
  }
}
