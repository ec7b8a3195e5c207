package io.agentledger.command.identity.people;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantCommand.FoundTenant;
import io.agentledger.api.identity.TenantCommand.RenameTenant;
import io.agentledger.api.identity.TenantCommand.ResumeTenant;
import io.agentledger.api.identity.TenantCommand.SuspendTenant;
import io.agentledger.api.identity.TenantEvent.TenantFounded;
import io.agentledger.api.identity.TenantEvent.TenantRenamed;
import io.agentledger.api.identity.TenantEvent.TenantResumed;
import io.agentledger.api.identity.TenantEvent.TenantSuspended;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.IdentityRejection.IdentityRefused;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.NotFound;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.junit.jupiter.api.Test;

class TenantTest {
  private static final TenantId ID = TenantId.next();
  private static final TenantId FOUNDING = TenantId.next();
  private static final Caller OPERATOR = Caller.localOwner(FOUNDING, UserId.next(), KeyId.next());

  private final FixtureConfiguration<Tenant> tenant = new AggregateTestFixture<>(Tenant.class);

  private static Caller admin(TenantId of) {
    return Caller.person(of, UserId.next(), KeyId.next(), Role.ADMIN);
  }

  private static TenantFounded founded() {
    return new TenantFounded(ID, "Engines");
  }

  @Test
  void itIsFoundedOnce() {
    tenant
        .givenNoPriorActivity()
        .when(new FoundTenant(ID, new DisplayName("Engines"), null), OPERATOR.asMetadata("r"))
        .expectResultMessagePayload(ID)
        .expectEvents(founded());
    tenant
        .given(founded())
        .when(new FoundTenant(ID, new DisplayName("Other"), null), OPERATOR.asMetadata("r"))
        .expectResultMessagePayload(ID)
        .expectNoEvents();
  }

  @Test
  void itsOwnAdminAndTheOperatorRenameIt() {
    for (var by : new Caller[] {admin(ID), OPERATOR})
      tenant
          .given(founded())
          .when(new RenameTenant(ID, new DisplayName("New"), null), by.asMetadata("r"))
          .expectEvents(new TenantRenamed(ID, "New"));
    tenant
        .given(founded())
        .when(new RenameTenant(ID, new DisplayName("Engines"), null), admin(ID).asMetadata("r"))
        .expectNoEvents();
  }

  @Test
  void toAnotherTenantsAdminItIsUnknown() {
    tenant
        .given(founded())
        .when(
            new RenameTenant(ID, new DisplayName("New"), null),
            admin(TenantId.next()).asMetadata("r"))
        .expectException(Rejected.class)
        .expectExceptionDetails(new NotFound("tenant", ID.value()))
        .expectNoEvents();
  }

  @Test
  void itIsSuspendedAndResumed() {
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
  void theOneThatRunsTheInstallationStays() {
    tenant
        .given(new TenantFounded(FOUNDING, "local"))
        .when(new SuspendTenant(FOUNDING, null), OPERATOR.asMetadata("r"))
        .expectException(Rejected.class)
        .expectExceptionDetails(
            new IdentityRefused(
                "founding_tenant_stays", "The tenant that runs the installation stays."))
        .expectNoEvents();
  }
}
