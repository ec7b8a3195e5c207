package io.agentledger.command.identity.shared;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Ids;
import java.util.Map;
import org.axonframework.messaging.MetaData;

/**
 * Metadata of events whose tenant or actor differs from the command's: the user of a login is known
 * only after it is checked, and an operator's command for another tenant causes an event of that
 * tenant. Request and source are those of the command.
 */
public final class EventMetadata {
  private static final String SIGN_IN = "sign-in";

  private EventMetadata() {}

  public static MetaData of(TenantId tenant, Actor actor, CredentialId credential) {
    return MetaData.from(
        Map.of(
            Provenance.TENANT, tenant.value(),
            Provenance.ACTOR, actor.toString(),
            Provenance.CREDENTIAL, credential.value()));
  }

  /** Returns the metadata of an event in another tenant than the sender's. */
  public static MetaData of(TenantId tenant) {
    return MetaData.with(Provenance.TENANT, tenant.value());
  }

  /**
   * Returns the metadata of an event that a user caused with their password, before they have a
   * credential.
   */
  public static MetaData forSignIn(TenantId tenant, UserId user) {
    return of(tenant, Actor.ofUser(user), signInCredential(user));
  }

  /**
   * Returns the credential id that represents sign-ins of an account; events of rejected sign-ins
   * contain it.
   */
  public static CredentialId signInCredential(UserId user) {
    return new CredentialId(Ids.derived(CredentialId.PREFIX, SIGN_IN, user.value()));
  }

  /** Returns the credential id that represents sign-ins to accounts that do not exist. */
  public static CredentialId anonymousSignInCredential() {
    return new CredentialId(Ids.derived(CredentialId.PREFIX, SIGN_IN));
  }

  /** Returns the metadata of commands that the service itself sends. */
  public static MetaData forSystem(TenantId tenant, String request) {
    return MetaData.from(Provenance.ofSystem(tenant, request).asMetadata());
  }

  /** Returns the source of a message. */
  public static RequestSource source(Map<String, ?> metadata) {
    return new RequestSource(text(metadata, Provenance.IP), text(metadata, Provenance.USER_AGENT));
  }

  private static String text(Map<String, ?> metadata, String key) {
    return metadata.get(key) instanceof String text ? text : "";
  }
}
