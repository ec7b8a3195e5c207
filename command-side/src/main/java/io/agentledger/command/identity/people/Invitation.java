package io.agentledger.command.identity.people;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.InvitationCommand.RevokeInvitation;
import io.agentledger.api.identity.InvitationEvent.InvitationAccepted;
import io.agentledger.api.identity.InvitationEvent.InvitationRevoked;
import io.agentledger.api.identity.InvitationEvent.UserInvited;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.IdentityRejection.InvitationOver;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.command.identity.ground.Minted;
import io.agentledger.command.identity.ground.Stamp;
import java.time.Instant;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

/** That somebody may join: once, with the token that was shown, until it expires. */
@Aggregate
@SuppressWarnings("NullAway.Init") // The first event fills it.
class Invitation {
  @AggregateIdentifier private InvitationId id;
  private TenantId tenant;
  private UserId user;
  private Role role;
  private Content email;
  private String hash;
  private Instant expiresAt;
  private boolean over;

  Invitation() {}

  Invitation(UserInvited first) {
    apply(first, Stamp.of(first.tenantId()));
  }

  /** What was promised to whom. */
  record Promise(TenantId tenant, UserId user, Role role, Content email, MetaData by) {}

  /** Refuses all but the token itself, while it counts. */
  Promise accept(Minted token, Instant now) {
    if (over || !now.isBefore(expiresAt) || !token.hashesTo(hash))
      throw new Rejected(new InvitationOver());
    var by = Stamp.atTheDoor(tenant, user);
    apply(new InvitationAccepted(id, user), by);
    return new Promise(tenant, user, role, email, by);
  }

  @CommandHandler
  void revoke(RevokeInvitation command, Caller caller) {
    if (!tenant.equals(caller.tenant()) && !caller.operator())
      throw new Rejected(new NotFound("invitation", id.value()));
    if (!over) apply(new InvitationRevoked(id), Stamp.of(tenant));
  }

  @EventSourcingHandler
  void on(UserInvited event) {
    id = event.invitationId();
    tenant = event.tenantId();
    user = event.userId();
    role = event.role();
    email = event.email();
    hash = event.secretHash();
    expiresAt = event.expiresAt();
  }

  @EventSourcingHandler
  void on(InvitationAccepted event) {
    over = true;
  }

  @EventSourcingHandler
  void on(InvitationRevoked event) {
    over = true;
  }
}
