package io.agentledger.command.identity.caller;

import io.agentledger.api.identity.KeyEvent.Agent;
import io.agentledger.api.identity.KeyEvent.ApiKeyExpired;
import io.agentledger.api.identity.KeyEvent.ApiKeyIssued;
import io.agentledger.api.identity.KeyEvent.ApiKeyRevoked;
import io.agentledger.api.identity.KeyEvent.ApiKeyRotated;
import io.agentledger.api.identity.KeyEvent.Until;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.LoginEvent.LoginEnded;
import io.agentledger.api.identity.LoginEvent.LoginStarted;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantEvent.TenantFounded;
import io.agentledger.api.identity.TenantEvent.TenantResumed;
import io.agentledger.api.identity.TenantEvent.TenantSuspended;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserEvent.LoginsEnded;
import io.agentledger.api.identity.UserEvent.UserDisabled;
import io.agentledger.api.identity.UserEvent.UserEnabled;
import io.agentledger.api.identity.UserEvent.UserRegistered;
import io.agentledger.api.identity.UserEvent.UserRoleChanged;
import io.agentledger.api.identity.UserId;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Keeps who may come in, in the transaction of the events that say so: when a revocation is
 * committed, the next look-up on any node sees it. It is no projection, and lags behind nothing.
 */
@ProcessingGroup(StandingRecord.GROUP)
class StandingRecord {
  static final String GROUP = "identity-standing";

  private final JdbcClient sql;

  StandingRecord(JdbcClient sql) {
    this.sql = sql;
  }

  @EventHandler
  void on(TenantFounded event) {
    update(
        "insert into identity_tenant (tenant, suspended) values (?, false)",
        event.tenantId().value());
  }

  @EventHandler
  void on(TenantSuspended event) {
    suspended(event.tenantId(), true);
  }

  @EventHandler
  void on(TenantResumed event) {
    suspended(event.tenantId(), false);
  }

  private void suspended(TenantId tenant, boolean suspended) {
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
    disabled(event.userId(), true);
  }

  @EventHandler
  void on(UserEnabled event) {
    disabled(event.userId(), false);
  }

  private void disabled(UserId user, boolean disabled) {
    update("update identity_user set disabled = ? where user_id = ?", disabled, user.value());
  }

  @EventHandler
  void on(LoginsEnded event) {
    update(
        """
        update identity_login set over = true
        where user_id = ? and not over and not credential = any (?)""",
        event.userId().value(),
        event.besides().stream().map(KeyId::value).toArray(String[]::new));
  }

  @EventHandler
  void on(LoginStarted event) {
    update(
        "insert into identity_login (credential, user_id, over, ends_at) values (?, ?, false, ?)",
        event.loginId().value(),
        event.userId().value(),
        Timestamp.from(event.endsAt()));
  }

  @EventHandler
  void on(LoginEnded event) {
    update("update identity_login set over = true where credential = ?", event.loginId().value());
  }

  @EventHandler
  void on(ApiKeyIssued event) {
    update(
        """
        insert into identity_key
          (credential, user_id, tenant, agent_id, scopes, sha256, expires_at, over)
        values (?, ?, ?, ?, ?, ?, ?, false)""",
        event.keyId().value(),
        event.owner().value(),
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
        update identity_key set old_sha256 = sha256, old_until = ?, sha256 = ?
        where credential = ?""",
        Timestamp.from(at.plus(event.overlap())),
        HexFormat.of().parseHex(event.secretHash()),
        event.keyId().value());
  }

  @EventHandler
  void on(ApiKeyRevoked event) {
    over(event.keyId());
  }

  @EventHandler
  void on(ApiKeyExpired event) {
    over(event.keyId());
  }

  private void over(KeyId key) {
    update("update identity_key set over = true where credential = ?", key.value());
  }

  private void update(String statement, @Nullable Object... values) {
    sql.sql(statement).params(java.util.Arrays.asList(values)).update();
  }
}
