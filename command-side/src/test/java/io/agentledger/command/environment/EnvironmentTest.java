package io.agentledger.command.environment;

import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentCommand.ArchiveEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.ChangeEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.CreateDefaultEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.CreateEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.DeleteEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.RestoreEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.SetDefaultEnvironment;
import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentEvent;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentArchived;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentDeleted;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentRestored;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentNotes;
import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.EnvironmentRejection.DefaultEnvironmentRequired;
import io.agentledger.api.shared.EnvironmentRejection.EnvironmentRefused;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.InUse;
import io.agentledger.api.shared.Rejection.NameTaken;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.StableNames;
import io.agentledger.command.support.ConfigurationFixture;
import io.agentledger.store.crypto.Sealer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  private static final TenantId HOME = TenantId.next();
  private static final EnvironmentId ID = EnvironmentId.next();
  private static final EnvironmentDefinition DEFINITION =
      new EnvironmentDefinition(
          new Network.Closed(), new Limits(1024, 128, 64), List.of("TZ"), List.of());
  private static final EnvironmentNotes DEPENDENCIES =
      new EnvironmentNotes("for builds", Map.of("team", "red"));
  private static final EnvironmentCreated CREATED =
      new EnvironmentCreated(ID, "build", DEFINITION, notes(EnvironmentCreated.class));
  private static final DefaultEnvironmentCreated ESTABLISHED =
      new DefaultEnvironmentCreated(ID, "local", EnvironmentDefinition.DEFAULT);
  private static final Map<String, Object> ADMIN = admin(HOME);
  private static final Map<String, Object> OTHER_TENANT = admin(TenantId.next());

  private final FakeEnvironmentRegistry environments = new FakeEnvironmentRegistry();
  private final FixtureConfiguration<Environment> environment =
      ConfigurationFixture.of(Environment.class);

  @BeforeEach
  void createFixtures() {
    environment.registerInjectableResource(environments);
    environment.registerInjectableResource(
        new Sealer() {
          @Override
          public Content seal(Id subject, Class<?> event, String field, String text) {
            return sealed(event, text);
          }

          @Override
          public String open(Id subject, Class<?> event, String field, Content content) {
            throw new UnsupportedOperationException("an environment never opens content");
          }
        });
  }

  private static Content sealed(Class<?> event, String text) {
    return new Content.Inline(
        ID.value(), (StableNames.of(event) + text).getBytes(StandardCharsets.UTF_8));
  }

  private static Content notes(Class<?> event) {
    return sealed(event, "{\"description\":\"for builds\",\"metadata\":{\"team\":\"red\"}}");
  }

  private static Map<String, Object> admin(TenantId tenant) {
    return Caller.ofUser(tenant, UserId.next(), CredentialId.next(), Role.ADMIN)
        .asMetadata("req_2222222222");
  }

  private TestExecutor<Environment> given(EnvironmentEvent... events) {
    return environment.given(
        Stream.of(events)
            .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(ADMIN))
            .toList());
  }

  private void assertRejected(EnvironmentEvent first, Object command, Rejection rejection) {
    given(first)
        .when(command, ADMIN)
        .expectException(RejectionException.class)
        .expectExceptionDetails(rejection)
        .expectNoEvents();
  }

  private static CreateEnvironment create() {
    return new CreateEnvironment(ID, "build", DEFINITION, DEPENDENCIES, null);
  }

  private static ChangeEnvironment change(long version) {
    return new ChangeEnvironment(
        ID, "test", EnvironmentDefinition.DEFAULT, EnvironmentNotes.NONE, version);
  }

  @Test
  void creationIsTheFirstVersion() {
    environment
        .givenNoPriorActivity()
        .when(create(), ADMIN)
        .expectEvents(CREATED)
        .expectResultMessagePayload(ID);
  }

  @Test
  void repeatedCreationDoesNothing() {
    given(CREATED).when(create(), ADMIN).expectNoEvents().expectResultMessagePayload(ID);
  }

  @Test
  void rejectsADuplicateNameInTheTenant() {
    environments.names.add("build");
    environment
        .givenNoPriorActivity()
        .when(create(), ADMIN)
        .expectExceptionDetails(new NameTaken("environment", "build"))
        .expectNoEvents();
    environments.names.add("test");
    assertRejected(CREATED, change(1), new NameTaken("environment", "test"));
  }

  @Test
  void limitsATenantToAHundredEnvironments() {
    environments.count = 100;
    environment
        .givenNoPriorActivity()
        .when(create(), ADMIN)
        .expectExceptionDetails(new TooMany("environments", 100))
        .expectNoEvents();
  }

  @Test
  void rejectsDefinitionsThisInstallationCannotEnforce() {
    environments.refusing = true;
    var no = new EnvironmentRefused("network", "must be closed");
    environment.givenNoPriorActivity().when(create(), ADMIN).expectExceptionDetails(no);
    assertRejected(CREATED, change(1), no);
    given(CREATED, new EnvironmentArchived(ID))
        .when(new RestoreEnvironment(ID), ADMIN)
        .expectExceptionDetails(no)
        .expectNoEvents();
  }

  @Test
  void updateIsTheNextVersionAndReplacesTheWholeDefinition() {
    given(CREATED)
        .when(change(1), ADMIN)
        .expectEvents(
            new EnvironmentChanged(ID, 2, "test", EnvironmentDefinition.DEFAULT, Content.ABSENT))
        .expectResultMessagePayload(2L);
  }

  @Test
  void rejectsAnUpdateBasedOnAnOutdatedVersion() {
    given(
            CREATED,
            new EnvironmentChanged(ID, 2, "test", EnvironmentDefinition.DEFAULT, Content.ABSENT))
        .when(change(1), ADMIN)
        .expectExceptionDetails(new VersionConflict("environment", 2))
        .expectNoEvents();
  }

  @Test
  void newTenantHasADefaultEnvironment() {
    environment
        .givenNoPriorActivity()
        .when(new CreateDefaultEnvironment(ID), ADMIN)
        .expectEvents(ESTABLISHED);
    given(ESTABLISHED).when(new CreateDefaultEnvironment(ID), ADMIN).expectNoEvents();
  }

  @Test
  void existingEnvironmentWithTheDefaultsNameKeepsIt() {
    environments.names.add("local");
    environment
        .givenNoPriorActivity()
        .when(new CreateDefaultEnvironment(ID), ADMIN)
        .expectEvents(new DefaultEnvironmentCreated(ID, ID.value(), EnvironmentDefinition.DEFAULT));
  }

  @Test
  void defaultChoicesAreNumberedPerTenant() {
    environments.choices = 4;
    given(CREATED)
        .when(new SetDefaultEnvironment(ID), ADMIN)
        .expectEvents(new DefaultEnvironmentChanged(ID, 5));
    environments.standard = true;
    given(CREATED).when(new SetDefaultEnvironment(ID), ADMIN).expectNoEvents();
  }

  @Test
  void defaultEnvironmentIsNeitherArchivedNorDeleted() {
    environments.standard = true;
    assertRejected(CREATED, new ArchiveEnvironment(ID), new DefaultEnvironmentRequired(ID.value()));
    assertRejected(CREATED, new DeleteEnvironment(ID), new DefaultEnvironmentRequired(ID.value()));
  }

  @Test
  void archivedEnvironmentIsNotUpdatedOrChosenUntilRestored() {
    given(CREATED)
        .when(new ArchiveEnvironment(ID), ADMIN)
        .expectEvents(new EnvironmentArchived(ID));
    var archived = new EnvironmentEvent[] {CREATED, new EnvironmentArchived(ID)};
    given(archived).when(new ArchiveEnvironment(ID), ADMIN).expectNoEvents();
    for (var command : List.of(change(1), new SetDefaultEnvironment(ID)))
      given(archived)
          .when(command, ADMIN)
          .expectExceptionDetails(new Archived("environment", ID.value()))
          .expectNoEvents();
    given(archived)
        .when(new RestoreEnvironment(ID), ADMIN)
        .expectEvents(new EnvironmentRestored(ID));
    given(CREATED, new EnvironmentArchived(ID), new EnvironmentRestored(ID))
        .when(new SetDefaultEnvironment(ID), ADMIN)
        .expectEvents(new DefaultEnvironmentChanged(ID, 1));
  }

  @Test
  void onlyAnUnusedEnvironmentIsDeletedAndThenNotFound() {
    given(CREATED).when(new DeleteEnvironment(ID), ADMIN).expectEvents(new EnvironmentDeleted(ID));
    given(CREATED, new EnvironmentDeleted(ID))
        .when(change(1), ADMIN)
        .expectExceptionDetails(new NotFound("environment", ID.value()))
        .expectNoEvents();
    environments.used = true;
    assertRejected(CREATED, new DeleteEnvironment(ID), new InUse("environment", "sessions"));
  }

  @Test
  void environmentOfAnotherTenantIsNotFound() {
    for (var command : List.of(change(1), new ArchiveEnvironment(ID), new DeleteEnvironment(ID)))
      given(CREATED)
          .when(command, OTHER_TENANT)
          .expectExceptionDetails(new NotFound("environment", ID.value()))
          .expectNoEvents();
  }
}
