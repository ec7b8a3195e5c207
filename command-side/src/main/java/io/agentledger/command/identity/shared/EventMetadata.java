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
 * For whom and by whom an event is, where its command could not say: who signs in is known only
 * afterwards, and what an operator does in another tenant is an event of that tenant. Request and
 * source stay the command's.
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

  /** In another tenant than the sender's. */
  public static MetaData of(TenantId tenant) {
    return MetaData.with(Provenance.TENANT, tenant.value());
  }

  /** What a person does before there is anything else to know them by: their password. */
  public static MetaData forSignIn(TenantId tenant, UserId user) {
    return of(tenant, Actor.ofUser(user), signInCredential(user));
  }

  /** Stands for an account's sign-ins: its refused ones are events of this credential. */
  public static CredentialId signInCredential(UserId user) {
    return new CredentialId(Ids.derived(CredentialId.PREFIX, SIGN_IN, user.value()));
  }

  /** Stands for sign-ins to accounts that do not exist. */
  public static CredentialId anonymousSignInCredential() {
    return new CredentialId(Ids.derived(CredentialId.PREFIX, SIGN_IN));
  }

  /** Of commands that the service sends by itself. */
  public static MetaData forSystem(TenantId tenant, String request) {
    return MetaData.from(Provenance.ofSystem(tenant, request).asMetadata());
  }

  /** From where a message came. */
  public static RequestSource source(Map<String, ?> metadata) {
    return new RequestSource(text(metadata, Provenance.IP), text(metadata, Provenance.USER_AGENT));
  }

  private static String text(Map<String, ?> metadata, String key) {
    return metadata.get(key) instanceof String text ? text : "";
  }
}
