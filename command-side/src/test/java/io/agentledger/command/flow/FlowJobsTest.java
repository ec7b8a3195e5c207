package io.agentledger.command.flow;

import static io.agentledger.command.flow.FlowFixtures.FLOW;
import static io.agentledger.command.flow.FlowFixtures.HER;
import static io.agentledger.command.flow.FlowFixtures.HOME;
import static io.agentledger.command.flow.FlowFixtures.PRINCIPAL;
import static io.agentledger.command.flow.FlowFixtures.approvalRequested;
import static io.agentledger.command.flow.FlowFixtures.approved;
import static io.agentledger.command.flow.FlowFixtures.definition;
import static io.agentledger.command.flow.FlowFixtures.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.content.Content;
import io.agentledger.api.flow.FlowCommand.CompletePublishing;
import io.agentledger.api.flow.FlowCommand.FailFlow;
import io.agentledger.api.flow.FlowCommand.PullRequestRef;
import io.agentledger.api.flow.FlowCommand.RecordBranch;
import io.agentledger.api.flow.FlowCommand.RecordBranchDeletion;
import io.agentledger.api.flow.FlowCommand.RecordFailedReply;
import io.agentledger.api.flow.FlowCommand.RecordReply;
import io.agentledger.api.flow.FlowCommand.RecordTests;
import io.agentledger.api.flow.FlowEvent;
import io.agentledger.api.flow.FlowEvent.BranchPushed;
import io.agentledger.api.flow.FlowEvent.FlowCancelled;
import io.agentledger.api.flow.FlowEvent.FlowFailed;
import io.agentledger.api.flow.FlowEvent.PublishingStarted;
import io.agentledger.api.flow.FlowEvent.ReplyPosted;
import io.agentledger.api.flow.FlowFailure;
import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.flow.TestVerdict;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.shared.Money;
import io.agentledger.api.task.ExecutionEvent.ExecutionStarted;
import io.agentledger.api.task.TaskQuery.FindExecutionSpending;
import io.agentledger.command.flow.provider.Comment;
import io.agentledger.command.flow.provider.ProviderClient;
import io.agentledger.command.flow.provider.ProviderRefusedException;
import io.agentledger.command.flow.provider.ProviderUnavailableException;
import io.agentledger.command.flow.provider.PullRequest;
import io.agentledger.command.flow.provider.PullRequestRequest;
import io.agentledger.command.flow.repository.PublishRequest;
import io.agentledger.command.flow.repository.PublishedBranch;
import io.agentledger.command.flow.repository.PublisherBusyException;
import io.agentledger.command.flow.repository.RepositoryPublisher;
import io.agentledger.command.flow.repository.TestResultReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.queryhandling.DefaultQueryGateway;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The jobs of flows with recorded providers: what they call, what they record, when they end. */
class FlowJobsTest {
  private static final ProviderUnavailableException ABSENT =
      new ProviderUnavailableException("The provider does not respond.", Duration.ZERO);

  private static final SourcePosition POSITION =
      new SourcePosition(ProcessId.next(), 1, SourcePosition.Source.JOURNAL, 1);

  private final EventStore store =
      EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine()).build();
  private final List<Object> commands = new ArrayList<>();
  private final List<RecordTests> verified = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private final List<Comment> comments = new ArrayList<>();
  private @Nullable RuntimeException failure;
  private Optional<Role> role = Optional.of(Role.ADMIN);
  private boolean isNeeded = true;
  private long number;
  private long sessionNumber;
  private Runnable duringPush = () -> {};
  private FlowReplyJob replies;
  private FlowPublishJob publishing;

  @BeforeEach
  void jobs() {
    var bus = SimpleCommandBus.builder().build();
    for (var type :
        List.of(
            RecordReply.class,
            RecordFailedReply.class,
            RecordTests.class,
            RecordBranch.class,
            CompletePublishing.class,
            FailFlow.class,
            RecordBranchDeletion.class))
      bus.subscribe(
          type.getName(),
          message -> {
            if (message.getPayload() instanceof RecordTests tests) {
              verified.add(tests);
              return null;
            }
            commands.add(message.getPayload());
            if (message.getPayload() instanceof FailFlow(var flow, FlowFailure(var code, var text)))
              append(new FlowFailed(flow, code, FlowFixtures.sealed(text)));
            return isNeeded;
          });
    var sender = new FlowCommandSender(DefaultCommandGateway.builder().commandBus(bus).build());
    var queryBus = SimpleQueryBus.builder().build();
    queryBus.subscribe(
        FindExecutionSpending.class.getName(), Money.class, query -> Money.ofUsd("0.25"));
    var costs = new FlowCostReader(DefaultQueryGateway.builder().queryBus(queryBus).build());
    var reader = new FlowReader(store, FlowFixtures.sealer());
    var provider = new Provider();
    var owners = new FlowOwner((tenant, user) -> role);
    replies =
        new FlowReplyJob(
            reader, provider, costs, owners, sender, new FlowSettings("https://a.example"));
    var gate = new TestGate(reader, new TestResultReader(store, FlowFixtures.sealer()), sender);
    publishing = new FlowPublishJob(reader, provider, provider, gate, owners, sender);
  }

  private void append(FlowEvent... events) {
    for (var event : events)
      store.publish(new GenericDomainEventMessage<>("Flow", FLOW.value(), number++, event, HER));
  }

  /** The work is done, and the tests were its last call. */
  private void appendPublishing() {
    appendWork();
    appendCall("Bash", "make test", CallStatus.RETURNED, "");
  }

  private void appendCall(String tool, String command, CallStatus status, String output) {
    var session = FLOW.workExecution().sessionOf(1);
    var run = RunId.next();
    var thread = ThreadId.next();
    var call = ToolCallId.next();
    var input = FlowFixtures.sealed("{\"command\": \"" + command + "\"}");
    for (var event :
        List.of(
            new ToolCalled(
                session,
                run,
                thread,
                POSITION,
                call,
                "toolu_1",
                tool,
                "digest",
                Verdict.ALLOWED,
                "",
                input,
                Content.ABSENT),
            new ToolReturned(
                session, run, thread, POSITION, call, status, FlowFixtures.sealed(output))))
      store.publish(
          new GenericDomainEventMessage<>("Session", session.value(), sessionNumber++, event, HER));
  }

  private void appendWork() {
    append(started(definition()), approvalRequested(), approved(), new PublishingStarted(FLOW));
    store.publish(
        new GenericDomainEventMessage<>(
            "Execution",
            FLOW.workExecution().value(),
            0,
            new ExecutionStarted(
                FLOW.workExecution(),
                FlowFixtures.WORK.taskId(),
                1,
                FLOW.workExecution().sessionOf(1),
                PRINCIPAL,
                FlowFixtures.step(FlowFixtures.WORK).options()),
            HER));
  }

  /** Provider and repository that record calls, and fail if told to. */
  private final class Provider implements ProviderClient, RepositoryPublisher {
    @Override
    public String putComment(
        TenantId tenant, ProviderConnection connection, SourceReference at, Comment comment) {
      comments.add(comment);
      if (failure != null) throw failure;
      return "c1";
    }

    @Override
    public PullRequest openPullRequest(
        TenantId tenant, ProviderConnection connection, PullRequestRequest request) {
      calls.add("open " + request.repository() + " " + request.head() + " to " + request.base());
      if (failure != null) throw failure;
      return new PullRequest(7, "https://example.com/7");
    }

    @Override
    public String postReview(
        TenantId tenant, ProviderConnection connection, SourceReference at, Comment review) {
      throw new UnsupportedOperationException("flows post no reviews");
    }

    @Override
    public Optional<PublishedBranch> publish(TenantId tenant, PublishRequest request) {
      calls.add("push " + request.branch() + " of " + request.session());
      duringPush.run();
      return Optional.of(new PublishedBranch(request.branch(), "abc"));
    }

    @Override
    public void deleteBranch(TenantId tenant, PublishRequest request) {
      calls.add("delete " + request.branch());
    }
  }

  @Test
  void replyCreatesTheCommentAndEditsItLater() {
    append(started(definition()));
    replies.post(HOME, FLOW, 1, 1);
    assertThat(commands).containsExactly(new RecordReply(FLOW, 1, 1, "c1"));
    append(new ReplyPosted(FLOW, 1, "c1"), approvalRequested());
    replies.post(HOME, FLOW, 2, 1);
    assertThat(commands).last().isEqualTo(new RecordReply(FLOW, 2, 2, "c1"));
    assertThat(comments.getFirst().id()).isNull();
    assertThat(comments.getLast().id()).isEqualTo("c1");
    assertThat(comments.getLast().marker()).isEqualTo("<!-- agentledger:" + FLOW + " -->");
    assertThat(comments.getLast().markdown())
        .contains("agentledger flows approve", "```text\nthe plan\n```", "0.5 US dollars")
        .contains("https://a.example/api/v1/flows/" + FLOW);
  }

  @Test
  void absentProviderIsTriedForAnHourAndGivenUpThen() {
    append(started(definition()));
    failure = ABSENT;
    assertThatThrownBy(() -> replies.post(HOME, FLOW, 1, FlowJob.ATTEMPTS_MAX - 1))
        .isSameAs(ABSENT);
    assertThat(commands).isEmpty();
    replies.post(HOME, FLOW, 1, FlowJob.ATTEMPTS_MAX);
    assertThat(commands)
        .containsExactly(
            new RecordFailedReply(
                FLOW,
                1,
                1,
                new FlowFailure("provider_unavailable", "The provider does not respond.")));
    var total = Duration.ZERO;
    for (int attempt = 1; attempt < FlowJob.ATTEMPTS_MAX; attempt++)
      total = total.plus(FlowJob.delayAfter(attempt, ABSENT));
    assertThat(total).isBetween(Duration.ofHours(1), Duration.ofHours(2));
    assertThat(
            FlowJob.delayAfter(
                1, new ProviderUnavailableException("limit", Duration.ofMinutes(20))))
        .isEqualTo(Duration.ofMinutes(20));
    assertThat(FlowJob.delayAfter(1, new ProviderUnavailableException("limit", Duration.ofDays(2))))
        .isEqualTo(Duration.ofHours(1));
  }

  @Test
  void pullRequestAndReplyFollowWhenTheProviderWasAwayForAnHour() {
    appendPublishing();
    failure = ABSENT;
    var away = Duration.ZERO;
    int attempt = 1;
    for (; away.compareTo(Duration.ofHours(1)) < 0; attempt++) {
      int failing = attempt;
      assertThatThrownBy(() -> publishing.publish(HOME, FLOW, failing)).isSameAs(ABSENT);
      assertThatThrownBy(() -> replies.post(HOME, FLOW, 1, failing)).isSameAs(ABSENT);
      away = away.plus(FlowJob.delayAfter(attempt, ABSENT));
    }
    assertThat(commands).hasOnlyElementsOfType(RecordBranch.class);
    failure = null;
    replies.post(HOME, FLOW, 1, attempt);
    publishing.publish(HOME, FLOW, attempt);
    assertThat(commands)
        .contains(
            new RecordReply(FLOW, 1, 4, "c1"),
            new CompletePublishing(FLOW, new PullRequestRef(7, "https://example.com/7")))
        .noneMatch(FailFlow.class::isInstance);
  }

  @Test
  void nothingLeavesForAnOwnerWhoMayNotWriteAnyMore() {
    appendPublishing();
    role = Optional.of(Role.VIEWER);
    replies.post(HOME, FLOW, 1, 1);
    assertThat(commands)
        .containsExactly(
            new FailFlow(FLOW, FlowOwner.INACTIVE),
            new RecordFailedReply(FLOW, 1, 4, FlowOwner.INACTIVE));
    assertThat(comments).isEmpty();
  }

  @Test
  void secretsOfAnOwnerWhoMayNotUseThemAnyMoreAreNotUsed() {
    appendPublishing();
    role = Optional.of(Role.MEMBER);
    replies.post(HOME, FLOW, 1, 1);
    assertThat(commands).startsWith(new FailFlow(FLOW, FlowOwner.INACTIVE));
    assertThat(comments).isEmpty();
  }

  @Test
  void changesOfAnInactiveOwnerAreNotPushed() {
    appendPublishing();
    role = Optional.empty();
    publishing.publish(HOME, FLOW, 1);
    assertThat(calls).containsExactly("delete agentledger/" + FLOW);
    assertThat(commands).startsWith(new FailFlow(FLOW, FlowOwner.INACTIVE));
  }

  @Test
  void anyFailureEndsTheFlowAfterTheAttempts() {
    appendPublishing();
    failure = new IllegalStateException("unknown");
    assertThatThrownBy(() -> publishing.publish(HOME, FLOW, FlowJob.ATTEMPTS_MAX - 1))
        .isSameAs(failure);
    publishing.publish(HOME, FLOW, FlowJob.ATTEMPTS_MAX);
    assertThat(commands)
        .anySatisfy(
            command ->
                assertThat(command)
                    .isInstanceOfSatisfying(
                        FailFlow.class,
                        fail -> assertThat(fail.failure().code()).isEqualTo("internal")));
  }

  @Test
  void waitForOtherPublicationsNeverEndsTheFlow() {
    appendPublishing();
    failure = new PublisherBusyException();
    assertThatThrownBy(() -> publishing.publish(HOME, FLOW, FlowJob.ATTEMPTS_MAX))
        .isSameAs(failure);
  }

  @Test
  void refusedReplyIsNotRepeated() {
    append(started(definition()));
    failure = new ProviderRefusedException("The issue is locked.");
    replies.post(HOME, FLOW, 1, 1);
    assertThat(commands)
        .containsExactly(
            new RecordFailedReply(
                FLOW, 1, 1, new FlowFailure("provider_refused", "The issue is locked.")));
  }

  @Test
  void changesArePushedThenThePullRequestIsOpened() {
    appendPublishing();
    publishing.publish(HOME, FLOW, 1);
    assertThat(calls)
        .startsWith(
            "push agentledger/" + FLOW + " of " + FLOW.workExecution().sessionOf(1),
            "open acme/app agentledger/" + FLOW + " to main");
    assertThat(commands)
        .startsWith(
            new RecordBranch(FLOW, "agentledger/" + FLOW, "abc"),
            new CompletePublishing(FLOW, new PullRequestRef(7, "https://example.com/7")));
  }

  @Test
  void nothingIsPublishedBeforeTheTestsHavePassed() {
    appendWork();
    assertFails(TestVerdict.NOT_RUN, -1, "tests_not_run", "did not execute");
  }

  @Test
  void nothingIsPublishedIfTheTestsFailed() {
    appendWork();
    appendCall("Bash", "make test", CallStatus.FAILED, "\"Exit code 2\\nmake: error\"");
    assertFails(TestVerdict.FAILED, 2, "tests_failed", "exit status 2");
  }

  @Test
  void nothingIsPublishedIfFilesMayHaveChangedAfterTheTests() {
    appendPublishing();
    appendCall("Edit", "", CallStatus.RETURNED, "");
    assertFails(TestVerdict.STALE, 0, "tests_stale", "last call");
  }

  private void assertFails(TestVerdict verdict, int exitStatus, String code, String text) {
    publishing.publish(HOME, FLOW, 1);
    assertThat(verified).containsExactly(new RecordTests(FLOW, verdict, exitStatus));
    assertThat(calls).containsExactly("delete agentledger/" + FLOW);
    assertThat(commands.getFirst())
        .isInstanceOfSatisfying(
            FailFlow.class,
            fail -> {
              assertThat(fail.failure().code()).isEqualTo(code);
              assertThat(fail.failure().message()).contains(text, "Nothing was published.");
            });
  }

  @Test
  void sessionThatGoesOnDuringThePushGetsNoPullRequest() {
    appendPublishing();
    duringPush = () -> appendCall("Edit", "", CallStatus.RETURNED, "");
    publishing.publish(HOME, FLOW, 1);
    assertThat(calls).noneMatch(call -> call.startsWith("open"));
    assertThat(calls).last().isEqualTo("delete agentledger/" + FLOW);
    assertThat(verified)
        .containsExactly(
            new RecordTests(FLOW, TestVerdict.PASSED, 0),
            new RecordTests(FLOW, TestVerdict.STALE, 0));
  }

  @Test
  void refusedPullRequestFailsTheFlowAndDeletesItsBranch() {
    appendPublishing();
    failure = new ProviderRefusedException("It has no rights.");
    publishing.publish(HOME, FLOW, 1);
    assertThat(calls).last().isEqualTo("delete agentledger/" + FLOW);
    assertThat(commands)
        .endsWith(
            new FailFlow(FLOW, new FlowFailure("provider_refused", "It has no rights.")),
            new RecordBranchDeletion(FLOW, null));
  }

  @Test
  void branchOfACancelledFlowIsDeletedAndItsPullRequestIsNotOpened() {
    appendPublishing();
    append(new BranchPushed(FLOW, "agentledger/" + FLOW, "abc"), new FlowCancelled(FLOW));
    publishing.publish(HOME, FLOW, 1);
    assertThat(calls).containsExactly("delete agentledger/" + FLOW);
    assertThat(commands).containsExactly(new RecordBranchDeletion(FLOW, null));
  }

  @Test
  void cancellationDuringThePushDeletesTheBranch() {
    appendPublishing();
    isNeeded = false;
    append();
    publishing.publish(HOME, FLOW, 1);
    assertThat(calls).noneMatch(call -> call.startsWith("open"));
  }

  @Test
  void textOfOthersStaysInItsCodeBlock() {
    var hostile = "````\n@everyone ![x](https://evil.example)\n```";
    assertThat(FlowComment.quoted(hostile)).startsWith("`````text\n").endsWith("\n`````\n\n");
    assertThat(FlowComment.quoted("``\u0001`")).startsWith("````text\n```\n");
    assertThat(FlowComment.quoted("x".repeat(FlowComment.TEXT_LENGTH_MAX + 1)))
        .contains("[shortened");
  }

  @Test
  void planReachesTheWorkAsDataWithoutPlaceholders() {
    append(started(definition()), approvalRequested());
    var state = new FlowReader(store, FlowFixtures.sealer()).read(FLOW);
    var request = WorkPrompt.requestOf(state);
    assertThat(request.values()).containsValue("the plan");
    assertThat(request.prompt())
        .startsWith("hello\n\n")
        .contains("----- plan of " + FLOW + " -----", "make test")
        .doesNotContain("the plan\n-----");
  }
}
