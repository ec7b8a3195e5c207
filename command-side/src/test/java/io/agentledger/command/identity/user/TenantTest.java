package io.agentledger.command.identity.user;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.TenantCommand.CreateTenant;
import io.agentledger.api.identity.command.TenantCommand.RenameTenant;
import io.agentledger.api.identity.command.TenantCommand.ResumeTenant;
import io.agentledger.api.identity.command.TenantCommand.SuspendTenant;
import io.agentledger.api.identity.event.TenantEvent.TenantCreated;
import io.agentledger.api.identity.event.TenantEvent.TenantRenamed;
import io.agentledger.api.identity.event.TenantEvent.TenantResumed;
import io.agentledger.api.identity.event.TenantEvent.TenantSuspended;
import io.agentledger.api.shared.IdentityRejection.IdentityRefused;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.junit.jupiter.api.Test;

class TenantTest {
  private static final TenantId ID = TenantId.next();
  private static final TenantId FOUNDING = TenantId.next();
  private static final Caller OPERATOR =
      Caller.localOwner(FOUNDING, UserId.next(), CredentialId.next());

  private final FixtureConfiguration<Tenant> tenant = new AggregateTestFixture<>(Tenant.class);

  private static Caller admin(TenantId of) {
    return Caller.ofUser(of, UserId.next(), CredentialId.next(), Role.ADMIN);
  }

  private static TenantCreated founded() {
    return new TenantCreated(ID, "Engines");
  }

  @Test
  void tenantIsCreatedOnce() {
    tenant
        .givenNoPriorActivity()
        .when(new CreateTenant(ID, new DisplayName("Engines"), null), OPERATOR.asMetadata("r"))
        .expectResultMessagePayload(ID)
        .expectEvents(founded());
    tenant
        .given(founded())
        .when(new CreateTenant(ID, new DisplayName("Other"), null), OPERATOR.asMetadata("r"))
        .expectResultMessagePayload(ID)
        .expectNoEvents();
  }

  @Test
  void ownAdminAndOperatorRenameTheTenant() {
    for (var caller : new Caller[] {admin(ID), OPERATOR})
      tenant
          .given(founded())
          .when(new RenameTenant(ID, new DisplayName("New"), null), caller.asMetadata("r"))
          .expectEvents(new TenantRenamed(ID, "New"));
    tenant
        .given(founded())
        .when(new RenameTenant(ID, new DisplayName("Engines"), null), admin(ID).asMetadata("r"))
        .expectNoEvents();
  }

  @Test
  void tenantIsUnknownToAdminsOfOtherTenants() {
    tenant
        .given(founded())
        .when(
            new RenameTenant(ID, new DisplayName("New"), null),
            admin(TenantId.next()).asMetadata("r"))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotFound("tenant", ID.value()))
        .expectNoEvents();
  }

  @Test
  void tenantIsSuspendedAndResumed() {
    tenant
        .given(founded())
        .when(new SuspendTenant(ID, null), OPERATOR.asMetadata("r"))
        .expectEvents(new TenantSuspended(ID));
    tenant
        .given(founded(), new TenantSuspended(ID))
        .when(new SuspendTenant(ID, null), OPERATOR.asMetadata("r"))
        .expectNoEvents();
    tenant
        .given(founded(), new TenantSuspended(ID))
        .when(new ResumeTenant(ID, null), OPERATOR.asMetadata("r"))
        .expectEvents(new TenantResumed(ID));
  }

  @Test
  void operatorTenantCannotBeSuspended() {
    tenant
        .given(new TenantCreated(FOUNDING, "local"))
        .when(new SuspendTenant(FOUNDING, null), OPERATOR.asMetadata("r"))
        .expectException(RejectionException.class)
        .expectExceptionDetails(
            new IdentityRefused(
                "founding_tenant_protected",
                "The tenant that runs the installation cannot be suspended. PATCH /users/{id}"
                    + " disables its users."))
        .expectNoEvents();
  }
}
