package io.agentledger.api.identity;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
  private static final String USER = "caller.user";
  private static final String ROLE = "caller.role";
  private static final String SCOPES = "caller.scopes";
  private static final String OPERATOR = "caller.operator";
  private static final String LOCAL_OWNER = "caller.local_owner";

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
    metadata.put(USER, user.value());
    metadata.put(ROLE, role.name());
    metadata.put(SCOPES, scopes.stream().map(Scope::wireName).collect(Collectors.joining(" ")));
    metadata.put(OPERATOR, operator);
    metadata.put(LOCAL_OWNER, localOwner);
    return metadata;
  }

  /** Returns the sender of a message; empty if the service itself sent it. */
  public static Optional<Caller> of(Map<String, ?> metadata) {
    if (!(metadata.get(ROLE) instanceof String role)) return Optional.empty();
    var provenance = Provenance.of(metadata);
    var scopes = EnumSet.noneOf(Scope.class);
    for (var scope : String.valueOf(metadata.get(SCOPES)).split(" "))
      if (!scope.isEmpty()) scopes.add(Scope.of(scope));
    return Optional.of(
        new Caller(
            provenance.tenant(),
            new UserId(String.valueOf(metadata.get(USER))),
            provenance.actor(),
            provenance.credential(),
            Role.valueOf(role),
            scopes,
            Boolean.TRUE.equals(metadata.get(OPERATOR)),
            Boolean.TRUE.equals(metadata.get(LOCAL_OWNER))));
  }
}
