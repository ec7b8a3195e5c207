package io.agentledger.command.trigger;

import io.agentledger.api.content.Content;
import io.agentledger.api.flow.RepositoryUrlPolicy;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.TriggerRejection.DefaultTriggerTaken;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.trigger.ConcurrencyPolicy;
import io.agentledger.api.trigger.SignatureScheme;
import io.agentledger.api.trigger.TriggerCommand;
import io.agentledger.api.trigger.TriggerCommand.ArchiveTrigger;
import io.agentledger.api.trigger.TriggerCommand.ChangeTrigger;
import io.agentledger.api.trigger.TriggerCommand.CreateTrigger;
import io.agentledger.api.trigger.TriggerCommand.PauseTrigger;
import io.agentledger.api.trigger.TriggerCommand.ResumeTrigger;
import io.agentledger.api.trigger.TriggerCommand.TriggerProperties;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.api.trigger.TriggerEvent;
import io.agentledger.api.trigger.TriggerEvent.TriggerArchived;
import io.agentledger.api.trigger.TriggerEvent.TriggerChanged;
import io.agentledger.api.trigger.TriggerEvent.TriggerCreated;
import io.agentledger.api.trigger.TriggerEvent.TriggerPaused;
import io.agentledger.api.trigger.TriggerEvent.TriggerResumed;
import io.agentledger.api.trigger.TriggerFlow;
import io.agentledger.api.trigger.TriggerFlow.FlowReply;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.api.trigger.TriggerSignature;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.support.ConfigurationFixture;
import io.agentledger.store.crypto.PlainSealer;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class TriggerTest {
  private static final TenantId HOME = new TenantId("tnt_2222222222");
  private static final Caller ADA = caller(Role.MEMBER);
  private static final Caller ADMIN = caller(Role.ADMIN);
  private static final TriggerId ID = new TriggerId("trg_2222222222");
  private static final TriggerId OTHER = new TriggerId("trg_3333333333");
  private static final VaultId VAULT = new VaultId("vlt_2222222222");
  private static final VaultId LOST = new VaultId("vlt_3333333333");
  private static final Sealer SEALER = new PlainSealer();
  private static final TriggerDefinition TASK_ONLY = definition(null);
  private static final TriggerDefinition REPLIES =
      definition(
          new TriggerFlow(null, null, new FlowReply(new SecretRef(VAULT, "github"), null), null));
  private static final TriggerCreated CREATED =
      new TriggerCreated(
          ID, ADA.user(), properties(ADA, false), sealed(TriggerCreated.class, TASK_ONLY));

  private FixtureConfiguration<Trigger> fixture;
  private int active;
  private Optional<TriggerId> defaultTrigger = Optional.empty();

  private static Caller caller(Role role) {
    return Caller.ofUser(HOME, UserId.next(), CredentialId.next(), role);
  }

  private static Map<String, Object> of(Caller caller) {
    return caller.asMetadata("req_2222222222");
  }

  private static TriggerDefinition definition(@Nullable TriggerFlow flow) {
    return new TriggerDefinition(
        null, null, "@agent", List.of(), null, null, Map.of(), List.of(), null, flow, Map.of());
  }

  private static TriggerProperties properties(Caller caller, boolean isDefault) {
    return new TriggerProperties(
        "Issues",
        "github",
        isDefault,
        new TriggerSignature(SignatureScheme.GITHUB, "", List.of(new SecretRef(VAULT, "webhook"))),
        new TaskId("tsk_2222222222"),
        ConcurrencyPolicy.QUEUE,
        ExecutionPrincipal.of(caller));
  }

  private static Content sealed(Class<?> event, TriggerDefinition definition) {
    return SEALER.seal(
        ID, event, "definition", JsonMappers.mapper().writeValueAsString(definition));
  }

  private static CreateTrigger create(Caller caller, TriggerDefinition definition) {
    return new CreateTrigger(ID, caller.user(), properties(caller, false), definition, null);
  }

  @BeforeEach
  void fixture() {
    var triggers =
        new TriggerLookupTable(JdbcClient.create(new DriverManagerDataSource())) {
          @Override
          public void lock(TenantId tenant) {}

          @Override
          int countActive(TenantId tenant) {
            return active;
          }

          @Override
          Optional<TriggerId> findDefault(TenantId tenant, String provider) {
            return defaultTrigger;
          }
        };
    var secrets =
        new SecretReader() {
          @Override
          public Optional<SecretValue> open(TenantId tenant, VaultId vault, String name) {
            return Optional.empty();
          }

          @Override
          public Optional<VersionedSecret> openVersioned(
              TenantId tenant, VaultId vault, String name) {
            return Optional.empty();
          }

          @Override
          public List<SecretRef> findMissing(TenantId tenant, List<SecretRef> secrets) {
            return secrets.stream().filter(secret -> secret.name().equals("lost")).toList();
          }

          @Override
          public List<VaultId> findUnusable(TenantId tenant, List<VaultId> vaults) {
            return vaults.stream().filter(LOST::equals).toList();
          }
        };
    fixture =
        ConfigurationFixture.of(Trigger.class)
            .registerInjectableResource(triggers)
            .registerInjectableResource(secrets)
            .registerInjectableResource((RepositoryUrlPolicy) url -> {})
            .registerInjectableResource(SEALER);
  }

  private TestExecutor<Trigger> given(TriggerEvent... events) {
    fixture();
    return fixture.given(
        Stream.of(events)
            .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(of(ADA)))
            .toList());
  }

  @Test
  void triggerIsCreatedOnce() {
    given().when(create(ADA, TASK_ONLY), of(ADA)).expectEvents(CREATED);
    given(CREATED).when(create(ADA, TASK_ONLY), of(ADA)).expectNoEvents();
    active = TriggerCommand.TRIGGERS_MAX;
    given()
        .when(create(ADA, TASK_ONLY), of(ADA))
        .expectExceptionDetails(new TooMany("triggers", TriggerCommand.TRIGGERS_MAX));
  }

  @Test
  void secretsOfAFlowAreForThoseWhoMayChangeVaults() {
    var missing = InsufficientScope.allOf(List.of(Scope.VAULTS_WRITE));
    given().when(create(ADA, REPLIES), of(ADA)).expectExceptionDetails(missing);
    given(CREATED)
        .when(new ChangeTrigger(ID, properties(ADA, false), REPLIES, 1), of(ADA))
        .expectExceptionDetails(missing);
    var agent = caller(Role.AGENT);
    given().when(create(agent, REPLIES), of(agent)).expectExceptionDetails(new Forbidden());
    given()
        .when(create(ADMIN, REPLIES), of(ADMIN))
        .expectEvents(
            new TriggerCreated(
                ID, ADMIN.user(), properties(ADMIN, false), sealed(TriggerCreated.class, REPLIES)));
    var unknown = new FlowReply(new SecretRef(LOST, "github"), null);
    given()
        .when(create(ADMIN, definition(new TriggerFlow(null, null, unknown, null))), of(ADMIN))
        .expectExceptionDetails(NotFound.of(LOST));
  }

  @Test
  void afterAChangeByAnAdminItHasThePermissionsOfBoth() {
    var change = new ChangeTrigger(ID, properties(ADMIN, false), TASK_ONLY, 1);
    var both =
        properties(ADMIN, false)
            .withPrincipal(
                new ExecutionPrincipal(ADA.user(), Set.copyOf(Role.MEMBER.scopes()), false));
    given(CREATED)
        .when(change, of(ADMIN))
        .expectEvents(new TriggerChanged(ID, 2, both, sealed(TriggerChanged.class, TASK_ONLY)));
    given(CREATED)
        .when(new ChangeTrigger(ID, properties(ADA, false), TASK_ONLY, 3), of(ADA))
        .expectExceptionDetails(new VersionConflict("trigger", 1));
    var colleague = caller(Role.MEMBER);
    given(CREATED)
        .when(new ChangeTrigger(ID, properties(colleague, false), TASK_ONLY, 1), of(colleague))
        .expectExceptionDetails(NotFound.of(ID));
  }

  @Test
  void providerHasOneDefault() {
    defaultTrigger = Optional.of(OTHER);
    var change = new ChangeTrigger(ID, properties(ADMIN, true), TASK_ONLY, 1);
    given(CREATED)
        .when(change, of(ADMIN))
        .expectExceptionDetails(new DefaultTriggerTaken(OTHER.value()));
    defaultTrigger = Optional.of(ID);
    given(CREATED).when(change, of(ADMIN)).expectSuccessfulHandlerExecution();
  }

  @Test
  void pauseResumeAndArchiveMayBeRepeated() {
    var pause = new PauseTrigger(ID, null);
    given(CREATED).when(pause, of(ADA)).expectEvents(new TriggerPaused(ID));
    given(CREATED, new TriggerPaused(ID)).when(pause, of(ADA)).expectNoEvents();
    var resume = new ResumeTrigger(ID, null);
    given(CREATED).when(resume, of(ADA)).expectNoEvents();
    given(CREATED, new TriggerPaused(ID))
        .when(resume, of(ADA))
        .expectEvents(new TriggerResumed(ID));
    var archive = new ArchiveTrigger(ID);
    given(CREATED).when(archive, of(ADA)).expectEvents(new TriggerArchived(ID));
    given(CREATED, new TriggerArchived(ID)).when(archive, of(ADA)).expectNoEvents();
    given(CREATED, new TriggerArchived(ID))
        .when(pause, of(ADA))
        .expectExceptionDetails(new Archived("trigger", ID.value()));
  }
}
