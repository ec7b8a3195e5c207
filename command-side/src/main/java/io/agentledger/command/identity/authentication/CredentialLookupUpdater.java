package io.agentledger.command.identity.authentication;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.event.ApiKeyEvent.Agent;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyExpired;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyIssued;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyRevoked;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyRotated;
import io.agentledger.api.identity.event.ApiKeyEvent.Until;
import io.agentledger.api.identity.event.LoginEvent.LoginEnded;
import io.agentledger.api.identity.event.LoginEvent.LoginStarted;
import io.agentledger.api.identity.event.TenantEvent.TenantCreated;
import io.agentledger.api.identity.event.TenantEvent.TenantResumed;
import io.agentledger.api.identity.event.TenantEvent.TenantSuspended;
import io.agentledger.api.identity.event.UserEvent.UserDisabled;
import io.agentledger.api.identity.event.UserEvent.UserEnabled;
import io.agentledger.api.identity.event.UserEvent.UserLoginsEnded;
import io.agentledger.api.identity.event.UserEvent.UserRegistered;
import io.agentledger.api.identity.event.UserEvent.UserRoleChanged;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Updates the tables of valid credentials in the transaction of the events: after a revocation is
 * committed, the next lookup on any node sees it. Unlike a projection it has no delay.
 */
@ProcessingGroup(CredentialLookupUpdater.GROUP)
class CredentialLookupUpdater {
  static final String GROUP = "credential-lookup";

  private final JdbcClient sql;

  CredentialLookupUpdater(JdbcClient sql) {
    this.sql = sql;
  }

  @EventHandler
  void on(TenantCreated event) {
    update(
        "insert into identity_tenant (tenant, suspended) values (?, false)",
        event.tenantId().value());
  }

  @EventHandler
  void on(TenantSuspended event) {
    setSuspended(event.tenantId(), true);
  }

  @EventHandler
  void on(TenantResumed event) {
    setSuspended(event.tenantId(), false);
  }

  private void setSuspended(TenantId tenant, boolean suspended) {
    update("update identity_tenant set suspended = ? where tenant = ?", suspended, tenant.value());
  }

  @EventHandler
  void on(UserRegistered event) {
    update(
        "insert into identity_user (user_id, tenant, role, disabled) values (?, ?, ?, false)",
        event.userId().value(),
        event.tenantId().value(),
        event.role().name());
  }

  @EventHandler
  void on(UserRoleChanged event) {
    update(
        "update identity_user set role = ? where user_id = ?",
        event.role().name(),
        event.userId().value());
  }

  @EventHandler
  void on(UserDisabled event) {
    setDisabled(event.userId(), true);
  }

  @EventHandler
  void on(UserEnabled event) {
    setDisabled(event.userId(), false);
  }

  private void setDisabled(UserId user, boolean disabled) {
    update("update identity_user set disabled = ? where user_id = ?", disabled, user.value());
  }

  @EventHandler
  void on(UserLoginsEnded event) {
    update(
        """
        update identity_login set ended = true
        where user_id = ? and not ended and not credential = any (?)""",
        event.userId().value(),
        event.exceptLoginIds().stream().map(CredentialId::value).toArray(String[]::new));
  }

  @EventHandler
  void on(LoginStarted event) {
    update(
        "insert into identity_login (credential, user_id, ended, expires_at) values (?, ?, false, ?)",
        event.loginId().value(),
        event.userId().value(),
        Timestamp.from(event.expiresAt()));
  }

  @EventHandler
  void on(LoginEnded event) {
    update("update identity_login set ended = true where credential = ?", event.loginId().value());
  }

  @EventHandler
  void on(ApiKeyIssued event) {
    update(
        """
        insert into identity_key
          (credential, user_id, tenant, agent_id, scopes, sha256, expires_at, ended)
        values (?, ?, ?, ?, ?, ?, ?, false)""",
        event.keyId().value(),
        event.ownerId().value(),
        event.tenantId().value(),
        event.bearer() instanceof Agent agent ? agent.agentId().value() : null,
        event.scopes().stream().map(Scope::wireName).collect(Collectors.joining(" ")),
        HexFormat.of().parseHex(event.secretHash()),
        event.validity() instanceof Until until ? Timestamp.from(until.expiresAt()) : null);
  }

  @EventHandler
  void on(ApiKeyRotated event, @org.axonframework.eventhandling.Timestamp Instant at) {
    update(
        """
        update identity_key set old_sha256 = sha256, old_expires_at = ?, sha256 = ?
        where credential = ?""",
        Timestamp.from(at.plus(event.overlap())),
        HexFormat.of().parseHex(event.secretHash()),
        event.keyId().value());
  }

  @EventHandler
  void on(ApiKeyRevoked event) {
    markEnded(event.keyId());
  }

  @EventHandler
  void on(ApiKeyExpired event) {
    markEnded(event.keyId());
  }

  private void markEnded(CredentialId credentialId) {
    update("update identity_key set ended = true where credential = ?", credentialId.value());
  }

  private void update(String statement, @Nullable Object... values) {
    sql.sql(statement).params(java.util.Arrays.asList(values)).update();
  }
}
