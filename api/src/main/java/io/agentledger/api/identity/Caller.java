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
 * every command and query; it goes no further than the handler, and events keep {@link Provenance}
 * only.
 *
 * @param user the person; of an agent's token the one that it is bound to
 * @param actor the person, or the agent
 * @param scopes the role's, less what the credential leaves out
 * @param operator whether the installation is theirs to run
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

  /** A person with all that the role gives in a tenant. */
  public static Caller ofUser(TenantId tenant, UserId user, CredentialId credential, Role role) {
    return new Caller(
        tenant, user, Actor.ofUser(user), credential, role, role.scopes(), false, false);
  }

  /** The owner of the installation: an operator, who may do everything. */
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

  /** The service itself, reading on behalf of several readers that were admitted one by one. */
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

  public Provenance provenance(String request) {
    return new Provenance(tenant, actor, credential, request);
  }

  /** What goes with a command or a query. */
  public Map<String, Object> asMetadata(String request) {
    return asMetadata(provenance(request));
  }

  /** The same, where more is known of the request. */
  public Map<String, Object> asMetadata(Provenance provenance) {
    var metadata = new HashMap<>(provenance.asMetadata());
    metadata.put(USER, user.value());
    metadata.put(ROLE, role.name());
    metadata.put(SCOPES, scopes.stream().map(Scope::wireName).collect(Collectors.joining(" ")));
    metadata.put(OPERATOR, operator);
    metadata.put(LOCAL_OWNER, localOwner);
    return metadata;
  }

  /** Who sent a message; empty when it came from inside the house. */
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
