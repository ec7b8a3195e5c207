package io.agentledger.projection.flow;

import io.agentledger.api.content.Content;
import io.agentledger.api.flow.FlowEvent;
import io.agentledger.api.flow.FlowEvent.ApprovalRequested;
import io.agentledger.api.flow.FlowEvent.BranchDeleted;
import io.agentledger.api.flow.FlowEvent.BranchDeletionFailed;
import io.agentledger.api.flow.FlowEvent.BranchPushed;
import io.agentledger.api.flow.FlowEvent.DetailEvent;
import io.agentledger.api.flow.FlowEvent.FlowApproved;
import io.agentledger.api.flow.FlowEvent.FlowCancelled;
import io.agentledger.api.flow.FlowEvent.FlowFailed;
import io.agentledger.api.flow.FlowEvent.FlowRejected;
import io.agentledger.api.flow.FlowEvent.FlowStarted;
import io.agentledger.api.flow.FlowEvent.FlowSucceeded;
import io.agentledger.api.flow.FlowEvent.FlowTimedOut;
import io.agentledger.api.flow.FlowEvent.PlanRecorded;
import io.agentledger.api.flow.FlowEvent.PlanningCompleted;
import io.agentledger.api.flow.FlowEvent.PublishingStarted;
import io.agentledger.api.flow.FlowEvent.PullRequestOpened;
import io.agentledger.api.flow.FlowEvent.ReplyFailed;
import io.agentledger.api.flow.FlowEvent.ReplyPosted;
import io.agentledger.api.flow.FlowEvent.ReplyRequested;
import io.agentledger.api.flow.FlowEvent.StageEvent;
import io.agentledger.api.flow.FlowEvent.TestsVerified;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.flow.FlowStepView.Kind;
import io.agentledger.api.flow.SourceDecision;
import io.agentledger.api.flow.TestVerdict;
import io.agentledger.api.identity.Provenance;
import io.agentledger.projection.flow.FlowSteps.Step;
import io.agentledger.projection.support.ConfigurationProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.SealedContent;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;

/** Keeps one row for each flow. */
@ProcessingGroup(FlowProjection.GROUP)
class FlowProjection extends ConfigurationProjection<FlowRow> {
  static final String GROUP = "flow";

  FlowProjection(FlowRowRepository flows, PoisonEventIsolator poisonEventIsolator) {
    super(flows, poisonEventIsolator);
  }

  @EventHandler
  void on(FlowEvent event, DomainEventMessage<?> message) {
    var step = new StepOf(message);
    switch (event) {
      case FlowStarted started ->
          insert(new FlowRow(started, message, step.of(Kind.STARTED)), message);
      case StageEvent stage -> update(message, row -> apply(row, stage, step));
      case DetailEvent detail -> update(message, row -> apply(row, detail, step));
    }
  }

  private static void apply(FlowRow row, StageEvent event, StepOf step) {
    switch (event) {
      case FlowStarted _ -> {}
      case ApprovalRequested requested -> {
        row.recordPlan(
            SealedContent.of(ApprovalRequested.class, "plan", requested.plan()), step.at);
        row.recordStatus(FlowStatus.AWAITING_APPROVAL, step.at);
        row.recordDeadline(requested.decideUntil());
        row.add(step.of(Kind.APPROVAL_REQUESTED));
      }
      case PlanRecorded recorded -> {
        row.recordPlan(SealedContent.of(PlanRecorded.class, "plan", recorded.plan()), step.at);
        row.recordStatus(FlowStatus.EXECUTING, step.at);
        row.add(step.of(Kind.PLAN_READY));
      }
      case FlowApproved approved -> {
        row.recordStatus(FlowStatus.EXECUTING, step.at);
        row.add(
            step.ofDecision(Kind.APPROVED, approved.via(), FlowApproved.class, approved.reason()));
      }
      case FlowRejected rejected -> {
        row.recordStatus(FlowStatus.REJECTED, step.at);
        row.add(
            step.ofDecision(Kind.REJECTED, rejected.via(), FlowRejected.class, rejected.reason()));
      }
      case PublishingStarted _ -> record(row, FlowStatus.PUBLISHING, Kind.PUBLISHING_STARTED, step);
      case FlowSucceeded _ -> record(row, FlowStatus.SUCCEEDED, Kind.SUCCEEDED, step);
      case FlowFailed failed -> {
        row.recordStatus(FlowStatus.FAILED, step.at);
        row.recordError(
            failed.code(), SealedContent.of(FlowFailed.class, "message", failed.message()));
        row.add(step.ofFailure(Kind.FAILED, failed.code(), FlowFailed.class, failed.message()));
      }
      case FlowCancelled _ -> record(row, FlowStatus.CANCELLED, Kind.CANCELLED, step);
      case FlowTimedOut _ -> record(row, FlowStatus.TIMED_OUT, Kind.TIMED_OUT, step);
    }
  }

  private static void record(FlowRow row, FlowStatus status, Kind kind, StepOf step) {
    row.recordStatus(status, step.at);
    row.add(step.of(kind));
  }

  private static void apply(FlowRow row, DetailEvent event, StepOf step) {
    switch (event) {
      case PlanningCompleted _, ReplyRequested _ -> {}
      case TestsVerified verified -> row.add(step.ofTests(verified));
      case BranchPushed pushed -> {
        row.recordBranch(pushed.branch());
        row.add(step.ofBranch(Kind.BRANCH_PUSHED, pushed.branch()));
      }
      case PullRequestOpened opened -> {
        var url = SealedContent.of(PullRequestOpened.class, "url", opened.url());
        row.recordPullRequest(url);
        row.add(step.ofUrl(Kind.PULL_REQUEST_OPENED, url));
      }
      case BranchDeleted _ -> row.add(step.ofBranch(Kind.BRANCH_DELETED, row.branch()));
      case BranchDeletionFailed failed ->
          row.add(
              step.ofFailure(
                  Kind.BRANCH_DELETION_FAILED,
                  failed.code(),
                  BranchDeletionFailed.class,
                  failed.message()));
      case ReplyPosted _ -> row.add(step.of(Kind.REPLIED));
      case ReplyFailed failed ->
          row.add(
              step.ofFailure(
                  Kind.REPLY_FAILED, failed.code(), ReplyFailed.class, failed.message()));
    }
  }

  /** Steps of one event. */
  private static final class StepOf {
    private final Instant at;
    private final Provenance provenance;

    private StepOf(DomainEventMessage<?> message) {
      at = message.getTimestamp();
      provenance = Provenance.of(message.getMetaData());
    }

    private Step of(Kind kind) {
      return step(kind, "", null, null, "");
    }

    private Step ofBranch(Kind kind, String branch) {
      return step(kind, "", null, null, branch);
    }

    private Step ofUrl(Kind kind, @Nullable SealedContent url) {
      return step(kind, "", null, url, "");
    }

    private Step ofFailure(Kind kind, String code, Class<?> event, Content message) {
      return step(kind, code, SealedContent.of(event, "message", message), null, "");
    }

    private Step ofDecision(Kind kind, List<SourceDecision> via, Class<?> event, Content reason) {
      var source = provenance.source();
      return new Step(
          at,
          kind,
          provenance.actor().toString(),
          via.isEmpty() ? null : via.getFirst(),
          source.ip(),
          source.userAgent(),
          "",
          SealedContent.of(event, "reason", reason),
          null,
          "",
          null);
    }

    /** The code of a verdict is that of the failure that it causes. */
    private Step ofTests(TestsVerified event) {
      var code =
          event.verdict() == TestVerdict.PASSED
              ? ""
              : "tests_" + event.verdict().name().toLowerCase(Locale.ROOT);
      var actor = provenance.actor().toString();
      var exitStatus = event.exitStatus() < 0 ? null : event.exitStatus();
      return new Step(
          at, Kind.TESTS_VERIFIED, actor, null, "", "", code, null, null, "", exitStatus);
    }

    private Step step(
        Kind kind,
        String code,
        @Nullable SealedContent text,
        @Nullable SealedContent url,
        String branch) {
      var actor = provenance.actor().toString();
      return new Step(at, kind, actor, null, "", "", code, text, url, branch, null);
    }
  }
}
