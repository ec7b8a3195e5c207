package io.agentledger.command.flow;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.flow.provider.ProviderUnavailableException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Job of a flow: reads the plan, posts a reply, or publishes the changes. A failure is repeated,
 * after 5 seconds first, then after twice as long each time, up to 10 minutes. A provider that does
 * not respond for more than an hour ({@value #ATTEMPTS_MAX} attempts) is given up by the job
 * itself.
 */
final class FlowJob {
  /** Attempts with an absent provider; the delays between them are 75 minutes together. */
  static final int ATTEMPTS_MAX = 14;

  private static final Duration DELAY_MIN = Duration.ofSeconds(5);
  private static final Duration DELAY_MAX = Duration.ofMinutes(10);
  private static final Duration RETRY_AFTER_MAX = Duration.ofHours(1);
  private static final int DOUBLINGS_MAX = 10;

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
   */
  record JobData(Kind kind, String flow, String tenant, int number) {
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
                    execute(instance.getData(), context.getExecution().consecutiveFailures + 1));
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
    var data = new JobData(kind, flow.value(), tenant.value(), number);
    return task.instance(flow + "." + kind.name().toLowerCase(Locale.ROOT) + number, data);
  }

  /**
   * @param attempt from 1
   */
  private void execute(JobData data, int attempt) {
    switch (data.kind()) {
      case PLAN -> plans.read(data.tenantId(), data.flowId());
      case REPLY -> replies.post(data.tenantId(), data.flowId(), data.number(), attempt);
      case PUBLISH -> publishing.publish(data.tenantId(), data.flowId(), attempt);
    }
  }

  private static void reschedule(
      ExecutionComplete complete, ExecutionOperations<JobData> operations) {
    var delay =
        delayAfter(
            complete.getExecution().consecutiveFailures + 1, complete.getCause().orElse(null));
    operations.reschedule(complete, complete.getTimeDone().plus(delay));
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
