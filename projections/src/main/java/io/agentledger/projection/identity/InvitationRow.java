package io.agentledger.projection.identity;

import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.event.InvitationEvent;
import io.agentledger.api.identity.event.InvitationEvent.InvitationAccepted;
import io.agentledger.api.identity.event.InvitationEvent.InvitationRevoked;
import io.agentledger.api.identity.event.InvitationEvent.UserInvited;
import io.agentledger.api.identity.query.InvitationView.Status;
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

/** State of one invitation after the event with the number {@link #sequence}. */
@Entity
@Table(name = "invitation_row")
@SuppressWarnings("NullAway.Init")
public class InvitationRow {
  @Id private String id;
  private String tenant;
  private String userId;

  @Enumerated(EnumType.STRING)
  private Role role;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent email;

  @Enumerated(EnumType.STRING)
  private Status status;

  private String invitedBy;
  private long sequence;
  private Instant createdAt;
  private Instant expiresAt;

  protected InvitationRow() {}

  /**
   * Creates the row of an invitation.
   *
   * @param actor inviting user, {@code type:id}
   */
  InvitationRow(UserInvited event, String actor, Instant at) {
    this.id = event.invitationId().value();
    this.tenant = event.tenantId().value();
    this.userId = event.userId().value();
    this.role = event.role();
    this.email = SealedContent.of(UserInvited.class, "email", event.email());
    this.status = Status.PENDING;
    this.invitedBy = actor;
    this.sequence = 1;
    this.createdAt = at;
    this.expiresAt = event.expiresAt();
  }

  /** Applies an event; does nothing if the row contains it already. */
  void apply(InvitationEvent event, long eventSequence) {
    if (eventSequence <= sequence) return;
    sequence = eventSequence;
    switch (event) {
      case UserInvited ignored -> {}
      case InvitationAccepted ignored -> status = Status.ACCEPTED;
      case InvitationRevoked ignored -> status = Status.REVOKED;
    }
  }

  public String id() {
    return id;
  }

  public String tenant() {
    return tenant;
  }

  /** Returns the id of the invited user; the address is sealed under their key. */
  public String userId() {
    return userId;
  }

  public Role role() {
    return role;
  }

  public @Nullable SealedContent email() {
    return email;
  }

  /** Returns the recorded status; an expired invitation is still recorded as pending. */
  public Status status() {
    return status;
  }

  public String invitedBy() {
    return invitedBy;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant expiresAt() {
    return expiresAt;
  }
}
