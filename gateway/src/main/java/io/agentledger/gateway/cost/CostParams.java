package io.agentledger.gateway.cost;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.cost.CostQuery.CostFilter;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.TaskId;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.web.QueryFilter;
import io.agentledger.gateway.support.web.QueryParameters;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.BindParam;

/** Query parameters that filter costs; missing ones do not restrict. */
record CostParams(
    @Parameter(description = "First day, UTC", schema = @Schema(type = "string", format = "date"))
        @Nullable String from,
    @Parameter(
            description = "Last day, UTC, included",
            schema = @Schema(type = "string", format = "date"))
        @Nullable String to,
    @Parameter(name = "user_id", description = "Only costs of this user") @BindParam("user_id")
        @Nullable String userId,
    @Parameter(name = "agent_id", description = "Only costs of this agent") @BindParam("agent_id")
        @Nullable String agentId,
    @Parameter(name = "task_id", description = "Only costs of executions of this task")
        @BindParam("task_id")
        @Nullable String taskId,
    @Parameter(name = "execution_id", description = "Only costs of this execution")
        @BindParam("execution_id")
        @Nullable String executionId,
    @Parameter(
            name = "flow_id",
            description = "Only costs of this flow, with the executions that its agents started")
        @BindParam("flow_id")
        @Nullable String flowId,
    @Parameter(name = "session_id", description = "Only costs of this session")
        @BindParam("session_id")
        @Nullable String sessionId,
    @Parameter(description = "Only costs of this model") @Nullable String model)
    implements QueryFilter {
  @Override
  public List<Violation> findViolations() {
    return InvalidRequestException.collect(
        this::toFirstDay,
        () -> QueryParameters.requireOrder(toFirstDay(), toLastDay()),
        this::toLastDay,
        this::toUser,
        this::toAgent,
        this::toTask,
        this::toExecution,
        this::toFlow,
        this::toSession,
        () -> QueryParameters.requireText("model", model));
  }

  CostFilter toFilter() {
    return new CostFilter(
        toFirstDay(),
        toLastDay(),
        toUser(),
        toAgent(),
        toTask(),
        toExecution(),
        toFlow(),
        toSession(),
        QueryParameters.requireText("model", model));
  }

  private @Nullable LocalDate toFirstDay() {
    return QueryParameters.parseDay("from", from);
  }

  private @Nullable LocalDate toLastDay() {
    return QueryParameters.parseDay("to", to);
  }

  private @Nullable UserId toUser() {
    return QueryParameters.parse("user_id", userId, UserId::new);
  }

  private @Nullable AgentId toAgent() {
    return QueryParameters.parse("agent_id", agentId, AgentId::new);
  }

  private @Nullable TaskId toTask() {
    return QueryParameters.parse("task_id", taskId, TaskId::new);
  }

  private @Nullable ExecutionId toExecution() {
    return QueryParameters.parse("execution_id", executionId, ExecutionId::new);
  }

  private @Nullable FlowId toFlow() {
    return QueryParameters.parse("flow_id", flowId, FlowId::new);
  }

  private @Nullable SessionId toSession() {
    return QueryParameters.parse("session_id", sessionId, SessionId::new);
  }
}
