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

/** State of one user after the event with the number {@link #sequence}. */
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

  private String joinMethod;
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
    this.joinMethod = joinMethodOf(event.joinMethod());
    this.issuer = event.joinMethod() instanceof FromIssuer from ? from.issuer() : null;
    this.name = SealedContent.of(UserRegistered.class, "name", event.name());
    this.email = SealedContent.of(UserRegistered.class, "email", event.email());
    this.sequence = 1;
    this.createdAt = at;
    this.updatedAt = at;
  }

  private static String joinMethodOf(JoinMethod joinMethod) {
    return switch (joinMethod) {
      case AsLocalOwner ignored -> "local_owner";
      case BySignUp ignored -> "sign_up";
      case ByInvitation ignored -> "invitation";
      case FromIssuer ignored -> "issuer";
    };
  }

  /** Applies an event; does nothing if the row contains it already. */
  void apply(UserEvent event, long eventSequence, Instant at) {
    if (eventSequence <= sequence) return;
    sequence = eventSequence;
    updatedAt = at;
    switch (event) {
      case UserRegistered ignored -> {}
      case UserRenamed renamed ->
          name = SealedContent.of(UserRenamed.class, "name", renamed.name());
      case UserEmailChanged userEmailChanged ->
          email = SealedContent.of(UserEmailChanged.class, "email", userEmailChanged.email());
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
  public String joinMethod() {
    return joinMethod;
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
