package io.agentledger.api.hook;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.audit.ShownInAudit.Extent;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.vault.SecretRef;
import java.util.List;
import java.util.Map;

/** Target that a hook calls. */
public sealed interface HookTarget extends Discriminated {
  /**
   * An external server that is called by POST with JSON; its response has the format of Claude
   * Code's hooks.
   *
   * @param url http or https, without user and fragment
   * @param headers plain headers, visible to all who may see the hook
   * @param secrets headers whose values are in vaults; each secret is bound to its server
   */
  @StableName("http")
  record Http(
      @ShownInAudit(Extent.ORIGIN) String url,
      Map<String, String> headers,
      List<SecretRef> secrets,
      Signing signing)
      implements HookTarget {
    public Http {
      headers = OrderedCopy.of(headers);
      secrets = List.copyOf(secrets);
    }
  }

  /** Hook that the service itself provides. */
  @StableName("built_in")
  record BuiltIn(BuiltInHook service) implements HookTarget {}

  /**
   * Built-in hook that validates the input of tools; the call is denied if it is invalid.
   *
   * @param schema JSON Schema, draft 2020-12, whose references are local and end
   */
  @StableName("validation")
  record Validation(Json schema) implements HookTarget {}

  /** Kinds of built-in hooks. */
  enum BuiltInHook {
    /** Records that the point was reached. */
    AUDIT,
    /** Counts how often the point is reached. */
    METRICS,
    /** Denies input that contains a credential. */
    SECRET_SCAN,
    /** Records the notification, and so sends it on every stream. */
    NOTIFICATION
  }

  /** Authentication of the service at a hook's endpoint. */
  sealed interface Signing extends Discriminated {
    /** No signature. */
    @StableName("unsigned")
    record Unsigned() implements Signing {}

    /** Signature of Standard Webhooks: HMAC-SHA256 over id, time and body. */
    @StableName("signed")
    record Signed(SecretRef secret) implements Signing {}
  }
}
