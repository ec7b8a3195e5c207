package io.agentledger.command.permission;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand;
import io.agentledger.api.permission.PolicyCommand.ArchivePolicy;
import io.agentledger.api.permission.PolicyCommand.ChangePolicy;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyEvent;
import io.agentledger.api.permission.PolicyEvent.PolicyArchived;
import io.agentledger.api.permission.PolicyEvent.PolicyChanged;
import io.agentledger.api.permission.PolicyEvent.PolicyCreated;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.shared.PermissionRejection.PolicyRefused;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.ConfigurationFixture;
import io.agentledger.store.permission.RuleSet;
import io.agentledger.store.permission.ToolGroups;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final TenantId HOME = TenantId.next();
  private static final Map<String, String> US = Map.of(Provenance.TENANT, HOME.value());
  private static final Map<String, String> THEM =
      Map.of(Provenance.TENANT, TenantId.next().value());
  private static final PolicyId ID = PolicyId.next();
  private static final PolicyScope ALL = new PolicyScope.Tenant();

  private final FixtureConfiguration<Policy> policy = ConfigurationFixture.of(Policy.class);
  private int count;

  @BeforeEach
  void createPolicyLookup() {
    policy.registerInjectableResource(
        new PolicyRegistry() {
          @Override
          public int countOf(TenantId tenant) {
            return count;
          }

          @Override
          public void check(TenantId tenant, PolicyDefinition definition) {
            RuleSet.CompiledPolicy.check(definition, ToolGroups.BUILT_IN_ONLY);
          }
        });
  }

  private static PolicyRule rule(String name, String command) {
    return new PolicyRule(
        name,
        Effect.DENY,
        0,
        List.of("Bash"),
        List.of(),
        Use.ANY,
        List.of(command),
        List.of(),
        "because");
  }

  private static PolicyDefinition definition(PolicyRule... rules) {
    return new PolicyDefinition(true, false, List.of(rules));
  }

  private static final PolicyDefinition FIRST = definition(rule("no-curl", "curl"));
  private static final PolicyDefinition SECOND = definition(rule("no-wget", "wget"));
  private static final PolicyCreated CREATED = new PolicyCreated(ID, ALL, "net", FIRST);

  private TestExecutor<Policy> given(PolicyEvent... events) {
    return policy.given(
        Stream.of(events)
            .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(US))
            .toList());
  }

  private static CreatePolicy create(PolicyDefinition definition) {
    return new CreatePolicy(ID, ALL, "net", definition, null);
  }

  @Test
  void creationIsTheFirstVersion() {
    policy
        .givenNoPriorActivity()
        .when(create(FIRST), US)
        .expectEvents(CREATED)
        .expectResultMessagePayload(ID);
  }

  @Test
  void updateNamesTheVersionItIsBasedOn() {
    given(CREATED)
        .when(new ChangePolicy(ID, "net", SECOND, 1), US)
        .expectEvents(new PolicyChanged(ID, 2, "net", SECOND))
        .expectResultMessagePayload(2L);
  }

  @Test
  void rejectsAnUpdateBasedOnAnOutdatedVersion() {
    given(CREATED, new PolicyChanged(ID, 2, "net", SECOND))
        .when(new ChangePolicy(ID, "other", FIRST, 1), US)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new VersionConflict("policy", 2));
  }

  @Test
  void unchangedDefinitionRecordsNothing() {
    given(CREATED)
        .when(new ChangePolicy(ID, "net", FIRST, 7), US)
        .expectNoEvents()
        .expectResultMessagePayload(1L);
  }

  @Test
  void archivedPolicyIsNotUpdatedAndArchivingIsIdempotent() {
    given(CREATED, new PolicyArchived(ID))
        .when(new ChangePolicy(ID, "net", SECOND, 1), US)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new Archived("policy", ID.value()));
    given(CREATED).when(new ArchivePolicy(ID), US).expectEvents(new PolicyArchived(ID));
    given(CREATED, new PolicyArchived(ID)).when(new ArchivePolicy(ID), US).expectNoEvents();
  }

  @Test
  void rejectsAnInvalidExpressionNamingItsRule() {
    policy
        .givenNoPriorActivity()
        .when(create(definition(rule("broken", "("))), US)
        .expectException(RejectionException.class)
        .expectNoEvents();
  }

  @Test
  void rejectsDuplicateRuleNames() {
    policy
        .givenNoPriorActivity()
        .when(create(definition(rule("a", "x"), rule("a", "y"))), US)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new PolicyRefused("a", "is duplicated"));
  }

  @Test
  void limitsPoliciesPerTenant() {
    count = PolicyCommand.POLICIES_MAX;
    policy
        .givenNoPriorActivity()
        .when(create(FIRST), US)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new TooMany("policies", PolicyCommand.POLICIES_MAX));
  }

  @Test
  void policyOfAnotherTenantIsNotFound() {
    given(CREATED)
        .when(new ArchivePolicy(ID), THEM)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotFound("policy", ID.value()));
  }
}
