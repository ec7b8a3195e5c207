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

/** One login as it stands after the fact that {@link #sequence} names. */
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
  private @Nullable EndReason ending;

  protected LoginRow() {}

  /** When something happened to it, and from where. */
  record Moment(long sequence, Instant at, @Nullable String ip, @Nullable String userAgent) {}

  LoginRow(LoginStarted event, Moment moment) {
    this.id = event.loginId().value();
    this.tenant = event.tenantId().value();
    this.userId = event.userId().value();
    this.expiresAt = event.refreshUntil();
    this.startedAt = moment.at();
    this.sequence = 1;
    from(moment);
  }

  private void from(Moment moment) {
    ip = moment.ip();
    userAgent = moment.userAgent();
  }

  /** Once; again changes nothing. */
  void refreshed(LoginRefreshed event, Moment moment) {
    if (moment.sequence() <= sequence) return;
    sequence = moment.sequence();
    refreshedAt = moment.at();
    expiresAt = event.refreshUntil();
    from(moment);
  }

  void ended(LoginEnded event, Moment moment) {
    if (moment.sequence() > sequence) sequence = moment.sequence();
    ended(event.ending(), moment.at());
  }

  /** The first end is the end. */
  void ended(EndReason endReason, Instant at) {
    if (endedAt != null) return;
    this.endedAt = at;
    this.ending = endReason;
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

  /** From where it was started or last refreshed. */
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

  public @Nullable EndReason ending() {
    return ending;
  }
}
