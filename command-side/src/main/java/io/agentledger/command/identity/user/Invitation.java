package io.agentledger.command.identity.user;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.InvitationCommand.RevokeInvitation;
import io.agentledger.api.identity.event.InvitationEvent.InvitationAccepted;
import io.agentledger.api.identity.event.InvitationEvent.InvitationRevoked;
import io.agentledger.api.identity.event.InvitationEvent.UserInvited;
import io.agentledger.api.shared.IdentityRejection.InvitationInvalid;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.identity.shared.CredentialToken;
import io.agentledger.command.identity.shared.EventMetadata;
import io.agentledger.command.identity.shared.RoleScopes;
import java.time.Instant;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

/** Invitation of a user, who may join once with its token until it expires. */
@Aggregate(type = "Invitation")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Invitation {
  @AggregateIdentifier private InvitationId id;
  private TenantId tenant;
  private UserId user;
  private Role role;
  private Content email;
  private String secretHash;
  private Instant expiresAt;
  private boolean ended;

  Invitation() {}

  Invitation(UserInvited event) {
    apply(event, EventMetadata.of(event.tenantId()));
  }

  /** Invitation as accepted: tenant, user, role and email address. */
  record AcceptedInvitation(
      TenantId tenant, UserId user, Role role, Content email, MetaData metaData) {}

  /** Accepts the invitation; rejects a wrong token and an expired, used or revoked invitation. */
  AcceptedInvitation accept(CredentialToken token, Instant now) {
    if (ended || !now.isBefore(expiresAt) || !token.hashesTo(secretHash))
      throw new RejectionException(new InvitationInvalid());
    var metaData = EventMetadata.forSignIn(tenant, user);
    apply(new InvitationAccepted(id, user), metaData);
    return new AcceptedInvitation(tenant, user, role, email, metaData);
  }

  @CommandHandler
  void revoke(RevokeInvitation command, Caller caller, RoleScopes roleScopes) {
    if (!tenant.equals(caller.tenant()) && !caller.operator())
      throw new RejectionException(new NotFound("invitation", id.value()));
    RoleScopes.requireWithin(caller, roleScopes.scopesOf(tenant, role));
    if (!ended) apply(new InvitationRevoked(id), EventMetadata.of(tenant));
  }

  @EventSourcingHandler
  void on(UserInvited event) {
    id = event.invitationId();
    tenant = event.tenantId();
    user = event.userId();
    role = event.role();
    email = event.email();
    secretHash = event.secretHash();
    expiresAt = event.expiresAt();
  }

  @EventSourcingHandler
  void on(InvitationAccepted event) {
    ended = true;
  }

  @EventSourcingHandler
  void on(InvitationRevoked event) {
    ended = true;
  }
}
