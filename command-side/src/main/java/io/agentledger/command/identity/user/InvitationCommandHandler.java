package io.agentledger.command.identity.user;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.InvitationCommand.AcceptInvitation;
import io.agentledger.api.identity.command.InvitationCommand.InviteUser;
import io.agentledger.api.identity.command.IssuedInvitation;
import io.agentledger.api.identity.event.InvitationEvent.UserInvited;
import io.agentledger.api.identity.event.UserEvent.ByInvitation;
import io.agentledger.api.shared.IdentityRejection.InvitationInvalid;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.identity.shared.CredentialToken;
import io.agentledger.command.identity.user.RegistrationCommandHandler.AccountCreator;
import io.agentledger.command.identity.user.RegistrationCommandHandler.NewUser;
import java.time.Clock;
import java.time.Duration;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.Repository;

/** Issues invitations, and creates the accounts of users who accept them. */
final class InvitationCommandHandler {
  private final Repository<Invitation> invitations;
  private final AccountCreator accountCreator;
  private final Clock clock;
  private final Duration validity;

  InvitationCommandHandler(
      Repository<Invitation> invitations,
      AccountCreator accountCreator,
      Clock clock,
      Duration validity) {
    this.invitations = invitations;
    this.accountCreator = accountCreator;
    this.clock = clock;
    this.validity = validity;
  }

  @CommandHandler
  IssuedInvitation invite(InviteUser command, Caller caller) throws Exception {
    authorize(command, caller);
    if (accountCreator.accounts().isEmailTaken(command.email())) throw AccountTable.emailTaken();
    var token = CredentialToken.generate(CredentialToken.Kind.INVITATION, command.invitationId());
    var expiresAt = clock.instant().plus(validity);
    var email =
        accountCreator
            .sealer()
            .seal(command.userId(), UserInvited.class, "email", command.email().value());
    var invited =
        new UserInvited(
            command.invitationId(),
            command.tenantId(),
            command.userId(),
            command.role(),
            email,
            token.hash(),
            expiresAt);
    invitations.newInstance(() -> new Invitation(invited));
    return new IssuedInvitation(
        command.invitationId(), command.userId(), expiresAt, token.secret());
  }

  private void authorize(InviteUser command, Caller caller) {
    boolean isOwn = command.tenantId().equals(caller.tenant());
    if (!isOwn && !caller.operator()
        || !accountCreator.accounts().isTenantActive(command.tenantId()))
      throw new RejectionException(new NotFound("tenant", command.tenantId().value()));
  }

  @CommandHandler
  UserId accept(AcceptInvitation command) throws Exception {
    var token =
        CredentialToken.parse(command.token().value())
            .filter(credentialToken -> credentialToken.kind() == CredentialToken.Kind.INVITATION)
            .orElseThrow(InvitationCommandHandler::invitationEnded);
    var id = new InvitationId(InvitationId.PREFIX + "_" + token.idBody());
    var acceptedInvitation =
        load(id).invoke(invitation -> invitation.accept(token, clock.instant()));
    if (!accountCreator.accounts().isTenantActive(acceptedInvitation.tenant()))
      throw invitationEnded();
    var user = acceptedInvitation.user();
    var address =
        new EmailAddress(
            accountCreator
                .sealer()
                .open(user, UserInvited.class, "email", acceptedInvitation.email()));
    var newUser =
        new NewUser(
            user, acceptedInvitation.tenant(), acceptedInvitation.role(), new ByInvitation(id));
    accountCreator.createAccount(
        accountCreator.registrationEvent(newUser, command.name(), address),
        address,
        accountCreator.passwordHasher().hash(command.password()),
        acceptedInvitation.metaData());
    return user;
  }

  private Aggregate<Invitation> load(InvitationId id) {
    try {
      return invitations.load(id.value());
    } catch (AggregateNotFoundException e) {
      throw invitationEnded();
    }
  }

  private static RejectionException invitationEnded() {
    return new RejectionException(new InvitationInvalid());
  }
}
