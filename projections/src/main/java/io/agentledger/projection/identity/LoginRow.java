package io.agentledger.projection.identity;

import io.agentledger.api.identity.event.LoginEvent.EndReason;
import io.agentledger.api.identity.event.LoginEvent.LoginEnded;
import io.agentledger.api.identity.event.LoginEvent.LoginRefreshed;
import io.agentledger.api.identity.event.LoginEvent.LoginStarted;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** State of one login after the event with the number {@link #sequence}. */
@Entity
@Table(name = "login_row")
@SuppressWarnings("NullAway.Init")
public class LoginRow {
  @Id private String id;
  private String tenant;
  private String userId;
  private @Nullable String ip;
  private @Nullable String userAgent;
  private long sequence;
  private Instant startedAt;
  private @Nullable Instant refreshedAt;
  private Instant expiresAt;
  private @Nullable Instant endedAt;

  @Enumerated(EnumType.STRING)
  private @Nullable EndReason endReason;

  protected LoginRow() {}

  /** Time and origin of a login's request. */
  record LoginRequestData(
      long sequence, Instant at, @Nullable String ip, @Nullable String userAgent) {}

  LoginRow(LoginStarted event, LoginRequestData loginRequestData) {
    this.id = event.loginId().value();
    this.tenant = event.tenantId().value();
    this.userId = event.userId().value();
    this.expiresAt = event.refreshExpiresAt();
    this.startedAt = loginRequestData.at();
    this.sequence = 1;
    setRequestData(loginRequestData);
  }

  private void setRequestData(LoginRequestData loginRequestData) {
    ip = loginRequestData.ip();
    userAgent = loginRequestData.userAgent();
  }

  /** Applies a refresh. Idempotent. */
  void onRefreshed(LoginRefreshed event, LoginRequestData loginRequestData) {
    if (loginRequestData.sequence() <= sequence) return;
    sequence = loginRequestData.sequence();
    refreshedAt = loginRequestData.at();
    expiresAt = event.refreshExpiresAt();
    setRequestData(loginRequestData);
  }

  void onEnded(LoginEnded event, LoginRequestData loginRequestData) {
    if (loginRequestData.sequence() > sequence) sequence = loginRequestData.sequence();
    onEnded(event.endReason(), loginRequestData.at());
  }

  /** Ends the login; does nothing if it has ended already. */
  void onEnded(EndReason endReason, Instant at) {
    if (endedAt != null) return;
    this.endedAt = at;
    this.endReason = endReason;
  }

  public String id() {
    return id;
  }

  public String tenant() {
    return tenant;
  }

  public String userId() {
    return userId;
  }

  /** Returns the address of the sign-in or of the last refresh. */
  public @Nullable String ip() {
    return ip;
  }

  public @Nullable String userAgent() {
    return userAgent;
  }

  public Instant startedAt() {
    return startedAt;
  }

  public @Nullable Instant refreshedAt() {
    return refreshedAt;
  }

  public Instant expiresAt() {
    return expiresAt;
  }

  public @Nullable Instant endedAt() {
    return endedAt;
  }

  public @Nullable EndReason endReason() {
    return endReason;
  }
}
