package io.agentledger.command.flow;

import static io.agentledger.command.flow.FlowFixtures.ADA;
import static io.agentledger.command.flow.FlowFixtures.ADMIN;
import static io.agentledger.command.flow.FlowFixtures.CHIEF;
import static io.agentledger.command.flow.FlowFixtures.COLLEAGUE;
import static io.agentledger.command.flow.FlowFixtures.FLOW;
import static io.agentledger.command.flow.FlowFixtures.HER;
import static io.agentledger.command.flow.FlowFixtures.HER_AGENT;
import static io.agentledger.command.flow.FlowFixtures.HER_AS_ADMIN;
import static io.agentledger.command.flow.FlowFixtures.PRINCIPAL;
import static io.agentledger.command.flow.FlowFixtures.SERVICE;
import static io.agentledger.command.flow.FlowFixtures.TIMEOUT;
import static io.agentledger.command.flow.FlowFixtures.UNTIL;
import static io.agentledger.command.flow.FlowFixtures.approvalRequested;
import static io.agentledger.command.flow.FlowFixtures.approved;
import static io.agentledger.command.flow.FlowFixtures.definition;
import static io.agentledger.command.flow.FlowFixtures.sealed;
import static io.agentledger.command.flow.FlowFixtures.started;
import static io.agentledger.command.flow.FlowFixtures.workOnly;

import io.agentledger.api.content.Content;
import io.agentledger.api.flow.FlowCommand;
import io.agentledger.api.flow.FlowCommand.CancelFlow;
import io.agentledger.api.flow.FlowCommand.CompletePlanning;
import io.agentledger.api.flow.FlowCommand.CompletePublishing;
import io.agentledger.api.flow.FlowCommand.CompleteWork;
import io.agentledger.api.flow.FlowCommand.DecideFlow;
import io.agentledger.api.flow.FlowCommand.Decision;
import io.agentledger.api.flow.FlowCommand.FailFlow;
import io.agentledger.api.flow.FlowCommand.PullRequestRef;
import io.agentledger.api.flow.FlowCommand.RecordBranch;
import io.agentledger.api.flow.FlowCommand.RecordBranchDeletion;
import io.agentledger.api.flow.FlowCommand.RecordCancelledExecution;
import io.agentledger.api.flow.FlowCommand.RecordFailedReply;
import io.agentledger.api.flow.FlowCommand.RecordPlan;
import io.agentledger.api.flow.FlowCommand.RecordReply;
import io.agentledger.api.flow.FlowCommand.RecordTests;
import io.agentledger.api.flow.FlowCommand.StartFlow;
import io.agentledger.api.flow.FlowCommand.TimeOutFlow;
import io.agentledger.api.flow.FlowDefinition;
import io.agentledger.api.flow.FlowEvent;
import io.agentledger.api.flow.FlowEvent.BranchDeleted;
import io.agentledger.api.flow.FlowEvent.BranchPushed;
import io.agentledger.api.flow.FlowEvent.FlowApproved;
import io.agentledger.api.flow.FlowEvent.FlowCancelled;
import io.agentledger.api.flow.FlowEvent.FlowFailed;
import io.agentledger.api.flow.FlowEvent.FlowRejected;
import io.agentledger.api.flow.FlowEvent.FlowSucceeded;
import io.agentledger.api.flow.FlowEvent.FlowTimedOut;
import io.agentledger.api.flow.FlowEvent.PlanningCompleted;
import io.agentledger.api.flow.FlowEvent.PublishingStarted;
import io.agentledger.api.flow.FlowEvent.PullRequestOpened;
import io.agentledger.api.flow.FlowEvent.ReplyFailed;
import io.agentledger.api.flow.FlowEvent.ReplyPosted;
import io.agentledger.api.flow.FlowEvent.ReplyRequested;
import io.agentledger.api.flow.FlowEvent.TestsVerified;
import io.agentledger.api.flow.FlowFailure;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowOrigin;
import io.agentledger.api.flow.FlowRepository;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.flow.SourceDecision;
import io.agentledger.api.flow.SourceIdentityId;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.flow.TestVerdict;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.FlowRejection.DecisionOfAgent;
import io.agentledger.api.shared.FlowRejection.FlowNotAwaitingApproval;
import io.agentledger.api.shared.FlowRejection.FlowOpen;
import io.agentledger.api.shared.FlowRejection.TooManyFlowsOfTrigger;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.support.ConfigurationFixture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.ResultValidator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class FlowTest {
  private static final FlowFailure FAILURE = new FlowFailure("execution_failed", "It failed.");
  private static final ReplyRequested FIRST_REPLY = new ReplyRequested(FLOW, 1);
  private static final BranchPushed PUSHED = new BranchPushed(FLOW, "agentledger/x", "abc");

  private static final FlowId OTHER = new FlowId("flw_3333333333");

  private static final SecretReader SECRETS =
      new SecretReader() {
        @Override
        public Optional<SecretValue> open(TenantId tenant, VaultId vault, String name) {
          return name.equals("lost")
              ? Optional.empty()
              : Optional.of(new SecretValue.EnvironmentVariable("TOKEN", "secret"));
        }

        @Override
        public Optional<VersionedSecret> openVersioned(
            TenantId tenant, VaultId vault, String name) {
          return open(tenant, vault, name).map(value -> new VersionedSecret(1, value));
        }

        @Override
        public List<VaultId> findUnusable(TenantId tenant, List<VaultId> vaults) {
          return List.of();
        }
      };

  private FixtureConfiguration<Flow> fixture;

  @BeforeEach
  void fixture() {
    fixture = fixture(0);
  }

  private static FixtureConfiguration<Flow> fixture(int open) {
    var flows =
        new FlowLookupTable(JdbcClient.create(new DriverManagerDataSource())) {
          @Override
          public void lock(TenantId tenant) {}

          @Override
          int countOpen(TenantId tenant) {
            return open;
          }

          @Override
          int countOpenOf(TenantId tenant, FlowOrigin.Trigger trigger) {
            return open;
          }

          @Override
          int countOpenWith(TenantId tenant, String concurrencyKey) {
            return open;
          }

          @Override
          Optional<FlowId> findOpenWith(TenantId tenant, String concurrencyKey) {
            return open > 0 ? Optional.of(OTHER) : Optional.empty();
          }
        };
    return ConfigurationFixture.of(Flow.class)
        .registerInjectableResource(FlowFixtures.sealer())
        .registerInjectableResource(flows)
        .registerInjectableResource(SECRETS)
        .registerInjectableResource(FlowFixtures.HTTPS_ONLY);
  }

  private ResultValidator<Flow> given(FlowCommand command, Map<String, ?> by, FlowEvent... events) {
    return fixture
        .given(
            Stream.of(events)
                .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(HER))
                .toList())
        .when(command, by);
  }

  private static StartFlow start() {
    return new StartFlow(FLOW, PRINCIPAL, new FlowOrigin.Manual(), definition(), null);
  }

  @Test
  void urlOfTheRepositoryMustBePermitted() {
    var repository = FlowFixtures.REPOSITORY;
    var plain =
        new FlowRepository(
            "http://example.com/acme/app.git",
            repository.baseBranch(),
            repository.testCommand(),
            repository.connection(),
            repository.pullRequest());
    var definition =
        new FlowDefinition(
            null,
            FlowFixtures.step(FlowFixtures.WORK),
            false,
            FlowFixtures.TIMEOUT,
            null,
            null,
            plain);
    fixture
        .givenNoPriorActivity()
        .when(
            new StartFlow(FLOW, PRINCIPAL, new FlowOrigin.Manual(), definition, null), HER_AS_ADMIN)
        .expectExceptionDetails(new WorkspaceRefused("git_url", plain.url()));
  }

  @Test
  void secretsOfAFlowMustExist() {
    var lost = new SecretRef(FlowFixtures.SECRET.vaultId(), "lost");
    var connection = new ProviderConnection(SourceProvider.GITHUB, "", lost);
    var replying =
        new FlowDefinition(
            null,
            FlowFixtures.step(FlowFixtures.WORK),
            false,
            FlowFixtures.TIMEOUT,
            FlowFixtures.SOURCE,
            connection,
            null);
    assertRefused(
        0,
        new StartFlow(FLOW, PRINCIPAL, new FlowOrigin.Manual(), replying, null),
        new NotFound("secret", "lost"));
  }

  private static StartFlow startOfTrigger(String key, boolean exclusive) {
    var origin = new FlowOrigin.Trigger("trg_2222222222", "ind_2222222222", true, key);
    return new StartFlow(FLOW, PRINCIPAL, origin, definition(), exclusive, null);
  }

  private static void assertRefused(int open, StartFlow command, Rejection expected) {
    fixture(open)
        .givenNoPriorActivity()
        .when(command, HER_AS_ADMIN)
        .expectException(RejectionException.class)
        .expectExceptionDetails(expected);
  }

  @Test
  void flowsOfATriggerAreBoundedBeforeThoseOfTheTenant() {
    assertRefused(
        10, startOfTrigger("key", false), TooManyFlowsOfTrigger.withKey("trg_2222222222", 10));
    assertRefused(200, startOfTrigger("", false), TooManyFlowsOfTrigger.of("trg_2222222222", 200));
    fixture(199)
        .givenNoPriorActivity()
        .when(startOfTrigger("", false), HER_AS_ADMIN)
        .expectSuccessfulHandlerExecution();
  }

  @Test
  void exclusiveFlowWaitsForTheEndOfAnotherWithItsKey() {
    assertRefused(1, startOfTrigger("key", true), new FlowOpen(OTHER.value()));
    fixture(1)
        .givenNoPriorActivity()
        .when(startOfTrigger("key", false), HER_AS_ADMIN)
        .expectSuccessfulHandlerExecution();
  }

  private static DecideFlow decide(Decision decision) {
    return new DecideFlow(FLOW, decision, null, null, null);
  }

  @Test
  void secretsOfVaultsAreForThoseWhoMayChangeThem() {
    fixture
        .givenNoPriorActivity()
        .when(start(), HER)
        .expectException(RejectionException.class)
        .expectExceptionDetails(InsufficientScope.allOf(List.of(Scope.VAULTS_WRITE)));
    fixture();
    fixture
        .givenNoPriorActivity()
        .when(start(), HER_AGENT)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new Forbidden());
    fixture();
    fixture
        .givenNoPriorActivity()
        .when(new StartFlow(FLOW, PRINCIPAL, new FlowOrigin.Manual(), workOnly(), null), HER)
        .expectEvents(started(workOnly()));
  }

  @Test
  void repeatedDeliveryStartsOneFlow() {
    fixture
        .givenNoPriorActivity()
        .when(start(), HER_AS_ADMIN)
        .expectEvents(started(definition()), FIRST_REPLY)
        .expectResultMessagePayload(FLOW);
    fixture();
    given(start(), HER, started(definition())).expectNoEvents().expectResultMessagePayload(FLOW);
  }

  @Test
  void numberOfOpenFlowsOfATenantIsLimited() {
    fixture = fixture(FlowCommand.OPEN_MAX);
    fixture
        .givenNoPriorActivity()
        .when(start(), HER_AS_ADMIN)
        .expectExceptionDetails(new TooMany("flows", FlowCommand.OPEN_MAX));
  }

  @Test
  void planWaitsForADecisionUntilTheTimeout() {
    given(new CompletePlanning(FLOW), SERVICE, started(definition()))
        .expectEvents(new PlanningCompleted(FLOW));
    fixture();
    given(new CompletePlanning(FLOW), SERVICE, started(definition()), new PlanningCompleted(FLOW))
        .expectNoEvents();
    fixture();
    var record = new RecordPlan(FLOW, "the plan", UNTIL.minus(TIMEOUT));
    given(record, SERVICE, started(definition()), FIRST_REPLY).expectEvents(approvalRequested());
    fixture();
    given(record, SERVICE, started(definition()), FIRST_REPLY, approvalRequested())
        .expectNoEvents();
    fixture();
    given(new TimeOutFlow(FLOW), SERVICE, started(definition()), FIRST_REPLY, approvalRequested())
        .expectEvents(new FlowTimedOut(FLOW));
    fixture();
    given(
            new TimeOutFlow(FLOW),
            SERVICE,
            started(definition()),
            FIRST_REPLY,
            approvalRequested(),
            approved())
        .expectNoEvents();
  }

  @Test
  void theFirstDecisionWins() {
    FlowEvent[] waiting = {started(definition()), FIRST_REPLY, approvalRequested()};
    given(decide(Decision.APPROVE), HER, waiting).expectEvents(approved());
    fixture();
    FlowEvent[] decided = {started(definition()), FIRST_REPLY, approvalRequested(), approved()};
    given(decide(Decision.APPROVE), ADMIN, decided).expectNoEvents();
    fixture();
    given(decide(Decision.REJECT), ADMIN, decided)
        .expectExceptionDetails(FlowNotAwaitingApproval.of(FLOW, FlowStatus.EXECUTING));
    fixture();
    given(decide(Decision.APPROVE), HER, started(definition()))
        .expectExceptionDetails(FlowNotAwaitingApproval.of(FLOW, FlowStatus.PLANNING));
  }

  @Test
  void ownerAndAdminDecideAndNobodyElse() {
    FlowEvent[] waiting = {started(definition()), FIRST_REPLY, approvalRequested()};
    var via =
        new SourceDecision(
            new SourceIdentityId("sid_2222222222"), "trg_2222222222", "ind_2222222222");
    given(new DecideFlow(FLOW, Decision.REJECT, "too large", via, null), ADMIN, waiting)
        .expectEvents(new FlowRejected(FLOW, CHIEF, List.of(via), sealed("too large")));
    fixture();
    given(decide(Decision.APPROVE), COLLEAGUE, waiting).expectExceptionDetails(NotFound.of(FLOW));
    fixture();
    given(decide(Decision.APPROVE), HER_AGENT, waiting)
        .expectExceptionDetails(new DecisionOfAgent());
    fixture();
    given(new CancelFlow(FLOW, null), COLLEAGUE, waiting).expectExceptionDetails(NotFound.of(FLOW));
  }

  @Test
  void flowOfACancelledExecutionIsCancelled() {
    given(new RecordCancelledExecution(FLOW), SERVICE, started(workOnly()))
        .expectEvents(new FlowCancelled(FLOW));
    fixture();
    given(
            new RecordCancelledExecution(FLOW),
            SERVICE,
            started(workOnly()),
            new FlowFailed(FLOW, "execution_failed", sealed("It failed.")))
        .expectNoEvents();
  }

  @Test
  void workEndsTheFlowOrIsPublished() {
    given(new CompleteWork(FLOW), SERVICE, started(workOnly()))
        .expectEvents(new FlowSucceeded(FLOW));
    fixture();
    given(
            new CompleteWork(FLOW),
            SERVICE,
            started(definition()),
            FIRST_REPLY,
            approvalRequested(),
            new FlowApproved(FLOW, ADA, List.of(), Content.ABSENT))
        .expectEvents(new PublishingStarted(FLOW));
    fixture();
    given(new CompleteWork(FLOW), SERVICE, started(workOnly()), new FlowCancelled(FLOW))
        .expectNoEvents();
  }

  private static FlowEvent[] publishing(FlowEvent... more) {
    return Stream.concat(
            Stream.of(
                started(definition()),
                FIRST_REPLY,
                approvalRequested(),
                approved(),
                new PublishingStarted(FLOW)),
            Stream.of(more))
        .toArray(FlowEvent[]::new);
  }

  @Test
  void pullRequestIsRecordedOnceAndEndsTheFlow() {
    var complete = new CompletePublishing(FLOW, new PullRequestRef(7, "https://example.com/7"));
    var opened = new PullRequestOpened(FLOW, 7, sealed("https://example.com/7"));
    given(new RecordBranch(FLOW, "agentledger/x", "abc"), SERVICE, publishing())
        .expectEvents(PUSHED)
        .expectResultMessagePayload(true);
    fixture();
    given(complete, SERVICE, publishing(PUSHED)).expectEvents(opened, new FlowSucceeded(FLOW));
    fixture();
    given(complete, SERVICE, publishing(PUSHED, opened, new FlowSucceeded(FLOW))).expectNoEvents();
  }

  @Test
  void resultOfTheTestsIsRecordedWhenItChanges() {
    var passed = new TestsVerified(FLOW, TestVerdict.PASSED, 0);
    var record = new RecordTests(FLOW, TestVerdict.PASSED, 0);
    given(record, SERVICE, publishing()).expectEvents(passed);
    fixture();
    given(record, SERVICE, publishing(passed)).expectNoEvents();
    fixture();
    given(new RecordTests(FLOW, TestVerdict.STALE, 0), SERVICE, publishing(passed))
        .expectEvents(new TestsVerified(FLOW, TestVerdict.STALE, 0));
    fixture();
    given(record, SERVICE, publishing(new FlowCancelled(FLOW))).expectNoEvents();
  }

  @Test
  void branchThatWasPushedWhileTheFlowEndedIsDeletedOnce() {
    given(
            new RecordBranch(FLOW, "agentledger/x", "abc"),
            SERVICE,
            publishing(new FlowCancelled(FLOW)))
        .expectEvents(PUSHED)
        .expectResultMessagePayload(false);
    fixture();
    var deletion = new RecordBranchDeletion(FLOW, null);
    given(deletion, SERVICE, publishing(PUSHED, new FlowCancelled(FLOW)))
        .expectEvents(new BranchDeleted(FLOW));
    fixture();
    given(deletion, SERVICE, publishing(PUSHED, new FlowCancelled(FLOW), new BranchDeleted(FLOW)))
        .expectNoEvents();
    fixture();
    given(deletion, SERVICE, publishing(new FlowCancelled(FLOW))).expectNoEvents();
  }

  @Test
  void failureAndCancellationEndAFlowOnce() {
    given(new FailFlow(FLOW, FAILURE), SERVICE, started(workOnly()))
        .expectEvents(new FlowFailed(FLOW, FAILURE.code(), sealed(FAILURE.message())));
    fixture();
    given(new FailFlow(FLOW, FAILURE), SERVICE, started(workOnly()), new FlowCancelled(FLOW))
        .expectNoEvents();
    fixture();
    given(new CancelFlow(FLOW, null), HER, started(workOnly()))
        .expectEvents(new FlowCancelled(FLOW));
    fixture();
    given(new CancelFlow(FLOW, null), HER, started(workOnly()), new FlowSucceeded(FLOW))
        .expectNoEvents();
  }

  @Test
  void oneReplyIsRequestedAtATimeAndTheNextShowsTheLastStage() {
    given(new RecordReply(FLOW, 1, 1, "c1"), SERVICE, started(definition()), FIRST_REPLY)
        .expectEvents(new ReplyPosted(FLOW, 1, "c1"));
    fixture();
    given(
            new RecordReply(FLOW, 1, 1, "c1"),
            SERVICE,
            started(definition()),
            FIRST_REPLY,
            approvalRequested())
        .expectEvents(new ReplyPosted(FLOW, 1, "c1"), new ReplyRequested(FLOW, 2));
    fixture();
    given(
            new RecordReply(FLOW, 1, 2, "c1"),
            SERVICE,
            started(definition()),
            FIRST_REPLY,
            approvalRequested())
        .expectEvents(new ReplyPosted(FLOW, 1, "c1"));
    fixture();
    given(
            new RecordReply(FLOW, 1, 1, "c1"),
            SERVICE,
            started(definition()),
            FIRST_REPLY,
            new ReplyPosted(FLOW, 1, "c1"))
        .expectNoEvents();
  }

  @ParameterizedTest
  @EnumSource(Decision.class)
  void failedReplyDoesNotHoldTheFlow(Decision decision) {
    var failed = new ReplyFailed(FLOW, 1, "provider_unavailable", sealed("It is absent."));
    given(
            new RecordFailedReply(
                FLOW, 1, 2, new FlowFailure("provider_unavailable", "It is absent.")),
            SERVICE,
            started(definition()),
            FIRST_REPLY,
            approvalRequested())
        .expectEvents(failed);
    fixture();
    given(decide(decision), HER, started(definition()), FIRST_REPLY, approvalRequested(), failed)
        .expectEvents(
            decision == Decision.APPROVE
                ? approved()
                : new FlowRejected(FLOW, ADA, List.of(), Content.ABSENT),
            new ReplyRequested(FLOW, 2));
  }
}
