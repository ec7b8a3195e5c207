package io.agentledger.command.session.job;

import io.agentledger.command.session.job.JobCounts.JobCount;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.springframework.dao.DataAccessException;

/** Metrics of the job queues; NaN while the database is not available. */
final class JobMeters implements MeterBinder {
  private final JobCounts counts;
  private final LocalRunStarter localRunStarter;
  private final RunSettings settings;

  JobMeters(JobCounts counts, LocalRunStarter localRunStarter, RunSettings settings) {
    this.counts = counts;
    this.localRunStarter = localRunStarter;
    this.settings = settings;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    counts
        .queues()
        .forEach(queue -> registerGauges(registry, queue.name(), () -> counts.count(queue)));
    Gauge.builder(
            "agentledger.runs.active", () -> settings.maxConcurrent() - localRunStarter.freeSlots())
        .description("Runs in progress on this node")
        .register(registry);
    Gauge.builder("agentledger.runs.slots", settings, RunSettings::maxConcurrent)
        .description("Maximum number of concurrent runs on this node")
        .register(registry);
  }

  private static void registerGauges(
      MeterRegistry registry, String queue, Supplier<JobCount> count) {
    Map.<String, ToLongFunction<JobCount>>of(
            "due", JobCount::due, "running", JobCount::running, "failed", JobCount::failed)
        .forEach(
            (state, value) ->
                Gauge.builder("agentledger.jobs", count, source -> measured(source, value))
                    .description("Jobs by state; the same on every node")
                    .baseUnit("jobs")
                    .tags("queue", queue, "state", state)
                    .strongReference(true) // Nothing else refers to the supplier.
                    .register(registry));
  }

  private static double measured(Supplier<JobCount> count, ToLongFunction<JobCount> value) {
    try {
      return value.applyAsLong(count.get());
    } catch (DataAccessException e) {
      return Double.NaN;
    }
  }
}
