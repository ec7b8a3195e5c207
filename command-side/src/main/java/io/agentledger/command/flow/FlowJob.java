package io.agentledger.command.flow;

import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.agentledger.api.flow.FlowFailure;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.flow.provider.ProviderUnavailableException;
import io.agentledger.command.flow.repository.PublisherBusyException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Job of a flow: reads the plan, posts a reply, or publishes the changes. A failure is repeated,
 * after 5 seconds first, then after twice as long each time, up to 10 minutes. A provider that does
 * not respond for more than an hour ({@value #ATTEMPTS_MAX} attempts) is given up by the job
 * itself, and so is any other failure. Waiting for other publications is no attempt.
 */
final class FlowJob {
  /** Attempts with an absent provider; the delays between them are 75 minutes together. */
  static final int ATTEMPTS_MAX = 14;

  private static final Duration DELAY_MIN = Duration.ofSeconds(5);
  private static final Duration DELAY_MAX = Duration.ofMinutes(10);
  private static final Duration RETRY_AFTER_MAX = Duration.ofHours(1);
  private static final int DOUBLINGS_MAX = 10;
  private static final Duration BUSY_DELAY = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(FlowJob.class);

  private final FlowPlanJob plans;
  private final FlowReplyJob replies;
  private final FlowPublishJob publishing;
  private final OneTimeTask<JobData> task;

  /** Work of a job. */
  enum Kind {
    PLAN,
    REPLY,
    PUBLISH
  }

  /**
   * Data of a job; the types are plain, because the job table has a mapper of its own.
   *
   * @param number of the reply; 0 for other work
   * @param waits executions that only waited for other publications
   */
  record JobData(Kind kind, String flow, String tenant, int number, int waits) {
    JobData waitedAgain() {
      return new JobData(kind, flow, tenant, number, waits + 1);
    }

    FlowId flowId() {
      return new FlowId(flow);
    }

    TenantId tenantId() {
      return new TenantId(tenant);
    }
  }

  FlowJob(FlowPlanJob plans, FlowReplyJob replies, FlowPublishJob publishing) {
    this.plans = plans;
    this.replies = replies;
    this.publishing = publishing;
    this.task =
        Tasks.oneTime("flow", JobData.class)
            .onFailure(FlowJob::reschedule)
            .onDeadExecutionRevive()
            .execute(
                (instance, context) ->
                    execute(
                        instance.getData(), attempt(instance.getData(), context.getExecution())));
  }

  OneTimeTask<JobData> task() {
    return task;
  }

  TaskInstance<JobData> reading(FlowId flow, TenantId tenant) {
    return instance(Kind.PLAN, flow, tenant, 0);
  }

  TaskInstance<JobData> reply(FlowId flow, TenantId tenant, int number) {
    return instance(Kind.REPLY, flow, tenant, number);
  }

  TaskInstance<JobData> publishing(FlowId flow, TenantId tenant) {
    return instance(Kind.PUBLISH, flow, tenant, 0);
  }

  private TaskInstance<JobData> instance(Kind kind, FlowId flow, TenantId tenant, int number) {
    var data = new JobData(kind, flow.value(), tenant.value(), number, 0);
    return task.instance(flow + "." + kind.name().toLowerCase(Locale.ROOT) + number, data);
  }

  /**
   * @param attempt from 1
   */
  private void execute(JobData data, int attempt) {
    switch (data.kind()) {
      case PLAN -> plans.read(data.tenantId(), data.flowId(), attempt);
      case REPLY -> replies.post(data.tenantId(), data.flowId(), data.number(), attempt);
      case PUBLISH -> publishing.publish(data.tenantId(), data.flowId(), attempt);
    }
  }

  private static void reschedule(
      ExecutionComplete complete, ExecutionOperations<JobData> operations) {
    var data = (JobData) complete.getExecution().taskInstance.getData();
    var cause = complete.getCause().orElse(null);
    if (!(cause instanceof PublisherBusyException)
        && !(cause instanceof ProviderUnavailableException))
      log.atWarn()
          .addKeyValue("flowId", data.flow())
          .setCause(cause)
          .log("a job of a flow has failed, and is repeated");
    if (cause instanceof PublisherBusyException)
      operations.reschedule(complete, complete.getTimeDone().plus(BUSY_DELAY), data.waitedAgain());
    else
      operations.reschedule(
          complete,
          complete.getTimeDone().plus(delayAfter(attempt(data, complete.getExecution()), cause)));
  }

  /** Returns the number of the attempt that an execution of the job is, from 1. */
  private static int attempt(JobData data, Execution execution) {
    return execution.consecutiveFailures + 1 - data.waits();
  }

  /** Returns the failure for an exception that repetitions did not mend. */
  static FlowFailure internal(FlowId flow, RuntimeException cause) {
    log.atError().addKeyValue("flowId", flow).setCause(cause).log("a job of a flow has failed");
    return new FlowFailure("internal", "An error in the service ended it; its log has the cause.");
  }

  /**
   * Returns the time until the next attempt.
   *
   * @param attempt that failed, from 1
   */
  static Duration delayAfter(int attempt, @Nullable Throwable cause) {
    var doubled = DELAY_MIN.multipliedBy(1L << Math.min(attempt - 1, DOUBLINGS_MAX));
    var delay = doubled.compareTo(DELAY_MAX) < 0 ? doubled : DELAY_MAX;
    if (!(cause instanceof ProviderUnavailableException unavailable)) return delay;
    var asked = unavailable.retryAfter();
    if (asked.compareTo(delay) <= 0) return delay;
    return asked.compareTo(RETRY_AFTER_MAX) < 0 ? asked : RETRY_AFTER_MAX;
  }
}
