package io.agentledger.api.trigger;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.vault.SecretRef;
import java.util.List;

/**
 * Signature that a trigger demands.
 *
 * @param header name of the header, in lower case; empty except for the shared header
 * @param secrets any of which may have signed, so that a secret can be replaced: one or two, none
 *     without a signature
 */
public record TriggerSignature(
    SignatureScheme scheme, @ShownInAudit String header, List<SecretRef> secrets) {
  /** Maximum number of secrets. */
  public static final int SECRETS_MAX = 2;

  public TriggerSignature {
    secrets = List.copyOf(secrets);
  }

  /** Returns whether a webhook is known to come from its provider. */
  public boolean hasSecrets() {
    return !secrets.isEmpty();
  }
}
