package io.agentledger.command.identity.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
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
import io.agentledger.command.identity.shared.RoleScopes;
import java.time.Instant;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Repository;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InvitationTest {
  private static final InvitationId ID = InvitationId.next();
  private static final TenantId TENANT = TenantId.next();
  private static final UserId INVITED = UserId.next();
  private static final CredentialToken TOKEN =
      CredentialToken.generate(CredentialToken.Kind.INVITATION, ID);
  private static final Instant EXPIRES = Instant.parse("2026-11-27T12:00:00Z");

  private final AggregateTestFixture<Invitation> invitation =
      new AggregateTestFixture<>(Invitation.class);

  /** Command with the token of an invitation. */
  private record PresentInvitation(CredentialToken token, Instant now) {}

  private record AcceptanceHandler(Repository<Invitation> invitations) {
    @CommandHandler
    void on(PresentInvitation presentInvitation) {
      invitations
          .load(ID.value())
          .execute(known -> known.accept(presentInvitation.token(), presentInvitation.now()));
    }
  }

  @BeforeEach
  void registerHandler() {
    invitation.registerInjectableResource(new RoleScopes(TenantId.next()));
    invitation.registerAnnotatedCommandHandler(new AcceptanceHandler(invitation.getRepository()));
  }

  private static UserInvited invited() {
    return new UserInvited(ID, TENANT, INVITED, Role.MEMBER, Content.ABSENT, TOKEN.hash(), EXPIRES);
  }

  private static ResultValidator<Invitation> presentToken(
      TestExecutor<Invitation> given, CredentialToken token) {
    return given.when(new PresentInvitation(token, EXPIRES.minusSeconds(1)));
  }

  private static void assertEnded(ResultValidator<Invitation> result) {
    result
        .expectException(RejectionException.class)
        .expectExceptionDetails(new InvitationInvalid())
        .expectNoEvents();
  }

  @Test
  void tokenIsAcceptedOnce() {
    presentToken(invitation.given(invited()), TOKEN)
        .expectEvents(new InvitationAccepted(ID, INVITED));
    assertEnded(
        presentToken(invitation.given(invited(), new InvitationAccepted(ID, INVITED)), TOKEN));
  }

  @Test
  void wrongOrExpiredTokenIsRejected() {
    assertEnded(
        presentToken(
            invitation.given(invited()),
            CredentialToken.generate(CredentialToken.Kind.INVITATION, ID)));
    assertEnded(invitation.given(invited()).when(new PresentInvitation(TOKEN, EXPIRES)));
    assertEnded(presentToken(invitation.given(invited(), new InvitationRevoked(ID)), TOKEN));
  }

  private static Caller admin(TenantId of) {
    return Caller.ofUser(of, UserId.next(), CredentialId.next(), Role.ADMIN);
  }

  @Test
  void invitingTenantRevokesTheInvitation() {
    invitation
        .given(invited())
        .when(new RevokeInvitation(ID, null), admin(TENANT).asMetadata("r"))
        .expectEvents(new InvitationRevoked(ID));
    invitation
        .given(invited(), new InvitationAccepted(ID, INVITED))
        .when(new RevokeInvitation(ID, null), admin(TENANT).asMetadata("r"))
        .expectNoEvents();
    invitation
        .given(invited())
        .when(new RevokeInvitation(ID, null), admin(TenantId.next()).asMetadata("r"))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotFound("invitation", ID.value()));
  }

  @Test
  void noEventContainsTheToken() {
    assertThat(invited().toString()).doesNotContain(TOKEN.secret());
  }
}
