package io.agentledger.query.flow;

import io.agentledger.api.flow.FlowDefinition;
import io.agentledger.api.flow.FlowFailure;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowPlanView;
import io.agentledger.api.flow.FlowQuery.FindFlow;
import io.agentledger.api.flow.FlowQuery.FindFlowPlan;
import io.agentledger.api.flow.FlowQuery.ListFlows;
import io.agentledger.api.flow.FlowQuery.ListFlowsDecidedFromSource;
import io.agentledger.api.flow.FlowQuery.ListFlowsToDecide;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.flow.FlowStepView;
import io.agentledger.api.flow.FlowStepView.DecisionSource;
import io.agentledger.api.flow.FlowStepView.Kind;
import io.agentledger.api.flow.FlowView;
import io.agentledger.api.flow.FlowView.StepExecution;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.FlowRejection.FlowWithoutPlan;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.projection.flow.FlowRow;
import io.agentledger.projection.flow.FlowRowRepository;
import io.agentledger.projection.flow.FlowRowRepository.FlowFilter;
import io.agentledger.projection.flow.FlowRowRepository.FlowViewer;
import io.agentledger.projection.flow.FlowSteps.Step;
import io.agentledger.projection.task.ExecutionRow;
import io.agentledger.projection.task.ExecutionRowRepository;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.event.JsonMappers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import tools.jackson.databind.json.JsonMapper;

/** Answers queries about flows. */
record FlowQueryHandler(
    FlowRowRepository flows,
    ExecutionRowRepository executions,
    ReadModelAccess readModelAccess,
    ContentReader contentReader,
    CursorCodec cursorCodec) {
  static final String GROUP = "flow";
  private static final JsonMapper JSON = JsonMappers.mapper();
  private static final Limit TO_DECIDE_MAX = Limit.of(20);

  private static FlowViewer viewer(Caller caller) {
    return new FlowViewer(
        caller.tenant().value(), caller.user().value(), caller.has(Scope.SESSIONS_READ_ALL));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListFlows query, Caller caller) {
    readModelAccess.await(GROUP, query.page());
    var viewer = viewer(caller);
    var filter =
        new FlowFilter(toText(query.taskId()), toText(query.triggerId()), toText(query.owner()));
    Set<FlowStatus> statuses =
        query.statuses().isEmpty()
            ? EnumSet.allOf(FlowStatus.class)
            : EnumSet.copyOf(query.statuses());
    String[] cursorScope = {
      "flows", viewer.tenant(), viewer.user(), filter.toString(), statuses.toString()
    };
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    var limit = CursorCodec.limitPlusOne(query.page());
    var page =
        cursorCodec.page(
            flows.page(viewer, filter, statuses, after.at(), after.id(), limit),
            query.page(),
            row -> new NewestFirstPosition(row.createdAt(), row.id()),
            cursorScope);
    var costs = costsOf(page.items());
    return page.map(row -> view(row, costs, List.of()));
  }

  private static String toText(@Nullable Object id) {
    return id == null ? "" : id.toString();
  }

  @QueryHandler
  FlowView find(FindFlow query, Caller caller) {
    var row = find(query.flowId(), caller);
    var costs = costsOf(List.of(row));
    return view(row, costs, steps(row, costs));
  }

  @QueryHandler
  FlowPlanView find(FindFlowPlan query, Caller caller) {
    var id = query.flowId();
    var row = find(id, caller);
    var plan = contentReader.text(id, row.plan());
    if (plan == null) throw new RejectionException(new FlowWithoutPlan(id.value()));
    return new FlowPlanView(id, plan, Objects.requireNonNull(row.planAt()));
  }

  private FlowRow find(FlowId id, Caller caller) {
    return readModelAccess
        .read(GROUP, id, flows::eventCountOf, () -> flows.find(viewer(caller), id.value()))
        .orElseThrow(() -> new RejectionException(NotFound.of(id)));
  }

  @QueryHandler
  List<FlowId> list(ListFlowsToDecide query) {
    var key =
        SourceReference.keyOf(query.tenant(), query.provider(), query.project(), query.item());
    return flows.listToDecide(query.tenant().value(), key, TO_DECIDE_MAX).stream()
        .map(FlowId::new)
        .toList();
  }

  @QueryHandler
  List<FlowId> list(ListFlowsDecidedFromSource query) {
    var key =
        SourceReference.keyOf(query.tenant(), query.provider(), query.project(), query.item());
    return flows.listOfItem(query.tenant().value(), key, TO_DECIDE_MAX).stream()
        .filter(row -> row.steps().stream().anyMatch(step -> isOf(step, query)))
        .map(row -> new FlowId(row.id()))
        .limit(1)
        .toList();
  }

  private static boolean isOf(Step step, ListFlowsDecidedFromSource query) {
    var via = step.via();
    return via != null && via.deliveryId().equals(query.deliveryId());
  }

  private FlowCosts costsOf(List<FlowRow> rows) {
    var ids =
        rows.stream()
            .map(row -> new FlowId(row.id()))
            .flatMap(flow -> Stream.of(flow.planExecution(), flow.workExecution()))
            .toList();
    return new FlowCosts(executions, ids);
  }

  private FlowView view(FlowRow row, FlowCosts costs, List<FlowStepView> steps) {
    var id = new FlowId(row.id());
    var definition =
        contentReader.map(id, row.definition(), text -> JSON.readValue(text, FlowDefinition.class));
    var planTask = row.planTask();
    var error = contentReader.text(id, row.error());
    return new FlowView(
        id,
        row.status(),
        new UserId(row.owner()),
        row.origin(),
        planTask == null ? null : execution(planTask, id.planExecution(), costs),
        execution(row.workTask(), id.workExecution(), costs),
        row.decideUntil(),
        definition.map(FlowDefinition::source).orElse(null),
        row.branch().isEmpty() ? null : row.branch(),
        contentReader.text(id, row.pullRequest()),
        row.errorCode().isEmpty()
            ? null
            : new FlowFailure(row.errorCode(), error == null ? "" : error),
        costs.of(id.planExecution()).plus(costs.of(id.workExecution())),
        row.createdAt(),
        row.endedAt(),
        steps);
  }

  private static StepExecution execution(TaskRef task, ExecutionId id, FlowCosts costs) {
    var session =
        costs
            .find(id)
            .map(ExecutionRow::attempts)
            .filter(attempts -> !attempts.isEmpty())
            .map(attempts -> attempts.getLast().sessionId())
            .orElse(null);
    return new StepExecution(task, id, session, costs.of(id));
  }

  /** Returns the steps of the flow and the attempts of its executions in the order of time. */
  private List<FlowStepView> steps(FlowRow row, FlowCosts costs) {
    var id = new FlowId(row.id());
    var steps = new ArrayList<FlowStepView>();
    for (var step : row.steps()) steps.add(view(id, step));
    for (var execution : List.of(id.planExecution(), id.workExecution()))
      costs.find(execution).ifPresent(found -> addAttempts(found, execution, costs, steps));
    steps.sort(Comparator.comparing(FlowStepView::at));
    return steps;
  }

  private FlowStepView view(FlowId flow, Step step) {
    boolean isDecision = step.kind() == Kind.APPROVED || step.kind() == Kind.REJECTED;
    return new FlowStepView(
        step.at(),
        step.kind(),
        Actor.parse(step.actor()),
        isDecision ? decisionSource(step) : null,
        null,
        null,
        null,
        orNull(step.code()),
        contentReader.text(flow, step.text()),
        contentReader.text(flow, step.url()),
        orNull(step.branch()),
        step.exitStatus());
  }

  private static DecisionSource decisionSource(Step step) {
    var via = step.via();
    return new DecisionSource(
        via == null ? null : via.sourceIdentityId(),
        via == null ? null : via.triggerId(),
        via == null ? null : via.deliveryId(),
        orNull(step.ip()),
        orNull(step.userAgent()));
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static void addAttempts(
      ExecutionRow row, ExecutionId execution, FlowCosts costs, List<FlowStepView> steps) {
    for (var attempt : row.attempts()) {
      var error = attempt.error();
      var ended = attempt.endedAt();
      steps.add(
          new FlowStepView(
              attempt.startedAt(),
              Kind.SESSION_STARTED,
              Actor.SERVICE,
              null,
              execution,
              attempt.sessionId(),
              null,
              null,
              null,
              null,
              null,
              null));
      if (ended != null)
        steps.add(
            new FlowStepView(
                ended,
                Kind.SESSION_ENDED,
                Actor.SERVICE,
                null,
                execution,
                attempt.sessionId(),
                costs.of(attempt),
                error == null ? null : error.code(),
                error == null ? null : error.message(),
                null,
                null,
                null));
    }
  }
}
