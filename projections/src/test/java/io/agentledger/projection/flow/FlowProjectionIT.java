package io.agentledger.projection.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.content.Content;
import io.agentledger.api.flow.FlowEvent.ApprovalRequested;
import io.agentledger.api.flow.FlowEvent.BranchPushed;
import io.agentledger.api.flow.FlowEvent.FlowApproved;
import io.agentledger.api.flow.FlowEvent.FlowFailed;
import io.agentledger.api.flow.FlowEvent.FlowStarted;
import io.agentledger.api.flow.FlowEvent.PublishingStarted;
import io.agentledger.api.flow.FlowEvent.ReplyFailed;
import io.agentledger.api.flow.FlowEvent.TestsVerified;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowOrigin;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.flow.FlowStepView.Kind;
import io.agentledger.api.flow.SourceIdentityEvent.SourceIdentityMapped;
import io.agentledger.api.flow.SourceIdentityEvent.SourceIdentityRemoved;
import io.agentledger.api.flow.SourceIdentityId;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.flow.TestVerdict;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.TaskId;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.flow.FlowRowRepository.FlowFilter;
import io.agentledger.projection.flow.FlowRowRepository.FlowViewer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Limit;

class FlowProjectionIT extends ProjectionTestSupport {
  private static final UserId OWNER = UserId.next();
  private static final Instant END = Instant.parse("9999-01-01T00:00:00Z");
  private static final TaskRef PLAN = new TaskRef(TaskId.next(), 1, "Plan");
  private static final TaskRef WORK = new TaskRef(TaskId.next(), 2, "Work");

  @Autowired private FlowRowRepository flows;
  @Autowired private SourceIdentityRowRepository identities;

  private final FlowId flow = FlowId.next();
  private long number;

  private void append(String type, Id id, Object... events) {
    for (var event : events)
      append(
          List.of(
              new GenericDomainEventMessage<>(type, id.value(), number++, event)
                  .withMetaData(provenance())));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> projections.state("flow").position() >= head());
  }

  private FlowStarted started(String sourceKey) {
    return new FlowStarted(
        flow,
        new ExecutionPrincipal(OWNER, Set.of(), false),
        new FlowOrigin.Trigger("trg_2222222222", "dlv_2222222222", true, ""),
        List.of(PLAN),
        WORK,
        sourceKey,
        true,
        true,
        Duration.ofHours(1),
        sealer.seal(flow, FlowStarted.class, "definition", "{}"));
  }

  private List<FlowRow> list(UserId user, String task, String trigger) {
    return flows.page(
        new FlowViewer(ADA.tenant().value(), user.value(), false),
        new FlowFilter(task, trigger, ""),
        EnumSet.allOf(FlowStatus.class),
        END,
        "",
        Limit.of(10));
  }

  @Test
  void flowHasItsStoryAndIsFoundByEachTaskTriggerAndItem() {
    var tenant = ADA.tenant();
    var item = "7-" + flow;
    var key = SourceReference.keyOf(tenant, SourceProvider.GITHUB, "Acme/app", item);
    append("Flow", flow, started(key));
    assertThat(flows.listToDecide(tenant.value(), key, Limit.of(5))).isEmpty();
    append(
        "Flow",
        flow,
        new ApprovalRequested(
            flow, sealer.seal(flow, ApprovalRequested.class, "plan", "A plan."), END));
    var sameItem = SourceReference.keyOf(tenant, SourceProvider.GITHUB, "acme/App", item);
    assertThat(flows.listToDecide(tenant.value(), sameItem, Limit.of(5)))
        .containsExactly(flow.value());
    append(
        "Flow",
        flow,
        new FlowApproved(flow, OWNER, List.of(), Content.ABSENT),
        new PublishingStarted(flow),
        new TestsVerified(flow, TestVerdict.FAILED, 2),
        new BranchPushed(flow, "agentledger/" + flow, "abc"),
        new FlowFailed(
            flow, "provider_refused", sealer.seal(flow, FlowFailed.class, "message", "No.")),
        new ReplyFailed(
            flow, 1, "provider_unavailable", sealer.seal(flow, ReplyFailed.class, "message", "")));
    assertThat(list(OWNER, PLAN.taskId().value(), "")).hasSize(1);
    assertThat(list(OWNER, WORK.taskId().value(), "trg_2222222222")).hasSize(1);
    assertThat(list(OWNER, WORK.taskId().value(), "trg_3333333333")).isEmpty();
    assertThat(list(UserId.next(), WORK.taskId().value(), "")).as("of another user").isEmpty();
    var row = list(OWNER, WORK.taskId().value(), "").getFirst();
    assertThat(row.status()).isEqualTo(FlowStatus.FAILED);
    assertThat(row.errorCode()).isEqualTo("provider_refused");
    assertThat(row.endedAt()).isNotNull();
    assertThat(row.decideUntil()).isNull();
    assertThat(row.branch()).isEqualTo("agentledger/" + flow);
    assertThat(row.steps())
        .map(FlowSteps.Step::kind)
        .containsExactly(
            Kind.STARTED,
            Kind.APPROVAL_REQUESTED,
            Kind.APPROVED,
            Kind.PUBLISHING_STARTED,
            Kind.TESTS_VERIFIED,
            Kind.BRANCH_PUSHED,
            Kind.FAILED,
            Kind.REPLY_FAILED);
    var tests = row.steps().get(4);
    assertThat(tests.code()).isEqualTo("tests_failed");
    assertThat(tests.exitStatus()).isEqualTo(2);
    assertThat(flows.listToDecide(tenant.value(), key, Limit.of(5))).isEmpty();
  }

  @Test
  void identityThatWasRemovedMayBelongToAnotherUser() {
    var id = SourceIdentityId.of(ADA.tenant(), SourceProvider.GITHUB, flow.value());
    var sealed = sealer.seal(id, SourceIdentityMapped.class, "accountId", "583231");
    append(
        "SourceIdentity", id, new SourceIdentityMapped(id, SourceProvider.GITHUB, sealed, OWNER));
    assertThat(identities.findById(id.value()).orElseThrow().userId()).isEqualTo(OWNER.value());
    append("SourceIdentity", id, new SourceIdentityRemoved(id));
    assertThat(identities.findById(id.value()).orElseThrow().archivedAt()).isNotNull();
    var other = UserId.next();
    append(
        "SourceIdentity", id, new SourceIdentityMapped(id, SourceProvider.GITHUB, sealed, other));
    var row = identities.findById(id.value()).orElseThrow();
    assertThat(row.archivedAt()).isNull();
    assertThat(row.userId()).isEqualTo(other.value());
  }
}
