package io.agentledger.api.identity;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Authenticated caller of a request and their permissions. Controllers send it as metadata with
 * every command and query; it is used by the handler only, and events contain {@link Provenance}
 * instead.
 *
 * @param user the user; for an agent's token, the user that it is bound to
 * @param actor the user, or the agent
 * @param scopes scopes of the role that the credential includes
 * @param operator whether the caller may operate the installation
 * @param localOwner whether this is the owner of the installation, on its own machine
 */
public record Caller(
    TenantId tenant,
    UserId user,
    Actor actor,
    CredentialId credential,
    Role role,
    Set<Scope> scopes,
    boolean operator,
    boolean localOwner) {
  /** Key of the metadata of a message. Messages do not leave the process, so it is the object. */
  private static final String KEY = "caller";

  public Caller {
    scopes = scopes.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(scopes));
  }

  /** Creates a caller with all permissions of the role in a tenant. */
  public static Caller ofUser(TenantId tenant, UserId user, CredentialId credential, Role role) {
    return new Caller(
        tenant, user, Actor.ofUser(user), credential, role, role.scopes(), false, false);
  }

  /** Creates the caller of the installation's owner: an operator with all permissions. */
  public static Caller localOwner(TenantId tenant, UserId user, CredentialId credential) {
    return new Caller(
        tenant,
        user,
        Actor.ofUser(user),
        credential,
        Role.ADMIN,
        EnumSet.allOf(Scope.class),
        true,
        true);
  }

  /**
   * Returns the service as the caller. It reads on behalf of several users whose access was checked
   * one by one.
   */
  public Caller asSystem() {
    return new Caller(
        tenant,
        user,
        Actor.SERVICE,
        credential,
        Role.AUDITOR,
        EnumSet.of(Scope.SESSIONS_READ, Scope.SESSIONS_READ_ALL),
        false,
        false);
  }

  public boolean has(Scope scope) {
    return scopes.contains(scope);
  }

  /**
   * Returns whether the caller may read deleted sessions until they are erased. Auditors may;
   * admins and the local owner may not, although they read all others.
   */
  public boolean canReadDeleted() {
    return role == Role.AUDITOR && has(Scope.SESSIONS_READ_ALL);
  }

  public Provenance provenance(String request) {
    return new Provenance(tenant, actor, credential, request);
  }

  /** Returns the metadata of a command or a query. */
  public Map<String, Object> asMetadata(String request) {
    return asMetadata(provenance(request));
  }

  /** Returns the metadata of a command or a query with the given provenance. */
  public Map<String, Object> asMetadata(Provenance provenance) {
    var metadata = new HashMap<>(provenance.asMetadata());
    metadata.put(KEY, isOf(provenance) ? this : of(provenance));
    return metadata;
  }

  private boolean isOf(Provenance provenance) {
    return tenant.equals(provenance.tenant())
        && actor.equals(provenance.actor())
        && credential.equals(provenance.credential());
  }

  private Caller of(Provenance provenance) {
    return new Caller(
        provenance.tenant(),
        user,
        provenance.actor(),
        provenance.credential(),
        role,
        scopes,
        operator,
        localOwner);
  }

  /** Returns the sender of a message; empty if the service itself sent it. */
  public static Optional<Caller> of(Map<String, ?> metadata) {
    return Optional.ofNullable((Caller) metadata.get(KEY)); // Another type must not be the service.
  }
}
