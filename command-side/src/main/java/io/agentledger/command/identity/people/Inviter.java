package io.agentledger.command.identity.people;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.InvitationCommand.AcceptInvitation;
import io.agentledger.api.identity.InvitationCommand.Invite;
import io.agentledger.api.identity.InvitationEvent.UserInvited;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.IssuedInvitation;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserEvent.ByInvitation;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.IdentityRejection.IdentityRefused;
import io.agentledger.api.shared.IdentityRejection.InvitationOver;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.command.identity.ground.Minted;
import io.agentledger.command.identity.people.Registrar.Joiners;
import io.agentledger.command.identity.people.Registrar.Newcomer;
import java.time.Clock;
import java.time.Duration;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.Repository;

/** Invites people, and lets those join who come with the token. */
final class Inviter {
  private final Repository<Invitation> invitations;
  private final Joiners joiners;
  private final Clock clock;
  private final Duration validity;

  Inviter(Repository<Invitation> invitations, Joiners joiners, Clock clock, Duration validity) {
    this.invitations = invitations;
    this.joiners = joiners;
    this.clock = clock;
    this.validity = validity;
  }

  @CommandHandler
  IssuedInvitation invite(Invite command, Caller caller) throws Exception {
    admit(command, caller);
    if (joiners.accounts().isTaken(command.email())) throw Accounts.taken();
    var token = Minted.of(Minted.Kind.INVITATION, command.invitationId());
    var expiresAt = clock.instant().plus(validity);
    var email =
        joiners
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

  private void admit(Invite command, Caller caller) {
    boolean own = command.tenantId().equals(caller.tenant());
    if (!own && !caller.operator() || !joiners.accounts().isOpen(command.tenantId()))
      throw new Rejected(new NotFound("tenant", command.tenantId().value()));
    if (command.role() == Role.AGENT)
      throw new Rejected(
          new IdentityRefused(
              "role_not_for_people", "The role agent is for the tokens of agents."));
  }

  @CommandHandler
  UserId accept(AcceptInvitation command) throws Exception {
    var token =
        Minted.read(command.token().value())
            .filter(read -> read.kind() == Minted.Kind.INVITATION)
            .orElseThrow(Inviter::over);
    var id = new InvitationId(InvitationId.PREFIX + "_" + token.idBody());
    var promise = load(id).invoke(known -> known.accept(token, clock.instant()));
    if (!joiners.accounts().isOpen(promise.tenant())) throw over();
    var user = promise.user();
    var address =
        new EmailAddress(joiners.sealer().open(user, UserInvited.class, "email", promise.email()));
    var who = new Newcomer(user, promise.tenant(), promise.role(), new ByInvitation(id));
    joiners.join(
        joiners.registered(who, command.name(), address),
        address,
        joiners.hashing().hash(command.password()),
        promise.by());
    return user;
  }

  private Aggregate<Invitation> load(InvitationId id) {
    try {
      return invitations.load(id.value());
    } catch (AggregateNotFoundException unknown) {
      throw over();
    }
  }

  private static Rejected over() {
    return new Rejected(new InvitationOver());
  }
}
