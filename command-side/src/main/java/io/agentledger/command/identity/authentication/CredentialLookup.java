package io.agentledger.command.identity.authentication;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.ExternalIdentity;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.Authenticator;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.identity.shared.RoleScopes;
import io.agentledger.command.support.AccountStatus.Inactivity;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the caller of a valid credential by its primary key. Blocks. */
final class CredentialLookup {
  private static final String USER_AND_TENANT_ACTIVE = " and not u.disabled and not t.suspended";

  private final JdbcClient sql;
  private final RoleScopes roleScopes;
  private final Clock clock;

  CredentialLookup(DataSource dataSource, RoleScopes roleScopes, Clock clock) {
    this.sql = JdbcClient.create(dataSource);
    this.roleScopes = roleScopes;
    this.clock = clock;
  }

  /** Finds the caller of a key or an agent's token; compares the secret's hash in constant time. */
  Optional<CachedCaller> findByKey(CredentialId credential, byte[] sha256) {
    return sql.sql(
            """
            select k.credential, k.user_id, k.tenant, k.agent_id, k.scopes, k.sha256,
              k.old_sha256, k.old_expires_at, k.expires_at, u.role
            from identity_key k
            join identity_user u using (user_id) join identity_tenant t on t.tenant = k.tenant
            where k.credential = ? and not k.ended"""
                + USER_AND_TENANT_ACTIVE)
        .param(credential.value())
        .query((row, n) -> toCachedCaller(row, sha256))
        .optional()
        .flatMap(cachedCaller -> cachedCaller);
  }

  private Optional<CachedCaller> toCachedCaller(ResultSet row, byte[] sha256) throws SQLException {
    var now = clock.instant();
    var until = instant(row, "expires_at");
    boolean isCurrent = MessageDigest.isEqual(row.getBytes("sha256"), sha256);
    var oldUntil = instant(row, "old_expires_at");
    boolean isOld =
        now.isBefore(oldUntil)
            && row.getBytes("old_sha256") != null
            && MessageDigest.isEqual(row.getBytes("old_sha256"), sha256);
    if (!isCurrent && !isOld || !now.isBefore(until)) return Optional.empty();
    return Optional.of(
        new CachedCaller(keyCaller(row), isCurrent || until.isBefore(oldUntil) ? until : oldUntil));
  }

  private Caller keyCaller(ResultSet row) throws SQLException {
    var tenant = new TenantId(row.getString("tenant"));
    var user = new UserId(row.getString("user_id"));
    var role = Role.valueOf(row.getString("role"));
    var agent = row.getString("agent_id");
    var scopes = parseScopes(row.getString("scopes"));
    scopes.retainAll(roleScopes.scopesOf(tenant, role));
    if (agent != null) scopes.retainAll(Role.AGENT.scopes());
    return new Caller(
        tenant,
        user,
        agent == null
            ? Actor.ofUser(user)
            : new Actor(Actor.ActorType.AGENT, new AgentId(agent).value()),
        new CredentialId(row.getString("credential")),
        agent == null ? role : Role.AGENT,
        scopes,
        scopes.contains(Scope.TENANTS_WRITE),
        false);
  }

  /** Finds the caller of an active login. */
  Optional<CachedCaller> findByLogin(UserId user, CredentialId login) {
    return sql.sql(
            """
            select u.tenant, u.role, l.expires_at
            from identity_login l
            join identity_user u using (user_id) join identity_tenant t on t.tenant = u.tenant
            where l.credential = ? and l.user_id = ? and not l.ended and l.expires_at > ?"""
                + USER_AND_TENANT_ACTIVE)
        .params(login.value(), user.value(), Timestamp.from(clock.instant()))
        .query(
            (row, n) -> new CachedCaller(userCaller(row, user, login), instant(row, "expires_at")))
        .optional();
  }

  /** Finds the caller of an external issuer's token, if the recorded user matches its claims. */
  Optional<CachedCaller> findByExternalIdentity(
      ExternalIdentity externalIdentity, TenantId tenant, Role role) {
    return sql.sql(
            """
            select u.tenant, u.role from identity_user u join identity_tenant t using (tenant)
            where u.user_id = ? and u.tenant = ? and u.role = ?"""
                + USER_AND_TENANT_ACTIVE)
        .params(externalIdentity.userId().value(), tenant.value(), role.name())
        .query(
            (row, n) ->
                new CachedCaller(
                    userCaller(row, externalIdentity.userId(), externalIdentity.credential()),
                    Instant.MAX))
        .optional();
  }

  /** Finds an agent on behalf of the user who sent a query; see {@link Authenticator#agentOf}. */
  Optional<Caller> findAgentOf(Provenance initiator, AgentId agent, SessionId session) {
    if (initiator.actor().type() != Actor.ActorType.USER) return Optional.empty();
    var user = new UserId(initiator.actor().id());
    boolean byExecution = initiator.credential().equals(Provenance.SYSTEM);
    return sql.sql(
            """
            select u.role, coalesce(k.scopes, q.scopes) as scopes
            from identity_user u join identity_tenant t using (tenant)
            left join identity_key k on k.credential = ? and k.user_id = u.user_id
            left join execution_queue q on q.session_id = ? and q.status <> 'queued' and ?
            where u.user_id = ? and u.tenant = ? and k.ended is not true
              and (q.execution_id is not null or not ?)
              and (k.expires_at is null or k.expires_at > ?)"""
                + USER_AND_TENANT_ACTIVE)
        .params(
            initiator.credential().value(),
            session.value(),
            byExecution,
            user.value(),
            initiator.tenant().value(),
            byExecution,
            Timestamp.from(clock.instant()))
        .query((row, n) -> agentCaller(row, initiator, user, agent))
        .optional();
  }

  private Caller agentCaller(ResultSet row, Provenance initiator, UserId user, AgentId agent)
      throws SQLException {
    var scopes = EnumSet.copyOf(Role.AGENT.scopes());
    scopes.retainAll(roleScopes.scopesOf(initiator.tenant(), Role.valueOf(row.getString("role"))));
    @Nullable String keyScopes = row.getString("scopes");
    if (keyScopes != null) scopes.retainAll(parseScopes(keyScopes));
    return new Caller(
        initiator.tenant(),
        user,
        new Actor(Actor.ActorType.AGENT, agent.value()),
        initiator.credential(),
        Role.AGENT,
        scopes,
        false,
        false);
  }

  /** Returns why no run of the user begins; empty if the tenant and the user are active. */
  Optional<Inactivity> findInactivity(TenantId tenant, UserId user) {
    return sql.sql(
            """
            select
              exists (select 1 from identity_tenant where tenant = ? and suspended),
              exists (select 1 from identity_user where user_id = ? and disabled)""")
        .params(tenant.value(), user.value())
        .query((row, n) -> toInactivity(row.getBoolean(1), row.getBoolean(2)))
        .single();
  }

  private static Optional<Inactivity> toInactivity(boolean suspended, boolean disabled) {
    if (suspended) return Optional.of(Inactivity.TENANT_SUSPENDED);
    return disabled ? Optional.of(Inactivity.USER_DISABLED) : Optional.empty();
  }

  private static Set<Scope> parseScopes(String text) {
    var scopes = EnumSet.noneOf(Scope.class);
    for (var scope : text.split(" ")) if (!scope.isEmpty()) scopes.add(Scope.of(scope));
    return scopes;
  }

  private Caller userCaller(ResultSet row, UserId user, CredentialId credential)
      throws SQLException {
    var tenant = new TenantId(row.getString("tenant"));
    var role = Role.valueOf(row.getString("role"));
    Set<Scope> scopes = roleScopes.scopesOf(tenant, role);
    return new Caller(
        tenant,
        user,
        Actor.ofUser(user),
        credential,
        role,
        scopes,
        scopes.contains(Scope.TENANTS_WRITE),
        false);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    @Nullable Timestamp at = row.getTimestamp(column);
    if (at != null) return at.toInstant();
    return column.equals("old_expires_at") ? Instant.MIN : Instant.MAX;
  }
}
