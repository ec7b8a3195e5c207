package io.agentledger.command.environment;

import io.agentledger.api.environment.EnvironmentCommand.SetDefaultEnvironment;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentChanged;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.TenantDefaultsId;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.NotFound;
import java.util.Map;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TenantDefaultsTest {
  private static final TenantId HOME = TenantId.next();
  private static final TenantDefaultsId ID = TenantDefaultsId.of(HOME);
  private static final EnvironmentId FIRST = EnvironmentId.next();
  private static final EnvironmentId SECOND = EnvironmentId.next();

  private final FakeEnvironmentRegistry environments = new FakeEnvironmentRegistry();
  private final FixtureConfiguration<TenantDefaults> defaults =
      new AggregateTestFixture<>(TenantDefaults.class);

  @BeforeEach
  void registerEnvironments() {
    defaults.registerInjectableResource(environments);
  }

  private static Map<String, Object> admin(TenantId tenant) {
    return Caller.ofUser(tenant, UserId.next(), CredentialId.next(), Role.ADMIN)
        .asMetadata("req_2222222222");
  }

  private TestExecutor<TenantDefaults> givenFirstChosen() {
    return defaults.given(
        GenericEventMessage.asEventMessage(new DefaultEnvironmentChanged(FIRST, 1))
            .withMetaData(admin(HOME)));
  }

  @Test
  void choicesAreNumberedPerTenant() {
    defaults
        .givenNoPriorActivity()
        .when(new SetDefaultEnvironment(HOME, FIRST), admin(HOME))
        .expectEvents(new DefaultEnvironmentChanged(FIRST, 1));
    environments.choices = 1;
    givenFirstChosen()
        .when(new SetDefaultEnvironment(HOME, SECOND), admin(HOME))
        .expectEvents(new DefaultEnvironmentChanged(SECOND, 2));
  }

  @Test
  void choosingTheDefaultAgainDoesNothing() {
    environments.standard = true;
    givenFirstChosen().when(new SetDefaultEnvironment(HOME, FIRST), admin(HOME)).expectNoEvents();
  }

  @Test
  void archivedEnvironmentIsRejected() {
    var archived = new Archived("environment", FIRST.value());
    environments.unusable = archived;
    assertRejected(HOME, archived);
  }

  @Test
  void environmentOfAnotherTenantIsNotFound() {
    var notFound = new NotFound("environment", FIRST.value());
    assertRejected(TenantId.next(), notFound);
    environments.unusable = notFound;
    assertRejected(HOME, notFound);
  }

  private void assertRejected(TenantId callersTenant, Rejection rejection) {
    defaults
        .givenNoPriorActivity()
        .when(new SetDefaultEnvironment(HOME, FIRST), admin(callersTenant))
        .expectExceptionDetails(rejection)
        .expectNoEvents();
  }
}
