package io.agentledger.command.hook;

import io.agentledger.api.hook.HookCommand;
import io.agentledger.api.hook.HookCommand.ArchiveHook;
import io.agentledger.api.hook.HookCommand.ChangeHook;
import io.agentledger.api.hook.HookCommand.CreateHook;
import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookEvent;
import io.agentledger.api.hook.HookEvent.HookArchived;
import io.agentledger.api.hook.HookEvent.HookChanged;
import io.agentledger.api.hook.HookEvent.HookCreated;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookRegistry;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.hook.HookTarget.BuiltInHook;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.shared.HookRejection.HookRefused;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.ConfigurationFixture;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HookTest {
  private static final Map<String, String> US = Map.of(Provenance.TENANT, TenantId.next().value());
  private static final Map<String, String> THEM =
      Map.of(Provenance.TENANT, TenantId.next().value());
  private static final HookId ID = HookId.next();
  private static final PolicyScope ALL = new PolicyScope.Tenant();
  private static final HookDefinition FIRST = definition(HookPoint.PRE_TOOL_USE, "Bash");
  private static final HookDefinition SECOND = definition(HookPoint.STOP, "");
  private static final HookCreated CREATED = new HookCreated(ID, ALL, "scan", FIRST);

  private final FixtureConfiguration<Hook> hook = ConfigurationFixture.of(Hook.class);
  private int count;

  @BeforeEach
  void registry() {
    hook.registerInjectableResource(
        new HookRegistry() {
          @Override
          public int countOf(TenantId tenant) {
            return count;
          }

          @Override
          public void check(TenantId tenant, HookDefinition definition) {
            if (definition.matcher().equals("("))
              throw new RejectionException(new HookRefused("matcher", "is no expression"));
          }
        });
  }

  private static HookDefinition definition(HookPoint point, String matcher) {
    return new HookDefinition(
        true,
        point,
        matcher,
        new HookTarget.BuiltIn(BuiltInHook.SECRET_SCAN),
        HookDefinition.TIMEOUT_DEFAULT,
        0);
  }

  private TestExecutor<Hook> given(HookEvent... events) {
    return hook.given(
        Stream.of(events)
            .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(US))
            .toList());
  }

  private static CreateHook create(HookDefinition definition) {
    return new CreateHook(ID, ALL, "scan", definition, null);
  }

  @Test
  void hookIsRegisteredOnce() {
    hook.givenNoPriorActivity()
        .when(create(FIRST), US)
        .expectEvents(CREATED)
        .expectResultMessagePayload(ID);
    given(CREATED).when(create(FIRST), US).expectNoEvents().expectResultMessagePayload(ID);
  }

  @Test
  void updateNamesTheVersionItIsBasedOn() {
    given(CREATED)
        .when(new ChangeHook(ID, "scan", SECOND, 1), US)
        .expectEvents(new HookChanged(ID, 2, "scan", SECOND))
        .expectResultMessagePayload(2L);
    given(CREATED, new HookChanged(ID, 2, "scan", SECOND))
        .when(new ChangeHook(ID, "scan", FIRST, 1), US)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new VersionConflict("hook", 2));
    given(CREATED).when(new ChangeHook(ID, "scan", FIRST, 9), US).expectNoEvents();
  }

  @Test
  void rejectsUncallableDefinitions() {
    var refused = new HookRefused("matcher", "is no expression");
    hook.givenNoPriorActivity()
        .when(create(definition(HookPoint.STOP, "(")), US)
        .expectException(RejectionException.class)
        .expectExceptionDetails(refused);
    given(CREATED)
        .when(new ChangeHook(ID, "scan", definition(HookPoint.STOP, "("), 1), US)
        .expectException(RejectionException.class)
        .expectExceptionDetails(refused);
  }

  @Test
  void limitsHooksPerTenant() {
    count = HookCommand.HOOKS_MAX;
    hook.givenNoPriorActivity()
        .when(create(FIRST), US)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new TooMany("hooks", HookCommand.HOOKS_MAX));
  }

  @Test
  void archivedHookIsNotUpdated() {
    given(CREATED).when(new ArchiveHook(ID), US).expectEvents(new HookArchived(ID));
    given(CREATED, new HookArchived(ID)).when(new ArchiveHook(ID), US).expectNoEvents();
    given(CREATED, new HookArchived(ID))
        .when(new ChangeHook(ID, "scan", SECOND, 1), US)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new Archived("hook", ID.value()));
  }

  @Test
  void hookOfAnotherTenantIsNotFound() {
    given(CREATED)
        .when(new ArchiveHook(ID), THEM)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotFound("hook", ID.value()));
  }
}
