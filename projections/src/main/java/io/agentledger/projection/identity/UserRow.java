package io.agentledger.projection.identity;

import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.event.UserEvent;
import io.agentledger.api.identity.event.UserEvent.AsLocalOwner;
import io.agentledger.api.identity.event.UserEvent.ByInvitation;
import io.agentledger.api.identity.event.UserEvent.BySignUp;
import io.agentledger.api.identity.event.UserEvent.FromIssuer;
import io.agentledger.api.identity.event.UserEvent.JoinMethod;
import io.agentledger.api.identity.event.UserEvent.PasswordSet;
import io.agentledger.api.identity.event.UserEvent.UserDisabled;
import io.agentledger.api.identity.event.UserEvent.UserEmailChanged;
import io.agentledger.api.identity.event.UserEvent.UserEnabled;
import io.agentledger.api.identity.event.UserEvent.UserLoginsEnded;
import io.agentledger.api.identity.event.UserEvent.UserRegistered;
import io.agentledger.api.identity.event.UserEvent.UserRenamed;
import io.agentledger.api.identity.event.UserEvent.UserRoleChanged;
import io.agentledger.api.identity.query.UserView.Status;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One person as they stand after the fact that {@link #sequence} names. */
@Entity
@Table(name = "user_row")
@SuppressWarnings("NullAway.Init")
public class UserRow {
  @Id private String id;
  private String tenant;

  @Enumerated(EnumType.STRING)
  private Role role;

  @Enumerated(EnumType.STRING)
  private Status status;

  private String joined;
  private @Nullable String issuer;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent name;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent email;

  private long sequence;
  private Instant createdAt;
  private Instant updatedAt;

  protected UserRow() {}

  UserRow(UserRegistered event, Instant at) {
    this.id = event.userId().value();
    this.tenant = event.tenantId().value();
    this.role = event.role();
    this.status = Status.ACTIVE;
    this.joined = joined(event.joining());
    this.issuer = event.joining() instanceof FromIssuer from ? from.issuer() : null;
    this.name = SealedContent.seal(UserRegistered.class, "name", event.name());
    this.email = SealedContent.seal(UserRegistered.class, "email", event.email());
    this.sequence = 1;
    this.createdAt = at;
    this.updatedAt = at;
  }

  private static String joined(JoinMethod joinMethod) {
    return switch (joinMethod) {
      case AsLocalOwner ignored -> "local_owner";
      case BySignUp ignored -> "sign_up";
      case ByInvitation ignored -> "invitation";
      case FromIssuer ignored -> "issuer";
    };
  }

  /** Takes in one fact; one that it has seen already changes nothing. */
  void apply(UserEvent event, long factSequence, Instant at) {
    if (factSequence <= sequence) return;
    sequence = factSequence;
    updatedAt = at;
    switch (event) {
      case UserRegistered ignored -> {}
      case UserRenamed renamed ->
          name = SealedContent.seal(UserRenamed.class, "name", renamed.name());
      case UserEmailChanged moved ->
          email = SealedContent.seal(UserEmailChanged.class, "email", moved.email());
      case UserRoleChanged changed -> role = changed.role();
      case UserDisabled ignored -> status = Status.DISABLED;
      case UserEnabled ignored -> status = Status.ACTIVE;
      case PasswordSet ignored -> {}
      case UserLoginsEnded ignored -> {}
    }
  }

  public String id() {
    return id;
  }

  public String tenant() {
    return tenant;
  }

  public Role role() {
    return role;
  }

  public Status status() {
    return status;
  }

  /** {@code local_owner}, {@code sign_up}, {@code invitation} or {@code issuer}. */
  public String joined() {
    return joined;
  }

  public @Nullable String issuer() {
    return issuer;
  }

  public @Nullable SealedContent name() {
    return name;
  }

  public @Nullable SealedContent email() {
    return email;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant updatedAt() {
    return updatedAt;
  }
}
